using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using DecisionTable = Relapse.Contracts.Protocol.V1.DecisionTable;
using Rule = Relapse.Contracts.Protocol.V1.Rule;

namespace Relapse.Clinical;

/// <summary>One decision of a protocol: its diagrams, and what its rules say in print.</summary>
internal sealed class ProtocolDecision
{
    private readonly FrozenDictionary<string, PrintedRule> _printed;

    public ProtocolDecision(CompiledProtocol protocol, string id, DecisionTable table)
    {
        Id = id;
        Table = table;
        Diagram = protocol.Model.Decision(id);
        var document = protocol.Document;
        _printed = table.Rules
            .Select(rule => new PrintedRule(rule.Id, [.. Citations.Resolve(document, rule.Because)], rule.Note, [.. rule.Then.Values_], Citations.RestOnUnread(document, rule.Because), rule))
            .Concat(table.Scope.Select(scope => new PrintedRule(scope.Id, [.. Citations.Resolve(document, scope.Because)], scope.Outside, [], false, null)))
            .ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal);
        Warnings =
        [
            .. document.Warnings.Index()
                .Where(entry => entry.Item.Decisions.Values_.Contains(id))
                .Select(entry => new PrintedWarning(entry.Item, [.. Citations.Resolve(document, entry.Item.Because)], protocol.Model.Decision(ProtocolModel.WarningName(entry.Index)))),
        ];
        Feeders = [.. FeedersOf(document, id).Distinct(StringComparer.Ordinal)];
        Guards = [.. GuardsOf(protocol, [id, .. Feeders])];
    }

    public string Id { get; }

    public DecisionTable Table { get; }

    public CompiledDecision Diagram { get; }

    public ImmutableArray<PrintedWarning> Warnings { get; }

    /// <summary>Decisions on the way to this one, nearest the facts first.</summary>
    public ImmutableArray<string> Feeders { get; }

    /// <summary>Facts that must hold for this decision, or one on the way to it, to be covered.</summary>
    public ImmutableArray<ScopeGuard> Guards { get; }

    public PrintedRule Rule(string id) => _printed[id];

    private static IEnumerable<string> FeedersOf(ProtocolDocument document, string id) =>
        document.Decisions[id].Inputs
            .Where(document.Decisions.ContainsKey)
            .SelectMany(feeder => FeedersOf(document, feeder).Append(feeder));

    private static IEnumerable<ScopeGuard> GuardsOf(CompiledProtocol protocol, IEnumerable<string> decisions) =>
        from decision in decisions
        from scope in protocol.Document.Decisions[decision].Scope
        let input = protocol.Model.InputIndex(scope.Input)
        select new ScopeGuard(scope, input, protocol.Model.Inputs[input].Domain.Of([.. scope.Within.Values_]));
}

/// <summary>What a rule says in print.</summary>
internal sealed record PrintedRule(string Id, ImmutableArray<Citation> Citations, string Note, ImmutableArray<string> Then, bool NotRead, Rule? Rule);

/// <summary>A warning, and the diagram that says whether it holds.</summary>
internal sealed record PrintedWarning(WarningRule Rule, ImmutableArray<Citation> Citations, CompiledDecision Diagram);

/// <summary>A fact that must hold for a decision to be covered.</summary>
internal sealed record ScopeGuard(ScopeRule Scope, int Input, ValueSet InScope);
