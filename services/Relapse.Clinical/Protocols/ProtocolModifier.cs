using System.Collections.Immutable;
using Google.Protobuf;
using Relapse.Clinical.Documents;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// A prognostic feature of a document: what is printed of it, and the diagram that says whether it holds. The message is
/// made once and shared by all answers.
/// </summary>
internal sealed class ProtocolModifier
{
    private readonly CompiledDecision? _diagram;
    private readonly ImmutableArray<(int Input, ValueSet Values)> _facts;

    public ProtocolModifier(CompiledProtocol protocol, ModifierRule rule, int index)
    {
        Rule = rule;
        Modifier = new Modifier
        {
            Code = rule.Code,
            Direction = rule.Direction,
            Detail = rule.Detail,
            Citations = { Citations.Resolve(protocol.Document, rule.Because) },
            Protocol = protocol.Name,
        };
        Modifier.Encoded = Modifier.ToByteArray();
        if (rule.When.Count > 0)
        {
            _diagram = protocol.Model.Decision(ProtocolModel.ModifierName(index));
            SupportInputs = _diagram.SupportInputs;
            // What it asks of other decisions only the diagram knows.
            _facts = rule.When.Keys.Any(protocol.Document.Decisions.ContainsKey)
                ? default
                : [.. rule.When.Select(entry => Condition(protocol.Model, entry.Key, entry.Value.Values_))];
        }
        Inputs = [.. SupportInputs.Concat(_facts.IsDefault ? [] : _facts.Select(fact => fact.Input)).Concat(rule.Unless.Keys.Select(protocol.Model.InputIndex)).Distinct()];
        GivenFacts = [.. (rule.Open?.Values_ ?? []).Concat(rule.Given?.Values_ ?? []).Select(protocol.FactOf).OfType<FactDefinition>().Distinct()];
    }

    public ModifierRule Rule { get; }

    /// <summary>Every input that it is judged by.</summary>
    public ImmutableArray<int> Inputs { get; }

    /// <summary>The facts of which it asks whether the case says anything.</summary>
    public ImmutableArray<FactDefinition> GivenFacts { get; }

    public Modifier Modifier { get; }

    /// <summary>The inputs that it looks at; none for one that hangs on what is given alone.</summary>
    public ImmutableArray<int> SupportInputs { get; } = [];

    /// <summary>Whether its conditions hold in every completion of the facts.</summary>
    public bool IsCertain(ReadOnlySpan<ValueSet> values)
    {
        if (_facts.IsDefault)
        {
            // Index 0 of the conclusions is that it holds.
            return _diagram is null || _diagram.Possible(values) == ValueSet.Of(0);
        }
        // Conditions on facts hold together exactly when each holds by itself.
        foreach (var (input, wanted) in _facts)
        {
            if (!values[input].IsSubsetOf(wanted))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether its conditions hold in some completion of the facts.</summary>
    public bool IsPossible(ReadOnlySpan<ValueSet> values) => _diagram is null || _diagram.Possible(values).Contains(0);

    /// <summary>The answer that carries it: the first, in the order of its decisions, that the protocol defines; null for none.</summary>
    public Decision? CarriedBy(Decision[] answers, CompiledProtocol protocol)
    {
        foreach (var decision in Rule.Decisions.Values_)
        {
            if (!protocol.Decisions.ContainsKey(decision))
            {
                continue;
            }
            foreach (var answer in answers)
            {
                if (string.Equals(answer.Decision_, decision, StringComparison.Ordinal))
                {
                    return answer;
                }
            }
        }
        return null;
    }

    /// <summary>A clock is one component of a joint input.</summary>
    private static (int Input, ValueSet Values) Condition(CompiledModel model, string fact, IEnumerable<string> words)
    {
        var input = model.Inputs[model.InputIndex(fact)];
        return (input.Index, input.Joint is { } joint && joint.ComponentIndex(fact) is >= 0 and var clock
            ? joint.Where(clock, joint.Components[clock].Of([.. words]))
            : input.Domain.Of([.. words]));
    }
}
