namespace Relapse.Transplant.Hla;

/// <summary>
/// Reads GL Strings. From the loosest delimiter to the tightest: <c>?</c> between readings of which gene it is, <c>^</c> between loci,
/// <c>|</c> between genotypes, <c>+</c> between copies, <c>~</c> along one chromosome, <c>/</c> between alleles. Without recursion, in
/// time linear in the text.
/// </summary>
internal sealed class GlStringReader(AlleleListReader alleles, TypingNotes notes)
{
    private static readonly HlaLocus[] OptionalLoci = [.. HlaLoci.All.Where(locus => locus.MayBeAbsent())];

    /// <summary>Reads the text; faults go to the notes.</summary>
    public Dictionary<HlaLocus, LocusTyping> Read(ReadOnlySpan<char> text, int offset)
    {
        var readings = 0;
        var all = new Dictionary<HlaLocus, List<Genotype>>();
        var given = new Dictionary<HlaLocus, int>();
        foreach (var range in text.Split('?'))
        {
            readings++;
            foreach (var (locus, genotypes) in ReadLoci(text[range], offset + range.Start.Value))
            {
                GetOrAdd(all, locus).AddRange(genotypes);
                given[locus] = given.GetValueOrDefault(locus) + 1;
            }
        }

        var loci = new Dictionary<HlaLocus, LocusTyping>();
        foreach (var (locus, genotypes) in all.OrderBy(one => one.Key))
        {
            if (given[locus] < readings)
            {
                genotypes.Add(Genotype.Unknown);
            }

            loci[locus] = ToTyping(locus, genotypes);
        }

        return loci;
    }

    private LocusTyping ToTyping(HlaLocus locus, List<Genotype> genotypes)
    {
        // As inside a list of alleles: where one reading has a null allele and another has none, the other counts.
        var known = genotypes.Where(one => one.First.Kind != PositionKind.Unknown && one.Second.Kind != PositionKind.Unknown).ToList();
        var fewest = known.Count == 0 ? 0 : known.Min(one => one.Nulls);
        var kept = known.Count == 0 ? genotypes : genotypes.Where(one => one.Nulls <= fewest).ToList();
        if (kept.Count < genotypes.Count)
        {
            notes.Warn(TypingWarningKind.HiddenNull, locus, "");
            kept = [.. kept.Select(one => new Genotype(one.First.OrHiddenNull(), one.Second.OrHiddenNull()))];
        }

        if (genotypes.Any(one => one.First.Kind == PositionKind.Unknown ^ one.Second.Kind == PositionKind.Unknown))
        {
            notes.Warn(TypingWarningKind.SecondCopyNotStated, locus, "");
        }

        var typing = LocusTyping.Of(kept);
        if (typing.IsWidened)
        {
            notes.Warn(TypingWarningKind.AmbiguityWidened, locus, "");
        }

        return typing;
    }

    private Dictionary<HlaLocus, List<Genotype>> ReadLoci(ReadOnlySpan<char> text, int offset)
    {
        var stated = new Dictionary<HlaLocus, List<Genotype>>();
        var implied = new Dictionary<HlaLocus, List<Genotype>>();
        foreach (var range in text.Split('^'))
        {
            var block = new GenotypeBlock();
            ReadBlock(text[range], offset + range.Start.Value, block);
            foreach (var (locus, genotypes) in block.Stated())
            {
                if (!stated.TryAdd(locus, genotypes))
                {
                    notes.Fault(offset + range.Start.Value, locus.Name(), TypingFaultKind.RepeatedLocus);
                }
            }

            foreach (var (locus, genotypes) in block.Implied())
            {
                implied.TryAdd(locus, genotypes);
            }
        }

        // That a chromosome has no DRB4 because it has DRB3 gives way to what is said of DRB4 itself.
        foreach (var (locus, genotypes) in implied)
        {
            stated.TryAdd(locus, genotypes);
        }

        return stated;
    }

    private void ReadBlock(ReadOnlySpan<char> text, int offset, GenotypeBlock block)
    {
        foreach (var range in text.Split('|'))
        {
            var genotype = text[range];
            var at = offset + range.Start.Value;
            var (copies, faults) = (new List<CopyOfGenes>(2), notes.FaultCount);
            foreach (var copy in genotype.Split('+'))
            {
                if (copies.Count == 2)
                {
                    notes.Fault(at + copy.Start.Value, genotype[copy], TypingFaultKind.TooManyCopies);
                    break;
                }

                copies.Add(ReadCopy(genotype[copy], at + copy.Start.Value));
            }

            if (!block.TryAdd(copies) && notes.FaultCount == faults && !notes.IsExhausted)
            {
                notes.Fault(at, genotype, TypingFaultKind.WrongLocus);
            }
        }
    }

    private CopyOfGenes ReadCopy(ReadOnlySpan<char> text, int offset)
    {
        var copy = new CopyOfGenes();
        foreach (var range in text.Split('~'))
        {
            if (range.Start.Value > 0)
            {
                notes.Warn(TypingWarningKind.PhaseNotUsed, null, "");
            }

            var at = offset + range.Start.Value;
            if (alleles.Read(text[range], at, null) is { } typed && !copy.TryAdd(typed))
            {
                notes.Fault(at, text[range], TypingFaultKind.RepeatedLocus);
            }
        }

        return copy;
    }

    private static List<Genotype> GetOrAdd(Dictionary<HlaLocus, List<Genotype>> lists, HlaLocus locus) =>
        lists.TryGetValue(locus, out var list) ? list : lists[locus] = [];

    /// <summary>What stands on one chromosome.</summary>
    private sealed class CopyOfGenes
    {
        private readonly Dictionary<HlaLocus, AllelePosition> _positions = [];

        public bool NoDrb { get; private set; }

        public IEnumerable<HlaLocus> Loci => _positions.Keys;

        private bool HasDrb => NoDrb || OptionalLoci.Any(_positions.ContainsKey);

        public bool TryAdd(TypedCopy typed)
        {
            if (typed.Locus is { } locus)
            {
                return _positions.TryAdd(locus, typed.Position);
            }

            var first = !NoDrb;
            NoDrb = true;
            return first;
        }

        public bool Has(HlaLocus locus) => _positions.ContainsKey(locus);

        // A chromosome has at most one of DRB3, DRB4 and DRB5: one that has another, or none, has not this.
        public AllelePosition At(HlaLocus locus) => _positions.TryGetValue(locus, out var position)
            ? position
            : locus.MayBeAbsent() && HasDrb ? AllelePosition.Absent : AllelePosition.Unknown;
    }

    /// <summary>The genotypes between two carets.</summary>
    private sealed class GenotypeBlock
    {
        private readonly List<List<CopyOfGenes>> _genotypes = [];
        private readonly HashSet<HlaLocus> _loci = [];
        private bool _mixedDrb;

        // False when the two copies are of different genes.
        public bool TryAdd(List<CopyOfGenes> copies)
        {
            _genotypes.Add(copies);
            HashSet<HlaLocus> loci = [.. copies.SelectMany(copy => copy.Loci)];
            _loci.UnionWith(loci);
            _mixedDrb |= copies.Exists(copy => copy.NoDrb) || loci.Count(locus => locus.MayBeAbsent()) > 1;
            return loci.All(locus => locus.MayBeAbsent() || copies.TrueForAll(copy => copy.Has(locus)));
        }

        public IEnumerable<(HlaLocus, List<Genotype>)> Stated() => _loci.Order().Select(locus => (locus, Genotypes(locus)));

        public IEnumerable<(HlaLocus, List<Genotype>)> Implied() =>
            _mixedDrb ? OptionalLoci.Where(locus => !_loci.Contains(locus)).Select(locus => (locus, Genotypes(locus))) : [];

        private List<Genotype> Genotypes(HlaLocus locus) =>
        [
            .. _genotypes.Select(copies => new Genotype(
                copies.Count > 0 ? copies[0].At(locus) : AllelePosition.Unknown,
                copies.Count > 1 ? copies[1].At(locus) : AllelePosition.Unknown)),
        ];
    }
}
