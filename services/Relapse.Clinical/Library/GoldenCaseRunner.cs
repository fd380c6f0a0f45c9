using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>Runs the golden cases of a version through the same path as a caller's case.</summary>
internal static class GoldenCaseRunner
{
    /// <summary>Answers that a version is held to: ten times as many as any that somebody wrote has.</summary>
    private const int MostExpectations = 20_000;

    private static readonly EnumDescriptor _states = DecisionReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(RequirementState));
    private static readonly EnumDescriptor _fits = DecisionReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(ContextFit));
    private static readonly EnumDescriptor _directions = DecisionReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(ModifierDirection));

    /// <summary>What is wrong with the golden cases: with each by itself, and with what the part of the version that is certified says of them.</summary>
    /// <param name="certified">What is certified of the version; null when nothing is.</param>
    /// <param name="read">The cases.</param>
    public static IEnumerable<DocumentFault> Run(CertifiedPart? certified, ReadDocument<GoldenCases> read)
    {
        if (read.IsBroken || (read.Message.Cases.Count == 0 && !read.Faults.IsEmpty))
        {
            return [];
        }
        if (read.Message.Cases.Count == 0)
        {
            return [read.FaultAt("cases", FaultCode.GoldenCase, "a version without golden cases cannot be certified")];
        }
        if (read.Message.Cases.Sum(golden => golden.Expect.Count) is var expected and > MostExpectations)
        {
            return [read.FaultAt("cases", FaultCode.TooLarge, $"{expected} conclusions are expected of the golden cases; at most {MostExpectations} are looked into")];
        }
        var misread = new FaultyPlaces(read.Faults.Select(fault => fault.Path));
        var wrong = new ImmutableArray<(string Path, string Message)>[read.Message.Cases.Count];
        Parallel.For(0, wrong.Length, i => wrong[i] = misread.Touch($"cases[{i}]") ? [] : [.. Run(certified, read.Message.Cases[i])]);
        return read.Message.Cases.Index()
            .SelectMany(entry => wrong[entry.Index].Select(fault => read.FaultAt($"cases[{entry.Index}]{fault.Path}", FaultCode.GoldenCase, $"{entry.Item.Id}: {fault.Message}")))
            .Concat(read.Message.Cases.Where((_, index) => !misread.Touch($"cases[{index}]")).GroupBy(golden => golden.Id, StringComparer.Ordinal).Where(group => group.Count() > 1 || group.Key.Length == 0)
                .Select(group => read.FaultAt("cases", FaultCode.GoldenCase, $"the id '{group.Key}' is missing or given {group.Count()} times")));
    }

    private static IEnumerable<(string Path, string Message)> Run(CertifiedPart? certified, GoldenCase golden)
    {
        if (certified is { Part.IsWhole: true })
        {
            return Run(certified.Protocol, golden);
        }
        if (ShapeFault(golden) is { } fault)
        {
            return [fault];
        }
        var invalid = CaseValidator.Validate(golden.Case);
        return !invalid.IsEmpty ? invalid.Select(found => ($".{found.Field}", found.Description))
            : certified?.Part.Holdable(golden) is { } held ? Run(certified.Protocol, held)
            : [];
    }

    private static (string Path, string Message)? ShapeFault(GoldenCase golden) =>
        golden.Case is null || golden.Expect.Count + golden.Context.Count + golden.NoContext.Count == 0 || golden.Source.Length == 0 || golden.Why.Length == 0
            ? ("", "a golden case has a source, a reason why, a case and what is expected")
            : null;

    /// <summary>What is wrong with one case: a fault of the case itself, or an answer that differs from what it expects.</summary>
    /// <param name="protocol">The version.</param>
    /// <param name="golden">The case.</param>
    /// <param name="alongside">Documents that stand beside it; none at certification, so that a certificate rests on one version alone.</param>
    public static IEnumerable<(string Path, string Message)> Run(CompiledProtocol protocol, GoldenCase golden, params ImmutableArray<ModifierSource> alongside)
    {
        if (ShapeFault(golden) is { } fault)
        {
            return [fault];
        }
        ImmutableArray<FieldFault> invalid = [.. CaseValidator.Validate(golden.Case), .. CaseValidator.CheckEstablished(golden.Case, [protocol])];
        var readings = golden.Readings.Select(entry => (entry.Key, entry.Value, Fault: protocol.CheckReading(entry.Key, entry.Value))).ToArray();
        if (!invalid.IsEmpty || readings.Any(reading => reading.Fault is not null))
        {
            return invalid.Select(found => ($".{found.Field}", found.Description))
                .Concat(readings.Where(reading => reading.Fault is not null).Select(reading => ($".readings.{reading.Key}", reading.Fault!)));
        }
        ImmutableArray<ChosenReading> chosen = [.. readings.Select(reading => new ChosenReading(reading.Key, reading.Value))];
        var evaluator = new CaseEvaluator(golden.Case, alongside);
        var decisions = evaluator.Decide(protocol, [.. golden.Expect.Keys], chosen, includeTrace: false);
        return golden.Expect.Values.Zip(decisions)
            .SelectMany(pair => Compare(Decidable(pair.First, pair.Second, protocol, golden.Case), pair.Second).Concat(CompareRequired(pair.First, pair.Second)).Select(difference => ($".expect.{pair.Second.Decision_}", difference)))
            .Concat(golden.Context.Count + golden.NoContext.Count == 0 ? [] : CompareContext(golden, evaluator.Context(protocol, chosen)));
    }

    /// <summary>
    /// What can be held of an expectation. Where a version is certified on its own and another document decides what advice
    /// requires, neither the warning of that requirement nor a contradiction with what was established can show, nor that the case is
    /// not covered without it; all are held where that document is at hand.
    /// </summary>
    private static Expectation Decidable(Expectation expected, Decision actual, CompiledProtocol protocol, RelapseCase @case)
    {
        var elsewhere = actual.Requires.Where(required => required.Protocol.Length == 0).Select(required => required.Decision).ToHashSet(StringComparer.Ordinal);
        if (elsewhere.Count == 0)
        {
            return expected;
        }
        var held = expected.Clone();
        foreach (var required in protocol.Decisions[actual.Decision_].Table.Requires.Where(required => elsewhere.Contains(required.Decision)))
        {
            held.Warnings?.Values_.Remove(required.Warning);
        }
        if ((held.Outcome is Outcome.Inconsistent && @case.Established.Any(made => WellKnownDecisions.Response.Contains(made.Decision)))
            || (held.Outcome is Outcome.OutOfScope && CanBeOutside(protocol.Decisions[actual.Decision_].Table, elsewhere, @case)))
        {
            (held.Outcome, held.Possible) = (Outcome.Unspecified, null);
        }
        return held;
    }

    /// <summary>Whether a requirement that is decided elsewhere can put a case out of scope: one of which a response is known, or was concluded.</summary>
    private static bool CanBeOutside(DecisionTable table, HashSet<string> elsewhere, RelapseCase @case) =>
        table.Requires.Any(required => required.Outside.Length > 0 && elsewhere.Contains(required.Decision))
        && (@case.Responses.Count > 0 || @case.Established.Any(made => WellKnownDecisions.Response.Contains(made.Decision)));

    private static IEnumerable<string> CompareRequired(Expectation expected, Decision actual)
    {
        foreach (var (decision, state) in expected.Requires)
        {
            var found = actual.Requires.FirstOrDefault(required => required.Decision == decision);
            // A version is certified on its own; what another document decides is held where that is at hand.
            if (found is null || (found.Protocol.Length > 0 && Name(found.State) != state))
            {
                yield return $"expected {decision} to be required and {state}, it is {(found is null ? "not required" : Name(found.State))}";
            }
        }

        static string Name(RequirementState state) => _states.FindValueByNumber((int)state).Name["REQUIREMENT_STATE_".Length..];
    }

    private static IEnumerable<(string Path, string Message)> CompareContext(GoldenCase golden, IReadOnlyList<ContextStatement> shown)
    {
        var found = shown.Select(statement => $"{statement.Id} {_fits.FindValueByNumber((int)statement.Fit).Name["CONTEXT_FIT_".Length..]}").ToArray();
        foreach (var absent in golden.Context.Except(found, StringComparer.Ordinal))
        {
            yield return (".context", $"expected the statement {absent}; there are: {string.Join(", ", found)}");
        }
        foreach (var unwanted in golden.NoContext.Intersect(shown.Select(statement => statement.Id), StringComparer.Ordinal))
        {
            yield return (".no_context", $"did not expect the statement {unwanted}");
        }
    }

    private static IEnumerable<string> Compare(Expectation expected, Decision actual)
    {
        if (expected.Outcome != Outcome.Unspecified && expected.Outcome != actual.Outcome)
        {
            yield return $"expected {expected.Outcome}, concluded {actual.Outcome} ({string.Join(", ", actual.Possible)})";
        }
        if (expected.Possible is { } possible && !possible.Values_.Order(StringComparer.Ordinal).SequenceEqual(actual.Possible.Order(StringComparer.Ordinal)))
        {
            yield return $"expected {{{string.Join(", ", possible.Values_)}}}, concluded {{{string.Join(", ", actual.Possible)}}}";
        }
        foreach (var (wanted, found, what) in new[]
        {
            (expected.Missing, actual.Missing.Select(missing => missing.Field), "missing fact"),
            (expected.Warnings, actual.Warnings.Select(warning => warning.Code), "warning"),
            (expected.Conditions, actual.Conditions.Select(condition => condition.Id), "condition"),
            (expected.Modifiers, actual.Modifiers.SelectMany(Names), "modifier"),
        })
        {
            foreach (var absent in (wanted?.Values_ ?? []).Except(found, StringComparer.Ordinal))
            {
                yield return $"expected the {what} {absent}; there are: {string.Join(", ", found)}";
            }
        }
        foreach (var unwanted in (expected.NoWarnings?.Values_ ?? []).Intersect(actual.Warnings.Select(warning => warning.Code), StringComparer.Ordinal))
        {
            yield return $"did not expect the warning {unwanted}";
        }
        foreach (var unwanted in (expected.NoModifiers?.Values_ ?? []).Intersect(actual.Modifiers.Select(modifier => modifier.Code), StringComparer.Ordinal))
        {
            yield return $"did not expect the modifier {unwanted}";
        }
    }

    /// <summary>A modifier may be expected by its code, or by code and direction.</summary>
    private static IEnumerable<string> Names(Modifier modifier)
    {
        yield return modifier.Code;
        yield return $"{modifier.Code} {_directions.FindValueByNumber((int)modifier.Direction).Name["MODIFIER_DIRECTION_".Length..]}";
    }
}
