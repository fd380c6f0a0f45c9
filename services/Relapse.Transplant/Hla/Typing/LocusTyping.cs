using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>Two copies of a gene; which is which means nothing.</summary>
internal readonly record struct Genotype(AllelePosition First, AllelePosition Second)
{
    /// <summary>Neither copy is known.</summary>
    public static Genotype Unknown { get; } = new(AllelePosition.Unknown, AllelePosition.Unknown);

    /// <summary>How many copies are null alleles, 0 to 2 inclusive.</summary>
    public int Nulls => (First.Kind == PositionKind.Null ? 1 : 0) + (Second.Kind == PositionKind.Null ? 1 : 0);
}

/// <summary>What is known of one locus of one person: the genotypes it may be. Immutable.</summary>
internal sealed class LocusTyping
{
    /// <summary>How many genotypes are kept apart; a typing with more is <see cref="IsWidened"/>.</summary>
    public const int MostGenotypes = 32;

    /// <summary>How many classes, over both copies of all of them, genotypes that are kept apart may stand for: what comparing two
    /// typings costs grows with the product. One genotype may have more.</summary>
    public const int MostClasses = 4096;

    private LocusTyping(ImmutableArray<Genotype> genotypes, bool isWidened)
    {
        Genotypes = genotypes;
        IsWidened = isWidened;
        IsTyped = genotypes.Any(genotype => genotype.First.Kind != PositionKind.Unknown || genotype.Second.Kind != PositionKind.Unknown);
        if (genotypes is [var only] && TryCode(only.First, out var first) && TryCode(only.Second, out var second))
        {
            (IsCertain, FirstCode, SecondCode) = (true, first, second);
        }
    }

    /// <summary>Nothing is known.</summary>
    public static LocusTyping Untyped { get; } = new([Genotype.Unknown], false);

    /// <summary>One of these it is; at least one, no two the same to matching.</summary>
    public ImmutableArray<Genotype> Genotypes { get; }

    /// <summary>Whether there were more genotypes than are kept apart, so that they were merged into one that covers them all and more:
    /// bounds are still bounds, but wider than the typing itself.</summary>
    public bool IsWidened { get; }

    /// <summary>Whether anything is known.</summary>
    public bool IsTyped { get; }

    /// <summary>Whether each copy is one class or none: then the two codes say it all.</summary>
    public bool IsCertain { get; }

    /// <summary>The class of the first copy, 0 for no protein; meaningless unless certain.</summary>
    public int FirstCode { get; }

    /// <summary>The class of the second copy.</summary>
    public int SecondCode { get; }

    /// <summary>Whether each copy of both is one protein or none, and both have the same.</summary>
    public bool IsSameAndCertain(LocusTyping other) => IsCertain && other.IsCertain
        && Genotypes[0] is { First: var first, Second: var second } && first.Proteins.Length <= 1 && second.Proteins.Length <= 1
        && other.Genotypes[0] is { First: var third, Second: var fourth }
        && ((first.Equals(third) && second.Equals(fourth)) || (first.Equals(fourth) && second.Equals(third)));

    /// <summary>Two copies, as they are.</summary>
    public static LocusTyping Of(AllelePosition first, AllelePosition second) => new([new Genotype(first, second)], false);

    /// <summary>One of several genotypes. Those that matching cannot tell apart become one.</summary>
    /// <param name="genotypes">At least one.</param>
    public static LocusTyping Of(IEnumerable<Genotype> genotypes)
    {
        var kept = new List<Genotype>();
        var seen = new Dictionary<ClassKey, int>();
        foreach (var genotype in genotypes)
        {
            var key = new ClassKey(genotype);
            if (!seen.TryGetValue(key, out var index))
            {
                seen.Add(key, kept.Count);
                kept.Add(genotype);
            }
            else if (kept[index] != genotype)
            {
                kept[index] = Merge(kept[index], genotype);
            }
        }

        if (kept.Count == 1 || (kept.Count <= MostGenotypes && kept.Sum(one => one.First.Classes.Length + one.Second.Classes.Length) <= MostClasses))
        {
            return new LocusTyping([.. kept], false);
        }

        var (first, second) = (AllelePosition.OneOf(kept.Select(one => one.First)), AllelePosition.OneOf(kept.Select(one => one.Second)));
        return new LocusTyping([new Genotype(first, second)], true);
    }

    private static Genotype Merge(Genotype one, Genotype other) => one.First.SameClasses(other.First)
        ? new Genotype(AllelePosition.OneOf(one.First, other.First), AllelePosition.OneOf(one.Second, other.Second))
        : new Genotype(AllelePosition.OneOf(one.First, other.Second), AllelePosition.OneOf(one.Second, other.First));

    private static bool TryCode(AllelePosition position, out int code)
    {
        code = position.IsOneClass ? position.Classes[0] : 0;
        return position.IsOneClass || position.IsSilent;
    }

    /// <summary>Finds typings that are the same in everything.</summary>
    public static IEqualityComparer<LocusTyping> ByContent { get; } = EqualityComparer<LocusTyping>.Create(
        (one, other) => ReferenceEquals(one, other) || (one is not null && other is not null && one.IsWidened == other.IsWidened && one.Genotypes.AsSpan().SequenceEqual(other.Genotypes.AsSpan())),
        typing => typing.Genotypes.Aggregate(typing.Genotypes.Length, HashCode.Combine));

    // What matching sees of a genotype, whichever copy comes first.
    private readonly struct ClassKey(Genotype genotype) : IEquatable<ClassKey>
    {
        private readonly Genotype _genotype = genotype;

        public bool Equals(ClassKey other) =>
            (_genotype.First.SameClasses(other._genotype.First) && _genotype.Second.SameClasses(other._genotype.Second))
            || (_genotype.First.SameClasses(other._genotype.Second) && _genotype.Second.SameClasses(other._genotype.First));

        public override bool Equals(object? obj) => obj is ClassKey other && Equals(other);

        public override int GetHashCode() => Hash(_genotype.First) + Hash(_genotype.Second);

        private static int Hash(AllelePosition position)
        {
            var hash = new HashCode();
            hash.Add(position.Kind);
            hash.Add(position.MayBeNew);
            foreach (var code in position.Classes)
            {
                hash.Add(code);
            }

            return hash.ToHashCode();
        }
    }
}
