using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>The disease at first diagnosis, and what of the child and the relapse is looked at beside it.</summary>
internal sealed partial class CaseFacts
{
    private void AddPrimaryDisease(RelapseCase @case)
    {
        var primary = @case.PrimaryDisease;
        AddNumber(CaseFact.AgeAtDiagnosis, primary is { HasAgeYears: true } ? primary.AgeYears : null);
        AddNumber(CaseFact.AgeAtRelapse, @case.HasAgeAtRelapseYears ? @case.AgeAtRelapseYears : null);
        AddNumber(CaseFact.WbcAtDiagnosis, primary is { HasWbcPerUl: true } ? primary.WbcPerUl : null);
        AddNumber(CaseFact.WbcAtRelapse, @case.Blood is { HasWbcPerUl: true } blood ? blood.WbcPerUl : null);
        AddFraction(CaseFact.MrdDay33, primary is { HasMrdDay33: true } ? primary.MrdDay33 : null);
        AddFraction(CaseFact.MrdDay78, primary is { HasMrdDay78: true } ? primary.MrdDay78 : null);
        AddWord(CaseFact.CnsStatusAtDiagnosis, primary?.CnsStatus switch
        {
            CnsStatus._1 => "CNS1",
            CnsStatus._2 => "CNS2",
            CnsStatus._3 => "CNS3",
            _ => null,
        });
        AddWord(CaseFact.PrednisoneResponse, primary?.PrednisoneResponse switch
        {
            PrednisoneResponse.Good => "GOOD",
            PrednisoneResponse.Poor => "POOR",
            _ => null,
        });
        // Without a first remission there was none after induction either.
        AddPresence(CaseFact.InductionFailure, primary is { HasInductionFailure: true } ? primary.InductionFailure : @case is { HasFirstRemissionAchieved: true, FirstRemissionAchieved: false } ? true : null);
        // An early T-cell precursor is of T-cell lineage, so that the other lineage excludes it.
        AddPresence(CaseFact.EarlyTPrecursor, @case.HasEarlyTPrecursor ? @case.EarlyTPrecursor : @case.Lineage is Contracts.Case.V1.Lineage.BCellPrecursor ? false : null);
        AddPresence(CaseFact.DownSyndrome, @case.HasDownSyndrome ? @case.DownSyndrome : null);
    }

    private void AddFraction(FactDefinition fact, string? value)
    {
        if (value is not null && MrdNumber.TryRead(value, out var known, out _))
        {
            AddInterval(fact, Interval.Point(known));
        }
        else if (_numbers.AreBounded)
        {
            AddInterval(fact, _numbers.Bound(_facts[fact].Field, fact.Range!.Value));
        }
    }
}
