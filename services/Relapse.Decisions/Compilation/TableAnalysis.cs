using System.Collections.Immutable;
using System.Numerics;

namespace Relapse.Decisions;

/// <summary>Finds the cells of one table that can occur and have no rule or several, and the rules that never apply.</summary>
internal sealed class TableAnalysis
{
    private const int Unreachable = 0, OutOfScope = 1, FirstRuleSet = 2;

    private readonly DecisionTable _table;
    private readonly RuleTable _rules;
    private readonly ImmutableArray<Feed> _feeds;
    private readonly int _inScope;
    private readonly DiagramStore _raw;
    private readonly ImmutableArray<ModelInput> _inputs;
    private readonly ReachableCells _cells;
    private readonly int _reached;
    private readonly ImmutableArray<int> _reachedSets;

    public TableAnalysis(
        DecisionTable table, RuleTable rules, ImmutableArray<Feed> feeds, int inScope, DiagramStore raw, ImmutableArray<ModelInput> inputs)
    {
        (_table, _rules, _feeds, _inScope, _raw, _inputs) = (table, rules, feeds, inScope, raw, inputs);
        _cells = new ReachableCells(raw, feeds);
        _reached = inScope == DiagramStore.False ? ~Unreachable : _cells.Restrict(OverCells(), inScope, ~Unreachable);
        _reachedSets =
        [
            .. _cells.Store.Terminals(_reached).Where(terminal => terminal >= FirstRuleSet).Select(terminal => terminal - FirstRuleSet),
        ];
    }

    public TableCertificate Certificate() => new(
        _table.Name,
        _feeds.Aggregate(BigInteger.One, (cells, feed) => cells * feed.Shown.Count),
        Count(terminal => terminal != Unreachable),
        Count(terminal => terminal >= FirstRuleSet && RulesOf(terminal).Length == 0),
        Count(terminal => terminal >= FirstRuleSet && RulesOf(terminal).Length > 1),
        DeadRules().Count());

    public IEnumerable<Fault> Faults()
    {
        var hasMore = false;
        foreach (var set in _reachedSets.Where(set => _rules.RuleSets[set].Length != 1))
        {
            var (boxes, more) = Boxes.First(_cells.Store, _reached, terminal => terminal == set + FirstRuleSet, ModelCompilation.MostFaults);
            foreach (var box in boxes)
            {
                yield return CellFault(_rules.RuleSets[set], box);
            }

            hasMore |= more;
        }

        foreach (var rule in DeadRules())
        {
            yield return DeadRule(_table.Rules[rule]);
        }

        if (hasMore)
        {
            yield return ModelCompilation.TooMany(_table.Name);
        }
    }

    /// <summary>The table over the cells: all reasons are one, and the reasons of a feed are one value.</summary>
    private int OverCells()
    {
        int[] terminals =
        [
            .. _rules.Reasons.Select(_ => ~OutOfScope),
            .. _rules.RuleSets.Select((_, set) => ~(FirstRuleSet + set)),
        ];
        // A cell's value "out of scope" takes the place of the first reason: for all of them the table says the same.
        int[] functions = [.. Enumerable.Range(0, _feeds.Length).Select(_cells.Store.Literal)];
        return _rules.Compose(_cells.Store, functions, terminals, ~Unreachable);
    }

    private BigInteger Count(Predicate<int> wanted) => Boxes.Count(_cells.Store, _reached, wanted);

    private int[] RulesOf(int terminal) => _rules.RuleSets[terminal - FirstRuleSet];

    private IEnumerable<int> DeadRules()
    {
        var alive = _reachedSets.SelectMany(set => _rules.RuleSets[set]).ToHashSet();
        return Enumerable.Range(0, _table.Rules.Length).Where(rule => !alive.Contains(rule) && !_table.Rules[rule].MayBeDead);
    }

    private Fault CellFault(int[] rules, ImmutableArray<ValueSet> box)
    {
        ImmutableArray<string> ids = [.. rules.Select(rule => _table.Rules[rule].Id)];
        ImmutableArray<Condition> cell = [.. box.Select((values, feed) =>
            new Condition(_feeds[feed].Name, values, _feeds[feed].Shown.Labels(values)))];
        var where = string.Join("; ", cell);
        var cases = _cells.CasesIn([.. box.Select(values => ValueSet.Of(values.First))], _inScope);
        return new Fault(
            ids.IsEmpty ? FaultKind.Gap : FaultKind.Overlap,
            _table.Name,
            ids,
            ids.IsEmpty ? $"No rule applies to {where}." : $"The rules {string.Join(", ", ids)} all apply to {where}.",
            cell,
            RawCase.Conditions(_inputs, RawCase.In(_raw, RawCase.Derived(_raw, cases, _inputs), _inputs.Select(input => input.Default ?? 0))));
    }

    private Fault DeadRule(Rule rule)
    {
        ImmutableArray<Condition> cell =
        [
            .. _feeds.Select(feed => (feed, values: rule.When.TryGetValue(feed.Name, out var named) ? named : feed.Values.All))
                .Select(part => new Condition(part.feed.Name, part.values, part.feed.Values.Labels(part.values))),
        ];
        var then = _table.Conclusions.Values[rule.Then];
        var message = $"The rule {rule.Id}, which concludes {then}, applies to no case that can occur.";
        return new Fault(FaultKind.DeadRule, _table.Name, [rule.Id], message, cell, []);
    }
}
