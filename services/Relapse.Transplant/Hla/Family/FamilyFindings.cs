using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>The typings of a family, as it is stated to be.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Mother">The mother; null if not typed.</param>
/// <param name="Father">The father; null if not typed.</param>
/// <param name="Siblings">Full siblings.</param>
internal sealed record FamilyTypings(HlaTyping Recipient, HlaTyping? Mother, HlaTyping? Father, ImmutableArray<HlaTyping> Siblings);

/// <summary>Whether a sibling has both of the recipient's haplotypes by descent.</summary>
internal enum Genoidentity
{
    /// <summary>It has not.</summary>
    Excluded,

    /// <summary>It may have: the typings fit another inheritance as well, or a parent is not typed.</summary>
    Unproven,

    /// <summary>Both parents are typed, and every inheritance that explains the family gives it both.</summary>
    Proven,
}

/// <summary>What the family says of one relative as a donor.</summary>
/// <param name="IsConsistent">Whether the typing fits the stated relationship; if not, say
/// <see cref="FamilyFindings.Inconsistent"/> and nothing else, and the rest means nothing.</param>
/// <param name="Genoidentity">For a sibling; <see cref="Genoidentity.Excluded"/> for a parent.</param>
/// <param name="SharedHaplotypes">How many whole haplotypes are shared with the recipient by descent, 0 to 2 inclusive.</param>
/// <param name="UnsharedIsNima">Whether the relative shares the recipient's paternal haplotype, and has as its other the maternal one that
/// the recipient did not inherit.</param>
/// <param name="UnsharedIsNipa">The same with the parents exchanged.</param>
/// <param name="Recombination">Whether a crossing-over is needed to explain the family: then a haplotype that is shared in part counts as
/// not shared.</param>
internal sealed record RelativeFinding(
    bool IsConsistent, Genoidentity Genoidentity, Bounds SharedHaplotypes, Truth UnsharedIsNima, Truth UnsharedIsNipa, bool Recombination)
{
    /// <summary>Nothing follows from a typing that does not fit.</summary>
    public static RelativeFinding DoesNotFit { get; } = new(false, Genoidentity.Excluded, new Bounds(0, 2), Truth.Open, Truth.Open, false);

    /// <summary>What both say: the same relative looked at with others and alone. Alone says more only where looking at all together was
    /// given up.</summary>
    public RelativeFinding Within(RelativeFinding alone) => Recombination || alone.Recombination ? this : this with
    {
        Genoidentity = Genoidentity == Genoidentity.Unproven ? alone.Genoidentity : Genoidentity,
        SharedHaplotypes = new Bounds(Math.Max(SharedHaplotypes.Min, alone.SharedHaplotypes.Min), Math.Min(SharedHaplotypes.Max, alone.SharedHaplotypes.Max)),
        UnsharedIsNima = UnsharedIsNima == Truth.Open ? alone.UnsharedIsNima : UnsharedIsNima,
        UnsharedIsNipa = UnsharedIsNipa == Truth.Open ? alone.UnsharedIsNipa : UnsharedIsNipa,
    };

    /// <summary>The same of a family that it takes more than one crossing-over to explain: what would follow without is no longer
    /// proven.</summary>
    public RelativeFinding WithMoreCrossings() => this with
    {
        Genoidentity = Genoidentity == Genoidentity.Proven ? Genoidentity.Unproven : Genoidentity,
        SharedHaplotypes = new Bounds(0, SharedHaplotypes.Max),
        UnsharedIsNima = Truth.Open,
        UnsharedIsNipa = Truth.Open,
        Recombination = true,
    };
}

/// <summary>What the typings of a family say.</summary>
/// <param name="IsConsistent">Whether one inheritance explains all of it, with one crossing-over at most; if not, say
/// <see cref="Inconsistent"/> of those whose finding says so, and nothing else of them. It says nothing of the others.</param>
/// <param name="Mother">Null if not typed.</param>
/// <param name="Father">Null if not typed.</param>
/// <param name="Siblings">In the order given. Of more than <see cref="Transmissions.MostSiblings"/> each further one is looked at with the
/// first of them.</param>
internal sealed record FamilyFindings(
    bool IsConsistent, RelativeFinding? Mother, RelativeFinding? Father, ImmutableArray<RelativeFinding> Siblings)
{
    /// <summary>The words in which a typing that does not fit is reported.</summary>
    public const string Inconsistent = "typing inconsistent with stated relationship";
}
