using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>What a case says of its timing: what is known, and which of the caller's fields are open.</summary>
internal sealed class TimingFacts
{
    public const string StatusField = "case.timing.primary_therapy_status";
    public const string MonthsFromDiagnosisField = "case.timing.months_from_diagnosis";
    public const string MonthsFromTherapyEndField = "case.timing.months_from_therapy_end";

    public TimingFacts(Timing? timing, CaseNumbers numbers)
    {
        var status = timing?.PrimaryTherapyStatus ?? PrimaryTherapyStatus.Unspecified;
        var givesMonths = timing is { HasMonthsFromTherapyEnd: true };
        StatesMonthsFromTherapyEnd = givesMonths || numbers.IsBounded(MonthsFromTherapyEndField);
        StatesTherapyEnd = timing?.PrimaryTherapyEndDate is not null || StatesMonthsFromTherapyEnd;
        IsOnTreatment = status is PrimaryTherapyStatus.OnTreatment;
        Known = new TimingKnown(
            CaseNumbers.ReadDate(timing?.DiagnosisDate),
            // A treatment that goes on has no end yet; a date after the relapse is when the relapse stopped it.
            IsOnTreatment ? DateInterval.Everything : CaseNumbers.ReadDate(timing?.PrimaryTherapyEndDate),
            CaseNumbers.ReadDate(timing?.RelapseDate),
            timing is { HasMonthsFromDiagnosis: true }
                ? CaseNumbers.ReadMonths(timing.MonthsFromDiagnosis, timing.MonthsPrecision)
                : numbers.Bound(MonthsFromDiagnosisField, TimingKnown.AnyMonths),
            givesMonths
                ? CaseNumbers.ReadMonths(timing!.MonthsFromTherapyEnd, timing.MonthsPrecision)
                : numbers.Bound(MonthsFromTherapyEndField, TimingKnown.AnyMonths),
            MayBeOnTreatment: IsOnTreatment || (status is PrimaryTherapyStatus.Unspecified && !StatesTherapyEnd),
            MayHaveEnded: !IsOnTreatment);
    }

    public TimingKnown Known { get; }

    public bool IsOnTreatment { get; }

    public bool StatesTherapyEnd { get; }

    public bool StatesMonthsFromTherapyEnd { get; }

    /// <summary>
    /// What is known, for clocks in these bands: where the months and the dates of a clock part within one month, the dates
    /// are the finer measure.
    /// </summary>
    public TimingKnown In(ClockScales scales) => Known.TellsMonths && Known.Pairs(scales.Under(Known)).IsEmpty
        ? Known with
        {
            MonthsFromDiagnosis = HasBothDates(TimingDate.Diagnosis) ? TimingKnown.AnyMonths : Known.MonthsFromDiagnosis,
            MonthsFromTherapyEnd = HasBothDates(TimingDate.TherapyEnd) ? TimingKnown.AnyMonths : Known.MonthsFromTherapyEnd,
        }
        : Known;

    public static string FieldOf(TimingDate date) => date switch
    {
        TimingDate.Diagnosis => "case.timing.diagnosis_date",
        TimingDate.TherapyEnd => "case.timing.primary_therapy_end_date",
        _ => "case.timing.relapse_date",
    };

    /// <summary>
    /// Dates worth asking for: those given in part, and those absent whose clock has another date to run against. With no
    /// date at all the months of the clock are asked for instead.
    /// </summary>
    public IEnumerable<TimingDate> OpenDates()
    {
        var anyDate = Enum.GetValues<TimingDate>().Any(date => Known[date] != DateInterval.Everything);
        foreach (var date in Enum.GetValues<TimingDate>())
        {
            var asked = date != TimingDate.TherapyEnd || (Known.MayHaveEnded && (!StatesMonthsFromTherapyEnd || Known.TherapyEnd != DateInterval.Everything));
            if (anyDate && asked && !Known.IsExact(date) && !MonthsStandFor(date))
            {
                yield return date;
            }
        }
    }

    public bool AsksMonthsFromDiagnosis => !HasBothDates(TimingDate.Diagnosis) && (!AnyDate || Known.MonthsFromDiagnosis != TimingKnown.AnyMonths);

    public bool AsksMonthsFromTherapyEnd =>
        Known.MayHaveEnded && !HasBothDates(TimingDate.TherapyEnd) && (!AnyDate || Known.MonthsFromTherapyEnd != TimingKnown.AnyMonths);

    public bool AsksStatus => Known.MayBeOnTreatment && Known.MayHaveEnded;

    private bool AnyDate => Enum.GetValues<TimingDate>().Any(date => Known[date] != DateInterval.Everything);

    private bool HasBothDates(TimingDate from) => Known[from] != DateInterval.Everything && Known.Relapse != DateInterval.Everything;

    /// <summary>Months given for a clock make an absent date of that clock not worth asking for.</summary>
    private bool MonthsStandFor(TimingDate date) => Known[date] == DateInterval.Everything && date switch
    {
        TimingDate.Diagnosis => Known.MonthsFromDiagnosis != TimingKnown.AnyMonths,
        TimingDate.TherapyEnd => Known.MonthsFromTherapyEnd != TimingKnown.AnyMonths,
        _ => Known.MonthsFromDiagnosis != TimingKnown.AnyMonths && (Known.MonthsFromTherapyEnd != TimingKnown.AnyMonths || !Known.MayHaveEnded),
    };
}
