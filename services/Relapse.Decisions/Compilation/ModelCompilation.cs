using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>One compilation of a model whose structure is sound.</summary>
internal sealed class ModelCompilation
{
    private readonly ImmutableArray<ModelInput> _inputs;
    private readonly ImmutableArray<DecisionTable> _decisions;
    private readonly DiagramStore _store;
    private readonly Dictionary<string, Feed> _feeds = new(StringComparer.Ordinal);
    private readonly ImmutableArray<CompiledTable>.Builder _tables = ImmutableArray.CreateBuilder<CompiledTable>();
    private readonly ImmutableArray<Fault>.Builder _faults = ImmutableArray.CreateBuilder<Fault>();
    private readonly ImmutableArray<TableCertificate>.Builder _certificates = ImmutableArray.CreateBuilder<TableCertificate>();

    public ModelCompilation(DecisionModel model)
    {
        (_inputs, _decisions) = InputOrder.Of(model, new ModelNames(model));
        _store = new DiagramStore([.. _inputs.Select(input => input.Domain.Count)]);
        foreach (var input in _inputs.Where(input => input.Role != InputRole.Override))
        {
            AddRaw(input);
        }
    }

    public CompilationResult Run()
    {
        foreach (var decision in _decisions)
        {
            Compile(decision);
        }

        _store.Settle();
        var model = _faults.Count == 0 ? new CompiledModel(_inputs, _store, _tables.ToImmutable()) : null;
        return new CompilationResult(model, _faults.ToImmutable(), _certificates.ToImmutable());
    }

    private void AddRaw(ModelInput input)
    {
        if (input.Joint is not { } joint)
        {
            _feeds.Add(input.Name, new Feed(input.Name, input.Domain, [], _store.Literal(input.Index)));
            return;
        }

        for (var component = 0; component < joint.Components.Length; component++)
        {
            var domain = joint.Components[component];
            int[] children = [.. Enumerable.Range(0, joint.Domain.Count).Select(tuple => ~joint.ValueOf(component, tuple))];
            _feeds.Add(domain.Name, new Feed(domain.Name, domain, [], _store.Make(input.Index, children)));
        }
    }

    private void Compile(DecisionTable decision)
    {
        ImmutableArray<Feed> feeds = [.. decision.Inputs.Select(name => _feeds[name])];
        var rules = new RuleTable(decision, feeds, PossibleReasons(decision));
        var analysis = new TableAnalysis(decision, rules, feeds, InScope(decision), _store, _inputs);
        _faults.AddRange(analysis.Faults());
        _certificates.Add(analysis.Certificate());

        var outcome = rules.Outcome(_store, name => _feeds[name]);
        var used = _store.Terminals(outcome);
        ImmutableArray<string> reasons = [.. rules.Reasons.Where((_, reason) => used.Contains(decision.Rules.Length + reason))];
        var table = new CompiledTable(decision, rules, reasons, rules.Renumbered(_store, outcome, reasons));
        _tables.Add(table);
        _feeds.Add(decision.Name, new Feed(decision.Name, decision.Conclusions, table.Reasons, Feeding(table)));
    }

    private ImmutableArray<string> PossibleReasons(DecisionTable decision) =>
    [
        .. decision.Guards.Select(guard => guard.Id)
            .Concat(ModelNames.Uses(decision).SelectMany(used => _feeds[used].Reasons))
            .Distinct(StringComparer.Ordinal),
    ];

    private int InScope(DecisionTable decision)
    {
        var inScope = DiagramStore.True;
        foreach (var guard in decision.Guards)
        {
            var feed = _feeds[guard.Input];
            inScope = _store.And(inScope, _store.Where(feed.Function, feed.TerminalCount, guard.InScope.Contains));
        }

        return inScope;
    }

    /// <summary>The conclusion as other decisions see it: an established one stands in for the derived one, whatever that is.</summary>
    private int Feeding(CompiledTable table)
    {
        var derived = _store.Select(table.Outcome, table.Conclusions(reasonsApart: true));
        if (!table.Table.Overridable)
        {
            return derived;
        }

        var given = _inputs.Single(input => string.Equals(input.Overrides, table.Table.Name, StringComparison.Ordinal));
        int[] choices = [derived, .. Enumerable.Range(0, table.Table.Conclusions.Count).Select(value => ~value)];
        return _store.Select(_store.Literal(given.Index), choices);
    }
}
