using Google.Protobuf.Collections;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Thresholds next to a known number or date beyond which the decision would have other conclusions.</summary>
internal readonly ref struct NearbyBoundaries(ProtocolFacts facts, ProtocolDecision decision, ValueSet[] values, ValueSet now)
{
    private readonly CompiledDecision _diagram = decision.Diagram;

    public void AddTo(RepeatedField<Boundary> boundaries)
    {
        AddNumbers(boundaries);
        if (facts.Clocks is { } clocks && _diagram.DependsOn(facts.ClocksInput))
        {
            AddDates(boundaries, clocks);
            if (clocks.Known.TellsMonths)
            {
                AddMonths(boundaries, clocks);
            }
        }
    }

    private void AddNumbers(RepeatedField<Boundary> boundaries)
    {
        List<Flip>? flips = null;
        foreach (var input in decision.Numbers)
        {
            if (values[input].IsSingle)
            {
                _diagram.AddFlips(values, input, now, flips ??= []);
            }
        }
        foreach (var flip in flips ?? [])
        {
            AddNumber(boundaries, (NumberInput)facts.Protocol.Bindings[flip.Input], flip);
        }
    }

    private void AddNumber(RepeatedField<Boundary> boundaries, NumberInput number, Flip flip)
    {
        var fact = (NumberFact)facts.CaseFacts[number.Fact];
        if (fact.Known is not { } known)
        {
            return;
        }
        var beyond = number.Bands.IntervalOf(flip.Neighbour)!.Value;
        var higher = beyond.Min >= known;
        var distance = higher ? beyond.Min!.Value - known : known - beyond.Max!.Value;
        boundaries.Add(Describe(fact.Field, (double)distance, number.Fact.Unit, higher, flip.Possible));
    }

    /// <summary>For each exactly known date the nearest earlier and the nearest later day with other conclusions.</summary>
    private void AddDates(RepeatedField<Boundary> boundaries, ClockAnswers clocks)
    {
        for (var date = TimingDate.Diagnosis; date <= TimingDate.Relapse; date++)
        {
            if (!clocks.Known.IsExact(date))
            {
                continue;
            }
            var today = clocks.Known[date].Min!.Value;
            var stretches = clocks.StretchesAround(date);
            var at = stretches.Length - 1;
            while (at >= 0 && !stretches[at].Days.Contains(today))
            {
                at--;
            }
            // Contradictory dates stand in no stretch: there is no boundary to measure from.
            for (var step = -1; step <= 1 && at >= 0; step += 2)
            {
                if (Nearest(stretches, at, step, out var days, out var there))
                {
                    var edge = step < 0 ? days.Max!.Value : days.Min!.Value;
                    boundaries.Add(Describe(TimingFacts.FieldOf(date), Math.Abs(edge.DayNumber - today.DayNumber), "days", step > 0, there));
                }
            }
        }
    }

    private bool Nearest(PairsOfDays[] stretches, int at, int step, out DateInterval days, out ValueSet there)
    {
        for (var next = at + step; next >= 0 && next < stretches.Length; next += step)
        {
            there = With(stretches[next].Pairs);
            if (there != now)
            {
                days = stretches[next].Days;
                return true;
            }
        }
        (days, there) = (default, default);
        return false;
    }

    private void AddMonths(RepeatedField<Boundary> boundaries, ClockAnswers clocks)
    {
        var known = clocks.Known;
        AddMonths(boundaries, TimingFacts.MonthsFromDiagnosisField, known.MonthsFromDiagnosis, clocks.Clocks.SinceDiagnosis.Bands,
            band => clocks.Pairs(known with { MonthsFromDiagnosis = band }));
        AddMonths(boundaries, TimingFacts.MonthsFromTherapyEndField, known.MonthsFromTherapyEnd, clocks.Clocks.SinceTherapyEnd.Bands,
            band => clocks.Pairs(known with { MonthsFromTherapyEnd = band }));
    }

    /// <summary>Outward past bands that decide the same, as with dates: a band of one point must not hide what lies beyond it.</summary>
    private void AddMonths(RepeatedField<Boundary> boundaries, string field, Interval months, Bands bands, Func<Interval, ValueSet> pairsIn)
    {
        if (months.Min is not { } value || months.Max != value)
        {
            return;
        }
        var at = bands.IndexOf(value);
        for (var step = -1; step <= 1; step += 2)
        {
            for (var next = at + step; next >= 0 && next < bands.Domain.Count && bands.IntervalOf(next) is { } beyond; next += step)
            {
                var pairs = pairsIn(beyond);
                if (!pairs.IsEmpty && With(pairs) is var there && there != now)
                {
                    boundaries.Add(Describe(field, (double)(step > 0 ? beyond.Min!.Value - value : value - beyond.Max!.Value), "months", step > 0, there));
                    break;
                }
            }
        }
    }

    private ValueSet With(ValueSet clocks)
    {
        var known = values[facts.ClocksInput];
        values[facts.ClocksInput] = clocks;
        var possible = _diagram.Possible(values);
        values[facts.ClocksInput] = known;
        return possible;
    }

    private Boundary Describe(string field, double distance, string unit, bool higher, ValueSet there)
    {
        var boundary = new Boundary
        {
            Field = field,
            Distance = distance,
            Unit = unit,
            Direction = higher ? BoundaryDirection.Higher : BoundaryDirection.Lower,
        };
        DecisionAnswer.AddWords(boundary.FlipsTo, _diagram, there);
        return boundary;
    }
}
