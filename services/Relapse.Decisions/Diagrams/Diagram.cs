using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Relapse.Decisions;

/// <summary>
/// One function in flat arrays. Nodes are numbered so that each comes before its children and the root is 0; a reference below 0 is
/// <c>~t</c> for the terminal <c>t</c>. Each node holds its children twice: by value, for a known fact, and once for each different child
/// with the set of values that lead there, for a fact that is not known. Immutable.
/// </summary>
internal sealed class Diagram
{
    // Beyond this many nodes the marks come from a pool rather than from the stack.
    private const int StackWords = 512;

    private readonly int _root;
    private readonly int[] _variables;
    private readonly int[] _starts;
    private readonly int[] _children;
    private readonly int[] _arcStarts;
    private readonly ulong[] _arcValues;
    private readonly int[] _arcTargets;
    private readonly int[] _support;
    private readonly ulong[] _supportValues;

    public Diagram(DiagramStore store, int root, int terminalCount)
    {
        var order = Order(store, root);
        var numbers = new Dictionary<int, int>(order.Count);
        foreach (var node in order)
        {
            numbers.Add(node, numbers.Count);
        }

        TerminalCount = terminalCount;
        _root = Number(root, numbers);
        _variables = [.. order.Select(store.Level)];
        _support = [.. _variables.Distinct().Order()];
        _supportValues = [.. _support.Select(variable => ValueSet.All(store.ValueCount(variable)).Bits)];
        (_starts, _children, _arcStarts, _arcValues, _arcTargets) = Layout(store, order, numbers);
    }

    /// <summary>The children of each node in its order, and the same as arcs: each target once, with the values that lead there.</summary>
    private static (int[] Starts, int[] Children, int[] ArcStarts, ulong[] ArcValues, int[] ArcTargets) Layout(
        DiagramStore store, IEnumerable<int> order, Dictionary<int, int> numbers)
    {
        List<int> starts = [0], children = [], arcStarts = [0], arcTargets = [];
        List<ulong> arcValues = [];
        foreach (var node in order)
        {
            var firstArc = arcTargets.Count;
            var own = store.Children(node);
            for (var value = 0; value < own.Length; value++)
            {
                var target = Number(own[value], numbers);
                children.Add(target);
                var arc = arcTargets.IndexOf(target, firstArc);
                if (arc < 0)
                {
                    arc = arcTargets.Count;
                    arcTargets.Add(target);
                    arcValues.Add(0);
                }

                arcValues[arc] |= ValueSet.Of(value).Bits;
            }

            starts.Add(children.Count);
            arcStarts.Add(arcTargets.Count);
        }

        return ([.. starts], [.. children], [.. arcStarts], [.. arcValues], [.. arcTargets]);
    }

    /// <summary>A terminal keeps its number, which is negative.</summary>
    private static int Number(int reference, Dictionary<int, int> numbers) => reference < 0 ? reference : numbers[reference];

    /// <summary>Terminals are 0 to this, exclusive.</summary>
    public int TerminalCount { get; }

    public int NodeCount => _variables.Length;

    /// <summary>The variables that the function depends on, ascending.</summary>
    public ReadOnlySpan<int> Support => _support;

    public int Root => _root;

    public int Variable(int node) => _variables[node];

    public int Child(int node, int value) => _children[_starts[node] + value];

    /// <summary>The terminal for one known case.</summary>
    public int Walk(ReadOnlySpan<byte> known)
    {
        var node = _root;
        while (node >= 0)
        {
            var variable = _variables[node];
            if ((uint)variable >= (uint)known.Length)
            {
                throw new ArgumentException($"There are {known.Length} values, none for input {variable}.", nameof(known));
            }

            var start = _starts[node];
            var child = start + known[variable];
            if (child >= _starts[node + 1])
            {
                throw new ArgumentException($"Input {variable} has no value {known[variable]}.", nameof(known));
            }

            node = _children[child];
        }

        return ~node;
    }

    /// <summary>The terminals, at most 64, that some completion of the facts ends in.</summary>
    public ulong Reach(ReadOnlySpan<ValueSet> facts)
    {
        Check(facts);
        var first = FirstOpen(facts);
        if (first < 0)
        {
            return 1UL << ~first;
        }

        if (_variables.Length <= 64)
        {
            return ReachSmall(first, facts);
        }

        Span<ulong> terminals = [0];
        ReachLarge(first, facts, terminals);
        return terminals[0];
    }

    /// <summary>Adds to <paramref name="terminals"/>, 64 to a word, those that some completion of the facts ends in.</summary>
    public void Reach(ReadOnlySpan<ValueSet> facts, Span<ulong> terminals)
    {
        Check(facts);
        if (terminals.Length * 64 < TerminalCount)
        {
            throw new ArgumentException($"{TerminalCount} bits are needed, there is room for {terminals.Length * 64}.", nameof(terminals));
        }

        var first = FirstOpen(facts);
        if (first < 0)
        {
            Set(terminals, ~first);
        }
        else if (_variables.Length <= 64 && TerminalCount <= 64)
        {
            terminals[0] |= ReachSmall(first, facts);
        }
        else
        {
            ReachLarge(first, facts, terminals);
        }
    }

    // As long as facts are known there is one way to go: a case known in what matters is a walk, however large the diagram.
    private int FirstOpen(ReadOnlySpan<ValueSet> facts)
    {
        var node = _root;
        while (node >= 0 && facts[_variables[node]].Bits is var values && BitOperations.IsPow2(values))
        {
            node = _children[_starts[node] + BitOperations.TrailingZeroCount(values)];
        }

        return node;
    }

    private ulong ReachSmall(int first, ReadOnlySpan<ValueSet> facts)
    {
        var (open, terminals) = (1UL << first, 0UL);
        do
        {
            var node = BitOperations.TrailingZeroCount(open);
            open &= open - 1;
            var values = facts[_variables[node]].Bits;
            if (BitOperations.IsPow2(values))
            {
                Mark(_children[_starts[node] + BitOperations.TrailingZeroCount(values)], ref open, ref terminals);
                continue;
            }

            for (var (arc, end) = (_arcStarts[node], _arcStarts[node + 1]); arc < end; arc++)
            {
                if ((_arcValues[arc] & values) != 0)
                {
                    Mark(_arcTargets[arc], ref open, ref terminals);
                }
            }
        }
        while (open != 0);
        return terminals;
    }

    private void ReachLarge(int first, ReadOnlySpan<ValueSet> facts, Span<ulong> terminals)
    {
        var words = (_variables.Length + 63) / 64;
        var rented = words > StackWords ? ArrayPool<ulong>.Shared.Rent(words) : null;
        var open = rented is null ? stackalloc ulong[words] : rented.AsSpan(0, words);
        open.Clear();
        open[first >> 6] = 1UL << (first & 63);
        for (var word = first >> 6; word < words; word++)
        {
            // Children come later than their parents, so a word is finished once nothing in it is open.
            while (open[word] != 0)
            {
                var node = (word * 64) + BitOperations.TrailingZeroCount(open[word]);
                open[word] &= open[word] - 1;
                var values = facts[_variables[node]].Bits;
                for (var arc = _arcStarts[node]; arc < _arcStarts[node + 1]; arc++)
                {
                    if ((_arcValues[arc] & values) != 0)
                    {
                        var target = _arcTargets[arc];
                        Set(target < 0 ? terminals : open, target < 0 ? ~target : target);
                    }
                }
            }
        }

        if (rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    /// <summary>For each node whether some completion of the facts comes by it.</summary>
    public bool[] Reached(ReadOnlySpan<ValueSet> facts)
    {
        var reached = new bool[_variables.Length];
        if (_root >= 0)
        {
            reached[_root] = true;
        }

        // A child always comes later.
        for (var node = 0; node < reached.Length; node++)
        {
            for (var arc = _arcStarts[node]; reached[node] && arc < _arcStarts[node + 1]; arc++)
            {
                if ((_arcValues[arc] & facts[_variables[node]].Bits) != 0 && _arcTargets[arc] >= 0)
                {
                    reached[_arcTargets[arc]] = true;
                }
            }
        }

        return reached;
    }

    /// <summary>Refuses facts that are missing, empty or outside their inputs.</summary>
    public void Check(ReadOnlySpan<ValueSet> facts)
    {
        var (support, allowed) = (_support, _supportValues);
        for (var index = 0; index < support.Length && index < allowed.Length; index++)
        {
            var variable = support[index];
            if ((uint)variable >= (uint)facts.Length || facts[variable].Bits - 1 >= allowed[index])
            {
                Refuse(facts, variable);
            }
        }
    }

    [DoesNotReturn]
    private static void Refuse(ReadOnlySpan<ValueSet> facts, int variable) => throw new ArgumentException(
        variable >= facts.Length
            ? $"There are {facts.Length} facts, none for input {variable}."
            : $"The fact for input {variable}, {facts[variable]}, is empty or outside the input's values.",
        nameof(facts));

    private static void Mark(int target, ref ulong open, ref ulong terminals)
    {
        if (target < 0)
        {
            terminals |= 1UL << ~target;
        }
        else
        {
            open |= 1UL << target;
        }
    }

    private static void Set(Span<ulong> bits, int index) => bits[index >> 6] |= 1UL << (index & 63);

    // A child always asks a later variable, so the order of variables is a topological one; the root stays first.
    private static List<int> Order(DiagramStore store, int root) =>
        [.. store.Nodes(root).OrderBy(store.Level)];
}
