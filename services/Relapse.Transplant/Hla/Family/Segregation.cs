using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>One inheritance that explains a family.</summary>
/// <param name="Before">Who got which haplotype, up to the crossing-over.</param>
/// <param name="After">The same from there on; equal where there is none.</param>
internal readonly record struct Inheritance(int Before, int After);

/// <summary>Every inheritance that explains a family: without crossing-over, or if there is none, with one.</summary>
internal sealed class Segregation
{
    private readonly ImmutableArray<Inheritance> _inheritances;
    private readonly bool _parentsTyped;

    private Segregation(ImmutableArray<Inheritance> inheritances, bool recombination, bool parentsTyped, bool isImpossible)
    {
        _inheritances = inheritances;
        IsImpossible = isImpossible;
        Recombination = recombination;
        _parentsTyped = parentsTyped;
    }

    /// <summary>Whether anything explains the family.</summary>
    public bool Exists => !_inheritances.IsEmpty;

    /// <summary>Whether it takes a crossing-over.</summary>
    public bool Recombination { get; }

    /// <summary>Whether no inheritance explains one of the loci by itself: then no number of crossings-over explains the family.</summary>
    public bool IsImpossible { get; }

    /// <summary>Finds them.</summary>
    /// <param name="family">At most <see cref="Transmissions.MostSiblings"/> siblings.</param>
    /// <param name="budget">Bounds the work.</param>
    public static Segregation Of(FamilyTypings family, FamilyBudget budget)
    {
        HlaTyping[] children = [family.Recipient, .. family.Siblings];
        HlaTyping?[] everybody = [.. children, family.Mother, family.Father];
        var siblings = family.Siblings.Length;
        // In the order along the chromosome; a locus that only one person has typed says nothing.
        bool[][] loci =
        [
            .. HlaLoci.All
                .Where(locus => everybody.Count(person => person is not null && person[locus].IsTyped) > 1)
                .Select(locus => LocusSegregation.Explains(locus, family.Mother, family.Father, children, budget)),
        ];
        ImmutableArray<Inheritance> straight =
        [
            .. Enumerable.Range(0, Transmissions.Count(siblings))
                .Where(vector => Array.TrueForAll(loci, locus => locus[vector]))
                .Select(vector => new Inheritance(vector, vector)),
        ];
        var parentsTyped = family.Mother is not null && family.Father is not null;
        return straight.IsEmpty
            ? new Segregation([.. WithOneCrossing(loci, siblings)], true, parentsTyped, Array.Exists(loci, locus => !locus.Contains(true)))
            : new Segregation(straight, false, parentsTyped, false);
    }

    /// <summary>What it says of a sibling, counted from 0.</summary>
    public RelativeFinding Finding(int sibling)
    {
        if (!Exists)
        {
            return RelativeFinding.DoesNotFit;
        }

        List<(bool Maternal, bool Paternal)> shared =
            [.. _inheritances.Select(one => (IsShared(one, sibling, 0), IsShared(one, sibling, 1)))];
        var counts = shared.Select(one => (one.Maternal ? 1 : 0) + (one.Paternal ? 1 : 0)).ToList();
        var genoidentity = _parentsTyped && counts.TrueForAll(count => count == 2) ? Genoidentity.Proven
            : counts.Contains(2) ? Genoidentity.Unproven : Genoidentity.Excluded;
        return new RelativeFinding(
            true,
            genoidentity,
            new Bounds((byte)counts.Min(), (byte)counts.Max()),
            Truths.OneOf(_inheritances.Select(one => IsShared(one, sibling, 1) && IsOther(one, sibling, 0) ? Truth.True : Truth.False)),
            Truths.OneOf(_inheritances.Select(one => IsShared(one, sibling, 0) && IsOther(one, sibling, 1) ? Truth.True : Truth.False)),
            Recombination);
    }

    private static bool IsShared(Inheritance one, int sibling, int paternal) =>
        Transmissions.Got(one.Before | one.After, sibling + 1, paternal) == 0;

    private static bool IsOther(Inheritance one, int sibling, int paternal) =>
        Transmissions.Got(one.Before & one.After, sibling + 1, paternal) == 1;

    private static IEnumerable<Inheritance> WithOneCrossing(bool[][] loci, int siblings)
    {
        var crossings =
            from child in Enumerable.Range(0, siblings + 1)
            from paternal in Enumerable.Range(0, 2)
            select Transmissions.Crossing(child, paternal, siblings);
        var found =
            from crossing in crossings.Where(crossing => crossing != 0).Distinct()
            from after in Enumerable.Range(1, Math.Max(0, loci.Length - 1))
            from vector in Enumerable.Range(0, Transmissions.Count(siblings))
            where Explains(loci, vector, crossing, after)
            select new Inheritance(vector, vector ^ crossing);
        return found.Distinct();
    }

    private static bool Explains(bool[][] loci, int vector, int crossing, int after)
    {
        for (var locus = 0; locus < loci.Length; locus++)
        {
            if (!loci[locus][locus < after ? vector : vector ^ crossing])
            {
                return false;
            }
        }

        return true;
    }
}
