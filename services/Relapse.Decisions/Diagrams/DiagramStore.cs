using System.Numerics;
using System.Runtime.InteropServices;

namespace Relapse.Decisions;

/// <summary>
/// Reduced ordered diagrams over variables with given numbers of values, shared and hash-consed: two functions are equal exactly when their
/// references are. A reference is a node's number, or <c>~t</c> for the terminal <c>t</c>. Not safe for concurrent use until it is settled.
/// With a budget every member that makes or follows nodes throws <see cref="TooMuchWorkException"/> once it is spent.
/// </summary>
internal sealed class DiagramStore(IReadOnlyList<int> valueCounts, int expectedNodes = 256, WorkBudget? budget = null)
{
    /// <summary>The terminals of a truth function.</summary>
    public const int False = ~0, True = ~1;

    // Up to so many choices, or children, are worked on the stack, which is as deep as there are variables.
    private const int SmallSelection = 32, SmallNode = 64;

    private readonly int[] _valueCounts = [.. valueCounts];
    private readonly List<int> _levels = [];
    private readonly List<int> _starts = [];
    private readonly List<int> _children = [];
    private readonly List<ulong> _terminals = [];
    private readonly Dictionary<int[], int> _selected = new(IntegersComparer.Instance);
    private int[] _buckets = NewBuckets(expectedNodes);
    private readonly List<int> _next = [];
    private readonly NodeMemo _relabelled = new(), _forgotten = new();
    private bool _isSettled;

    /// <summary>What the work here is counted against; null for none.</summary>
    public WorkBudget? Budget => budget;

    /// <summary>How many variables there are.</summary>
    public int LevelCount => _valueCounts.Length;

    /// <summary>How many values the variable at <paramref name="level"/> has.</summary>
    public int ValueCount(int level) => _valueCounts[level];

    /// <summary>The variable that a node asks; the number of variables for a terminal.</summary>
    public int Level(int reference) => reference < 0 ? _valueCounts.Length : _levels[reference];

    /// <summary>What follows when the variable at <paramref name="level"/>, not below the node's own, has
    /// <paramref name="value"/>.</summary>
    public int Cofactor(int reference, int level, int value) =>
        reference >= 0 && _levels[reference] == level ? _children[_starts[reference] + value] : reference;

    /// <summary>The children of a node, by value; valid until the next node is made.</summary>
    public ReadOnlySpan<int> Children(int node) =>
        CollectionsMarshal.AsSpan(_children).Slice(_starts[node], _valueCounts[_levels[node]]);

    /// <summary>The node with these children, or the child when all are one.</summary>
    public int Make(int level, ReadOnlySpan<int> children)
    {
        budget?.Spend(children.Length);
        if (!children.ContainsAnyExcept(children[0]))
        {
            return children[0];
        }

        ThrowIfSettled();
        var hash = Hash(level, children);
        for (var node = _buckets[hash & (_buckets.Length - 1)]; node >= 0; node = _next[node])
        {
            if (_levels[node] == level && Children(node).SequenceEqual(children))
            {
                return node;
            }
        }

        return Add(level, children, hash);
    }

    /// <summary>The function whose terminal is the value of one variable.</summary>
    public int Literal(int level)
    {
        var children = new int[_valueCounts[level]];
        for (var value = 0; value < children.Length; value++)
        {
            children[value] = ~value;
        }

        return Make(level, children);
    }

    /// <summary>Where <paramref name="selector"/> ends in terminal <c>t</c>, the function <c>choices[t]</c>.</summary>
    public int Select(int selector, ReadOnlySpan<int> choices)
    {
        if (selector < 0)
        {
            return choices[~selector];
        }

        ThrowIfSettled();
        if (choices.ContainsAnyInRange(0, int.MaxValue))
        {
            return SelectFunctions(selector, choices);
        }

        _relabelled.Begin(_levels.Count);
        return Relabelled(selector, choices);
    }

    private int SelectFunctions(int selector, ReadOnlySpan<int> choices)
    {
        // Choices that this selector cannot reach are made alike: less to split, more to find again.
        var isSmall = choices.Length <= SmallSelection;
        var key = isSmall ? stackalloc int[choices.Length + 1] : new int[choices.Length + 1];
        var reachable = _terminals[selector];
        key[0] = selector;
        var level = _levels[selector];
        for (var terminal = 0; terminal < choices.Length; terminal++)
        {
            var choice = (reachable >> Math.Min(terminal, 63) & 1) != 0 ? choices[terminal] : False;
            key[terminal + 1] = choice;
            level = Math.Min(level, Level(choice));
        }

        var selected = _selected.GetAlternateLookup<ReadOnlySpan<int>>();
        if (selected.TryGetValue(key, out var known))
        {
            return known;
        }

        var count = _valueCounts[level];
        var children = count <= SmallNode ? stackalloc int[count] : new int[count];
        var cofactors = isSmall ? stackalloc int[choices.Length] : new int[choices.Length];
        budget?.Spend((count + 1L) * key.Length);
        for (var value = 0; value < count; value++)
        {
            for (var terminal = 0; terminal < cofactors.Length; terminal++)
            {
                cofactors[terminal] = Cofactor(key[terminal + 1], level, value);
            }

            children[value] = Select(Cofactor(selector, level, value), cofactors);
        }

        var result = Make(level, children);
        selected[key] = result;
        return result;
    }

    /// <summary>The function with other terminals: each node has one result, whatever leads to it.</summary>
    private int Relabelled(int function, ReadOnlySpan<int> terminals)
    {
        if (function < 0)
        {
            return terminals[~function];
        }

        if (_relabelled.TryGet(function, out var known))
        {
            return known;
        }

        var level = _levels[function];
        var count = _valueCounts[level];
        var children = count <= SmallNode ? stackalloc int[count] : new int[count];
        for (var value = 0; value < count; value++)
        {
            children[value] = Relabelled(_children[_starts[function] + value], terminals);
        }

        var result = Make(level, children);
        _relabelled.Set(function, result);
        return result;
    }

    /// <summary>Both truth functions.</summary>
    public int And(int left, int right) => Select(left, [False, right]);

    /// <summary>Either truth function.</summary>
    public int Or(int left, int right) => Select(left, [right, True]);

    /// <summary>Whether both truth functions hold somewhere. What both together are is not made, so that the first place found ends the search.</summary>
    public bool Overlap(int left, int right) => Overlap(left, right, []);

    /// <summary>The truth function that is true where <paramref name="function"/> ends in a terminal that <paramref name="wanted"/>
    /// accepts.</summary>
    public int Where(int function, int terminalCount, Predicate<int> wanted)
    {
        var choices = new int[terminalCount];
        for (var terminal = 0; terminal < terminalCount; terminal++)
        {
            choices[terminal] = wanted(terminal) ? True : False;
        }

        return Select(function, choices);
    }

    /// <summary>The truth function that holds where some value of each variable that <paramref name="forgotten"/> accepts makes
    /// <paramref name="function"/> hold.</summary>
    public int Forget(int function, Predicate<int> forgotten)
    {
        _forgotten.Begin(_levels.Count);
        return WithoutForgotten(function, forgotten);
    }

    /// <summary>Every variable that a function depends on.</summary>
    public HashSet<int> Support(int function) => [.. Nodes(function).Select(Level)];

    /// <summary>Every terminal that a function ends in, ascending.</summary>
    public List<int> Terminals(int function)
    {
        var reached = function < 0 ? 1UL << Math.Min(~function, 63) : _terminals[function];
        return reached >> 63 == 0 ? [.. new ValueSet(reached)]
            : function < 0 ? [~function]
            : [.. Nodes(function).SelectMany(node => Children(node).ToArray()).Where(child => child < 0).Select(child => ~child).Distinct().Order()];
    }

    /// <summary>Every node of a function, ascending: none before its children.</summary>
    public List<int> Nodes(int function)
    {
        List<int> nodes = [];
        if (function < 0)
        {
            return nodes;
        }

        // A node is made after its children, so that one way down from the root passes all.
        var seen = new ulong[(function >> 6) + 1];
        seen[^1] = 1UL << function;
        for (var word = seen.Length - 1; word >= 0; word--)
        {
            for (var open = seen[word]; open != 0;)
            {
                var bit = BitOperations.Log2(open);
                var node = (word << 6) + bit;
                nodes.Add(node);
                foreach (var child in Children(node))
                {
                    if (child >= 0)
                    {
                        seen[child >> 6] |= 1UL << child;
                    }
                }

                open = seen[word] & ((1UL << bit) - 1);
            }
        }

        budget?.Spend(nodes.Count);
        nodes.Reverse();
        return nodes;
    }

    /// <summary>Ends the making of functions; what was made stays, and is safe for concurrent reading.</summary>
    public void Settle()
    {
        _isSettled = true;
        _selected.Clear();
        _selected.TrimExcess();
        _relabelled.Clear();
        _forgotten.Clear();
        _buckets = [];
        _next.Clear();
        foreach (var numbers in (ReadOnlySpan<List<int>>)[_levels, _starts, _children, _next])
        {
            numbers.TrimExcess();
        }

        _terminals.TrimExcess();
    }

    private void ThrowIfSettled()
    {
        if (_isSettled)
        {
            throw new InvalidOperationException("The store is settled: others may be reading it.");
        }
    }

    private bool Overlap(int left, int right, HashSet<(int Left, int Right)> apart)
    {
        if (left < 0 || right < 0 || left == right)
        {
            // A function that is not false everywhere holds somewhere.
            return left != False && right != False;
        }

        if (apart.Contains((left, right)))
        {
            return false;
        }

        var level = Math.Min(_levels[left], _levels[right]);
        budget?.Spend(_valueCounts[level]);
        for (var value = 0; value < _valueCounts[level]; value++)
        {
            if (Overlap(Cofactor(left, level, value), Cofactor(right, level, value), apart))
            {
                return true;
            }
        }

        apart.Add((left, right));
        return false;
    }

    private int WithoutForgotten(int function, Predicate<int> forgotten)
    {
        if (function < 0)
        {
            return function;
        }

        if (_forgotten.TryGet(function, out var known))
        {
            return known;
        }

        var children = Children(function).ToArray();
        for (var value = 0; value < children.Length; value++)
        {
            children[value] = WithoutForgotten(children[value], forgotten);
        }

        var level = _levels[function];
        var result = forgotten(level) ? children.Aggregate(False, Or) : Make(level, children);
        _forgotten.Set(function, result);
        return result;
    }

    private int Add(int level, ReadOnlySpan<int> children, int hash)
    {
        if (_levels.Count >= _buckets.Length)
        {
            Grow();
        }

        var node = _levels.Count;
        var terminals = 0UL;
        foreach (var child in children)
        {
            terminals |= child >= 0 ? _terminals[child] : 1UL << Math.Min(~child, 63);
        }

        _levels.Add(level);
        _starts.Add(_children.Count);
        _children.AddRange(children);
        _terminals.Add(terminals);
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _next.Add(bucket);
        bucket = node;
        return node;
    }

    private void Grow()
    {
        _buckets = NewBuckets(_buckets.Length * 2);
        for (var node = 0; node < _levels.Count; node++)
        {
            ref var bucket = ref _buckets[Hash(_levels[node], Children(node)) & (_buckets.Length - 1)];
            _next[node] = bucket;
            bucket = node;
        }
    }

    private static int Hash(int level, ReadOnlySpan<int> children)
    {
        var hash = new HashCode();
        hash.Add(level);
        hash.AddBytes(MemoryMarshal.AsBytes(children));
        return hash.ToHashCode() & int.MaxValue;
    }

    private static int[] NewBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, -1);
        return buckets;
    }
}
