using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>What a response says that cannot be true of the child, or beside what another response says.</summary>
internal sealed class ResponseContradictions(RelapseCase @case, ResponseOrder order, CaseNumbers numbers, List<CaseContradiction> found)
{
    private static readonly string[] _all = [.. ResponseFacts.All.Select(response => response.Fact.Id)];

    /// <summary>Adds the contradictions.</summary>
    /// <param name="response">The response assessed.</param>
    /// <param name="isEarlier">Whether only what it says itself is looked at: it is read for a later one, which sets those before it against each other.</param>
    public void Find(AssessedResponse response, bool isEarlier)
    {
        if (@case.Responses.Count > 2 && !isEarlier)
        {
            FindCircle(response);
        }
        if (response.Index is not { } assessed)
        {
            return;
        }
        FindIn(assessed);
        for (var other = 0; other < @case.Responses.Count; other++)
        {
            if (other != assessed)
            {
                FindBetween(other, assessed, fact => [fact]);
                FindBetween(assessed, other, fact => [fact]);
            }
        }
        if (!isEarlier)
        {
            FindInEarlier(assessed);
        }
    }

    private void FindIn(int assessed)
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
        FindBeforeTreatment(assessed, fact => [fact]);
    }

    /// <summary>Reinduction can be complete, and a remission reached, only after the treatment that the time of relapse comes before.</summary>
    private void FindBeforeTreatment(int one, Func<string, string[]> touched)
    {
        if (@case.Responses[one] is not { TimePoint: TimePoint.AtRelapse } response)
        {
            return;
        }
        if (response.ReinductionCompleted)
        {
            found.Add(new(
                [ResponseFacts.Path(one, "time_point"), ResponseFacts.Path(one, "reinduction_completed")], touched(FactId.ReinductionCompleted), "reinduction complete at relapse, before treatment"));
        }
        if (response.RemissionReachedBefore)
        {
            found.Add(new(
                [ResponseFacts.Path(one, "time_point"), ResponseFacts.Path(one, "remission_reached_before")], touched(FactId.RemissionReachedBefore), "a remission of this relapse reached before its treatment"));
        }
    }

    /// <summary>What is carried on to the response assessed from those before it cannot rest on what contradicts itself.</summary>
    private void FindInEarlier(int assessed)
    {
        int[] before = [.. order.Before(assessed)];
        foreach (var one in before)
        {
            FindBeforeTreatment(one, fact => Carried(assessed, FactId.RemissionReachedBefore));
            foreach (var other in before.Where(other => other != one))
            {
                FindBetween(one, other, fact => Carried(assessed, fact));
            }
        }
    }

    /// <summary>That there has been an event, and what the response assessed does not say itself.</summary>
    private string[] Carried(int assessed, string fact) => fact switch
    {
        FactId.Died => [FactId.Died],
        FactId.SecondMalignancy when !@case.Responses[assessed].HasSecondMalignancy => [FactId.EventBefore, FactId.SecondMalignancy],
        FactId.RemissionReachedBefore when !@case.Responses[assessed].HasRemissionReachedBefore => [FactId.EventBefore, FactId.RemissionReachedBefore],
        _ => [FactId.EventBefore],
    };

    /// <summary>By some dates and some time points three responses or more follow each other round.</summary>
    private void FindCircle(AssessedResponse response)
    {
        int[] circle = [.. Enumerable.Range(0, @case.Responses.Count).Where(order.IsInCircle)];
        if (circle.Length > 0)
        {
            found.Add(new(
                [.. circle.Select(one => ResponseFacts.Path(one, "assess_date"))],
                response.Index is { } assessed && !order.IsInCircle(assessed) ? Carried(assessed, FactId.RemissionReachedBefore) : _all,
                "by their dates and time points each of these responses is before another of them"));
        }
    }

    /// <summary>A child that has died is not alive later; a remission that had been reached stays so, and a second malignancy that was found.</summary>
    /// <param name="one">The place of the one that may be the earlier.</param>
    /// <param name="other">The place of the one that may be the later.</param>
    /// <param name="touched">What a contradiction about a fact leaves nothing to conclude from.</param>
    private void FindBetween(int one, int other, Func<string, string[]> touched)
    {
        var (earlier, later) = (@case.Responses[one], @case.Responses[other]);
        if (CaseNumbers.ReadDate(earlier.AssessDate).Max < CaseNumbers.ReadDate(later.AssessDate).Min
            && TimePointOrder.IsAssessedBefore(later.TimePoint, earlier.TimePoint, @case.Treatment?.Reinduction ?? Reinduction.Unspecified))
        {
            found.Add(new(
                [ResponseFacts.Path(one, "assess_date"), ResponseFacts.Path(other, "assess_date")],
                touched(FactId.RemissionReachedBefore) is [FactId.RemissionReachedBefore] ? _all : touched(FactId.RemissionReachedBefore),
                "by their dates these responses follow each other one way, by their time points the other"));
        }
        if (!order.IsBefore(one, other))
        {
            return;
        }
        if (earlier.Died && !later.Died)
        {
            found.Add(new([ResponseFacts.Path(one, "died"), later.HasDied ? ResponseFacts.Path(other, "died") : $"case.responses[{other}]"], touched(FactId.Died), "a response after the death of the child"));
        }
        if (earlier.SecondMalignancy && later is { HasSecondMalignancy: true, SecondMalignancy: false })
        {
            found.Add(new(
                [ResponseFacts.Path(one, "second_malignancy"), ResponseFacts.Path(other, "second_malignancy")],
                touched(FactId.SecondMalignancy),
                "a second malignancy found at an earlier response is found at a later one"));
        }
        if (earlier.RemissionReachedBefore && later is { HasRemissionReachedBefore: true, RemissionReachedBefore: false })
        {
            found.Add(new(
                [ResponseFacts.Path(one, "remission_reached_before"), ResponseFacts.Path(other, "remission_reached_before")],
                touched(FactId.RemissionReachedBefore),
                "a remission reached before an earlier response is reached before a later one"));
        }
    }
}
