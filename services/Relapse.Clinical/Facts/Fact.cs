using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>What is known of one fact, and the caller's field that would settle it.</summary>
internal abstract record Fact(string Field);

/// <summary>A fact that is a word: the words of the catalogue it may still be.</summary>
internal sealed record WordFact(ValueSet Possible, string Field) : Fact(Field);

/// <summary>A fact that is a number: the interval it lies in.</summary>
internal sealed record NumberFact(Interval Interval, string Field) : Fact(Field)
{
    /// <summary>The number, when the interval is a point.</summary>
    public decimal? Known => Interval.Min is { } min && Interval.Max == min ? min : null;
}

/// <summary>Facts of a case that cannot all be true.</summary>
/// <param name="Fields">The caller's fields that contradict each other.</param>
/// <param name="Facts">Ids of the facts that can no longer be relied on.</param>
/// <param name="Detail">In words, without a value of the case.</param>
internal sealed record CaseContradiction(string[] Fields, string[] Facts, string Detail);
