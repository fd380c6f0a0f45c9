using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Selects the result that stands for a measurement: of the protocol's own time points and specimen, one that found something out before one
/// that did not, one by the protocol's method before another, then the latest.
/// </summary>
internal sealed class MrdSelector
{
    private readonly RelapseCase _case;
    private readonly MrdMeasure _measure;
    private readonly MrdLevels _levels;
    private readonly DateInterval[] _dates;
    private readonly List<UnusedMrd> _unused = [];
    private readonly List<string> _reasons = [];

    private MrdSelector(RelapseCase @case, CaseNumbers numbers, MrdMeasure measure) =>
        (_case, _measure, _levels, _dates) = (@case, measure, new MrdLevels(@case, numbers), [.. @case.Mrd.Select(result => CaseNumbers.ReadDate(result.CollectDate))]);

    /// <summary>The selection, and the facts of the level and method.</summary>
    public static MeasuredFacts Select(RelapseCase @case, CaseNumbers numbers, MrdMeasure measure)
    {
        var selector = new MrdSelector(@case, numbers, measure);
        var used = selector.Choose();
        return new MeasuredFacts(selector.Record(used), selector.Level(used), selector.Method(used), selector.Contradiction(used));
    }

    private List<int> Choose()
    {
        List<int> left = [];
        for (var index = 0; index < _case.Mrd.Count; index++)
        {
            if (WhyNotOwn(_case.Mrd[index]) is { } why)
            {
                _unused.Add(new UnusedMrd(index, why.Code, why.Detail));
            }
            else
            {
                left.Add(index);
            }
        }
        left = Prefer(left, _levels.IsEvaluable, "NOT_EVALUABLE", "it could not be evaluated or has no result, and another could be");
        if (left.Any(IsOwn))
        {
            left = Prefer(left, IsOwn, "OTHER_METHOD", "another is by the method that the protocol's cut-offs are made for", "by the protocol's method");
        }
        else
        {
            left = Prefer(left, index => _measure.IsByOwnMethod(_case.Mrd[index].Method) is null, "OTHER_METHOD", "it is by another method than the protocol's, and that of another result may be the protocol's");
        }
        left = Latest(left);
        return Different(left);
    }

    private bool IsOwn(int index) => _measure.IsByOwnMethod(_case.Mrd[index].Method) is true;

    private (string Code, string Detail)? WhyNotOwn(MrdResult result) =>
        result.TimePoint is TimePoint.Unspecified ? ("TIME_POINT_NOT_STATED", "its time point is not stated")
        : !_measure.IsAt(result.TimePoint) && !_measure.IsProvided(result.TimePoint) ? ("OTHER_TIME_POINT", "it is of another time point than the protocol's")
        : _measure.IsAfterOther(result.TimePoint, Reinduction) ? ("OTHER_REINDUCTION", "it was measured after another reinduction than the protocol's time point belongs to")
        : _measure.IsOn(result.Specimen) ? null
        : result.Specimen is Specimen.Unspecified ? ("OTHER_SPECIMEN", "its specimen is not stated")
        : ("OTHER_SPECIMEN", "its specimen is not the protocol's");

    private Reinduction Reinduction => _case.Treatment?.Reinduction ?? Reinduction.Unspecified;

    private bool MayBeAfterOther => _measure.MayBeAfterOther(Reinduction);

    private bool IsProvided(int index) => _measure.IsProvided(_case.Mrd[index].TimePoint);

    /// <summary>Those that are so, if any are; the others are put aside.</summary>
    private List<int> Prefer(List<int> from, Predicate<int> isSo, string code, string detail, string? reason = null)
    {
        var preferred = from.FindAll(isSo);
        if (preferred.Count == 0 || preferred.Count == from.Count)
        {
            return from;
        }
        _unused.AddRange(from.Except(preferred).Select(index => new UnusedMrd(index, code, detail)));
        if (reason is not null)
        {
            _reasons.Add(reason);
        }
        return preferred;
    }

    /// <summary>Those than which none of the same time point is certainly later: two names of one time point are no order, whatever the dates.</summary>
    private List<int> Latest(List<int> from) => Prefer(
        from,
        index => !from.Any(other => _case.Mrd[other].TimePoint == _case.Mrd[index].TimePoint && Date(other).Min > Date(index).Max),
        "EARLIER",
        "another of the same rank is later",
        "the latest of its rank");

    /// <summary>Those that say something of their own; the others repeat one of them.</summary>
    private List<int> Different(List<int> from)
    {
        List<int> different = [];
        foreach (var index in from)
        {
            if (different.Exists(other => IsSame(index, other)))
            {
                _unused.Add(new UnusedMrd(index, "DUPLICATE", "it is listed twice"));
            }
            else
            {
                different.Add(index);
            }
        }
        return different;
    }

    private bool IsSame(int one, int other)
    {
        var (a, b) = (_case.Mrd[one], _case.Mrd[other]);
        return a.TimePoint == b.TimePoint && a.Method == b.Method && a.Specimen == b.Specimen && Equals(a.CollectDate, b.CollectDate)
            && a.ResultCase == b.ResultCase && _levels[one].Interval == _levels[other].Interval;
    }

    private DateInterval Date(int index) => _dates[index];

    private MrdSelection Record(List<int> used)
    {
        _reasons.Insert(0, used.Count > 0 && used.TrueForAll(IsProvided) ? "it is of the protocol's specimen, and of a time point that counts on a condition" : "it is of the protocol's time point and specimen");
        _unused.Sort((one, other) => one.Index.CompareTo(other.Index));
        var level = Found(used).Interval;
        if (used.Count > 0 && MayBeAfterOther)
        {
            _reasons.Add("it counts provided that reinduction, which is not stated, is one that the time point belongs to");
        }
        if (used.Count > 1)
        {
            _reasons.Add("nothing says which of several counts, so that all they say is possible");
        }
        bool?[] methods = [.. used.Select(index => _measure.IsByOwnMethod(_case.Mrd[index].Method)).Distinct()];
        return new MrdSelection(
            _measure.Name,
            [.. used],
            used.Count == 0 ? "" : string.Join("; ", _reasons),
            used.Count == 0 || !used.Exists(_levels.IsEvaluable) || level == MrdLevels.Fraction ? null : level,
            methods is [var only] ? only : null,
            [.. _unused])
        {
            HangsOnReinduction = used.Count > 0 && MayBeAfterOther,
            IsProvided = used.Count > 0 && used.TrueForAll(IsProvided),
            CountsUnlessAfter = Reinduction is Reinduction.Unspecified ? [.. used.SelectMany(index => _measure.ExcludedAfter(_case.Mrd[index].TimePoint)).Distinct()] : [],
        };
    }

    /// <summary>The level, as far as it counts: after a reinduction that is not stated it may not.</summary>
    private MrdLevelFact Level(List<int> used) => used.Count > 0 && MayBeAfterOther
        ? new MrdLevelFact(MrdLevels.Fraction, CaseFacts.ReinductionField) { Of = MrdLevelOf.Reinduction, Limit = Found(used).Interval, NotAfter = [.. CaseFacts.ReinductionWords.Where(word => _measure.IsNeverAfter(word.Value)).Select(word => word.Word)] }
        : Found(used);

    private MrdLevelFact Found(List<int> used)
    {
        if (used.Count == 1)
        {
            var level = _levels[used[0]];
            return new MrdLevelFact(level.Interval, level.Field) { Of = level.Of, Limit = level.Limit, Subject = MrdLevelFact.SubjectOf(level.Of) };
        }
        if (used.Count == 0)
        {
            return OfUnsaidSpecimen() is { } unsaid
                ? new MrdLevelFact(MrdLevels.Fraction, $"case.mrd[{unsaid}].specimen") { Of = MrdLevelOf.Specimen, Limit = MayBeAfterOther ? MrdLevels.Fraction : _levels[unsaid].Interval }
                : MrdLevelFact.None;
        }
        var several = MrdLevelFact.None with
        {
            Interval = used.Select(index => _levels[index].Interval).Aggregate(Hull),
            EachOf = [.. used.Select(index => ($"case.mrd[{index}]", _levels[index].Interval))],
        };
        // Of two results of one day, or of two time points, no date says which counts.
        var undated = used.Exists(index => _case.Mrd[index].TimePoint != _case.Mrd[used[0]].TimePoint) ? -1 : used.FindIndex(index => Date(index) is var date && (date.Min is null || date.Min != date.Max));
        return undated < 0 ? several : several with { Field = $"case.mrd[{used[undated]}].collect_date", Of = MrdLevelOf.Order, Subject = "" };
    }

    /// <summary>The first result that would count if its specimen were the protocol's, which is not stated.</summary>
    private int? OfUnsaidSpecimen() => _unused.Find(unused => unused.Code == "OTHER_SPECIMEN" && _case.Mrd[unused.Index].Specimen is Specimen.Unspecified)?.Index;

    private WordFact Method(List<int> used)
    {
        // With the specimen goes the method of the result that is asked about.
        used = used.Count == 0 && OfUnsaidSpecimen() is { } of ? [of] : used;
        var words = FactCatalogue.Find(FactId.MrdMethodOf(_measure.Name))!.Words;
        var possible = ValueSet.Empty;
        foreach (var index in used)
        {
            possible |= _measure.IsByOwnMethod(_case.Mrd[index].Method) switch
            {
                true => ValueSet.Of(words.IndexOf("PROTOCOL")),
                false => ValueSet.Of(words.IndexOf("OTHER")),
                null => ValueSet.All(words.Length),
            };
        }
        var unsaid = used.FindIndex(index => _measure.IsByOwnMethod(_case.Mrd[index].Method) is null);
        return possible.IsEmpty ? MrdLevelFact.NoMethod
            : unsaid < 0 ? new WordFact(possible, MarrowTestFact.TestsField)
            : new WordFact(possible, $"case.mrd[{used[unsaid]}].method");
    }

    /// <summary>A result of this relapse was not collected before it: it may be of the first disease, whose time points have the same names.</summary>
    private CaseContradiction? Contradiction(List<int> used)
    {
        var relapsed = CaseNumbers.ReadDate(_case.Timing?.RelapseDate);
        // The marrow of the relapse itself may be some days older than what is called its date.
        var misdated = used.FindIndex(index => _case.Mrd[index].TimePoint is not TimePoint.AtRelapse && Date(index).Max < relapsed.Min);
        return misdated < 0 ? null
            : new CaseContradiction([$"case.mrd[{used[misdated]}].collect_date", TimingFacts.FieldOf(TimingDate.Relapse)], [], "a result of the treatment of this relapse before the relapse");
    }

    private static Interval Hull(Interval one, Interval other)
    {
        var lower = one.Min < other.Min || (one.Min == other.Min && !one.MinExclusive) ? one : other;
        var upper = one.Max > other.Max || (one.Max == other.Max && !one.MaxExclusive) ? one : other;
        return new Interval(lower.Min, lower.MinExclusive, upper.Max, upper.MaxExclusive);
    }
}

/// <summary>What one measurement makes of a case.</summary>
/// <param name="Selection">Which result stands for it.</param>
/// <param name="Level">The level.</param>
/// <param name="Method">The method.</param>
/// <param name="Contradiction">Why nothing can be concluded from it; null for none.</param>
internal sealed record MeasuredFacts(MrdSelection Selection, MrdLevelFact Level, WordFact Method, CaseContradiction? Contradiction);
