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
            if (facts.Protocol.Bindings[flip.Input] is NumberInput { Fact.IsCount: false } number && OfNumber(facts, diagram, number, flip) is { } boundary)
            {
                yield return boundary;
            }
        }
        foreach (var input in diagram.SupportInputs)
        {
            if (facts is { Clocks: { } clocks } && facts.Protocol.Bindings[input] is ClocksInput)
            {
                foreach (var boundary in OfDates(clocks, diagram, values, input).Concat(OfMonths(clocks, diagram, values, input)))
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
    private static IEnumerable<Boundary> OfDates(ClockAnswers clocks, CompiledDecision diagram, ValueSet[] values, int input)
    {
        for (var date = TimingDate.Diagnosis; date <= TimingDate.Relapse; date++)
        {
            if (!clocks.Known.IsExact(date))
            {
                continue;
            }
            var today = clocks.Known[date].Min!.Value;
            var stretches = clocks.StretchesAround(date);
            var at = Array.FindIndex(stretches, stretch => stretch.Days.Contains(today));
            foreach (var step in new[] { -1, 1 })
            {
                if (Nearest(diagram, values, input, stretches, at, step) is { } flip)
                {
                    var edge = step < 0 ? flip.Stretch.Days.Max!.Value : flip.Stretch.Days.Min!.Value;
                    yield return Describe(TimingFacts.FieldOf(date), Math.Abs(edge.DayNumber - today.DayNumber), "days", step > 0, diagram, flip.Possible);
                }
            }
        }
    }

    private static (PairsOfDays Stretch, ValueSet Possible)? Nearest(
        CompiledDecision diagram, ValueSet[] values, int input, PairsOfDays[] stretches, int at, int step)
    {
        var now = diagram.Possible(values);
        // Contradictory dates stand in no stretch: there is no boundary to measure from.
        for (var next = at < 0 ? -1 : at + step; next >= 0 && next < stretches.Length; next += step)
        {
            if (diagram.Possible(ProtocolFacts.With(values, input, stretches[next].Pairs)) is var there && there != now)
            {
                return (stretches[next], there);
            }
        }
        return null;
    }

    private static IEnumerable<Boundary> OfMonths(ClockAnswers clocks, CompiledDecision diagram, ValueSet[] values, int input)
    {
        var known = clocks.Known;
        var now = diagram.Possible(values);
        foreach (var (field, months, bands, give) in new (string, Interval, Bands, Func<Interval, TimingKnown>)[]
        {
            (TimingFacts.MonthsFromDiagnosisField, known.MonthsFromDiagnosis, clocks.Clocks.SinceDiagnosis.Bands, band => known with { MonthsFromDiagnosis = band }),
            (TimingFacts.MonthsFromTherapyEndField, known.MonthsFromTherapyEnd, clocks.Clocks.SinceTherapyEnd.Bands, band => known with { MonthsFromTherapyEnd = band }),
        })
        {
            if (months.Min is not { } value || months.Max != value)
            {
                continue;
            }
            var at = bands.IndexOf(value);
            // Outward past bands that decide the same, as with dates: a band of one point must not hide what lies beyond it.
            foreach (var (higher, outward) in new[] { (false, Enumerable.Range(1, at).Select(step => at - step)), (true, Enumerable.Range(at + 1, bands.Domain.Count - at - 1)) })
            {
                foreach (var beyond in outward.Select(bands.IntervalOf).OfType<Interval>())
                {
                    var pairs = clocks.Pairs(give(beyond));
                    if (!pairs.IsEmpty && diagram.Possible(ProtocolFacts.With(values, input, pairs)) is var there && there != now)
                    {
                        yield return Describe(field, (double)(higher ? beyond.Min!.Value - value : value - beyond.Max!.Value), "months", higher, diagram, there);
                        break;
                    }
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
