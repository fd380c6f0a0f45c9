using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Thresholds next to a known number or date beyond which the decision would have other conclusions.</summary>
internal static class NearbyBoundaries
{
    public static IEnumerable<Boundary> Find(ProtocolFacts facts, CompiledDecision diagram, ValueSet[] values)
    {
        foreach (var flip in diagram.Flips(values))
        {
            if (facts.Protocol.Bindings[flip.Input] is NumberInput number && OfNumber(facts, diagram, number, flip) is { } boundary)
            {
                yield return boundary;
            }
        }
        foreach (var input in diagram.SupportInputs)
        {
            if (facts.Protocol.Bindings[input] is ClocksInput clocks)
            {
                foreach (var boundary in OfDates(facts, diagram, values, input, clocks).Concat(OfMonths(facts, diagram, values, input, clocks)))
                {
                    yield return boundary;
                }
            }
        }
    }

    private static Boundary? OfNumber(ProtocolFacts facts, CompiledDecision diagram, NumberInput number, Flip flip)
    {
        var fact = (NumberFact)facts.CaseFacts[number.Fact.Id];
        var beyond = number.Bands.IntervalOf(flip.Neighbour)!.Value;
        if (fact.Known is not { } known)
        {
            return null;
        }
        var higher = beyond.Min >= known;
        var distance = higher ? beyond.Min!.Value - known : known - beyond.Max!.Value;
        return Describe(fact.Field, (double)distance, number.Fact.Unit, higher, diagram, flip.Possible);
    }

    /// <summary>For each exactly known date the nearest later and the nearest earlier day with other conclusions.</summary>
    private static IEnumerable<Boundary> OfDates(ProtocolFacts facts, CompiledDecision diagram, ValueSet[] values, int input, ClocksInput clocks)
    {
        var timing = facts.CaseFacts.Timing;
        var now = diagram.Possible(values);
        foreach (var date in Enum.GetValues<TimingDate>().Where(timing.IsExact))
        {
            var today = timing.Known[date].Min!.Value;
            var days = timing.Known.With(date, DateInterval.Everything).CriticalDates(date, clocks.SinceDiagnosis, clocks.SinceTherapyEnd);
            foreach (var (higher, outward) in new[] { (false, days.Where(day => day < today).Reverse()), (true, days.Where(day => day > today)) })
            {
                foreach (var day in outward)
                {
                    var pairs = timing.Known.With(date, DateInterval.Point(day)).Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd);
                    if (pairs.IsEmpty || diagram.Possible(ProtocolFacts.With(values, input, pairs)) is var there && there == now)
                    {
                        continue;
                    }
                    yield return Describe(TimingFacts.FieldOf(date), Math.Abs(day.DayNumber - today.DayNumber), "days", higher, diagram, there);
                    break;
                }
            }
        }
    }

    private static IEnumerable<Boundary> OfMonths(ProtocolFacts facts, CompiledDecision diagram, ValueSet[] values, int input, ClocksInput clocks)
    {
        var known = facts.CaseFacts.Timing.Known;
        var now = diagram.Possible(values);
        foreach (var (field, months, bands, give) in new (string, Interval, Bands, Func<Interval, TimingKnown>)[]
        {
            (TimingFacts.MonthsFromDiagnosisField, known.MonthsFromDiagnosis, clocks.SinceDiagnosis, band => known with { MonthsFromDiagnosis = band }),
            (TimingFacts.MonthsFromTherapyEndField, known.MonthsFromTherapyEnd, clocks.SinceTherapyEnd, band => known with { MonthsFromTherapyEnd = band }),
        })
        {
            if (months.Min is not { } value || months.Max != value)
            {
                continue;
            }
            var at = bands.IndexOf(value);
            foreach (var neighbour in new[] { at - 1, at + 1 })
            {
                if (neighbour < 0 || neighbour >= bands.Domain.Count || bands.IntervalOf(neighbour) is not { } beyond)
                {
                    continue;
                }
                var pairs = give(beyond).Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd);
                if (!pairs.IsEmpty && diagram.Possible(ProtocolFacts.With(values, input, pairs)) is var there && there != now)
                {
                    var higher = neighbour > at;
                    yield return Describe(field, (double)(higher ? beyond.Min!.Value - value : value - beyond.Max!.Value), "months", higher, diagram, there);
                }
            }
        }
    }

    private static Boundary Describe(string field, double distance, string unit, bool higher, CompiledDecision diagram, ValueSet there) => new()
    {
        Field = field,
        Distance = distance,
        Unit = unit,
        Direction = higher ? BoundaryDirection.Higher : BoundaryDirection.Lower,
        FlipsTo = { diagram.Conclusions.Labels(there) },
    };
}
