using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>
/// Counts one locus where copies are known only as sets, exactly: the least and the most over every choice of one class from each.
/// The choices are not walked. A count depends only on which of the four copies are equal, so it is enough to ask of each of the at
/// most 15 ways to be equal whether the sets allow it. A copy of which nothing is known may make no protein as well: a null allele, or
/// no gene.
/// </summary>
internal static class AmbiguousLocus
{
    private const int Copies = 4;
    private const int Masks = 1 << Copies;
    private const int End = int.MaxValue;

    // Of the classes that serve, more than there are copies to choose them for make no difference.
    private const int Enough = Copies;

    // The ways in which 0 to 4 copies fall into equal ones.
    private static readonly Partition[][] Partitions =
        [.. Enumerable.Range(0, Copies + 1).Select(size => LabelsOf(size).Select(Partition.Of).ToArray())];

    /// <summary>Counts one pair of genotypes and widens the bounds to reach every possibility.</summary>
    public static void Reach(WmdaTable table, Genotype recipient, Genotype donor, ref CountRange range)
    {
        var unknown = Unknown(recipient.First) | Unknown(recipient.Second) << 1 | Unknown(donor.First) << 2 | Unknown(donor.Second) << 3;
        for (var silent = unknown; ; silent = (silent - 1) & unknown)
        {
            ReachExpressed(table, Without(recipient, silent), Without(donor, silent >> 2), ref range);
            if (silent == 0)
            {
                return;
            }
        }

        static int Unknown(AllelePosition copy) => copy.Kind == PositionKind.Unknown ? 1 : 0;
    }

    private static Genotype Without(Genotype genotype, int silent) => new(
        (silent & 1) == 0 ? genotype.First : AllelePosition.Null, (silent & 2) == 0 ? genotype.Second : AllelePosition.Null);

    // Unknown copies make a protein here.
    private static void ReachExpressed(WmdaTable table, Genotype recipient, Genotype donor, ref CountRange range)
    {
        Span<int> slots = stackalloc int[Copies];
        var free = new FreeCopies();
        Place(ref free, slots, 0, recipient.First);
        Place(ref free, slots, 1, recipient.Second);
        Place(ref free, slots, 2, donor.First);
        Place(ref free, slots, 3, donor.Second);
        Span<int> bucketSizes = stackalloc int[Masks];
        Span<int> buckets = stackalloc int[Masks * Enough];
        Gather(free, buckets, bucketSizes);
        foreach (var (labels, blocks) in Partitions[free.Count])
        {
            if (IsPossible(free, blocks, buckets, bucketSizes))
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

    // Merges the ascending classes of the copies: of each class, the set of copies that may be it. Each mask of copies keeps a few
    // classes that may be all of them.
    private static void Gather(in FreeCopies free, Span<int> buckets, Span<int> sizes)
    {
        var (classes0, classes1, classes2, classes3) = (free.Classes(0), free.Classes(1), free.Classes(2), free.Classes(3));
        var (next0, next1, next2, next3) = (0, 0, 0, 0);
        while (true)
        {
            var (head0, head1, head2, head3) = (Head(classes0, next0), Head(classes1, next1), Head(classes2, next2), Head(classes3, next3));
            var lowest = Math.Min(Math.Min(head0, head1), Math.Min(head2, head3));
            if (lowest == End)
            {
                return;
            }

            var (in0, in1, in2, in3) = (head0 == lowest ? 1 : 0, head1 == lowest ? 1 : 0, head2 == lowest ? 1 : 0, head3 == lowest ? 1 : 0);
            (next0, next1, next2, next3) = (next0 + in0, next1 + in1, next2 + in2, next3 + in3);
            var mask = free.Anything | in0 | in1 << 1 | in2 << 2 | in3 << 3;
            for (var part = mask; part > 0; part = (part - 1) & mask)
            {
                if (sizes[part] < Enough)
                {
                    buckets[part * Enough + sizes[part]++] = lowest;
                }
            }
        }
    }

    private static int Head(ImmutableArray<int> classes, int next) => next < classes.Length ? classes[next] : End;

    // Whether every block of equal copies can be given a class of its own.
    private static bool IsPossible(in FreeCopies free, int[] partition, ReadOnlySpan<int> buckets, ReadOnlySpan<int> sizes)
    {
        Span<int> blocks = stackalloc int[Copies];
        var count = 0;
        foreach (var mask in partition)
        {
            // A copy that may be anything, or new, can always be something that no other is.
            var isFree = (mask & ~free.Anything) == 0 || ((mask & (mask - 1)) == 0 && (mask & free.New) != 0);
            if (!isFree && sizes[mask] == 0)
            {
                return false;
            }

            if (!isFree && sizes[mask] < Enough)
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
        for (var candidate = 0; candidate < sizes[mask]; candidate++)
        {
            var code = buckets[mask * Enough + candidate];
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

    // Restricted growth strings: labels from 1, each at most one above all before it.
    private static IEnumerable<int[]> LabelsOf(int size) => size == 0
        ? [[]]
        : LabelsOf(size - 1).SelectMany(shorter =>
            Enumerable.Range(1, shorter.DefaultIfEmpty(0).Max() + 1).Select(label => shorter.Append(label).ToArray()));

    /// <summary>One way in which copies are equal.</summary>
    /// <param name="Labels">Of each copy; equal copies have equal ones.</param>
    /// <param name="Blocks">The copies of each label, as masks.</param>
    private sealed record Partition(int[] Labels, int[] Blocks)
    {
        public static Partition Of(int[] labels) => new(
            labels, [.. labels.Distinct().Select(label => labels.Select((one, copy) => one == label ? 1 << copy : 0).Sum())]);
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

        public readonly ImmutableArray<int> Classes(int copy) => (copy switch
        {
            0 => _copy0,
            1 => _copy1,
            2 => _copy2,
            _ => _copy3,
        })?.Classes ?? [];

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

    /// <summary>Whether nothing could widen it.</summary>
    public readonly bool IsEverything => _reached && IsAll(_gvh) && IsAll(_hvg) && IsAll(_max);

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

    private static bool IsAll(Bounds bounds) => bounds is { Min: 0, Max: 2 };
}
