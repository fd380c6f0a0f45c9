using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>How two decisions are compared.</summary>
/// <param name="Conclusions">For conclusions of the first decision that the second calls differently: the second's label for the first's.
/// Null for none.</param>
/// <param name="ReadingsFree">Whether a reading that has a default is free all the same; otherwise it is held at its default.</param>
public sealed record ComparisonOptions(ImmutableDictionary<string, string>? Conclusions = null, bool ReadingsFree = false);

/// <summary>One of the two decisions compared.</summary>
public enum ComparedSide
{
    /// <summary>The first.</summary>
    A,

    /// <summary>The second.</summary>
    B,
}

/// <summary>A value that one side only knows; cases with it are not compared.</summary>
/// <param name="Input">The input or component.</param>
/// <param name="Label">The label, or the part of the range.</param>
/// <param name="Side">The side that knows it.</param>
public sealed record OneSidedValue(string Input, string Label, ComparedSide Side);

/// <summary>What an input, component or decision must be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">The labels it may have, in order; for a banded input those of its plain values only.</param>
/// <param name="Intervals">For a banded input the intervals, ascending, joined where they touch; otherwise none.</param>
public sealed record RegionCondition(string Name, ImmutableArray<string> Labels, ImmutableArray<Interval> Intervals)
{
    /// <summary>The name, labels and intervals.</summary>
    public override string ToString() => $"{Name}: {string.Join(" | ", Labels.Concat(Intervals.Select(interval => interval.ToString())))}";
}

/// <summary>Cases in which the two decisions conclude differently, and in all of them alike.</summary>
/// <param name="Conditions">What holds in them; a name that is not mentioned may be anything.</param>
/// <param name="ConclusionA">What the first concludes.</param>
/// <param name="RulesA">The rules, or guards, by which it does, in one case or another.</param>
/// <param name="ConclusionB">What the second concludes.</param>
/// <param name="RulesB">The rules, or guards, by which it does, in one case or another.</param>
/// <param name="Example">One raw case of the region: every compared input and component with one label or interval.</param>
public sealed record DifferingRegion(
    ImmutableArray<RegionCondition> Conditions,
    string ConclusionA,
    ImmutableArray<string> RulesA,
    string ConclusionB,
    ImmutableArray<string> RulesB,
    ImmutableArray<RegionCondition> Example);

/// <summary>For which cases two decisions differ.</summary>
/// <param name="Regions">Disjoint regions, none empty, together exactly the cases which both sides know and in which they conclude
/// differently.</param>
/// <param name="OneSided">The values that one side only knows, of inputs which both have.</param>
/// <param name="Incomparable">Inputs which both have but with nothing in common (banded against plain, no shared value, more than 64
/// refined values). When there is any, nothing is compared.</param>
/// <param name="SharedDecisions">The intermediate decisions, alike on both sides, over which the regions are stated.</param>
public sealed record ComparisonResult(
    ImmutableArray<DifferingRegion> Regions,
    ImmutableArray<OneSidedValue> OneSided,
    ImmutableArray<string> Incomparable,
    ImmutableArray<string> SharedDecisions)
{
    /// <summary>Whether the two are too large together to be compared.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>Whether the two conclude alike in every case which both know.</summary>
    public bool Agree => Regions.IsEmpty && Incomparable.IsEmpty && !IsTooLarge;
}
