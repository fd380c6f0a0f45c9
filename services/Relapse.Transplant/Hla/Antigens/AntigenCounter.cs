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
    // Of more proteins with several antigens that are in several copies each copy's is chosen by itself: bounds that may be wider.
    private const int MostTogether = 4;
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
        var together = Together(locus, [recipient, donor], antigensOf);
        var antigens = Count(locus, recipient, donor, antigensOf, together.Length > MostTogether ? [] : together);
        return new LocusCount(
            Fewer(antigens.GvH, alleles.GvH), Fewer(antigens.HvG, alleles.HvG), Fewer(antigens.Max, alleles.Max));
    }

    // A protein that may be one of several antigens is the same one in every copy: each of them in turn.
    private LocusCount Count(HlaLocus locus, LocusTyping recipient, LocusTyping donor, Dictionary<int, HashSet<int>> antigensOf, ReadOnlySpan<int> together)
    {
        if (together.IsEmpty)
        {
            return _counter.Count(Convert(locus, recipient, antigensOf), Convert(locus, donor, antigensOf));
        }

        LocusCount? all = null;
        foreach (var antigen in antigensOf[together[0]])
        {
            var one = Count(locus, recipient, donor, new Dictionary<int, HashSet<int>>(antigensOf) { [together[0]] = [antigen] }, together[1..]);
            all = all is { } before ? new LocusCount(Either(before.GvH, one.GvH), Either(before.HvG, one.HvG), Either(before.Max, one.Max)) : one;
        }

        return all!.Value;

        static Bounds Either(Bounds one, Bounds other) => new(Math.Min(one.Min, other.Min), Math.Max(one.Max, other.Max));
    }

    // Classes of one protein that may be several antigens, in two copies at least. Proteins of one class are one to matching whatever
    // antigen each has, so of those each copy's is chosen by itself.
    private int[] Together(HlaLocus locus, LocusTyping[] typings, Dictionary<int, HashSet<int>> antigensOf)
    {
        var copies = typings.SelectMany(typing => typing.Genotypes).SelectMany(genotype => new[] { genotype.First, genotype.Second }).ToList();
        return [.. antigensOf.Where(entry => entry.Value.Count > 1 && copies.Count(copy => copy.Classes.Contains(entry.Key)) > 1
            && copies.SelectMany(copy => copy.Proteins).Where(protein => release[locus].ClassOf(protein) == entry.Key).Distinct().Count() == 1).Select(entry => entry.Key)];
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
