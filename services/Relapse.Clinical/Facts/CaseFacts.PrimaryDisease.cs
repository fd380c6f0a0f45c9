using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>The disease at first diagnosis, and what of the child and the relapse is looked at beside it.</summary>
internal sealed partial class CaseFacts
{
    private const string PrimaryField = "case.primary_disease";

    private static IEnumerable<(string Id, Fact Fact)> OfPrimaryDisease()
    {
        foreach (var (id, field) in new[]
        {
            (FactId.AgeAtDiagnosis, $"{PrimaryField}.age_years"),
            (FactId.AgeAtRelapse, "case.age_at_relapse_years"),
            (FactId.WbcAtDiagnosis, $"{PrimaryField}.wbc_per_ul"),
            (FactId.WbcAtRelapse, "case.blood.wbc_per_ul"),
            (FactId.CnsStatusAtDiagnosis, $"{PrimaryField}.cns_status"),
            (FactId.PrednisoneResponse, $"{PrimaryField}.prednisone_response"),
            (FactId.InductionFailure, $"{PrimaryField}.induction_failure"),
            (FactId.MrdDay33, $"{PrimaryField}.mrd_day_33"),
            (FactId.MrdDay78, $"{PrimaryField}.mrd_day_78"),
            (FactId.EarlyTPrecursor, "case.early_t_precursor"),
            (FactId.DownSyndrome, "case.down_syndrome"),
        })
        {
            var definition = FactCatalogue.Find(id)!;
            yield return (id, definition.Range is { } range ? new NumberFact(range, field) : new WordFact(ValueSet.All(definition.Words.Length), field));
        }
    }

    private void AddPrimaryDisease(RelapseCase @case)
    {
        var primary = @case.PrimaryDisease;
        Number(FactId.AgeAtDiagnosis, primary is { HasAgeYears: true } ? primary.AgeYears : null);
        Number(FactId.AgeAtRelapse, @case.HasAgeAtRelapseYears ? @case.AgeAtRelapseYears : null);
        Number(FactId.WbcAtDiagnosis, primary is { HasWbcPerUl: true } ? primary.WbcPerUl : null);
        Number(FactId.WbcAtRelapse, @case.Blood is { HasWbcPerUl: true } blood ? blood.WbcPerUl : null);
        Fraction(FactId.MrdDay33, primary is { HasMrdDay33: true } ? primary.MrdDay33 : null);
        Fraction(FactId.MrdDay78, primary is { HasMrdDay78: true } ? primary.MrdDay78 : null);
        Word(FactId.CnsStatusAtDiagnosis, primary?.CnsStatus switch
        {
            CnsStatus._1 => "CNS1",
            CnsStatus._2 => "CNS2",
            CnsStatus._3 => "CNS3",
            _ => null,
        });
        Word(FactId.PrednisoneResponse, primary?.PrednisoneResponse switch
        {
            PrednisoneResponse.Good => "GOOD",
            PrednisoneResponse.Poor => "POOR",
            _ => null,
        });
        // Without a first remission there was none after induction either.
        Presence(FactId.InductionFailure, primary is { HasInductionFailure: true } ? primary.InductionFailure : @case is { HasFirstRemissionAchieved: true, FirstRemissionAchieved: false } ? true : null);
        // An early T-cell precursor is of T-cell lineage, so that the other lineage excludes it.
        Presence(FactId.EarlyTPrecursor, @case.HasEarlyTPrecursor ? @case.EarlyTPrecursor : @case.Lineage is Contracts.Case.V1.Lineage.BCellPrecursor ? false : null);
        Presence(FactId.DownSyndrome, @case.HasDownSyndrome ? @case.DownSyndrome : null);

        void Number(string id, double? value)
        {
            if (value is not null || @case.Bounded.Count > 0)
            {
                AddNumber(id, _notGiven[id].Field, value);
            }
        }

        void Fraction(string id, string? value)
        {
            var field = _notGiven[id].Field;
            if (value is not null && MrdNumber.TryRead(value, out var known, out _))
            {
                _facts[id] = new NumberFact(Interval.Point(known), field);
            }
            else if (_numbers.IsBounded(field))
            {
                _facts[id] = _numbers.Read(field, null, FactCatalogue.Find(id)!.Range!.Value);
            }
        }

        void Word(string id, string? word)
        {
            if (word is not null)
            {
                AddWord(id, _notGiven[id].Field, word);
            }
        }

        void Presence(string id, bool? present)
        {
            if (present is not null)
            {
                AddPresence(id, _notGiven[id].Field, present);
            }
        }
    }
}
