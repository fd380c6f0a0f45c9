using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Selects the result that stands for a measurement: of the protocol's own time points and specimen, one that found something out before one
/// that did not, one by the protocol's method before another, then the latest. A result that may be the one, by what is not stated of it or
/// of another, stays among what is possible.
/// </summary>
internal sealed class MrdSelector
{
    private readonly RelapseCase _case;
    private readonly MrdMeasure _measure;
    private readonly MrdLevels _levels;
    private readonly MrdCandidates _candidates;
    private readonly MrdStanding _standing;
    private readonly List<UnusedMrd> _unused = [];

    /// <summary>Places among the candidates of those that are possible, each measurement once: those that certainly are of the protocol's time
    /// point and specimen, and those that may be.</summary>
    private readonly List<int> _used = [];
    private readonly List<int> _others = [];
    private bool _isOfPreferredMethod;
    private bool _isLatest;

    private MrdSelector(RelapseCase @case, CaseNumbers numbers, MrdMeasure measure)
    {
        (_case, _measure, _levels) = (@case, measure, new MrdLevels(@case, numbers));
        _candidates = new MrdCandidates(measure, Reinduction, FindCandidates());
        _standing = _candidates.Stand();
        for (var place = 0; place < _standing.Of.Length; place++)
        {
            Place(place);
        }
        _unused.Sort((one, other) => one.Index.CompareTo(other.Index));
    }

    private Reinduction Reinduction => _case.Treatment?.Reinduction ?? Reinduction.Unspecified;

    /// <summary>The selection, and the facts of the level and method.</summary>
    public static MeasuredFacts Select(RelapseCase @case, CaseNumbers numbers, MrdMeasure measure)
    {
        var selector = new MrdSelector(@case, numbers, measure);
        return new MeasuredFacts(selector.Record(), selector.Level(), selector.Method(), selector.Contradiction());
    }

    private MrdCandidate[] FindCandidates()
    {
        var relapsed = CaseNumbers.ReadDate(_case.Timing?.RelapseDate);
        List<MrdCandidate> candidates = new(_case.Mrd.Count);
        for (var index = 0; index < _case.Mrd.Count; index++)
        {
            var result = _case.Mrd[index];
            var why = WhyNotOwn(result);
            var date = CaseNumbers.ReadDate(result.CollectDate);
            // What is older than the relapse is no result of its treatment, so that what is not stated of it cannot make it one.
            if (why is { Code: "TIME_POINT_NOT_STATED" or "SPECIMEN_NOT_STATED" } && (!MayBeOn(result.Specimen) || date.Max < relapsed.Min))
            {
                _unused.Add(Unused(index, why.Value.Code, why.Value.Detail));
            }
            else if (why is null or { Code: "TIME_POINT_NOT_STATED" or "SPECIMEN_NOT_STATED" })
            {
                var points = result.TimePoint is TimePoint.Unspecified ? TimePointsOf(index) : 0;
                if (points == 0 && result.TimePoint is TimePoint.Unspecified)
                {
                    _unused.Add(Unused(index, "TIME_POINT_NOT_STATED", "its time point is not stated, and by its date it is none of the protocol's"));
                    continue;
                }
                candidates.Add(new MrdCandidate(index, result.TimePoint, _measure.IsOn(result.Specimen), _levels.IsEvaluable(index), _measure.IsByOwnMethod(result.Method), date, _levels[index].Interval) { TimePoints = points });
            }
            else
            {
                _unused.Add(Unused(index, why.Value.Code, why.Value.Detail));
            }
        }
        return [.. candidates];
    }

    /// <summary>The time points of the measurement that a result may be of whose own is not stated: its date may exclude some.</summary>
    private ulong TimePointsOf(int index)
    {
        var points = 0UL;
        for (var point = 1; point < MrdMeasure.TimePointCount; point++)
        {
            points |= _measure.IsOwn((TimePoint)point) && MrdContradictions.Of(_case, index, (TimePoint)point) is null ? 1UL << point : 0;
        }
        return points;
    }

    private (string Code, string Detail)? WhyNotOwn(MrdResult result) =>
        result.TimePoint is TimePoint.Unspecified ? ("TIME_POINT_NOT_STATED", "its time point is not stated")
        : !_measure.IsOwn(result.TimePoint) ? ("OTHER_TIME_POINT", "it is of another time point than the protocol's")
        : Reinduction is not Reinduction.Unspecified && _measure.IsAfterOther(result.TimePoint, Reinduction) ? ("OTHER_REINDUCTION", "it was measured after another reinduction than the protocol's time point belongs to")
        : _measure.IsOn(result.Specimen) ? null
        : result.Specimen is Specimen.Unspecified ? ("SPECIMEN_NOT_STATED", "its specimen is not stated")
        : ("OTHER_SPECIMEN", "its specimen is not the protocol's");

    private bool MayBeOn(Specimen specimen) => specimen is Specimen.Unspecified || _measure.IsOn(specimen);

    /// <summary>One whose specimen is not stated has no code of its own: it may be another.</summary>
    private static UnusedMrd Unused(int index, string code, string detail) => new(index, code == "SPECIMEN_NOT_STATED" ? "OTHER_SPECIMEN" : code, detail);

    /// <summary>Puts one candidate among those used, those that may count, or aside.</summary>
    private void Place(int place)
    {
        var (one, stands) = (_candidates.All[place], _standing.Of[place]);
        if (!stands.IsPossible && one.Counts)
        {
            var (code, detail) = stands.IsOutrankedUnevaluated ? ("NOT_EVALUABLE", "it could not be evaluated or has no result, and another could be")
                : stands.IsOutranked ? ("OTHER_METHOD", "another is by the method that the protocol's cut-offs are made for")
                : ("EARLIER", "another of the same time point is later");
            _unused.Add(new UnusedMrd(one.Index, code, detail));
            _isOfPreferredMethod |= code == "OTHER_METHOD";
            _isLatest |= code == "EARLIER";
            return;
        }
        var places = one.Counts ? _used : _others;
        if (places.FindIndex(other => IsSame(one.Index, _candidates.All[other].Index)) is >= 0 and var same)
        {
            _unused.Add(new UnusedMrd(one.Index, "DUPLICATE", "it is listed twice") { SameAs = _candidates.All[places[same]].Index });
            return;
        }
        if (stands.IsPossible)
        {
            places.Add(place);
        }
        if (!one.Counts)
        {
            var (code, detail) = WhyNotOwn(_case.Mrd[one.Index])!.Value;
            _unused.Add(Unused(one.Index, code, stands.IsPossible ? $"{detail}: it may count, and what it says stays possible" : detail));
        }
    }

    /// <summary>Whether both are one measurement: alike in everything, and neither leaves open what it found.</summary>
    private bool IsSame(int one, int other)
    {
        var (a, b, found, level) = (_case.Mrd[one], _case.Mrd[other], _levels[one], _levels[other]);
        return a.TimePoint == b.TimePoint && a.Method == b.Method && a.Specimen == b.Specimen && Equals(a.CollectDate, b.CollectDate)
            && a.ResultCase == b.ResultCase && found.Interval == level.Interval && found.Of == level.Of && (found.Of is MrdLevelOf.NewResult || found.Interval.IsPoint);
    }

    private int IndexOf(int place) => _candidates.All[place].Index;

    private bool IsProvided(int place) => _measure.IsProvided(_candidates.All[place].TimePoint);

    private MrdSelection Record()
    {
        var isUsed = _used.Count > 0;
        var hangs = isUsed && _standing.IsOpenAfter;
        bool?[] methods = [.. _used.Select(place => _candidates.All[place].IsByOwnMethod).Distinct()];
        var level = !isUsed || _standing.IsOpen || !_used.Exists(place => _candidates.All[place].IsEvaluable is true) ? MrdLevels.Fraction : Hull();
        return new MrdSelection(
            _measure.Name,
            [.. _used.Select(IndexOf)],
            isUsed ? Reason(hangs) : "",
            level == MrdLevels.Fraction ? null : level,
            methods is [var only] ? only : null,
            [.. _unused])
        {
            MayCount = [.. _others.Select(IndexOf)],
            HangsOnReinduction = hangs,
            IsProvided = isUsed && _standing.MayRestOnProvided,
            CountsUnlessAfter = isUsed && _standing.NoneAfter != 0 ? [.. CaseFacts.ReinductionWords.Select(word => word.Value).Where(given => (_standing.NoneAfter >> (int)given & 1) != 0)] : [],
        };
    }

    private string Reason(bool hangsOnReinduction) => string.Join("; ", ((string?[])[
        _used.TrueForAll(IsProvided) ? "it is of the protocol's specimen, and of a time point that counts on a condition"
            : _used.Exists(IsProvided) ? "of the protocol's specimen, one is of its time point and another of a time point that counts on a condition"
            : "it is of the protocol's time point and specimen",
        _isOfPreferredMethod ? "by the protocol's method" : null,
        _isLatest ? "the latest of its time point" : null,
        hangsOnReinduction ? "it counts provided that reinduction, which is not stated, is one that the time point belongs to" : null,
        _used.Count > 1 ? "nothing says which of several counts, so that all they say is possible" : null,
        _others.Count > 0 ? "another, of which something is not stated, may count in its place" : null,
    ]).OfType<string>());

    private Interval Hull() => _used.Concat(_others).Select(place => _candidates.All[place].Level).Aggregate(Hull);

    private MrdLevelFact Level()
    {
        var isOpen = _standing.IsOpen || _standing.IsOpenAfter;
        if (_used.Count + _others.Count == 0)
        {
            return MrdLevelFact.None;
        }
        if (_used.Count == 1 && _others.Count == 0 && !isOpen)
        {
            var level = _levels[IndexOf(_used[0])];
            return new MrdLevelFact(level.Interval, level.Field) { Of = level.Of, Limit = level.Limit, Subject = MrdLevelFact.SubjectOf(level.Of) };
        }
        return MrdLevelFact.None with
        {
            Interval = isOpen ? MrdLevels.Fraction : Hull(),
            EachOf = isOpen ? [] : [.. _used.Concat(_others).Select(place => ($"case.mrd[{IndexOf(place)}]", _candidates.All[place].Level))],
            Open = new MrdOpenFields(_levels, _measure, _candidates, [.. _used, .. _others]),
        };
    }

    private WordFact Method()
    {
        if (_used.Count + _others.Count == 0)
        {
            return MrdLevelFact.NoMethod;
        }
        var words = FactCatalogue.Find(FactId.MrdMethodOf(_measure.Name))!.Words;
        var (possible, unsaid) = (ValueSet.Empty, -1);
        foreach (var place in _used.Concat(_others))
        {
            var stands = _standing.Of[place];
            possible |= stands.AsOwn ? ValueSet.Of(words.IndexOf(FactCatalogue.OwnMethod)) : ValueSet.Empty;
            possible |= stands.AsOther ? ValueSet.Of(words.IndexOf("OTHER")) : ValueSet.Empty;
            unsaid = unsaid < 0 && _candidates.All[place].IsByOwnMethod is null ? place : unsaid;
        }
        return new WordFact(possible, unsaid < 0 ? MarrowTestFact.TestsField : $"case.mrd[{IndexOf(unsaid)}].method");
    }

    private CaseContradiction? Contradiction()
    {
        foreach (var place in _used)
        {
            if (MrdContradictions.Of(_case, _candidates.All[place].Index) is { } contradiction)
            {
                return contradiction;
            }
        }
        return null;
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
