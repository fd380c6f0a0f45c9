using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>What is known of one fact, and the caller's field that would settle it.</summary>
internal abstract record Fact(string Field)
{
    /// <summary>What a value given for the field is said of, where the field alone does not say it: one marker of a list of findings.</summary>
    public string Subject { get; init; } = "";
}

/// <summary>A fact that is a word: the words of the catalogue it may still be.</summary>
internal sealed record WordFact(ValueSet Possible, string Field) : Fact(Field);

/// <summary>A fact that is a number: the interval it lies in.</summary>
internal record NumberFact(Interval Interval, string Field) : Fact(Field)
{
    /// <summary>The number, when the interval is a point.</summary>
    public virtual decimal? Known => Interval.Min is { } min && Interval.Max == min ? min : null;
}

/// <summary>
/// How many other sites are involved: those proven, those listed and open, and, unless every site was assessed, any number
/// that nobody listed. It is settled by one biopsy after the other, never by a number.
/// </summary>
internal sealed record SitesFact(int Proven, ImmutableArray<string> Suspects, bool Assessed)
    : NumberFact(Count(Proven, Suspects.Length, Assessed), Assessed && Suspects.Length > 0 ? Suspects[0] : AssessedField)
{
    public const string AssessedField = "case.other_sites_assessed";
    public const string ListField = "case.other_sites";

    /// <summary>Of a case that lists no site and says that every one was assessed.</summary>
    public static SitesFact NoneOfAll { get; } = new(0, [], Assessed: true);

    /// <summary>The number left when some of the listed sites turn out so.</summary>
    public Interval After(int positive, int negative, bool assessed, bool another) =>
        Count(Proven + positive + (another ? 1 : 0), Suspects.Length - positive - negative, assessed);

    private static Interval Count(int proven, int open, bool assessed) => new(proven, false, assessed ? proven + open : null, false);
}

/// <summary>
/// The level that at least so many marrow tests reach, in percent. It is settled by tests, and has no boundary of its own.
/// </summary>
internal sealed record MarrowTestFact(Interval Interval) : NumberFact(Interval, TestsField)
{
    public const string TestsField = "case.mrd";

    public override decimal? Known => null;

    /// <summary>The facts of the marrow tests, each at one level.</summary>
    public static IEnumerable<(string Id, Fact Fact)> OfEach(Interval level)
    {
        yield return (FactId.HighestMarrowTest, new MarrowTestFact(level) { Subject = "highest other test of the first marrow, in percent," });
        yield return (FactId.SecondMarrowTest, new MarrowTestFact(level) { Subject = "second highest other test of the first marrow, in percent," });
        yield return (FactId.SecondTestOfSecondMarrow, new MarrowTestFact(level) { Subject = "second highest test of one second marrow, in percent," });
    }
}

/// <summary>Facts of a case that cannot all be true.</summary>
/// <param name="Fields">The caller's fields that contradict each other.</param>
/// <param name="Facts">Ids of the facts that can no longer be relied on.</param>
/// <param name="Detail">In words, without a value of the case.</param>
internal sealed record CaseContradiction(string[] Fields, string[] Facts, string Detail);
