using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>What a response says that cannot be true of the child, or beside what another response says.</summary>
internal static class ResponseContradictions
{
    private static readonly string[] _all = [.. ResponseFacts.All.Select(response => response.Fact.Id)];

    /// <param name="case">The case.</param>
    /// <param name="assessed">The place of the response assessed: what another one says of itself is not looked at.</param>
    /// <param name="numbers">The numbers of the case.</param>
    /// <param name="found">Where to add them.</param>
    public static void Find(RelapseCase @case, int assessed, CaseNumbers numbers, List<CaseContradiction> found)
    {
        var response = @case.Responses[assessed];
        if (response.TimePoint is not TimePoint.AtRelapse && CaseNumbers.ReadDate(response.AssessDate).Max < CaseNumbers.ReadDate(@case.Timing?.RelapseDate).Min)
        {
            found.Add(new([ResponseFacts.Path(assessed, "assess_date"), TimingFacts.FieldOf(TimingDate.Relapse)], _all, "a response before the relapse"));
        }
        if (@case.Sex is Sex.Female && response.HasTestesNormal)
        {
            found.Add(new(["case.sex", ResponseFacts.Path(assessed, "testes_normal")], [FactId.ResponseTestes], "testicular findings in a girl"));
        }
        var whiteCells = ResponseFacts.Counted(@case, assessed, FactId.ResponseWbc, numbers);
        if (!ResponseFacts.Counted(@case, assessed, FactId.ResponseNeutrophils, numbers).Overlaps(new Interval(null, false, whiteCells.Max, whiteCells.MaxExclusive)))
        {
            found.Add(new(
                [ResponseFacts.Path(assessed, "neutrophils_per_ul"), ResponseFacts.Path(assessed, "wbc_per_ul")],
                [FactId.ResponseNeutrophils, FactId.ResponseWbc],
                "more neutrophils than white cells"));
        }
        for (var other = 0; other < @case.Responses.Count; other++)
        {
            if (other != assessed)
            {
                FindBetween(@case, other, assessed, found);
                FindBetween(@case, assessed, other, found);
            }
        }
    }

    /// <summary>A child that has died is not alive later, and a remission that had been reached stays so.</summary>
    private static void FindBetween(RelapseCase @case, int one, int other, List<CaseContradiction> found)
    {
        var (earlier, later) = (@case.Responses[one], @case.Responses[other]);
        if (CaseNumbers.ReadDate(earlier.AssessDate).Max < CaseNumbers.ReadDate(later.AssessDate).Min && TimePointOrder.IsBefore(later.TimePoint, earlier.TimePoint))
        {
            found.Add(new(
                [ResponseFacts.Path(one, "assess_date"), ResponseFacts.Path(other, "assess_date")], _all, "by their dates these responses follow each other one way, by their time points the other"));
        }
        if (!AssessedResponse.IsBefore(@case, one, other))
        {
            return;
        }
        if (earlier.Died && !later.Died)
        {
            found.Add(new(
                [ResponseFacts.Path(one, "died"), later.HasDied ? ResponseFacts.Path(other, "died") : $"case.responses[{other}]"], [FactId.Died], "a response after the death of the child"));
        }
        if (earlier.RemissionReachedBefore && later is { HasRemissionReachedBefore: true, RemissionReachedBefore: false })
        {
            found.Add(new(
                [ResponseFacts.Path(one, "remission_reached_before"), ResponseFacts.Path(other, "remission_reached_before")],
                [FactId.RemissionReachedBefore],
                "a remission reached before an earlier response is reached before a later one"));
        }
    }
}
