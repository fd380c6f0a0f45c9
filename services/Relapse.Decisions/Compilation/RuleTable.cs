using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A table as a diagram over its own inputs. An input that can be out of scope has, after its values, one more value for each reason.
/// Terminals are: one for each of the decision's reasons; then one for each set of rules that apply together (<see cref="RuleSets"/>).
/// </summary>
internal sealed class RuleTable
{
    private readonly DecisionTable _table;
    private readonly ImmutableArray<Feed> _feeds;

    // Of use while it is built; a table stays as long as its protocol, and these need not.
    private readonly Dictionary<int[], int> _ruleSets = new(IntegersComparer.Instance);
    private readonly Dictionary<(int Input, int RuleSet), int> _built = [];
    private readonly Dictionary<int[], int> _merged = new(IntegersComparer.Instance);

    public RuleTable(DecisionTable table, ImmutableArray<Feed> feeds, ImmutableArray<string> reasons, WorkBudget? budget = null)
    {
        _table = table;
        _feeds = feeds;
        Reasons = reasons;
        Store = new DiagramStore([.. feeds.Select(feed => feed.Values.Count + feed.Reasons.Length)], budget: budget);
        Root = Build(0, RuleSet([.. Enumerable.Range(0, table.Rules.Length)]));
        (_ruleSets, _built, _merged) = ([], [], []);
        Store.Settle();
    }

    private RuleTable(RuleTable same, DecisionTable table, ImmutableArray<Feed> feeds)
    {
        (_table, _feeds, Reasons, Store, Root, RuleSets) = (table, feeds, same.Reasons, same.Store, same.Root, same.RuleSets);
    }

    public DiagramStore Store { get; }

    public int Root { get; }

    /// <summary>The ids of the guards, its own and those of its feeders, for which the decision may be out of scope.</summary>
    public ImmutableArray<string> Reasons { get; }

    /// <summary>The rules, by index, behind each terminal from <see cref="Reasons"/> on; none is a gap, several an overlap.</summary>
    public List<int[]> RuleSets { get; } = [];

    public int TerminalCount => Reasons.Length + RuleSets.Count;

    /// <summary>The same table with its inputs under other names: the diagram knows them by their order.</summary>
    public RuleTable Renamed(DecisionTable table, Func<Feed, Feed> renamed) => new(this, table, [.. _feeds.Select(renamed)]);

    /// <summary>The function of the raw inputs, when each own input is the given function of them and each terminal becomes the given
    /// one.</summary>
    public int Compose(DiagramStore target, IReadOnlyList<int> functions, IReadOnlyList<int> terminals, int noValue)
    {
        Dictionary<int, int> done = [];
        int Visit(int node)
        {
            if (node < 0)
            {
                return terminals[~node];
            }

            if (!done.TryGetValue(node, out var composed))
            {
                var children = Store.Children(node).ToArray();
                int[] choices = [.. children.Select(Visit), noValue];
                composed = target.Select(functions[Store.Level(node)], choices);
                done.Add(node, composed);
            }

            return composed;
        }

        return Visit(Root);
    }

    /// <summary>
    /// The decision, guards and all, as a function of what its feeds are functions of. Terminals are the rules, then
    /// <see cref="Reasons"/>, then
    /// one for no rule.
    /// </summary>
    public int Outcome(DiagramStore target, Func<string, Feed> feedOf)
    {
        var rules = _table.Rules.Length;
        var noRule = ~(rules + Reasons.Length);
        int[] terminals =
        [
            .. Reasons.Select((_, reason) => ~(rules + reason)),
            .. RuleSets.Select(set => set.Length == 1 ? ~set[0] : noRule),
        ];
        var outcome = Compose(target, [.. _table.Inputs.Select(input => feedOf(input).Function)], terminals, noRule);
        foreach (var guard in _table.Guards.Reverse())
        {
            var feed = feedOf(guard.Input);
            int[] choices =
            [
                .. Enumerable.Range(0, feed.Values.Count)
                    .Select(value => guard.InScope.Contains(value) ? outcome : ~(rules + Reasons.IndexOf(guard.Id))),
                .. feed.Reasons.Select(reason => ~(rules + Reasons.IndexOf(reason))),
                noRule,
            ];
            outcome = target.Select(feed.Function, choices);
        }

        return outcome;
    }

    /// <summary>An outcome with only <paramref name="reasons"/>, those that can occur, in place of <see cref="Reasons"/>.</summary>
    public int Renumbered(DiagramStore target, int outcome, ImmutableArray<string> reasons)
    {
        var rules = _table.Rules.Length;
        int[] renumbered =
        [
            .. Enumerable.Range(0, rules).Select(rule => ~rule),
            .. Reasons.Select(reason =>
                ~(rules + (reasons.Contains(reason, StringComparer.Ordinal) ? reasons.IndexOf(reason) : reasons.Length))),
            ~(rules + reasons.Length),
        ];
        return target.Select(outcome, renumbered);
    }

    private int Build(int input, int ruleSet)
    {
        if (input == _feeds.Length)
        {
            return ~(Reasons.Length + ruleSet);
        }

        if (_built.TryGetValue((input, ruleSet), out var known))
        {
            return known;
        }

        var feed = _feeds[input];
        var children = new int[Store.ValueCount(input)];
        for (var value = 0; value < feed.Values.Count; value++)
        {
            children[value] = Build(input + 1, RuleSet(Applicable(ruleSet, feed.Name, value)));
        }

        var own = children[..feed.Values.Count];
        for (var reason = 0; reason < feed.Reasons.Length; reason++)
        {
            var excluded = ~Reasons.IndexOf(feed.Reasons[reason]);
            children[feed.Values.Count + reason] = WithoutGaps(Merge(own, excluded), excluded);
        }

        var node = Store.Make(input, children);
        _built.Add((input, ruleSet), node);
        return node;
    }

    private int[] Applicable(int ruleSet, string input, int value)
    {
        Store.Budget?.Spend(RuleSets[ruleSet].Length + 1);
        return [.. RuleSets[ruleSet].Where(rule => !_table.Rules[rule].When.TryGetValue(input, out var values) || values.Contains(value))];
    }

    private int RuleSet(int[] rules)
    {
        if (!_ruleSets.TryGetValue(rules, out var index))
        {
            index = RuleSets.Count;
            RuleSets.Add(rules);
            _ruleSets.Add(rules, index);
        }

        return index;
    }

    /// <summary>Where no rule applies whatever a missing input is, that input is the reason: there is nothing an author could have
    /// written.</summary>
    private int WithoutGaps(int function, int reason)
    {
        var gap = ~(Reasons.Length + RuleSet([]));
        int[] choices = [.. Enumerable.Range(0, TerminalCount).Select(terminal => ~terminal == gap ? reason : ~terminal)];
        return Store.Select(function, choices);
    }

    /// <summary>What the table says when the input whose values lead to <paramref name="functions"/> has none: what they agree on, else
    /// the reason.</summary>
    private int Merge(int[] functions, int reason)
    {
        int[] distinct = [.. functions.Distinct().Order()];
        if (distinct.Length == 1)
        {
            return distinct[0];
        }

        var level = distinct.Min(Store.Level);
        if (level == Store.LevelCount)
        {
            return reason;
        }

        int[] key = [reason, .. distinct];
        if (!_merged.TryGetValue(key, out var merged))
        {
            var children = new int[Store.ValueCount(level)];
            for (var value = 0; value < children.Length; value++)
            {
                children[value] = Merge([.. distinct.Select(function => Store.Cofactor(function, level, value))], reason);
            }

            merged = Store.Make(level, children);
            _merged.Add(key, merged);
        }

        return merged;
    }
}
