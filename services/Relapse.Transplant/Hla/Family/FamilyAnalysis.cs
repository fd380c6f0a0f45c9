using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>
/// Follows haplotypes through a family, by descent: HLA-identical means more than ten of ten. Ambiguous and missing typings leave more
/// inheritances possible, and so less proven. Pure.
/// </summary>
internal static class FamilyAnalysis
{
    /// <summary>Analyses a family.</summary>
    public static FamilyFindings Analyse(FamilyTypings family)
    {
        // Who does not even fit alone is left out of the rest, so that it says nothing of the others.
        var mother = Fits(family, family.Mother, null) ? family.Mother : null;
        var father = Fits(family, null, family.Father) ? family.Father : null;
        var parents = Segregation.Of(new FamilyTypings(family.Recipient, mother, father, []));
        if (!parents.Exists)
        {
            (mother, father) = (null, null);
        }

        var fitting = family with { Mother = mother, Father = father };
        var alone = family.Siblings.Select(sibling => Segregation.Of(fitting with { Siblings = [sibling] })).ToList();
        ImmutableArray<int> fit = [.. Enumerable.Range(0, alone.Count).Where(sibling => alone[sibling].Exists)];
        var first = fit.Take(Transmissions.MostSiblings).Select(sibling => family.Siblings[sibling]);
        var together = Segregation.Of(fitting with { Siblings = [.. first] });
        var findings = alone.Select(one => one.Finding(0)).ToArray();
        if (together.Exists)
        {
            for (var place = 0; place < fit.Length; place++)
            {
                findings[fit[place]] = place < Transmissions.MostSiblings
                    ? together.Finding(place)
                    : WithTheFirst(fitting, fit, place, findings[fit[place]]);
            }
        }

        var consistent = together.Exists && fit.Length == alone.Count && mother == family.Mother && father == family.Father;
        return new FamilyFindings(
            consistent,
            Parent(family.Mother, mother, together, isMother: true),
            Parent(family.Father, father, together, isMother: false),
            [.. findings],
            fit.Length <= Transmissions.MostSiblings);
    }

    /// <summary>Whether a relative who is neither parent nor full sibling may share a haplotype: at no locus are the two wholly different.
    /// Descent cannot be followed through people who are not typed, so it is never proven.</summary>
    /// <returns>Open or false.</returns>
    public static Truth MayShareHaplotype(HlaTyping recipient, HlaTyping relative) =>
        Segregation.Of(new FamilyTypings(recipient, relative, null, [])).Exists ? Truth.Open : Truth.False;

    // A parent has one of the child's two alleles at every locus. A crossing-over cannot be seen in a single child, nor does it matter.
    private static bool Fits(FamilyTypings family, HlaTyping? mother, HlaTyping? father) =>
        Segregation.Of(new FamilyTypings(family.Recipient, mother, father, [])).Exists;

    private static RelativeFinding WithTheFirst(FamilyTypings family, ImmutableArray<int> fit, int place, RelativeFinding alone)
    {
        var group = fit.Take(Transmissions.MostSiblings - 1).Append(fit[place]);
        var segregation = Segregation.Of(family with { Siblings = [.. group.Select(sibling => family.Siblings[sibling])] });
        return segregation.Exists ? segregation.Finding(Transmissions.MostSiblings - 1) : alone;
    }

    // By descent a parent shares one haplotype, and its other one is what the child did not inherit.
    private static RelativeFinding? Parent(HlaTyping? typed, HlaTyping? fitting, Segregation together, bool isMother) => typed is null
        ? null
        : fitting is null
            ? RelativeFinding.DoesNotFit
            : new RelativeFinding(
                true,
                Genoidentity.Excluded,
                Bounds.Of(1),
                isMother ? Truth.True : Truth.False,
                isMother ? Truth.False : Truth.True,
                together.Exists && together.Recombination);
}
