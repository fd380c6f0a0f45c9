using System.Collections.Immutable;
using Relapse.Contracts.Outcome.V1;
using Relapse.Decisions;

namespace Relapse.Outcomes;

/// <summary>A population with its intervals read. Absent: the source does not restrict it.</summary>
internal sealed class EvidencePopulation
{
    /// <summary>Reads the intervals of a population.</summary>
    /// <param name="when">The population; null for one that restricts nothing.</param>
    /// <param name="restrictions">Where its restrictions are found, or added.</param>
    /// <param name="fault">Called with the name of a field and what is wrong with it.</param>
    public EvidencePopulation(Population? when, RestrictionTable restrictions, Action<string, string> fault)
    {
        When = when ?? new Population();
        MonthsFromDiagnosis = Read("months_from_diagnosis", When.MonthsFromDiagnosis, fault);
        MonthsFromTherapyEnd = Read("months_from_therapy_end", When.MonthsFromTherapyEnd, fault);
        FirstRemissionYears = Read("first_remission_years", When.FirstRemissionYears, fault);
        SecondRemissionYears = Read("second_remission_years", When.SecondRemissionYears, fault);
        AgeYears = Read("age_years", When.AgeYears, fault);
        AgeAtDiagnosisYears = Read("age_at_diagnosis_years", When.AgeAtDiagnosisYears, fault);
        MrdBand = When.Mrd is { } mrd ? Read("mrd.band", mrd.Band, fault) : null;
        Alternatives = [.. When.AnyOf.Select((alternative, index) => new EvidencePopulation(alternative, restrictions, (field, message) => fault($"any_of[{index}].{field}", message)))];
        Restrictions = restrictions.Of(this);
    }

    public Population When { get; }

    public Interval? MonthsFromDiagnosis { get; }

    public Interval? MonthsFromTherapyEnd { get; }

    public Interval? FirstRemissionYears { get; }

    public Interval? SecondRemissionYears { get; }

    public Interval? AgeYears { get; }

    public Interval? AgeAtDiagnosisYears { get; }

    public Interval? MrdBand { get; }

    /// <summary>Of any of these, and of nobody else; empty: there are none.</summary>
    public ImmutableArray<EvidencePopulation> Alternatives { get; }

    /// <summary>What it is restricted to, without its alternatives, in the order in which answers show it.</summary>
    public ImmutableArray<Restriction> Restrictions { get; }

    private static Interval? Read(string field, string text, Action<string, string> fault)
    {
        if (text.Length == 0)
        {
            return null;
        }
        if (!Interval.TryParse(text, out var interval, out var error))
        {
            fault(field, error);
            return null;
        }
        return interval;
    }
}
