using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Decisions;
using DecisionComparison = Relapse.Decisions.DecisionComparison;
using Said = Relapse.Contracts.Registry.V1.DecisionComparison;

namespace Relapse.Clinical;

/// <summary>
/// For which patients two protocols conclude differently on a decision, whatever the case: every fact known, what no fact answers left open
/// on both sides. Exact.
/// </summary>
public sealed class ProtocolDifference
{
    /// <summary>As many raw cases are written and evaluated, over all regions, in search of one that comes out as its region says.</summary>
    private const int ExamplesTried = 4096;

    private const int MostOfOneRegion = 64;
    private const int LeastOfOneRegion = 4;
    private const string Clock = "timing";

    private readonly ComparedSide _one;
    private readonly ComparedSide _other;
    private readonly LookedAt _looked;
    private readonly DecisionDifferences _differences;
    private readonly DifferenceWords _words;

    private ProtocolDifference(ComparedSide one, ComparedSide other)
    {
        _looked = new LookedAt(one, other);
        (_one, _other) = (one, other) = _looked.Comparable;
        var options = new DifferenceOptions(Possible: inputs => Possible(inputs));
        var byWord = DecisionComparison.Differences(one.ForKernel, other.ForKernel, options);
        // Classes of one clock may be the same under two names. Groups of risk are each protocol's own: LOW of one is not STANDARD of another.
        var counterparts = one.Decision.Id == Clock ? Correspondence.Of(one, other, byWord) : ImmutableDictionary<string, string>.Empty;
        _differences = counterparts.IsEmpty ? byWord : DecisionComparison.Differences(one.ForKernel, other.ForKernel, options with { Conclusions = counterparts });
        _words = new DifferenceWords(one, other, counterparts, _differences, _looked);
    }

    /// <summary>Compares two versions on one decision.</summary>
    /// <param name="one">The one, and the readings chosen for it.</param>
    /// <param name="other">The other, which may be of the same name.</param>
    /// <param name="decision">Id of a decision that both define.</param>
    public static Said Compare(EvaluatedProtocol one, EvaluatedProtocol other, string decision)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new ProtocolDifference(ComparedSide.Of(one, decision), ComparedSide.Of(other, decision)).Say();
    }

    private Said Say()
    {
        var said = new Said { Decision = _one.Decision.Id, Same = _looked.Apart.IsEmpty && _differences.Agree, Summary = _words.Summary(), Truncated = _differences.IsTruncated };
        said.Regions.AddRange(_differences.Regions.Select(Say));
        said.NotComparable.AddRange(_words.NotComparable());
        return said;
    }

    private Region Say(DifferingCases region)
    {
        var said = new Region { Patients = _words.Patients(region), Example = Example(region) };
        said.Facts.AddRange(region.Conditions.Select(condition => new RegionFact
        {
            Fact = condition.Name,
            Values = { condition.Labels, condition.Intervals.Select(interval => interval.ToString()) },
        }));
        said.OneConcludes.AddRange(region.ConclusionsA);
        said.OtherConcludes.AddRange(region.ConclusionsB);
        said.OneBecause.AddRange(Because(_one, region.RulesA));
        said.OtherBecause.AddRange(Because(_other, region.RulesB));
        return said;
    }

    private static IEnumerable<Because> Because(ComparedSide side, ImmutableArray<string> rules) =>
        rules.Select(id => side.Decision.Rules.First(rule => rule.Because.Rule == id).Because);

    /// <summary>The pairs of clocks that some dates leave: therapy did not end before it began. What is open is in scope, as it is in answers.</summary>
    private IReadOnlyList<ValueSet[]> Possible(ImmutableArray<ComparedInput> inputs)
    {
        var facts = new ComparedFacts(inputs, []);
        var boxes = facts.IsComplete ? facts.Boxes(new ComparedCase(CaseFacts.Nothing), everything: true) : [[.. inputs.Select(input => ValueSet.All(input.Values.Length))]];
        foreach (var (input, inScope) in new ComparedFacts(inputs, [_one, _other]).Scopes.Where(scope => _one.Open.Union(_other.Open).Contains(inputs[scope.Input].Name)))
        {
            foreach (var box in boxes)
            {
                box[input] &= inScope;
            }
        }

        _looked.Narrow(inputs, boxes);
        return boxes;
    }

    /// <summary>One that hangs on no condition, if there is one.</summary>
    private RelapseCase? Example(DifferingCases region)
    {
        var tried = Math.Clamp(ExamplesTried / _differences.Regions.Length, LeastOfOneRegion, MostOfOneRegion);
        RelapseCase? conditional = null;
        foreach (var example in region.Examples.Take(tried).SelectMany(Write))
        {
            if (ComesOut(_one, example, region.ConclusionsA) is { } one && ComesOut(_other, example, region.ConclusionsB) is { } other)
            {
                if (one.Conditions.Count + other.Conditions.Count == 0)
                {
                    return example;
                }

                conditional ??= example;
            }
        }

        return conditional;
    }

    /// <summary>The case of a box, its facts at their first values; what the box does not bound is not said.</summary>
    private IEnumerable<RelapseCase> Write(ImmutableArray<ValueSet> box)
    {
        Dictionary<string, string> words = new(StringComparer.Ordinal);
        Dictionary<string, Interval> numbers = new(StringComparer.Ordinal);
        foreach (var (input, values) in _differences.Inputs.Zip(box).Where(each => each.Second != ValueSet.All(each.First.Values.Length)))
        {
            var value = input.Values[values.First];
            if (value.Interval is { } interval)
            {
                numbers[input.Name] = interval;
            }
            else
            {
                words[input.Name] = value.Label;
            }
        }

        return words.Keys.Concat(numbers.Keys).All(name => FactCatalogue.Find(name) is not null) && ExampleCase.Write(words, numbers, _looked.Measurements) is { } written ? [written] : [];
    }

    /// <summary>The answer to a case; null when it is not the region's.</summary>
    private static Decision? ComesOut(ComparedSide side, RelapseCase example, ImmutableArray<string> conclusions)
    {
        if (CaseValidator.Validate(example).Any())
        {
            return null;
        }

        var answer = new CaseEvaluator(example).Decide(side.Protocol, [side.Decision.Id], side.Readings, includeTrace: false)[0];
        var isSo = conclusions is [CompiledDecision.OutOfScope]
            ? answer.Outcome == Outcome.OutOfScope
            : answer.Outcome is not (Outcome.Inconsistent or Outcome.OutOfScope) && answer.Possible.ToHashSet(StringComparer.Ordinal).SetEquals(conclusions);
        return isSo ? answer : null;
    }
}
