using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Clinical.Measurements;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>
/// The measurements that two decisions look at. Where both look at one of one name but at different results, a patient who is put to the one
/// is not put to the other by it, and the two decisions are not compared.
/// </summary>
internal sealed class LookedAt
{
    private readonly ComparedSide _one;
    private readonly ComparedSide _other;
    private readonly ImmutableSortedDictionary<string, FactDefinition> _ofOne;
    private readonly ImmutableSortedDictionary<string, FactDefinition> _ofOther;

    public LookedAt(ComparedSide one, ComparedSide other)
    {
        (_one, _other, _ofOne, _ofOther) = (one, other, Facts(one), Facts(other));
        Apart = [.. Names(_ofOne).Intersect(Names(_ofOther), StringComparer.Ordinal)
            .Where(name => MrdMeasure.Of(name, one.Protocol.Document.Measurements[name]) != MrdMeasure.Of(name, other.Protocol.Document.Measurements[name]))
            .Order(StringComparer.Ordinal)];
        Measurements = Names(_ofOne).Select(name => (Name: name, Side: one)).Concat(Names(_ofOther).Select(name => (Name: name, Side: other)))
            .DistinctBy(looked => looked.Name)
            .ToImmutableSortedDictionary(looked => looked.Name, looked => looked.Side.Protocol.Document.Measurements[looked.Name], StringComparer.Ordinal);
    }

    /// <summary>Names of the measurements of which the two look at different results.</summary>
    public ImmutableArray<string> Apart { get; }

    /// <summary>Every measurement that either looks at; where none is apart, each is the same to both.</summary>
    public ImmutableSortedDictionary<string, Measurement> Measurements { get; }

    /// <summary>The two with the facts of what they look at under their own names, since where none is apart they are the same.</summary>
    public (ComparedSide One, ComparedSide Other) Plain => (Named(_one, _ofOne), Named(_other, _ofOther));

    /// <summary>Which results one side looks at, to stand after its name.</summary>
    public static string Say(ComparedSide side, string name)
    {
        var measurement = side.Protocol.Document.Measurements[name];
        var methods = measurement.Methods.Count == 0 ? "any method" : MeasurementWords.Or([.. measurement.Methods.Select(MeasurementWords.Of)]);
        var notAfter = measurement.NotAfter.Count == 0 ? "" : $", not after reinduction of {MeasurementWords.Or([.. measurement.NotAfter.Select(MeasurementWords.Of)])}";
        var provided = measurement.Provided is null ? "" : $", on a condition also at {MeasurementWords.Of(measurement.Provided.TimePoint)}";
        var excluded = measurement.Excluded.Select(other => $", {MeasurementWords.Of(other.TimePoint)} not after reinduction of {MeasurementWords.Or([.. other.After.Select(MeasurementWords.Of)])}");
        return $"looks at {MeasurementWords.Or([.. measurement.Specimens.Select(MeasurementWords.Of)])} at {MeasurementWords.Or([.. measurement.TimePoints.Select(MeasurementWords.Of)])} by {methods}{notAfter}{provided}{string.Concat(excluded)}";
    }

    private static ComparedSide Named(ComparedSide side, ImmutableSortedDictionary<string, FactDefinition> looked) => side with
    {
        Measured = side.Measured.ToImmutableSortedDictionary(named => named.Key, named => looked.ContainsKey(named.Key) ? named.Key : named.Value, StringComparer.Ordinal),
    };

    private static ImmutableSortedDictionary<string, FactDefinition> Facts(ComparedSide side) => side.Decision.Diagram.SupportInputs
        .Select(input => side.Protocol.Bindings[input] switch { WordInput word => word.Definition, NumberInput number => number.Fact, _ => null })
        .OfType<FactDefinition>()
        .Where(fact => fact.Measure is not null)
        .ToImmutableSortedDictionary(fact => fact.Id, fact => fact, StringComparer.Ordinal);

    private static IEnumerable<string> Names(ImmutableSortedDictionary<string, FactDefinition> facts) => facts.Values.Select(fact => fact.Measurement).Distinct(StringComparer.Ordinal);
}
