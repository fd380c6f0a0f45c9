using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Relapse.Transplant.Hla;

/// <summary>What is known of one of the two copies of a gene.</summary>
internal enum PositionKind
{
    /// <summary>Nothing: it may be any allele.</summary>
    Unknown,

    /// <summary>One of the listed proteins, or a new one where <see cref="AllelePosition.MayBeNew"/> says so.</summary>
    Expressed,

    /// <summary>A null allele: no protein.</summary>
    Null,

    /// <summary>The chromosome lacks the gene (DRB3, DRB4, DRB5): no protein either.</summary>
    Absent,
}

/// <summary>
/// One copy of a gene as it is typed: the set of alleles it may be, as small numbers in ascending order. Immutable; equal ones are
/// equal.
/// </summary>
internal sealed class AllelePosition : IEquatable<AllelePosition>
{
    /// <summary>It was not typed as an antigen.</summary>
    public const int NoAntigen = 0;

    private readonly int _hash;

    private AllelePosition(
        PositionKind kind,
        ImmutableArray<int> classes,
        ImmutableArray<int> proteins,
        bool mayBeNew,
        bool mayBeNull = false,
        int antigen = NoAntigen)
    {
        Kind = kind;
        Classes = classes;
        Proteins = proteins;
        MayBeNew = mayBeNew;
        MayBeNull = mayBeNull;
        Antigen = antigen;
        var hash = new HashCode();
        hash.Add(kind);
        hash.Add(mayBeNew);
        hash.Add(mayBeNull);
        hash.Add(antigen);
        foreach (var protein in proteins)
        {
            hash.Add(protein);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Not typed.</summary>
    public static AllelePosition Unknown { get; } = new(PositionKind.Unknown, [], [], false);

    /// <summary>A null allele.</summary>
    public static AllelePosition Null { get; } = new(PositionKind.Null, [], [], false);

    /// <summary>No gene.</summary>
    public static AllelePosition Absent { get; } = new(PositionKind.Absent, [], [], false);

    /// <summary>An allele without a name yet: equal to nothing, not even to another of its kind (WMDA 2012).</summary>
    public static AllelePosition New { get; } = new(PositionKind.Expressed, [], [], true);

    /// <summary>What is known.</summary>
    public PositionKind Kind { get; }

    /// <summary>The classes that matching compares, distinct and ascending; empty unless expressed.</summary>
    public ImmutableArray<int> Classes { get; }

    /// <summary>The proteins behind the classes, distinct and ascending.</summary>
    public ImmutableArray<int> Proteins { get; }

    /// <summary>Whether it may be an allele without a name.</summary>
    public bool MayBeNew { get; }

    /// <summary>Whether null alleles are among those it may be. Counting leaves them out; a family must not, or it would find typings
    /// inconsistent that are not.</summary>
    public bool MayBeNull { get; }

    /// <summary>The antigen, if it was typed as one: then that is certain, whichever protein carries it. Otherwise
    /// <see cref="NoAntigen"/>.</summary>
    public int Antigen { get; }

    /// <summary>Whether there is no protein.</summary>
    public bool IsSilent => Kind is PositionKind.Null or PositionKind.Absent;

    /// <summary>Whether it is one class and can be no other.</summary>
    public bool IsOneClass => Classes.Length == 1 && !MayBeNew;

    /// <summary>A copy that is one of these proteins.</summary>
    /// <param name="proteins">In any order, repeated or not; not empty unless <paramref name="mayBeNew"/>.</param>
    /// <param name="classOf">The class of each protein.</param>
    /// <param name="mayBeNew">Whether it may be none of them.</param>
    /// <param name="mayBeNull">Whether null alleles were left out.</param>
    /// <param name="antigen">The antigen as which it was typed.</param>
    public static AllelePosition Expressed(
        IEnumerable<int> proteins, Func<int, int> classOf, bool mayBeNew = false, bool mayBeNull = false, int antigen = NoAntigen)
    {
        var sorted = Ascending([.. proteins]);
        int[] classes = new int[sorted.Length];
        for (var index = 0; index < classes.Length; index++)
        {
            classes[index] = classOf(sorted[index]);
        }

        return new AllelePosition(PositionKind.Expressed, Ascending(classes), sorted, mayBeNew, mayBeNull, antigen);
    }

    /// <summary>What is one of several: unknown unless all are expressed, or all the same.</summary>
    /// <param name="positions">At least one.</param>
    public static AllelePosition OneOf(params IEnumerable<AllelePosition> positions)
    {
        HashSet<AllelePosition> distinct = [.. positions];
        var first = distinct.First();
        if (distinct.Count == 1 || distinct.Any(one => one.Kind != PositionKind.Expressed))
        {
            return distinct.Count == 1 ? first : Unknown;
        }

        var (classes, proteins) = (new HashSet<int>(), new HashSet<int>());
        foreach (var one in distinct)
        {
            classes.UnionWith(one.Classes);
            proteins.UnionWith(one.Proteins);
        }

        return new AllelePosition(
            PositionKind.Expressed,
            Ascending([.. classes]),
            Ascending([.. proteins]),
            distinct.Any(one => one.MayBeNew),
            distinct.Any(one => one.MayBeNull),
            distinct.All(one => one.Antigen == first.Antigen) ? first.Antigen : NoAntigen);
    }

    /// <summary>The same copy, of which a null reading was left out.</summary>
    public AllelePosition OrHiddenNull() =>
        Kind == PositionKind.Expressed ? new(Kind, Classes, Proteins, MayBeNew, mayBeNull: true, Antigen) : this;

    /// <summary>Whether matching can tell the two apart: not when they have the same classes.</summary>
    public bool SameClasses(AllelePosition other) =>
        Kind == other.Kind && MayBeNew == other.MayBeNew && Classes.AsSpan().SequenceEqual(other.Classes.AsSpan());

    /// <inheritdoc/>
    public bool Equals(AllelePosition? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (_hash == other._hash && MayBeNull == other.MayBeNull && Antigen == other.Antigen && SameClasses(other)
                && Proteins.AsSpan().SequenceEqual(other.Proteins.AsSpan())));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AllelePosition);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    // Takes the array over. Most come in order already, and most are of one.
    private static ImmutableArray<int> Ascending(int[] numbers)
    {
        for (var index = 1; index < numbers.Length; index++)
        {
            if (numbers[index - 1] >= numbers[index])
            {
                return [.. numbers.Distinct().Order()];
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(numbers);
    }
}
