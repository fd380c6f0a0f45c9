using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Classification.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>A parting, with what its sentence is made of.</summary>
/// <param name="Parting">The parting.</param>
/// <param name="Open">What it hangs on whether they agree; none when they differ whatever comes out.</param>
/// <param name="Why">The sentence without that.</param>
/// <param name="Reason">By what the two part, whoever they are and whatever they conclude: another two that part by the same need not be told of.</param>
internal sealed record SaidParting(Parting Parting, ImmutableArray<OpenName> Open, string Why, string Reason)
{
    /// <param name="why">Without the point at its end.</param>
    /// <param name="concluded">What both conclude, for where the sentence stands alone.</param>
    public static SaidParting Of(string one, string other, string why, string concluded = "") =>
        new(new Parting { One = one, Other = other, Detail = $"{why}{concluded}." }, [], why + ".", why);

    public static string DependsOn(string who, IEnumerable<OpenName> open)
    {
        string[] parts = [.. open.Distinct().GroupBy(name => name.IsDerived).OrderBy(group => group.Key).Select(Say)];
        return $"Whether {who} {(parts.Length == 0 ? "agree depends on what is not known" : $"agree depends on {string.Join(", and on ", parts)}")}";
    }

    private static string Say(IGrouping<bool, OpenName> same)
    {
        string[] names = [.. same.Select(name => name.Spoken)];
        return $"{ProtocolWords.And(names)}, which {(names.Length > 1 || FactWords.IsPlural(names[0]) ? "are" : "is")} not {(same.Key ? "settled" : "known")}";
    }
}

/// <summary>A fact that is not known, or what is derived and not settled, as it is spoken of.</summary>
internal readonly record struct OpenName(string Spoken, bool IsDerived);

/// <summary>
/// Says where two protocols part for one case: on the same facts, by the cell of the table; or before that, on what each derives in its
/// own way.
/// </summary>
internal sealed class PartingWords
{
    private const string TimingField = "case.timing";

    /// <summary>As many facts of one decision as are listed.</summary>
    private const int Few = 3;

    private readonly ComparedPair _pair;
    private readonly ProtocolWords _words;
    private readonly ComparedCase _case;
    private readonly RelapseWords _relapses;

    private PartingWords(ComparedPair pair, ProtocolWords words, ComparedCase @case) =>
        (_pair, _words, _case, _relapses) = (pair, words, @case, new RelapseWords(pair.One, pair.Other, words));

    public static SaidParting Of(ComparedPair pair, DifferingCase where, bool certain, ProtocolWords words, ComparedCase @case)
    {
        var writer = new PartingWords(pair, words, @case);
        ImmutableArray<OpenName> open = certain ? [] : [.. writer.Named(where.Open).Distinct()];
        // What holds of everyone is a fact on which they part, and nothing to say of whom.
        var (why, reason) = writer.Why(where with { Conditions = [.. writer._relapses.Telling(where.Conditions)] });
        var parting = new Parting
        {
            One = pair.One.Protocol.Name,
            Other = pair.Other.Protocol.Name,
            Facts = { where.Conditions.Select(writer.Fact).DistinctBy(fact => fact.Fact) },
            Detail = certain ? why : $"{SaidParting.DependsOn(ProtocolWords.And([writer.Name(pair.One), writer.Name(pair.Other)]), open)}. {why}",
        };
        return new SaidParting(parting, open, why, reason);
    }

    private PartingFact Fact(RegionCondition condition)
    {
        if (_relapses.IsDecision(condition.Name))
        {
            return new PartingFact { Fact = condition.Name, Values = { condition.Labels } };
        }

        return FactCatalogue.Find(MeasuredInputs.Plain(condition.Name)) switch
        {
            // Each protocol counts in bands of its own, from starts of its own.
            { Group: FactCatalogue.TimingGroup } => new PartingFact { Fact = TimingField },
            { } fact => new PartingFact { Fact = _case.Facts[fact.Id].Field, Values = { Values(condition) } },
            null => new PartingFact { Fact = OtherField(condition.Name), Values = { Values(condition) } },
        };
    }

    private bool IsDerived(string name) => ClockWords.IsClock(name) || _relapses.IsDecision(name);

    /// <summary>Facts that all go into one decision on the way are named by that decision, when they are more than can be listed.</summary>
    private IEnumerable<OpenName> Named(IEnumerable<string> open) => open
        .GroupBy(name => IsDerived(name) ? null : Into(name))
        .SelectMany(group => group.Key is { } decision && group.Count() > Few
            ? [new OpenName(ProtocolWords.Spoken(decision), IsDerived: true)]
            : group.Select(name => new OpenName(Spoken(name), IsDerived(name))));

    /// <summary>The one decision that the tables compared look at and that a fact goes into; null when they look at the fact itself.</summary>
    private string? Into(string name)
    {
        var plain = MeasuredInputs.Plain(name);
        string[] looked = [.. new[] { _pair.One, _pair.Other }
            .SelectMany(side => side.Protocol.Document.Decisions[side.Decision.Id].Inputs
                .Where(input => input == plain || (side.Protocol.Decisions.TryGetValue(input, out var feeder) && side.Protocol.Model.InputIndex(plain) is >= 0 and var fact && feeder.Diagram.SupportInputs.Contains(fact))))
            .Distinct(StringComparer.Ordinal)];
        return looked is [var only] && only != plain ? only : null;
    }

    private string Spoken(string name) => ClockWords.IsClock(name) ? "timing"
        : IsDerived(name) ? ProtocolWords.Spoken(name)
        : FactWords.WithoutUnit(_relapses.Fact(name));

    private (string Sentence, string Reason) Why(DifferingCase where)
    {
        var clocks = new ClockWords(_pair, _words);
        var counted = where.Conditions.Any(condition => ClockWords.IsClock(condition.Name)) ? clocks.Counted(_case) : null;
        string[] derived = [.. clocks.Established().Concat(counted is null ? [] : [counted]).Select(ProtocolWords.Sentence)];
        // What they count from, or are told, says when it is; and is why.
        var relapse = Timed(Relapse(where), derived.Length > 0 && !ClockWords.OnlyDivides(counted) ? [] : where.Conditions);
        var concluded = $"{Concludes(_pair.One, where, region => region.ConclusionA)}; {Concludes(_pair.Other, where, region => region.ConclusionB)}.";
        var reason = derived.Length > 0
            ? $"{string.Join(". ", derived)}{(relapse.Length > 0 ? $". {relapse} they conclude" : "")}"
            : $"{(relapse.Length > 0 ? relapse + " their" : "Their")} tables have different words";
        return ($"{reason}: {concluded}", reason.Replace(Name(_pair.One), "1", StringComparison.Ordinal).Replace(Name(_pair.Other), "2", StringComparison.Ordinal));
    }

    private string Relapse(DifferingCase where)
    {
        List<RegionCondition> conditions = [.. where.Conditions.Where(condition => !ClockWords.IsClock(condition.Name))];
        // What several conditions leave, each by itself, is more than what they leave together.
        return where.Regions.Length > 1 && conditions.Count(condition => Values(condition).Skip(1).Any()) > 1
            ? "In several kinds of relapse that are still possible"
            : _relapses.For(conditions);
    }

    private static string Timed(string relapse, IEnumerable<RegionCondition> conditions)
    {
        var clocks = ClockSpanWords.Of([.. conditions.Where(condition => ClockWords.IsClock(condition.Name) && condition is not { Labels.IsEmpty: true, Intervals: [{ Min: null or 0, Max: null }] })]);
        return clocks.Length == 0 ? relapse
            : relapse.Length == 0 ? $"For relapse {clocks}"
            : relapse.StartsWith("For ", StringComparison.Ordinal) ? $"{relapse} {clocks}"
            : $"{relapse}, in relapse {clocks},";
    }

    /// <summary>One word, one clause: each with what its own protocol means by it.</summary>
    private string Concludes(ComparedSide side, DifferingCase where, Func<DifferingRegion, string> conclusion)
    {
        var reached = where.Regions.Select(conclusion).ToHashSet(StringComparer.Ordinal);
        var inOrder = side.Decision.Diagram.Conclusions.Values.Where(reached.Contains);
        return string.Join("; ", inOrder.Select(word => _words.Explained(side.Protocol.Name, side.Decision.Id, word)));
    }

    private string Name(ComparedSide side) => _words.Name(side.Protocol.Name);

    private static IEnumerable<string> Values(RegionCondition condition) =>
        condition.Labels.Concat(condition.Intervals.Select(interval => interval.ToString()));

    /// <summary>A reading without a default, or what a rule leaves open.</summary>
    private string OtherField(string name) => FindingWords.SettledBy(name, [_pair.One.Protocol, _pair.Other.Protocol]) ?? "readings." + name;
}
