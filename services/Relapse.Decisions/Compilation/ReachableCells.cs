namespace Relapse.Decisions;

/// <summary>
/// Which cells over some feeds a raw case can reach. A cell is one shown value (out of scope is one) for each feed. After each feed the
/// raw inputs that no later feed looks at are forgotten, so that what is independent costs nothing.
/// </summary>
internal sealed class ReachableCells
{
    private readonly DiagramStore _raw;
    private readonly IReadOnlyList<Feed> _feeds;
    private readonly bool[][] _neededAfter;
    private readonly Dictionary<(int Feed, int Value), int> _is = [];
    private readonly Dictionary<(int Feed, ValueSet Values), int> _isIn = [];

    public ReachableCells(DiagramStore raw, IReadOnlyList<Feed> feeds)
    {
        _raw = raw;
        _feeds = feeds;
        Store = new DiagramStore([.. feeds.Select(feed => feed.Shown.Count)], budget: raw.Budget);
        _neededAfter = new bool[feeds.Count + 1][];
        _neededAfter[feeds.Count] = new bool[raw.LevelCount];
        for (var feed = feeds.Count - 1; feed >= 0; feed--)
        {
            _neededAfter[feed] = [.. _neededAfter[feed + 1]];
            foreach (var level in raw.Support(feeds[feed].Function))
            {
                _neededAfter[feed][level] = true;
            }
        }
    }

    /// <summary>The store of functions over the cells.</summary>
    public DiagramStore Store { get; }

    /// <summary>The raw cases in which a feed shows a value.</summary>
    public int Is(int feed, int value)
    {
        if (!_is.TryGetValue((feed, value), out var cases))
        {
            cases = _raw.Where(_feeds[feed].Function, _feeds[feed].TerminalCount, terminal => _feeds[feed].Shows(terminal, value));
            _is.Add((feed, value), cases);
        }

        return cases;
    }

    /// <summary>
    /// <paramref name="function"/>, a function over the cells, where a raw case in <paramref name="cases"/> (not none) reaches a cell. A
    /// cell
    /// that none reaches gets <paramref name="unreachable"/>; or, when that is null, whatever makes the function simplest.
    /// </summary>
    public int Restrict(int function, int cases, int? unreachable)
    {
        Dictionary<(int Feed, int Node, int Cases), int> done = [];
        int Visit(int feed, int node, int left)
        {
            if (feed == _feeds.Count)
            {
                return node;
            }

            if (done.TryGetValue((feed, node, left), out var known))
            {
                return known;
            }

            var children = new int?[Store.ValueCount(feed)];
            for (var value = 0; value < children.Length; value++)
            {
                var rest = _raw.And(left, Is(feed, value));
                children[value] = rest == DiagramStore.False
                    ? unreachable
                    : Visit(feed + 1, Store.Cofactor(node, feed, value), Forget(rest, feed + 1));
            }

            var any = children.First(child => child is not null)!.Value;
            var result = Store.Make(feed, [.. children.Select(child => child ?? any)]);
            done.Add((feed, node, left), result);
            return result;
        }

        return Visit(0, function, Forget(cases, 0));
    }

    /// <summary>The raw cases, among <paramref name="cases"/>, that reach a box of cells.</summary>
    public int CasesIn(IReadOnlyList<ValueSet> box, int cases)
    {
        for (var feed = 0; feed < _feeds.Count; feed++)
        {
            cases = _raw.And(cases, IsIn(feed, box[feed]));
        }

        return cases;
    }

    /// <summary>The values that a feed shows in some of the cases.</summary>
    public ValueSet ShownIn(int cases, int feed)
    {
        var shown = ValueSet.Empty;
        for (var value = 0; value < _feeds[feed].Shown.Count; value++)
        {
            shown |= _raw.Overlap(cases, Is(feed, value)) ? ValueSet.Of(value) : ValueSet.Empty;
        }

        return shown;
    }

    private int IsIn(int feed, ValueSet values)
    {
        if (!_isIn.TryGetValue((feed, values), out var cases))
        {
            cases = DiagramStore.False;
            foreach (var value in values)
            {
                cases = _raw.Or(cases, Is(feed, value));
            }

            _isIn.Add((feed, values), cases);
        }

        return cases;
    }

    private int Forget(int cases, int feed) => _raw.Forget(cases, level => !_neededAfter[feed][level]);
}
