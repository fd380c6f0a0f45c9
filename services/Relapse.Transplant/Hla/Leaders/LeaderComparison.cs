using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>The leaders of a pair with a single HLA-B mismatch, each <c>M</c>, <c>T</c>, another residue, or
/// <see cref="LeaderComparison.Unread"/>.</summary>
/// <param name="Recipient">Of the recipient's allotype that the donor lacks or has once less.</param>
/// <param name="Donor">Of the donor's allotype that the recipient lacks or has once less.</param>
/// <param name="Shared">Of the allotype that both have.</param>
internal readonly record struct LeaderStatus(char Recipient, char Donor, char Shared)
{
    /// <summary>Three letters, as in MTT: recipient, donor, shared.</summary>
    public override string ToString() => $"{Recipient}{Donor}{Shared}";
}

/// <summary>What is possible of the leaders of a pair.</summary>
/// <param name="Applies">Whether there is exactly one mismatch at HLA-B; open if that depends.</param>
/// <param name="Possible">Every status that is possible, if there is one mismatch; empty when <see cref="TooAmbiguous"/>.</param>
/// <param name="TooAmbiguous">Whether there are more combinations than are looked at, so that every status is possible.</param>
internal sealed record LeaderResult(Truth Applies, ImmutableArray<LeaderStatus> Possible, bool TooAmbiguous);

/// <summary>The HLA-B leader (position -21) in a single mismatch: Petersdorf, Lancet Haematol 2020;7:e50.</summary>
/// <param name="release">Gives the sequences.</param>
internal sealed class LeaderComparison(HlaRelease release)
{
    /// <summary>A leader that no sequence covers.</summary>
    public const char Unread = '?';

    /// <summary>How many combinations of alleles are looked at, inclusive.</summary>
    public const int MostCombinations = 10_000;

    /// <summary>The leader of a protein of HLA-B.</summary>
    public char Of(int protein) =>
        release.Residues.Of(HlaLocus.B, protein).Leader is var leader and not ResidueTable.Unread ? leader : Unread;

    /// <summary>Compares HLA-B.</summary>
    public LeaderResult Compare(LocusTyping recipient, LocusTyping donor)
    {
        var max = new MatchCounter().Count(recipient, donor).Max;
        var applies = max == Bounds.Of(1) ? Truth.True : max.Min <= 1 && max.Max >= 1 ? Truth.Open : Truth.False;
        if (applies == Truth.False)
        {
            return new LeaderResult(applies, [], false);
        }

        var pairs = recipient.Genotypes.SelectMany(one => donor.Genotypes.Select(other => (Recipient: one, Donor: other))).ToList();
        if (pairs.Sum(pair => Combinations(pair.Recipient) * Combinations(pair.Donor)) > MostCombinations)
        {
            return new LeaderResult(applies, [], true);
        }

        var statuses = pairs.SelectMany(pair => Statuses(pair.Recipient, pair.Donor)).Distinct();
        return new LeaderResult(applies, [.. statuses.OrderBy(status => status.ToString(), StringComparer.Ordinal)], false);
    }

    private static double Combinations(Genotype genotype) => Choices(genotype.First) * Choices(genotype.Second);

    private static double Choices(AllelePosition position) => position.Kind == PositionKind.Unknown
        ? double.PositiveInfinity
        : Math.Max(1, position.Proteins.Length + (position.MayBeNew ? 1 : 0));

    private IEnumerable<LeaderStatus> Statuses(Genotype recipient, Genotype donor) =>
        from r in Pairs(recipient, -1)
        from d in Pairs(donor, -3)
        let status = Status(r, d)
        where status is not null
        select status.Value;

    // Proteins; 0 for none, negative for an allele without a name.
    private static IEnumerable<(int First, int Second)> Pairs(Genotype genotype, int novel) =>
        from first in Proteins(genotype.First, novel)
        from second in Proteins(genotype.Second, novel - 1)
        select (first, second);

    private static IEnumerable<int> Proteins(AllelePosition position, int novel) =>
        position.IsSilent ? [MismatchRule.Silent] : position.MayBeNew ? position.Proteins.Append(novel) : position.Proteins;

    private LeaderStatus? Status((int First, int Second) recipient, (int First, int Second) donor)
    {
        if (recipient.First == MismatchRule.Silent || recipient.Second == MismatchRule.Silent
            || donor.First == MismatchRule.Silent || donor.Second == MismatchRule.Silent)
        {
            // One protein on one side: which allotype is the unshared one has no answer in the source.
            return null;
        }

        var (r1, r2, d1, d2) = (Class(recipient.First), Class(recipient.Second), Class(donor.First), Class(donor.Second));
        var (gvh, hvg) = MismatchRule.Count(WmdaTable.Consensus2016, r1, r2, d1, d2);
        if (Math.Max(gvh, hvg) != 1)
        {
            return null;
        }

        var sharedIsFirst = r1 == d1 || r1 == d2;
        var (shared, unshared) = sharedIsFirst ? (recipient.First, recipient.Second) : (recipient.Second, recipient.First);
        var other = Class(shared) == d1 ? donor.Second : donor.First;
        return new LeaderStatus(Of(unshared), Of(other), Of(shared));
    }

    private int Class(int protein) => protein > 0 ? release[HlaLocus.B].ClassOf(protein) : protein;
}
