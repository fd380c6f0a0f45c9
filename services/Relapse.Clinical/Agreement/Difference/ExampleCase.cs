using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Writes a case in which facts are as they are asked for, and of which nothing else is said.</summary>
internal sealed partial class ExampleCase
{
    private readonly RelapseCase _case = new();
    private readonly IReadOnlyDictionary<string, Measurement> _measurements;

    private ExampleCase(IReadOnlyDictionary<string, Measurement> measurements) => _measurements = measurements;

    /// <summary>The case; null when some fact cannot be said so.</summary>
    /// <param name="words">By fact, its word.</param>
    /// <param name="numbers">By fact, where its number lies.</param>
    /// <param name="measurements">By name, which results count for a measurement whose facts are among them.</param>
    public static RelapseCase? Write(
        IReadOnlyDictionary<string, string> words, IReadOnlyDictionary<string, Interval> numbers, IReadOnlyDictionary<string, Measurement> measurements)
    {
        var example = new ExampleCase(measurements);
        example.WriteTiming(words, numbers);
        var all = words.Where(word => !ClockWords.IsClock(word.Key)).OrderBy(word => word.Key, StringComparer.Ordinal).All(word => example.Say(word.Key, word.Value))
            && numbers.Where(number => !ClockWords.IsClock(number.Key)).OrderBy(number => number.Key, StringComparer.Ordinal)
                .All(number => Within(number.Value, FactCatalogue.Find(number.Key)!.IsCount) is { } value && example.Say(number.Key, value, number.Value));
        example.WithholdResults();
        return all ? example._case : null;
    }

    /// <summary>A number of an interval that a person would write: whole if one lies there, near the middle; null when there is none.</summary>
    public static decimal? Within(Interval interval, bool whole)
    {
        var low = interval.Min ?? 0;
        var middle = interval.Max is { } max ? (low + max) / 2 : low + 1;
        decimal[] wholes = [decimal.Round(middle), decimal.Floor(middle), decimal.Ceiling(middle)];
        decimal?[] found = [.. wholes.Where(interval.Contains).Cast<decimal?>(), .. whole ? [] : new decimal?[] { middle }.Where(value => interval.Contains(value!.Value))];
        return found.FirstOrDefault();
    }

    /// <summary>The clock since the end of therapy runs behind the other one.</summary>
    private void WriteTiming(IReadOnlyDictionary<string, string> words, IReadOnlyDictionary<string, Interval> numbers)
    {
        var timing = new Timing { MonthsPrecision = MonthsPrecision.Exact };
        Interval? ended = numbers.TryGetValue(FactId.MonthsFromTherapyEnd, out var end) ? end : null;
        Interval? since = numbers.TryGetValue(FactId.MonthsFromDiagnosis, out var diagnosis) ? diagnosis : null;
        if (ended is { } behind && Within(behind, whole: false) is { } months)
        {
            timing.MonthsFromTherapyEnd = IntervalWords.Number(months);
            since = since?.Intersect(new Interval(months, false, null, false));
        }

        if (since is { } ahead && Within(ahead, whole: false) is { } from)
        {
            timing.MonthsFromDiagnosis = IntervalWords.Number(from);
        }

        var stopped = words.GetValueOrDefault(FactId.TherapyStoppedEarly);
        timing.PrimaryTherapyStatus = words.ContainsKey(FactId.MonthsFromTherapyEnd) ? PrimaryTherapyStatus.OnTreatment
            : stopped == "YES" ? PrimaryTherapyStatus.StoppedEarly
            : stopped is not null ? PrimaryTherapyStatus.Completed
            : PrimaryTherapyStatus.Unspecified;
        if (since is not null || ended is not null || timing.PrimaryTherapyStatus != PrimaryTherapyStatus.Unspecified)
        {
            _case.Timing = timing;
        }
    }

    private bool Say(string fact, string word)
    {
        switch (fact)
        {
            case FactId.TherapyStoppedEarly:
                return true;
            case FactId.FirstRemission:
                _case.FirstRemissionAchieved = word == "ACHIEVED";
                return true;
            case FactId.PriorTransplant:
                (_case.History ??= new History()).NoPriorTransplant = word == "NONE";
                return true;
            // The lineage of an acute lymphoblastic leukaemia is said by its own fact.
            case FactId.Disease:
                _case.Lineage = word switch { "MATURE_B" => Lineage.MatureB, "LYMPHOMA" => Lineage.Lymphoma, _ => _case.Lineage };
                return true;
            case FactId.Lineage when _case.Lineage == Lineage.Unspecified:
                _case.Lineage = word == "T_CELL" ? Lineage.TCell : Lineage.BCellPrecursor;
                return true;
            case FactId.Sex:
                _case.Sex = word == "MALE" ? Sex.Male : Sex.Female;
                return true;
            case FactId.EarlyTPrecursor:
                _case.EarlyTPrecursor = word == "PRESENT";
                return true;
            case FactId.DownSyndrome:
                _case.DownSyndrome = word == "PRESENT";
                return true;
            case FactId.OtherSitesSuspected:
                SaySuspected(word == "ANY");
                return true;
            default:
                return SayFinding(fact, word) || SayTestes(fact, word) || SayPrimary(fact, word) || SayTreatment(fact, word) || SayTreatmentBefore(fact, word) || SayMrdMethod(fact, word) || SayResponse(fact, word)
                    || SayMarker(fact, word == "PRESENT");
        }
    }

    private bool SayFinding(string fact, string word)
    {
        var present = word == "PRESENT";
        switch (fact)
        {
            case FactId.BloodBlasts:
                (_case.Blood ??= new Blood()).BlastsPresent = present;
                return true;
            case FactId.CsfBlasts:
                (_case.Csf ??= new CerebrospinalFluid()).BlastsPresent = present;
                return true;
            case FactId.CnsSigns:
                (_case.Cns ??= new CentralNervousSystem()).ClinicalSigns = present;
                return true;
            case FactId.CnsMass:
                (_case.Cns ??= new CentralNervousSystem()).ImagingMass = present;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A biopsy that is not mentioned was not done.</summary>
    private bool SayTestes(string fact, string word)
    {
        if (fact is not (FactId.TesticularEnlargement or FactId.TesticularBiopsy or FactId.ContralateralBiopsy))
        {
            return false;
        }

        if (fact == FactId.TesticularEnlargement)
        {
            (_case.Testes ??= new Testes()).Enlarged = Enum.Parse<TesticularEnlargement>(word, ignoreCase: true);
        }
        else if (word != "NOT_DONE" && fact == FactId.TesticularBiopsy)
        {
            (_case.Testes ??= new Testes()).BiopsyPositive = word == "POSITIVE";
        }
        else if (word != "NOT_DONE")
        {
            (_case.Testes ??= new Testes()).ContralateralBiopsyPositive = word == "POSITIVE";
        }

        return true;
    }

    private bool SayPrimary(string fact, string word)
    {
        switch (fact)
        {
            case FactId.CnsStatusAtDiagnosis:
                Primary.CnsStatus = word switch { "CNS1" => CnsStatus._1, "CNS2" => CnsStatus._2, _ => CnsStatus._3 };
                return true;
            case FactId.PrednisoneResponse:
                Primary.PrednisoneResponse = word == "GOOD" ? PrednisoneResponse.Good : PrednisoneResponse.Poor;
                return true;
            case FactId.InductionFailure:
                Primary.InductionFailure = word == "PRESENT";
                return true;
            default:
                return false;
        }
    }

    private bool SayMarker(string fact, bool present)
    {
        foreach (var (marker, _, found, atDiagnosis) in GeneticMarkers.All)
        {
            if (fact == found || fact == atDiagnosis)
            {
                _case.Genetics.Add(new GeneticFinding
                {
                    Marker = marker,
                    Status = present ? FindingStatus.Present : FindingStatus.Absent,
                    // One found at relapse leaves it open whether it was there before.
                    Time = fact == found ? FindingTime.Relapse : FindingTime.Diagnosis,
                });
                return true;
            }
        }

        return false;
    }

    private bool Say(string fact, decimal value, Interval within)
    {
        switch (fact)
        {
            case FactId.PriorRegimens:
                (_case.History ??= new History()).PriorRegimens = (int)value;
                return true;
            case FactId.RelapseNumber when value <= CaseValidator.MostRelapses:
                _case.RelapseNumber = (int)value;
                return true;
            case FactId.MarrowBlasts:
                _case.Marrow = new Marrow { BlastsPercent = (double)value };
                return true;
            case FactId.CsfWbc:
                (_case.Csf ??= new CerebrospinalFluid()).WbcPerUl = (double)value;
                return true;
            case FactId.CsfErythrocytes:
                (_case.Csf ??= new CerebrospinalFluid()).ErythrocytesPerUl = (double)value;
                return true;
            case FactId.CsfConsecutive:
                (_case.Csf ??= new CerebrospinalFluid()).ConsecutivePositiveSamples = (int)value;
                return true;
            case FactId.OtherSitesInvolved when value < _sites.Length:
                SayInvolved((int)value);
                return true;
            case FactId.AgeAtRelapse:
                _case.AgeAtRelapseYears = (double)value;
                return true;
            case FactId.WbcAtRelapse:
                (_case.Blood ??= new Blood()).WbcPerUl = (double)value;
                return true;
            case FactId.HighestMarrowTest or FactId.SecondMarrowTest:
                return SayMarrowTests(fact == FactId.HighestMarrowTest ? 1 : 2, within);
            default:
                return SayPrimary(fact, value) || SayMrdLevel(fact, value) || SayResponse(fact, (double)value);
        }
    }

    private bool SayPrimary(string fact, decimal value)
    {
        switch (fact)
        {
            case FactId.AgeAtDiagnosis:
                Primary.AgeYears = (double)value;
                return true;
            case FactId.WbcAtDiagnosis:
                Primary.WbcPerUl = (double)value;
                return true;
            case FactId.MrdDay33:
                Primary.MrdDay33 = IntervalWords.Number(value);
                return true;
            case FactId.MrdDay78:
                Primary.MrdDay78 = IntervalWords.Number(value);
                return true;
            default:
                return false;
        }
    }

    private static readonly Site[] _sites = [Site.Skin, Site.Bone, Site.Orbit, Site.Kidney, Site.Tonsil];
    private static readonly MrdMethod[] _methods = [MrdMethod.Flow, MrdMethod.PcrIgTr];

    private PrimaryDisease Primary => _case.PrimaryDisease ??= new PrimaryDisease();

    private void SayInvolved(int sites)
    {
        _case.OtherSitesAssessed = true;
        _case.OtherSites.AddRange(_sites.Take(sites).Select(site => new OtherSite { Site = site, BiopsyPositive = true }));
    }

    private void SaySuspected(bool any)
    {
        _case.OtherSitesAssessed = true;
        if (any)
        {
            _case.OtherSites.Add(new OtherSite { Site = Site.LymphNode, Suspected = true });
        }
    }

    /// <summary>Of marrow tests only the least is ever known, or that there were none.</summary>
    private bool SayMarrowTests(int tests, Interval within)
    {
        if (within.Contains(0))
        {
            _case.Unknown.Add(new UnknownFact { Field = MarrowTestFact.TestsField, Reason = UnknownReason.NotDone });
            return _case.Mrd.Count == 0;
        }

        if (within.Max != 100 || _case.Unknown.Count > 0)
        {
            return false;
        }

        var level = IntervalWords.Number(within.MinExclusive ? (within.Min!.Value + 100) / 2 : within.Min!.Value);
        _case.Mrd.AddRange(_methods.Skip(_case.Mrd.Count).Take(tests - _case.Mrd.Count).Select(method => new MrdResult
        {
            TimePoint = TimePoint.AtRelapse, Specimen = Specimen.Marrow, Method = method, Unit = MrdUnit.Percent, Quantified = level,
        }));
        return true;
    }
}
