using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>The level of the result that stands for a measurement, as a fraction of cells, and what would narrow it.</summary>
internal sealed record MrdLevelFact(Interval Interval, string Field) : NumberFact(Interval, Field)
{
    private const string NewResult = "new finding:";

    /// <summary>What the field is.</summary>
    public MrdLevelOf Of { get; init; }

    /// <summary>For a limit of the assay what is known of it.</summary>
    public Interval Limit { get; init; }

    /// <summary>The results of which any may stand for the measurement, each with its path; empty for one alone, and where none may.</summary>
    public ImmutableArray<(string Field, Interval Level)> EachOf { get; init; } = [];

    /// <summary>What is not stated and says which result stands for the measurement; null where that is settled.</summary>
    public MrdOpenFields? Open { get; init; }

    /// <summary>What is possible in a document's bands: of several results, what one of them says, and nothing between them.</summary>
    public ValueSet In(Bands bands) => EachOf.IsEmpty ? bands.Cover(Interval) : EachOf.Aggregate(ValueSet.Empty, (possible, each) => possible | bands.Cover(each.Level));

    /// <summary>Of a case without a result that counts.</summary>
    public static MrdLevelFact None { get; } = new(MrdLevels.Fraction, MarrowTestFact.TestsField) { Subject = NewResult };

    /// <summary>The method of a result that there is none of.</summary>
    public static WordFact NoMethod { get; } = new(ValueSet.All(2), MarrowTestFact.TestsField) { Subject = "new finding by a method:" };

    /// <summary>Only a number that was quantified has a boundary that could be near.</summary>
    public override decimal? Known => Of is MrdLevelOf.Number ? base.Known : null;

    public static string SubjectOf(MrdLevelOf of) => of is MrdLevelOf.NewResult ? NewResult : "";

    /// <summary>
    /// The answers to the question for the field that is not the level itself: each with the level it would leave. Empty: the level itself is
    /// asked for.
    /// </summary>
    /// <param name="thresholds">Where the bands of the document part, ascending.</param>
    public ImmutableArray<(string Label, Interval Level)> Answers(IEnumerable<decimal> thresholds) => Of switch
    {
        MrdLevelOf.Sensitivity => [.. UpTo(Limit, thresholds, isPositive: false)],
        MrdLevelOf.QuantifiableFrom => [.. UpTo(Limit, thresholds, isPositive: true)],
        _ => [],
    };

    /// <summary>The stretches of the limit between the thresholds, and the level below each.</summary>
    public static IEnumerable<(string Label, Interval Level)> UpTo(Interval known, IEnumerable<decimal> thresholds, bool isPositive)
    {
        var from = 0m;
        foreach (var to in thresholds.Where(threshold => threshold > 0))
        {
            var limit = new Interval(from, true, to, false).Intersect(known);
            if (!limit.IsEmpty)
            {
                yield return (limit.ToString(), new Interval(0, isPositive, limit.Max, limit.Max < 1));
            }
            from = to;
        }
    }
}
