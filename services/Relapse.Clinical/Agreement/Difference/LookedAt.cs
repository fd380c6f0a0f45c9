using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Clinical.Measurements;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// The measurements that two decisions look at. Where both look at one of one name but not at the same results, the two are compared by the
/// results that both would take, if there are any. If there are none, whatever each may find is left open.
/// </summary>
internal sealed class LookedAt
{
    private readonly ComparedSide _one;
    private readonly ComparedSide _other;
    private readonly ImmutableSortedDictionary<string, FactDefinition> _ofOne;
    private readonly ImmutableSortedDictionary<string, FactDefinition> _ofOther;
    private readonly ImmutableSortedDictionary<string, Measurement> _inCommon;

    public LookedAt(ComparedSide one, ComparedSide other)
    {
        (_one, _other, _ofOne, _ofOther) = (one, other, Facts(one), Facts(other));
        Apart = [.. Names(_ofOne).Intersect(Names(_ofOther), StringComparer.Ordinal)
            .Where(name => MrdMeasure.Of(name, Measured(one, name)) != MrdMeasure.Of(name, Measured(other, name)))
            .Order(StringComparer.Ordinal)];
        _inCommon = Apart.Select(name => (Name: name, Both: InCommon(Measured(one, name), Measured(other, name))))
            .Where(apart => apart.Both is not null)
            .ToImmutableSortedDictionary(apart => apart.Name, apart => apart.Both!, StringComparer.Ordinal);
        Measurements = Names(_ofOne).Select(name => (Name: name, Side: one)).Concat(Names(_ofOther).Select(name => (Name: name, Side: other)))
            .DistinctBy(looked => looked.Name)
            .ToImmutableSortedDictionary(looked => looked.Name, looked => _inCommon.GetValueOrDefault(looked.Name) ?? Measured(looked.Side, looked.Name), StringComparer.Ordinal);
    }

    /// <summary>Names of the measurements of which the two do not look at the same results.</summary>
    public ImmutableArray<string> Apart { get; }

    /// <summary>Every measurement that either looks at, with the results by which the two are compared.</summary>
    public ImmutableSortedDictionary<string, Measurement> Measurements { get; }

    /// <summary>The two with the facts of what they look at under their own names where those are the same, and else open.</summary>
    public (ComparedSide One, ComparedSide Other) Comparable => (Named(_one, _ofOne), Named(_other, _ofOther));

    /// <summary>Some boxes without what cannot be where both look at a result: another method than either's own.</summary>
    public void Narrow(ImmutableArray<ComparedInput> inputs, IReadOnlyList<ValueSet[]> boxes)
    {
        var own = FactCatalogue.OwnMethod;
        foreach (var (place, input) in inputs.Index().Where(entry => _inCommon.Keys.Any(name => FactId.MrdMethodOf(name) == entry.Item.Name)))
        {
            foreach (var box in boxes)
            {
                box[place] &= ValueSet.Of([.. input.Values.Index().Where(value => value.Item.Label == own).Select(value => value.Index)]);
            }
        }
    }

    /// <summary>The results of a measurement that both look at, in words; null when there are none.</summary>
    public string? InCommon(string name) => _inCommon.TryGetValue(name, out var both) ? Say(both) : null;

    /// <summary>Which results one side looks at, to stand after its name.</summary>
    public static string Say(ComparedSide side, string name) => $"looks at {Say(Measured(side, name))}";

    private static string Say(Measurement measurement)
    {
        var methods = measurement.Methods.Count == 0 ? "any method" : MeasurementWords.Or([.. measurement.Methods.Select(MeasurementWords.Of)]);
        var notAfter = measurement.NotAfter.Count == 0 ? "" : $", not after reinduction of {MeasurementWords.Or([.. measurement.NotAfter.Select(MeasurementWords.Of)])}";
        var provided = measurement.Provided is null ? "" : $", on a condition also at {MeasurementWords.Of(measurement.Provided.TimePoint)}";
        var excluded = string.Concat(measurement.Excluded.Select(other => $", {MeasurementWords.Of(other.TimePoint)} not after reinduction of {MeasurementWords.Or([.. other.After.Select(MeasurementWords.Of)])}"));
        return $"{MeasurementWords.Or([.. measurement.Specimens.Select(MeasurementWords.Of)])} at {MeasurementWords.Or([.. measurement.TimePoints.Select(MeasurementWords.Of)])} by {methods}{notAfter}{provided}{excluded}";
    }

    private static Measurement? InCommon(Measurement one, Measurement other)
    {
        var both = new Measurement
        {
            TimePoints = { one.TimePoints.Intersect(other.TimePoints) },
            Specimens = { one.Specimens.Intersect(other.Specimens) },
            // A document that names no methods takes every one.
            Methods = { one.Methods.Count == 0 ? other.Methods : other.Methods.Count == 0 ? one.Methods : one.Methods.Intersect(other.Methods) },
            NotAfter = { one.NotAfter.Union(other.NotAfter) },
        };
        // A time point of one of them that no source read calls its own is none in common.
        both.Excluded.Add(one.Excluded.Concat(other.Excluded)
            .Where(excluded => both.TimePoints.Contains(excluded.TimePoint))
            .GroupBy(excluded => excluded.TimePoint)
            .Select(group => new ExcludedReinduction { TimePoint = group.Key, After = { group.SelectMany(excluded => excluded.After).Distinct() } }));
        return both.TimePoints.Count > 0 && both.Specimens.Count > 0 && (both.Methods.Count > 0 || one.Methods.Count + other.Methods.Count == 0) ? both : null;
    }

    private ComparedSide Named(ComparedSide side, ImmutableSortedDictionary<string, FactDefinition> looked) => side with
    {
        Measured = side.Measured.ToImmutableSortedDictionary(
            named => named.Key, named => looked.TryGetValue(named.Key, out var fact) && !IsOpen(fact) ? named.Key : named.Value, StringComparer.Ordinal),
        Open = [.. side.Measured.Where(named => looked.TryGetValue(named.Key, out var fact) && IsOpen(fact)).Select(named => named.Value)],
    };

    private bool IsOpen(FactDefinition fact) => Apart.Contains(fact.Measurement) && !_inCommon.ContainsKey(fact.Measurement);

    private static Measurement Measured(ComparedSide side, string name) => side.Protocol.Document.Measurements[name];

    private static ImmutableSortedDictionary<string, FactDefinition> Facts(ComparedSide side) => side.Decision.Diagram.SupportInputs
        .Select(input => side.Protocol.Bindings[input] switch { WordInput word => word.Definition, NumberInput number => number.Fact, _ => null })
        .OfType<FactDefinition>()
        .Where(fact => fact.Measure is not null)
        .ToImmutableSortedDictionary(fact => fact.Id, fact => fact, StringComparer.Ordinal);

    private static IEnumerable<string> Names(ImmutableSortedDictionary<string, FactDefinition> facts) => facts.Values.Select(fact => fact.Measurement).Distinct(StringComparer.Ordinal);
}
