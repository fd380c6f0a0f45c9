using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>One compilation of a model whose structure is sound.</summary>
internal sealed class ModelCompilation
{
    /// <summary>Nobody reads more than these.</summary>
    public const int MostFaults = 1000;

    private readonly WorkBudget _budget = new(WorkBudget.OfModel);
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
        _store = new DiagramStore([.. _inputs.Select(input => input.Domain.Count)], budget: _budget);
        foreach (var input in _inputs.Where(input => input.Role != InputRole.Override))
        {
            AddRaw(input);
        }
    }

    /// <summary>Whether the tables are known to be without fault, and are not gone through again.</summary>
    public bool IsProven { get; init; }

    public CompilationResult Run()
    {
        foreach (var decision in _decisions)
        {
            try
            {
                Compile(decision);
            }
            catch (TooMuchWorkException)
            {
                return TooLarge(decision.Name, "The table, with those that feed it, has too many combinations to be analysed: it looks at too many things together. Part it, or let a decision feed it that sums some of them up.");
            }

            if (_faults.Count > MostFaults)
            {
                break;
            }
        }

        try
        {
            var model = _faults.Count == 0 ? new CompiledModel(_inputs, _store, _tables.ToImmutable()) : null;
            _store.Settle();
            return new CompilationResult(model, _faults.ToImmutable(), _certificates.ToImmutable()) { Steps = _budget.Spent };
        }
        catch (TooMuchWorkException)
        {
            return TooLarge("", "The tables together are too large to be analysed.");
        }
    }

    public static Fault TooMany(string decision) => new(FaultKind.TooMany, decision, [], $"There are more than {MostFaults} faults; those before are listed.", [], []);

    private CompilationResult TooLarge(string decision, string message)
    {
        _faults.Add(new Fault(FaultKind.TooLarge, decision, [], message, [], []));
        return new CompilationResult(null, _faults.ToImmutable(), _certificates.ToImmutable()) { Steps = _budget.Spent };
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
        var rules = new RuleTable(decision, feeds, PossibleReasons(decision), _budget);
        if (!IsProven)
        {
            Prove(new TableAnalysis(decision, rules, feeds, InScope(decision), _store, _inputs), decision.Name);
        }

        var outcome = rules.Outcome(_store, name => _feeds[name]);
        if (_store.Nodes(outcome).Count > WorkBudget.Nodes)
        {
            throw new TooMuchWorkException();
        }

        HashSet<int> used = [.. _store.Terminals(outcome)];
        ImmutableArray<string> reasons = [.. rules.Reasons.Where((_, reason) => used.Contains(decision.Rules.Length + reason))];
        var table = new CompiledTable(decision, rules, reasons, rules.Renumbered(_store, outcome, reasons));
        _tables.Add(table);
        _feeds.Add(decision.Name, new Feed(decision.Name, decision.Conclusions, table.Reasons, Feeding(table)));
    }

    private void Prove(TableAnalysis analysis, string decision)
    {
        foreach (var fault in analysis.Faults().TakeWhile(_ => _faults.Count <= MostFaults))
        {
            _faults.Add(_faults.Count < MostFaults ? fault : TooMany(decision));
        }

        _certificates.Add(analysis.Certificate());
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
