using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// What giving one fact says of others, as <see cref="CaseFacts"/> reads it: testicular findings are a boy's, a positive
/// sample holds blasts, the highest test is no lower than the second highest.
/// </summary>
internal static class ImpliedFacts
{
    /// <summary>The values with a fact given, and with it what it implies.</summary>
    public static ValueSet[] Give(ProtocolFacts facts, ValueSet[] values, int input, ValueSet answer)
    {
        var given = ProtocolFacts.With(values, input, answer);
        switch (facts.Protocol.Bindings[input])
        {
            case WordInput { Fact: FactId.TesticularEnlargement or FactId.TesticularBiopsy or FactId.ContralateralBiopsy }:
                Narrow(facts, given, FactId.Sex, "MALE");
                break;
            case NumberInput { Fact.Id: FactId.CsfConsecutive } samples when IsPositive((NumberFact)facts.CaseFacts[FactId.CsfConsecutive], samples.Bands, answer):
                Narrow(facts, given, FactId.CsfBlasts, "PRESENT");
                break;
            case NumberInput { Fact.Id: FactId.SecondMarrowTest } second:
                NarrowBands(facts, given, FactId.HighestMarrowTest, highest => Ends(second.Bands, answer).Any(end => highest.Overlaps(new Interval(end.Min, end.MinExclusive, null, false))));
                break;
            case NumberInput { Fact.Id: FactId.HighestMarrowTest } highest:
                NarrowBands(facts, given, FactId.SecondMarrowTest, second => Ends(highest.Bands, answer).Any(end => second.Overlaps(new Interval(null, false, end.Max, end.MaxExclusive))));
                break;
        }
        return given;
    }

    private static void NarrowBands(ProtocolFacts facts, ValueSet[] values, string fact, Predicate<Interval> allows)
    {
        if (facts.Protocol.Model.InputIndex(fact) is not (>= 0 and var input))
        {
            return;
        }
        var implied = ValueSet.Empty;
        foreach (var band in values[input])
        {
            implied |= allows(((NumberInput)facts.Protocol.Bindings[input]).Bands.IntervalOf(band)!.Value) ? ValueSet.Of(band) : ValueSet.Empty;
        }
        values[input] = implied.IsEmpty ? values[input] : implied;
    }

    private static List<Interval> Ends(Bands bands, ValueSet answer)
    {
        var intervals = new List<Interval>();
        foreach (var band in answer)
        {
            intervals.Add(bands.IntervalOf(band)!.Value);
        }
        return intervals;
    }

    private static void Narrow(ProtocolFacts facts, ValueSet[] values, string fact, string word)
    {
        if (facts.Protocol.Model.InputIndex(fact) is >= 0 and var input)
        {
            var implied = values[input] & facts.Protocol.Model.Inputs[input].Domain.Of(word);
            values[input] = implied.IsEmpty ? values[input] : implied;
        }
    }

    private static bool IsPositive(NumberFact known, Bands bands, ValueSet answer)
    {
        foreach (var band in answer)
        {
            if (!(CaseNumbers.Whole(bands.IntervalOf(band)!.Value.Intersect(known.Interval)).Min > 0))
            {
                return false;
            }
        }
        return true;
    }
}
