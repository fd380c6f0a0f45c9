using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Measurements;

/// <summary>
/// A decision of one protocol that rests on a measurement, with the readings in use and whatever else is known of the case: between which
/// levels it concludes otherwise, and whether a new measurement could settle it.
/// </summary>
internal sealed class MeasuredDecision
{
    private const string OwnMethod = "PROTOCOL";

    private readonly ProtocolFacts _facts;
    private readonly ProtocolDecision _decision;
    private readonly int _level;
    private readonly int _method;
    private readonly Bands _bands;

    /// <summary>The case with a result by the protocol's method, whatever its level.</summary>
    private readonly ValueSet[] _measured;

    /// <summary>The bands of the level that the decision covers, ascending, and what it concludes in each.</summary>
    private readonly ImmutableArray<(int Band, ValueSet Possible)> _conclusions;

    private MeasuredDecision(ProtocolFacts facts, ProtocolDecision decision, string measurement)
    {
        (_facts, _decision, Measurement) = (facts, decision, measurement);
        var model = facts.Protocol.Model;
        _level = model.InputIndex(FactId.MrdLevelOf(measurement));
        _method = model.InputIndex(FactId.MrdMethodOf(measurement));
        _bands = ((NumberInput)facts.Protocol.Bindings[_level]).Bands;
        _measured = Measured();
        var covered = decision.Guards.Where(guard => guard.Input == _level).Aggregate(_bands.Domain.All, (all, guard) => all & guard.InScope);
        var conclusions = ImmutableArray.CreateBuilder<(int, ValueSet)>();
        foreach (var band in covered)
        {
            _measured[_level] = ValueSet.Of(band);
            conclusions.Add((band, decision.Diagram.Possible(_measured)));
        }

        _conclusions = conclusions.ToImmutable();
    }

    /// <summary>The name of the measurement, <c>decision</c>.</summary>
    public string Measurement { get; }

    /// <summary>Whether what is known of the measurement leaves more than one conclusion to it, so that another could leave fewer.</summary>
    public bool IsOpen => !_facts.Values[_level].IsSingle || (_method >= 0 && _facts.Values[_method] != Own());

    /// <summary>Whether a result by the protocol's method would settle the decision whatever its level.</summary>
    public bool IsSettledByAny => _conclusions.All(each => each.Possible.IsSingle);

    /// <summary>Whether it would at some level.</summary>
    public bool IsSettledBySome => _conclusions.Any(each => each.Possible.IsSingle);

    /// <summary>The decision with the first measurement it looks at, itself or on the way; null when it looks at none.</summary>
    public static MeasuredDecision? Of(ProtocolFacts facts, ProtocolDecision decision) =>
        NameOf(facts.Protocol, decision.Id) is { } name ? new MeasuredDecision(facts, decision, name) : null;

    /// <summary>The levels at which the conclusion changes, lowest first, what lies on the upper side, and where the source says so.</summary>
    public IEnumerable<(decimal Level, Interval Above, IReadOnlyList<Citation> Citations)> CutOffs()
    {
        foreach (var (below, above) in _conclusions.Zip(_conclusions.Skip(1)))
        {
            if (below.Possible != above.Possible && _bands.IntervalOf(above.Band) is { Min: { } level } band)
            {
                yield return (level, new Interval(level, band.MinExclusive, null, false), [.. RulesAt(below.Band).Concat(RulesAt(above.Band)).SelectMany(rule => rule.Because.Citations).Distinct()]);
            }
        }
    }

    private static string? NameOf(CompiledProtocol protocol, string decision)
    {
        foreach (var input in protocol.Document.Decisions[decision].Inputs)
        {
            var name = protocol.Document.Measurements.Keys.FirstOrDefault(name => input == FactId.MrdLevelOf(name) || input == FactId.MrdMethodOf(name))
                ?? (protocol.Document.Decisions.ContainsKey(input) ? NameOf(protocol, input) : null);
            if (name is not null)
            {
                return name;
            }
        }

        return null;
    }

    private ValueSet[] Measured()
    {
        ValueSet[] values = [.. _facts.Values];
        foreach (var guard in _decision.Guards.Where(guard => values[guard.Input].Overlaps(guard.InScope)))
        {
            values[guard.Input] &= guard.InScope;
        }

        for (var input = 0; input < values.Length; input++)
        {
            // What a centre concluded says nothing of where a protocol's cut-off is. Index 0 of an override is "derived".
            values[input] = _facts.Protocol.Bindings[input] is OverrideInput ? ValueSet.Of(0) : values[input];
        }

        if (_method >= 0)
        {
            values[_method] = Own();
        }

        return values;
    }

    private ValueSet Own() => _facts.Protocol.Model.Inputs[_method].Domain.Of(OwnMethod);

    private IEnumerable<PrintedRule> RulesAt(int band)
    {
        _measured[_level] = ValueSet.Of(band);
        return _decision.Diagram.PossibleRules(_measured).Select(rule => _decision.Rules[rule]);
    }
}
