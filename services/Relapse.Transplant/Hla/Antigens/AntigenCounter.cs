namespace Relapse.Transplant.Hla;

/// <summary>
/// Counts mismatches as <see cref="MatchCounter"/> does, of antigens instead of alleles. Proteins that are one to allele matching are one
/// here too, whatever antigens they were assigned. At DPB1 every allele mismatch is an antigen mismatch (WMDA).
/// </summary>
/// <param name="release">Says which antigens a protein may have.</param>
/// <param name="level">How finely antigens are told apart.</param>
/// <param name="table">The convention.</param>
internal sealed class AntigenCounter(HlaRelease release, AntigenLevel level, WmdaTable table = WmdaTable.Consensus2016)
{
    private readonly MatchCounter _counter = new(table);

    /// <summary>Counts one locus: bounds over everything that the typings leave open, which antigen a protein has included.</summary>
    public LocusCount Count(HlaLocus locus, LocusTyping recipient, LocusTyping donor)
    {
        var alleles = _counter.Count(recipient, donor);
        if (locus == HlaLocus.Dpb1)
        {
            return alleles;
        }

        var antigensOf = new Dictionary<int, HashSet<int>>();
        Gather(locus, recipient, antigensOf);
        Gather(locus, donor, antigensOf);
        var antigens = _counter.Count(Convert(locus, recipient, antigensOf), Convert(locus, donor, antigensOf));
        return new LocusCount(
            Fewer(antigens.GvH, alleles.GvH), Fewer(antigens.HvG, alleles.HvG), Fewer(antigens.Max, alleles.Max));
    }

    // In each possible case there are at most as many antigen mismatches as allele mismatches.
    private static Bounds Fewer(Bounds antigens, Bounds alleles) => new(antigens.Min, Math.Min(antigens.Max, alleles.Max));

    // By class and over both persons, so that two copies that can be one class can also be one antigen.
    private void Gather(HlaLocus locus, LocusTyping typing, Dictionary<int, HashSet<int>> antigensOf)
    {
        foreach (var protein in typing.Genotypes.SelectMany(genotype => genotype.First.Proteins.Concat(genotype.Second.Proteins)))
        {
            var code = release[locus].ClassOf(protein);
            if (!antigensOf.TryGetValue(code, out var antigens))
            {
                antigensOf[code] = antigens = [];
            }

            antigens.UnionWith(release.Serology.Of(locus, protein).Select(antigen => release.Serology.At(locus, antigen, level)));
        }
    }

    private LocusTyping Convert(HlaLocus locus, LocusTyping typing, Dictionary<int, HashSet<int>> antigensOf) => LocusTyping.Of(
        typing.Genotypes.Select(genotype => new Genotype(
            Convert(locus, genotype.First, antigensOf), Convert(locus, genotype.Second, antigensOf))));

    private AllelePosition Convert(HlaLocus locus, AllelePosition position, Dictionary<int, HashSet<int>> antigensOf)
    {
        if (position.Kind != PositionKind.Expressed || position.Classes.IsEmpty)
        {
            return position;
        }

        var antigens = position.Classes.SelectMany(code => antigensOf[code]);
        if (position.Antigen != AllelePosition.NoAntigen)
        {
            // Which antigen it is was seen, whatever else its carriers may have: only what is below it is left.
            var seen = release.Serology.At(locus, position.Antigen, level);
            antigens = antigens.Where(antigen => release.Serology.SelfAndParents(locus, antigen).Contains(seen)).DefaultIfEmpty(seen);
        }

        return AllelePosition.Expressed(antigens, antigen => antigen, position.MayBeNew);
    }
}
