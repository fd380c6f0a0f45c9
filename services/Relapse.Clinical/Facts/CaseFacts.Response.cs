using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>Treatment of this relapse, and the one response that is assessed.</summary>
internal sealed partial class CaseFacts
{
    /// <summary>The response assessed.</summary>
    public AssessedResponse Assessed { get; private set; } = new([]);

    private void AddTreatment(Treatment? treatment)
    {
        if (treatment is null)
        {
            return;
        }
        // The arm is the protocol's own word; one that the catalogue has no word for is another.
        if (treatment.HasArm && treatment.Arm.Trim().Length > 0)
        {
            AddWord(CaseFact.TreatmentArm, treatment.Arm.Trim().ToUpperInvariant() is "A" or "B" ? treatment.Arm.Trim().ToUpperInvariant() : "OTHER");
        }
        AddWord(CaseFact.ReinductionGiven, treatment.Reinduction switch
        {
            Contracts.Case.V1.Reinduction.AllRezBfm => "ALL_REZ_BFM",
            Contracts.Case.V1.Reinduction.AllR3 => "ALL_R3",
            Contracts.Case.V1.Reinduction.Aall01P2 => "AALL01P2",
            Contracts.Case.V1.Reinduction.Other => "OTHER",
            _ => null,
        });
    }

    private void AddResponse(RelapseCase @case, TimePoint timePoint)
    {
        if (@case.Responses.Count == 0)
        {
            return;
        }
        Assessed = AssessedResponse.Of(@case, timePoint);
        if (Assessed.Index is not { } index)
        {
            return;
        }
        var response = @case.Responses[index];
        foreach (var (fact, name) in ResponseFacts.All)
        {
            _facts[fact] = Said(@case, response, fact, ResponseFacts.Path(index, name));
        }
    }

    private Fact Said(RelapseCase @case, Response response, FactDefinition fact, string field) => fact.Range is { } range
        ? new NumberFact(ResponseFacts.NumberOf(response, fact.Id) is { } known ? Interval.Point(CaseNumbers.ToDecimal(known)) : _numbers.Bound(field, range), field)
        : new WordFact(Words(@case, response, fact, field), field);

    private ValueSet Words(RelapseCase @case, Response response, FactDefinition fact, string field)
    {
        if (ResponseFacts.WordOf(response, fact.Id) is { } word)
        {
            return ValueSet.Of(fact.Words.IndexOf(word));
        }
        if (!ResponseFacts.AreExaminations.Contains(fact.Id))
        {
            return ValueSet.All(fact.Words.Length);
        }
        // What was not looked at is said so, as of a biopsy: what that means is for the document.
        var notDone = ValueSet.Of(0);
        return fact.Id == FactId.ResponseCsf && _numbers.IsBounded(field) || IsWithheld(@case, field) ? ValueSet.All(fact.Words.Length).Except(notDone) : notDone;
    }
}
