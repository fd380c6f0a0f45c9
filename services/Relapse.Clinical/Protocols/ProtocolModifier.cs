using Relapse.Clinical.Documents;
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
        Diagram = rule.When.Count > 0 ? protocol.Model.Decision(ProtocolModel.ModifierName(index)) : null;
    }

    public ModifierRule Rule { get; }

    public Modifier Modifier { get; }

    /// <summary>Index 0 of its conclusions is that the modifier holds; null when it hangs on what is given alone.</summary>
    public CompiledDecision? Diagram { get; }

    /// <summary>The decision that carries it among those of a protocol: the first that the protocol defines; null for none.</summary>
    public string? CarriedBy(CompiledProtocol protocol)
    {
        foreach (var decision in Rule.Decisions.Values_)
        {
            if (protocol.Decisions.ContainsKey(decision))
            {
                return decision;
            }
        }
        return null;
    }
}
