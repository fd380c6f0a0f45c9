using System.Collections.Immutable;
using System.Numerics;

namespace Relapse.Decisions;

/// <summary>Writes functions as disjoint boxes: for each variable a set of values.</summary>
internal static class Boxes
{
    /// <summary>Disjoint boxes which together are exactly the cells where <paramref name="function"/> ends in a wanted terminal.</summary>
    public static List<ImmutableArray<ValueSet>> Of(DiagramStore store, int function, Predicate<int> wanted)
    {
        var truth = Truth(store, function, wanted);
        List<ImmutableArray<ValueSet>> boxes = [];
        var box = Enumerable.Range(0, store.LevelCount).Select(level => ValueSet.All(store.ValueCount(level))).ToArray();
        void Visit(int node)
        {
            if (node < 0)
            {
                if (node == DiagramStore.True)
                {
                    boxes.Add([.. box]);
                }

                return;
            }

            var level = store.Level(node);
            var all = box[level];
            foreach (var arc in store.Children(node).ToArray().Select((child, value) => (child, value))
                .GroupBy(edge => edge.child, edge => edge.value))
            {
                box[level] = ValueSet.Of([.. arc]);
                Visit(arc.Key);
            }

            box[level] = all;
        }

        Visit(truth);
        return Merged(boxes, store.LevelCount);
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
        store.Where(function, store.Terminals(function).Max() + 1, wanted);

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
