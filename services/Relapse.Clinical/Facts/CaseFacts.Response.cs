using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>Treatment of this relapse, and the one response that is assessed.</summary>
internal sealed partial class CaseFacts
{
    internal const string ReinductionField = "case.treatment.reinduction";

    private ImmutableArray<CaseFacts> _earlier;
    private ImmutableArray<CaseFacts> _beside;

    internal static readonly ImmutableArray<(Reinduction Value, string Word)> ReinductionWords =
        [(Reinduction.AllRezBfm, "ALL_REZ_BFM"), (Reinduction.AllR3, "ALL_R3"), (Reinduction.Aall01P2, "AALL01P2"), (Reinduction.Other, "OTHER")];

    /// <summary>The response assessed.</summary>
    public AssessedResponse Assessed { get; }

    /// <summary>Which responses were before which.</summary>
    public ResponseOrder Order { get; }

    /// <summary>
    /// The case as each response leaves it that was certainly assessed before the one assessed: after those that were before it in turn.
    /// </summary>
    public ImmutableArray<CaseFacts> Earlier => _earlier.IsDefault ? _earlier = [.. Assessed.Index is { } assessed ? Order.Before(assessed).Select(At) : []] : _earlier;

    /// <summary>The case as each response leaves it of which nothing says whether it was before the one assessed or after it.</summary>
    public ImmutableArray<CaseFacts> Beside => _beside.IsDefault ? _beside = [.. Assessed.Index is { } assessed ? Order.Beside(assessed).Select(At) : []] : _beside;

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
        AddWord(CaseFact.ReinductionGiven, ReinductionWords.FirstOrDefault(word => word.Value == treatment.Reinduction).Word);
        AddWord(CaseFact.TransplantPlanned, treatment.HasTransplantPlanned ? treatment.TransplantPlanned ? "YES" : "NO" : null);
    }

    private CaseFacts At(int response) => new(_case, new AssessedResponse([response]), Order, isEarlier: true);

    private void AddResponse(RelapseCase @case)
    {
        if (Assessed.Index is { } index)
        {
            foreach (var (fact, name) in ResponseFacts.All)
            {
                _facts[fact] = Said(@case, index, fact, ResponseFacts.Path(index, name));
            }
        }
        else if (@case.Responses.Count > 0)
        {
            AddOneOfSeveral(@case);
        }
        else if (IsWithheld(@case, "case.responses"))
        {
            foreach (var (fact, _) in ResponseFacts.All.Where(entry => ResponseFacts.AreExaminations.Contains(entry.Fact.Id)))
            {
                _facts[fact] = new WordFact(ValueSet.All(fact.Words.Length), _facts[fact].Field);
            }
        }
    }

    /// <summary>
    /// There are responses, and nothing says which of them: what was looked at is as open as what was found, and a date is what is missing.
    /// </summary>
    private void AddOneOfSeveral(RelapseCase @case)
    {
        var undated = Assessed.Latest.FirstOrDefault(index => CaseNumbers.ReadDate(@case.Responses[index].AssessDate) is var date && (date.Min is null || date.Min != date.Max), Assessed.Latest.FirstOrDefault());
        var field = ResponseFacts.Path(undated, "assess_date");
        foreach (var (fact, name) in ResponseFacts.All)
        {
            var subject = $"{name} of the latest:";
            _facts[fact] = fact.Range is { } range ? new NumberFact(range, field) { Subject = subject } : new WordFact(ValueSet.All(fact.Words.Length), field) { Subject = subject };
        }
    }

    private Fact Said(RelapseCase @case, int index, FactDefinition fact, string field) => fact.Range is { } range
        ? new NumberFact(ResponseFacts.NumberOf(@case.Responses[index], fact.Id) is { } known ? Interval.Point(CaseNumbers.ToDecimal(known)) : Open(@case, index, fact, _numbers.Bound(field, range)), field)
        : new WordFact(Words(@case, index, fact, field), field);

    /// <summary>Neutrophils are white cells, so that either count bounds the other where that is not stated.</summary>
    private Interval Open(RelapseCase @case, int index, FactDefinition fact, Interval said)
    {
        var counted = said;
        if (fact.Id is FactId.ResponseWbc)
        {
            var neutrophils = ResponseFacts.Counted(@case, index, FactId.ResponseNeutrophils, _numbers);
            counted = said.Intersect(new Interval(neutrophils.Min, neutrophils.MinExclusive, null, false));
        }
        else if (fact.Id is FactId.ResponseNeutrophils)
        {
            var whiteCells = ResponseFacts.Counted(@case, index, FactId.ResponseWbc, _numbers);
            counted = said.Intersect(new Interval(null, false, whiteCells.Max, whiteCells.MaxExclusive));
        }
        // Nothing is concluded from counts that contradict each other, but the diagrams need a value to walk.
        return counted.IsEmpty ? said : counted;
    }

    private ValueSet Words(RelapseCase @case, int index, FactDefinition fact, string field)
    {
        if (ResponseFacts.WordOf(@case.Responses[index], fact.Id) is { } word)
        {
            return ValueSet.Of(fact.Words.IndexOf(word));
        }
        if (!ResponseFacts.AreExaminations.Contains(fact.Id))
        {
            return ResponseFacts.IsBeforeTreatment(@case.Responses[index], fact.Id) ? ValueSet.Of(fact.Words.IndexOf("NO")) : ValueSet.All(fact.Words.Length);
        }
        // What was not looked at is said so, as of a biopsy: what that means is for the document.
        var notDone = ValueSet.Of(0);
        return IsKnownToBeDone(@case, fact, field) || IsWithheld(@case, field) ? ValueSet.All(fact.Words.Length).Except(notDone) : notDone;
    }

    /// <summary>A count in bounds was made; and a centre that has graded the marrow, or said what the remission is, has looked at it.</summary>
    private bool IsKnownToBeDone(RelapseCase @case, FactDefinition fact, string field) =>
        (fact.Id is FactId.ResponseCsf or FactId.ResponseMarrow && _numbers.IsBounded(field))
        || (fact.Id == FactId.ResponseMarrow && @case.Established.Any(established => established.Decision is "remission" or "response_marrow_status"));
}
