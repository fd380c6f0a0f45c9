using Google.Protobuf.Reflection;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// What is not stated of the results that may stand for a measurement, each field with every answer to it. Nothing is worked out before it is
/// asked.
/// </summary>
internal sealed class MrdOpenFields(MrdLevels levels, MrdMeasure measure, MrdCandidates candidates, int[] possible)
{
    /// <summary>Of more results without a date each is asked only whether it is the latest: with more, none of them says which is.</summary>
    private const int MostToOrder = 4;

    /// <summary>The candidates as the case has them.</summary>
    public MrdCandidates Candidates => candidates;

    /// <summary>Whether none of the case need count: then one field of a result may say nothing without another of it.</summary>
    public bool NoneNeedCount { get; } = candidates.Stand().IsOpen;

    /// <summary>
    /// Whether a new finding is asked for besides: none of the case need count, or two do of which nothing is left to state.
    /// </summary>
    public bool AsksForNew => NoneNeedCount || possible.Count(place => IsSettled(candidates.All[place])) > 1;

    /// <summary>The fields, and the answers to each.</summary>
    /// <param name="bands">The bands of the document.</param>
    public IEnumerable<(string Field, List<MrdStated> Answers)> Fields(Bands bands)
    {
        foreach (var place in possible)
        {
            foreach (var field in FieldsOf(candidates.All[place], bands))
            {
                yield return field;
            }
        }
        int[] undated = [.. possible.Where(place => candidates.All[place] is { TimePoint: not TimePoint.Unspecified } one && !IsDated(one) && SameTimePoint(one).Skip(1).Any())];
        foreach (var place in undated)
        {
            yield return ($"case.mrd[{candidates.All[place].Index}].collect_date", [.. Dates(candidates.All[place], undated.Length <= MostToOrder)]);
        }
        if (candidates.MayHangOnReinduction)
        {
            yield return (CaseFacts.ReinductionField, [.. CaseFacts.ReinductionWords.Select(word => new MrdReinductionStated(word.Word, word.Value))]);
        }
        if (AsksForNew)
        {
            yield return (MarrowTestFact.TestsField, [.. New(bands)]);
        }
    }

    private IEnumerable<(string Field, List<MrdStated> Answers)> FieldsOf(MrdCandidate one, Bands bands)
    {
        var path = $"case.mrd[{one.Index}]";
        if (one.TimePoint is TimePoint.Unspecified)
        {
            yield return ($"{path}.time_point", [
                .. OwnTimePoints().Where(one.MayBeAt).Select(point => Of(Words.Of(point), (stated, to) => to.IsOwn(point) ? stated with { TimePoint = point } : stated with { IsOut = true })),
                Of("another time point", (stated, _) => stated with { IsOut = true }),
            ]);
        }
        if (!one.IsOfSpecimen)
        {
            yield return ($"{path}.specimen", [.. Words.Specimens.Select(specimen => Of(specimen.Word, (stated, to) => to.IsOn(specimen.Value) ? stated with { IsOfSpecimen = true } : stated with { IsOut = true }))]);
        }
        if (one.IsByOwnMethod is null)
        {
            yield return ($"{path}.method", [
                Of(FactCatalogue.OwnMethod, (stated, _) => stated with { IsByOwnMethod = true }),
                Of("OTHER", (stated, _) => stated with { IsByOwnMethod = false }),
            ]);
        }
        if (LevelsOf(one, bands).ToList() is { Count: > 1 } found)
        {
            yield return (levels[one.Index].Field, found);
        }

        MrdStated Of(string label, Func<MrdCandidate, MrdMeasure, MrdCandidate> state) => new MrdResultStated(label, one.Index, state);
    }

    private static bool IsSettled(in MrdCandidate one) => one is { Counts: true, IsEvaluable: not null, IsByOwnMethod: not null } && IsDated(one);

    private static bool IsDated(in MrdCandidate one) => one.Date.Min is { } day && one.Date.Max == day;

    private IEnumerable<TimePoint> OwnTimePoints() => Enum.GetValues<TimePoint>().Where(point => point is not TimePoint.Unspecified && measure.IsOwn(point));

    /// <summary>What the number, or the limit of the assay, may turn out to be; empty when it is known, or only a new result could say more.</summary>
    private IEnumerable<MrdStated> LevelsOf(MrdCandidate one, Bands bands)
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
            yield return new MrdResultStated(label, one.Index, (stated, _) => stated with { IsEvaluable = true, Level = interval });
        }
        if (one.IsEvaluable is null)
        {
            yield return new MrdResultStated("not evaluable", one.Index, (stated, _) => stated with { IsEvaluable = false });
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

    /// <summary>
    /// By its date a result is later than those that have one, or earlier than the latest of them. Beside another without a date it says nothing
    /// until that has one too: which of them is the later, their dates say together.
    /// </summary>
    private IEnumerable<MrdStated> Dates(MrdCandidate one, bool amongUndated)
    {
        var others = SameTimePoint(one).Where(other => other.Index != one.Index).ToList();
        var latest = others.Select(other => other.Date.Min).Max();
        foreach (var other in others.Prepend(one).OrderBy(other => other.Index))
        {
            var isItself = other.Index == one.Index;
            if (isItself || (latest is not null && other.Date.Min == latest) || (amongUndated && !IsDated(other)))
            {
                var day = isItself ? one.Date.Max ?? MrdCandidates.Late : one.Date.Min ?? DateOnly.MinValue;
                yield return new MrdResultStated($"case.mrd[{other.Index}] is the latest", one.Index, (stated, _) => stated with { Date = DateInterval.Point(day) });
            }
        }
    }

    private IEnumerable<MrdCandidate> SameTimePoint(MrdCandidate one) => possible.Select(place => candidates.All[place]).Where(other => other.TimePoint == one.TimePoint);

    private IEnumerable<MrdStated> New(Bands bands)
    {
        var stated = possible.Select(place => candidates.All[place].TimePoint).FirstOrDefault(point => point is not TimePoint.Unspecified);
        var at = stated is TimePoint.Unspecified ? OwnTimePoints().First(measure.IsAt) : stated;
        return InBands(MrdLevels.Fraction, bands).Select(found => new MrdNewResult($"{MrdLevelFact.SubjectOf(MrdLevelOf.NewResult)} {found.Label}", measure.Name, at, found.Level));
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
