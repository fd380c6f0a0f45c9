using Relapse.Clinical.Documents;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>A statement of a document that is shown beside the answers: what is printed of it, and the diagram that says whether it fits.</summary>
internal sealed class ProtocolContext
{
    private readonly ContextStatement _printed;

    public ProtocolContext(CompiledProtocol protocol, ContextRule rule, int index)
    {
        _printed = new ContextStatement
        {
            Id = rule.Id,
            Kind = rule.Kind,
            Text = rule.Text,
            Citations = { Citations.Resolve(protocol.Document, rule.Because) },
            Agent = rule.Agent,
            Status = rule.Status,
            AsOf = rule.AsOf,
            Protocol = protocol.Name,
        };
        Diagram = rule.When.Count > 0 ? protocol.Model.Decision(ProtocolModel.ContextName(index)) : null;
    }

    /// <summary>Says whether it fits; null for one that fits every case.</summary>
    public CompiledDecision? Diagram { get; }

    /// <summary>The statement for a case that it fits so.</summary>
    public ContextStatement Say(ContextFit fit)
    {
        var said = _printed.Clone();
        said.Fit = fit;
        return said;
    }
}
