using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>One more thing stated of the results that may stand for a measurement, in the words of its answer.</summary>
/// <param name="Label">The answer.</param>
internal abstract record MrdStated(string Label)
{
    /// <summary>The candidates when it is stated.</summary>
    public abstract MrdCandidates Of(MrdCandidates candidates);
}

/// <summary>Of one result: it may be a candidate of more than one measurement, and then says something of each.</summary>
/// <param name="Label">The answer.</param>
/// <param name="Index">The place of the result in the case.</param>
/// <param name="State">The result when it is stated.</param>
internal sealed record MrdResultStated(string Label, int Index, Func<MrdCandidate, MrdMeasure, MrdCandidate> State) : MrdStated(Label)
{
    public override MrdCandidates Of(MrdCandidates candidates) =>
        candidates.PlaceOf(Index) is >= 0 and var place ? candidates.With(place, State(candidates.All[place], candidates.Measure)) : candidates;
}

/// <summary>The reinduction.</summary>
/// <param name="Label">The answer.</param>
/// <param name="Given">Which it was.</param>
internal sealed record MrdReinductionStated(string Label, Reinduction Given) : MrdStated(Label)
{
    public override MrdCandidates Of(MrdCandidates candidates) => candidates.After(Given);
}

/// <summary>A new result by the measurement's method, later than any there is.</summary>
/// <param name="Label">The answer.</param>
/// <param name="Measurement">Of which measurement.</param>
/// <param name="At">Of which of its time points.</param>
/// <param name="Level">What it finds.</param>
internal sealed record MrdNewResult(string Label, string Measurement, TimePoint At, Interval Level) : MrdStated(Label)
{
    private const int NotInTheCase = -1;

    public override MrdCandidates Of(MrdCandidates candidates) => !string.Equals(candidates.Measure.Name, Measurement, StringComparison.Ordinal) ? candidates
        : candidates.With(new MrdCandidate(NotInTheCase, At, IsOfSpecimen: true, IsEvaluable: true, IsByOwnMethod: true, DateInterval.Point(MrdCandidates.New), Level));
}

/// <summary>What is left of a measurement.</summary>
/// <param name="Levels">The levels, of which any may be.</param>
/// <param name="Own">Whether it may be by the measurement's method.</param>
/// <param name="Other">Whether it may be by another.</param>
internal readonly record struct MrdLeft(IReadOnlyList<Interval> Levels, bool Own, bool Other)
{
    public static MrdLeft Of(MrdCandidates stated)
    {
        var standing = stated.Stand();
        var (own, other) = (false, false);
        List<Interval> levels = [];
        for (var place = 0; place < standing.Of.Length; place++)
        {
            var stands = standing.Of[place];
            if (stands.IsPossible)
            {
                (own, other) = (own || stands.AsOwn, other || stands.AsOther);
                levels.Add(stated.All[place].Level);
            }
        }
        return standing.IsOpen || standing.IsOpenAfter || levels.Count == 0
            ? new MrdLeft([MrdLevels.Fraction], own || levels.Count == 0, other || levels.Count == 0)
            : new MrdLeft(levels, own, other);
    }
}
