using Google.Protobuf.Reflection;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// What is not stated of the results that may stand for a measurement, each with what every answer would leave. Nothing is worked out before
/// it is asked.
/// </summary>
internal sealed class MrdOpenFields(MrdLevels levels, MrdMeasure measure, MrdCandidates candidates, int[] possible)
{
    private const string Own = FactCatalogue.OwnMethod;

    /// <summary>Whether none of the case need count: then one field of a result may say nothing without another of it.</summary>
    public bool NoneNeedCount { get; } = candidates.Stand().IsOpen;

    /// <summary>
    /// Whether a new finding is asked for besides: none of the case need count, or two do of which nothing is left to state.
    /// </summary>
    public bool AsksForNew => NoneNeedCount || possible.Count(place => IsSettled(candidates.All[place])) > 1;

    /// <summary>The fields, and for each answer the levels that it leaves possible.</summary>
    /// <param name="bands">The bands of the document.</param>
    public IEnumerable<(string Field, List<(string Label, List<Interval> Levels)> Answers)> Fields(Bands bands)
    {
        foreach (var place in possible)
        {
            var (one, path) = (candidates.All[place], $"case.mrd[{candidates.All[place].Index}]");
            if (one.TimePoint is TimePoint.Unspecified)
            {
                yield return ($"{path}.time_point", [
                    .. OwnTimePoints().Select(point => (Words.Of(point), Left(candidates.With(place, one with { TimePoint = point })))),
                    ("another time point", Left(candidates.Without(place))),
                ]);
            }
            if (!one.IsOfSpecimen)
            {
                yield return ($"{path}.specimen", [
                    .. Words.Specimens.Select(specimen => (specimen.Word, Left(measure.IsOn(specimen.Value) ? candidates.With(place, one with { IsOfSpecimen = true }) : candidates.Without(place)))),
                ]);
            }
            if (one.IsByOwnMethod is null)
            {
                yield return ($"{path}.method", [
                    (Own, Left(candidates.With(place, one with { IsByOwnMethod = true }))),
                    ("OTHER", Left(candidates.With(place, one with { IsByOwnMethod = false }))),
                ]);
            }
            if (LevelsOf(one, bands).ToList() is { Count: > 1 } found)
            {
                yield return (levels[one.Index].Field, [.. found.Select(level => (level.Label, Left(candidates.With(place, level.Found))))]);
            }
        }
        if (Undated() is { } undated)
        {
            yield return ($"case.mrd[{candidates.All[undated].Index}].collect_date", [
                .. SameTimePoint(undated).Select(place => ($"case.mrd[{candidates.All[place].Index}] is the latest", Left(candidates.With(place, candidates.All[place] with { Date = DateInterval.Point(DateOnly.MaxValue) })))),
            ]);
        }
        if (candidates.MayHangOnReinduction)
        {
            yield return (CaseFacts.ReinductionField, [.. CaseFacts.ReinductionWords.Select(word => (word.Word, Left(candidates.After(word.Value))))]);
        }
    }

    private static bool IsSettled(in MrdCandidate one) => one is { Counts: true, IsEvaluable: not null, IsByOwnMethod: not null, Date: { Min: { } day } } && one.Date.Max == day;

    private IEnumerable<TimePoint> OwnTimePoints() => Enum.GetValues<TimePoint>().Where(point => point is not TimePoint.Unspecified && measure.IsOwn(point));

    /// <summary>What the number, or the limit of the assay, may turn out to be; empty when it is known, or only a new result could say more.</summary>
    private IEnumerable<(string Label, MrdCandidate Found)> LevelsOf(MrdCandidate one, Bands bands)
    {
        var level = levels[one.Index];
        var found = level.Of switch
        {
            MrdLevelOf.Sensitivity => MrdLevelFact.UpTo(level.Limit, bands.Thresholds, isPositive: false),
            MrdLevelOf.QuantifiableFrom => MrdLevelFact.UpTo(level.Limit, bands.Thresholds, isPositive: true),
            MrdLevelOf.Number => InBands(level.Interval, bands),
            _ => [],
        };
        foreach (var (label, interval) in found)
        {
            yield return (label, one with { IsEvaluable = true, Level = interval });
        }
        if (one.IsEvaluable is null)
        {
            yield return ("not evaluable", one with { IsEvaluable = false });
        }
    }

    private static IEnumerable<(string Label, Interval Level)> InBands(Interval level, Bands bands)
    {
        foreach (var band in bands.Cover(level))
        {
            var within = bands.IntervalOf(band)!.Value.Intersect(level);
            yield return (within.ToString(), within);
        }
    }

    /// <summary>The first whose date would say which of several of its time point is the latest; null when no date would.</summary>
    private int? Undated()
    {
        foreach (var place in possible)
        {
            var one = candidates.All[place];
            if (one.TimePoint is not TimePoint.Unspecified && (one.Date.Min is null || one.Date.Min != one.Date.Max) && SameTimePoint(place).Count > 1)
            {
                return place;
            }
        }
        return null;
    }

    private List<int> SameTimePoint(int place)
    {
        var point = candidates.All[place].TimePoint;
        return [.. possible.Where(other => candidates.All[other].TimePoint == point)];
    }

    private static List<Interval> Left(MrdCandidates stated)
    {
        var standing = stated.Stand();
        List<Interval> left = [];
        for (var place = 0; place < standing.Of.Length && !standing.IsOpen && !standing.IsOpenAfter; place++)
        {
            if (standing.Of[place].IsPossible)
            {
                left.Add(stated.All[place].Level);
            }
        }
        return left.Count == 0 ? [MrdLevels.Fraction] : left;
    }

    /// <summary>The contract's words, without what they share.</summary>
    private static class Words
    {
        public static (Specimen Value, string Word)[] Specimens { get; } = [(Specimen.Marrow, "MARROW"), (Specimen.Blood, "BLOOD")];

        private const string TimePointPrefix = "TIME_POINT_";

        private static readonly EnumDescriptor _timePoints = CaseReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(TimePoint));

        public static string Of(TimePoint point) => _timePoints.FindValueByNumber((int)point).Name[TimePointPrefix.Length..];
    }
}
