using System.Collections.Immutable;
using System.Numerics;

namespace Relapse.Decisions;

/// <summary>Writes functions as disjoint boxes: for each variable a set of values.</summary>
internal static class Boxes
{
    /// <summary>Disjoint boxes which together are exactly the cells where <paramref name="function"/> ends in a wanted terminal.</summary>
    public static List<ImmutableArray<ValueSet>> Of(DiagramStore store, int function, Predicate<int> wanted) =>
        Merged([.. Paths(store, Truth(store, function, wanted)).Select(box => Counted(store, box))], store.LevelCount);

    /// <summary>The first of such boxes, not more than are asked for, and whether there are more.</summary>
    public static (List<ImmutableArray<ValueSet>> Boxes, bool HasMore) First(DiagramStore store, int function, Predicate<int> wanted, int most)
    {
        List<ImmutableArray<ValueSet>> boxes = [.. Paths(store, Truth(store, function, wanted)).Take(most + 1).Select(box => Counted(store, box))];
        return (Merged(boxes[..Math.Min(most, boxes.Count)], store.LevelCount), boxes.Count > most);
    }

    /// <summary>The ways through a truth function to where it holds, each as a box, found one by one as they are asked for.</summary>
    public static IEnumerable<ImmutableArray<ValueSet>> Paths(DiagramStore store, int truth)
    {
        var everything = Enumerable.Range(0, store.LevelCount).Select(level => ValueSet.All(store.ValueCount(level))).ToImmutableArray();
        Stack<(int Node, ImmutableArray<ValueSet> Box)> open = new([(truth, everything)]);
        while (open.TryPop(out var at))
        {
            if (at.Node < 0)
            {
                if (at.Node == DiagramStore.True)
                {
                    yield return at.Box;
                }

                continue;
            }

            var level = store.Level(at.Node);
            foreach (var arc in store.Children(at.Node).ToArray().Select((child, value) => (child, value))
                .GroupBy(edge => edge.child, edge => edge.value).Reverse())
            {
                open.Push((arc.Key, at.Box.SetItem(level, ValueSet.Of([.. arc]))));
            }
        }
    }

    /// <summary>How many cells end in a wanted terminal.</summary>
    public static BigInteger Count(DiagramStore store, int function, Predicate<int> wanted)
    {
        Dictionary<int, BigInteger> done = [];
        BigInteger Skipped(int from, int to)
        {
            var cells = BigInteger.One;
            for (var level = from; level < to; level++)
            {
                cells *= store.ValueCount(level);
            }

            return cells;
        }

        BigInteger Below(int node)
        {
            if (node < 0)
            {
                return wanted(~node) ? BigInteger.One : BigInteger.Zero;
            }

            if (!done.TryGetValue(node, out var cells))
            {
                foreach (var child in store.Children(node).ToArray())
                {
                    cells += Below(child) * Skipped(store.Level(node) + 1, store.Level(child));
                }

                done.Add(node, cells);
            }

            return cells;
        }

        return Below(function) * Skipped(0, store.Level(function));
    }

    private static int Truth(DiagramStore store, int function, Predicate<int> wanted) =>
        store.Where(function, store.Terminals(function)[^1] + 1, wanted);

    // Joining looks at each box once for each variable.
    private static ImmutableArray<ValueSet> Counted(DiagramStore store, ImmutableArray<ValueSet> box)
    {
        store.Budget?.Spend((long)box.Length * box.Length);
        return box;
    }

    /// <summary>Joins boxes that differ in one variable only, until none do.</summary>
    private static List<ImmutableArray<ValueSet>> Merged(List<ImmutableArray<ValueSet>> boxes, int levels)
    {
        int before;
        do
        {
            before = boxes.Count;
            for (var level = levels - 1; level >= 0; level--)
            {
                boxes =
                [
                    .. boxes.GroupBy(box => box.SetItem(level, ValueSet.Empty), BoxComparer.Instance).Select(group =>
                        group.Key.SetItem(level, group.Aggregate(ValueSet.Empty, (values, box) => values | box[level]))),
                ];
            }
        }
        while (boxes.Count < before);
        return boxes;
    }

    private sealed class BoxComparer : IEqualityComparer<ImmutableArray<ValueSet>>
    {
        public static BoxComparer Instance { get; } = new();

        public bool Equals(ImmutableArray<ValueSet> x, ImmutableArray<ValueSet> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<ValueSet> obj)
        {
            var hash = new HashCode();
            foreach (var values in obj)
            {
                hash.Add(values.Bits);
            }

            return hash.ToHashCode();
        }
    }
}
