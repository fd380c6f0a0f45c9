namespace Relapse.Transplant.Hla;

/// <summary>
/// Counts one locus where copies are known only as sets, exactly: the least and the most over every choice of one class from each.
/// The choices are not walked. A count depends only on which of the four copies are equal, so it is enough to ask of each of the at
/// most 15 ways to be equal whether the sets allow it.
/// </summary>
internal static class AmbiguousLocus
{
    private const int Copies = 4;
    private const int Masks = 1 << Copies;

    // More classes with the same memberships than there are copies to choose them for make no difference.
    private const int Enough = Copies;

    // Restricted growth strings: the ways in which 0 to 4 things fall into equal ones, as labels from 1.
    private static readonly int[][][] Partitions = [.. Enumerable.Range(0, Copies + 1).Select(size => PartitionsOf(size).ToArray())];

    /// <summary>Counts one pair of genotypes and widens the bounds to reach every possibility.</summary>
    public static void Reach(WmdaTable table, Genotype recipient, Genotype donor, ref CountRange range)
    {
        Span<int> slots = stackalloc int[Copies];
        var free = new FreeCopies();
        Place(ref free, slots, 0, recipient.First);
        Place(ref free, slots, 1, recipient.Second);
        Place(ref free, slots, 2, donor.First);
        Place(ref free, slots, 3, donor.Second);
        Span<int> bucketSizes = stackalloc int[Masks];
        Span<int> buckets = stackalloc int[Masks * Enough * Masks];
        Gather(free, buckets, bucketSizes);
        foreach (var labels in Partitions[free.Count])
        {
            if (IsPossible(free, labels, buckets, bucketSizes))
            {
                var (gvh, hvg) = MismatchRule.Count(
                    table, Code(slots[0], labels), Code(slots[1], labels), Code(slots[2], labels), Code(slots[3], labels));
                range.Reach(gvh, hvg);
            }
        }
    }

    private static int Code(int slot, int[] labels) => slot < 0 ? MismatchRule.Silent : labels[slot];

    private static void Place(ref FreeCopies free, Span<int> slots, int slot, AllelePosition position) =>
        slots[slot] = position.IsSilent ? -1 : free.Add(position);

    // Every class with the set of copies that may be it; for each mask, the classes that may be all the copies of the mask.
    private static void Gather(in FreeCopies free, Span<int> buckets, Span<int> sizes)
    {
        Span<int> next = stackalloc int[Copies];
        Span<int> exact = stackalloc int[Masks];
        while (true)
        {
            var lowest = int.MaxValue;
            for (var copy = 0; copy < free.Count; copy++)
            {
                var classes = free[copy].Classes;
                if (next[copy] < classes.Length)
                {
                    lowest = Math.Min(lowest, classes[next[copy]]);
                }
            }

            if (lowest == int.MaxValue)
            {
                return;
            }

            var mask = free.Anything;
            for (var copy = 0; copy < free.Count; copy++)
            {
                var classes = free[copy].Classes;
                if (next[copy] < classes.Length && classes[next[copy]] == lowest)
                {
                    mask |= 1 << copy;
                    next[copy]++;
                }
            }

            if (exact[mask]++ < Enough)
            {
                for (var part = mask; part > 0; part = (part - 1) & mask)
                {
                    buckets[part * Enough * Masks + sizes[part]++] = lowest;
                }
            }
        }
    }

    // Whether every block of equal copies can be given a class of its own.
    private static bool IsPossible(in FreeCopies free, int[] labels, ReadOnlySpan<int> buckets, ReadOnlySpan<int> sizes)
    {
        Span<int> blocks = stackalloc int[Copies];
        var count = 0;
        for (var label = 1; label <= Copies; label++)
        {
            var mask = 0;
            for (var copy = 0; copy < labels.Length; copy++)
            {
                mask |= labels[copy] == label ? 1 << copy : 0;
            }

            // A copy that may be anything, or new, can always be something that no other is.
            var isFree = mask == 0 || (mask & ~free.Anything) == 0 || ((mask & (mask - 1)) == 0 && (mask & free.New) != 0);
            if (!isFree)
            {
                blocks[count++] = mask;
            }
        }

        Span<int> taken = stackalloc int[Copies];
        return CanChoose(blocks[..count], 0, taken, buckets, sizes);
    }

    private static bool CanChoose(ReadOnlySpan<int> blocks, int block, Span<int> taken, ReadOnlySpan<int> buckets, ReadOnlySpan<int> sizes)
    {
        if (block == blocks.Length)
        {
            return true;
        }

        var mask = blocks[block];
        // Each block before took at most one, so a few candidates settle it.
        for (var candidate = 0; candidate < Math.Min(sizes[mask], Enough * Masks); candidate++)
        {
            var code = buckets[mask * Enough * Masks + candidate];
            if (!taken[..block].Contains(code))
            {
                taken[block] = code;
                if (CanChoose(blocks, block + 1, taken, buckets, sizes))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<int[]> PartitionsOf(int size)
    {
        if (size == 0)
        {
            return [[]];
        }

        return PartitionsOf(size - 1).SelectMany(shorter =>
            Enumerable.Range(1, shorter.DefaultIfEmpty(0).Max() + 1).Select(label => shorter.Append(label).ToArray()));
    }

    /// <summary>The copies that are not silent, in order.</summary>
    private struct FreeCopies
    {
        private AllelePosition? _copy0;
        private AllelePosition? _copy1;
        private AllelePosition? _copy2;
        private AllelePosition? _copy3;

        public int Count { get; private set; }

        // Masks of the copies that may be anything, and of those that may be new.
        public int Anything { get; private set; }

        public int New { get; private set; }

        public readonly AllelePosition this[int index] => index switch
        {
            0 => _copy0!,
            1 => _copy1!,
            2 => _copy2!,
            _ => _copy3!,
        };

        public int Add(AllelePosition position)
        {
            switch (Count)
            {
                case 0:
                    _copy0 = position;
                    break;
                case 1:
                    _copy1 = position;
                    break;
                case 2:
                    _copy2 = position;
                    break;
                default:
                    _copy3 = position;
                    break;
            }

            Anything |= position.Kind == PositionKind.Unknown ? 1 << Count : 0;
            New |= position.MayBeNew ? 1 << Count : 0;
            return Count++;
        }
    }
}

/// <summary>The least and the most seen so far of the three numbers of a locus.</summary>
internal struct CountRange
{
    private bool _reached;
    private Bounds _gvh;
    private Bounds _hvg;
    private Bounds _max;

    /// <summary>What was seen; at least one possibility must have been.</summary>
    public readonly LocusCount Count => new(_gvh, _hvg, _max);

    /// <summary>Takes in one possibility.</summary>
    public void Reach(int gvh, int hvg)
    {
        var max = Math.Max(gvh, hvg);
        if (_reached)
        {
            (_gvh, _hvg, _max) = (_gvh.Reaching(gvh), _hvg.Reaching(hvg), _max.Reaching(max));
        }
        else
        {
            (_reached, _gvh, _hvg, _max) = (true, Bounds.Of(gvh), Bounds.Of(hvg), Bounds.Of(max));
        }
    }
}
