using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>How the cases in which two decisions differ are found and parted.</summary>
/// <param name="Conclusions">For conclusions of the first decision that the second calls differently: the second's label for the first's.
/// Null for none.</param>
/// <param name="Possible">Given the inputs of the comparison, the boxes over them that together are the cases that can occur at all. Null
/// for all.</param>
/// <param name="MostRegions">At most so many regions are given.</param>
/// <param name="MostCells">Regions are single cells of what rules look at, but for banded inputs, when there are at most so many of them;
/// otherwise they are as large as can be.</param>
public sealed record DifferenceOptions(
    ImmutableDictionary<string, string>? Conclusions = null,
    Func<ImmutableArray<ComparedInput>, IReadOnlyList<ValueSet[]>>? Possible = null,
    int MostRegions = 1000,
    int MostCells = 12);

/// <summary>Cases in which two decisions leave different conclusions possible, and in all of them the same.</summary>
public sealed class DifferingCases
{
    /// <summary>What holds in them; a name that is not mentioned may be anything.</summary>
    public required ImmutableArray<RegionCondition> Conditions { get; init; }

    /// <summary>What the first concludes; several where it is left open whatever the facts are.</summary>
    public required ImmutableArray<string> ConclusionsA { get; init; }

    /// <summary>The rules, or guards, by which it does, in one case or another.</summary>
    public required ImmutableArray<string> RulesA { get; init; }

    /// <summary>What the second concludes.</summary>
    public required ImmutableArray<string> ConclusionsB { get; init; }

    /// <summary>The rules, or guards, by which it does, in one case or another.</summary>
    public required ImmutableArray<string> RulesB { get; init; }

    /// <summary>Of all cells over the names of the comparison the share that is in the region; above 0, at most 1.</summary>
    public required double Share { get; init; }

    /// <summary>Boxes of raw cases of the region over the inputs of the comparison, found as they are asked for; none of them hangs on what no
    /// fact says. None at all when every case does.</summary>
    public required IEnumerable<ImmutableArray<ValueSet>> Examples { get; init; }
}

/// <summary>
/// For which cases two decisions differ when every fact is known. What no fact says (a question that a rule leaves open, a reading without a
/// default) leaves several conclusions; two decisions that leave the same ones do not differ. Above a decision that both share, regions are
/// stated over what it comes out as.
/// </summary>
/// <param name="Inputs">The inputs, in the order in which boxes give them.</param>
/// <param name="Regions">Disjoint regions, none empty, together exactly the cases in which the two differ; the largest first.</param>
/// <param name="IsTruncated">Whether there are more than were asked for, and these are some of them.</param>
/// <param name="OneSided">The values that one side only knows, of inputs which both have. When there is any, nothing is compared.</param>
/// <param name="Incomparable">Inputs which both have but with nothing in common. When there is any, nothing is compared.</param>
/// <param name="Names">The inputs and shared decisions over which regions are stated.</param>
/// <param name="ByRules">Those of the names that rules look at, and not only guards.</param>
public sealed record DecisionDifferences(
    ImmutableArray<ComparedInput> Inputs,
    ImmutableArray<DifferingCases> Regions,
    bool IsTruncated,
    ImmutableArray<OneSidedValue> OneSided,
    ImmutableArray<string> Incomparable,
    ImmutableArray<string> Names,
    ImmutableHashSet<string> ByRules)
{
    /// <summary>Most steps that a comparison may take; two that would take more are <see cref="IsTooLarge"/> for it.</summary>
    public const long MostSteps = WorkBudget.OfComparison;

    /// <summary>The steps it took: counted, and the same wherever the two are compared.</summary>
    public long Steps { get; init; }

    /// <summary>Whether the two are too large together to be compared.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>Whether the two could be compared.</summary>
    public bool IsCompared => OneSided.IsEmpty && Incomparable.IsEmpty && !IsTooLarge;

    /// <summary>Whether the two conclude alike in every case.</summary>
    public bool Agree => IsCompared && Regions.IsEmpty;
}
