using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>One person's typing, read. Immutable.</summary>
internal sealed class HlaTyping
{
    private readonly LocusTyping[] _loci;

    /// <summary>A typing of the given loci; the others are untyped.</summary>
    public HlaTyping(IReadOnlyDictionary<HlaLocus, LocusTyping> loci, params ImmutableArray<TypingWarning> warnings)
    {
        _loci = [.. HlaLoci.All.Select(locus => loci.GetValueOrDefault(locus, LocusTyping.Untyped))];
        Warnings = warnings;
    }

    private HlaTyping(LocusTyping[] loci, ImmutableArray<TypingWarning> warnings) => (_loci, Warnings) = (loci, warnings);

    /// <summary>Nothing is known.</summary>
    public static HlaTyping Untyped { get; } = new(ImmutableDictionary<HlaLocus, LocusTyping>.Empty);

    /// <summary>What to know about how it was read; distinct.</summary>
    public ImmutableArray<TypingWarning> Warnings { get; }

    /// <summary>What is known of a locus; untyped if nothing.</summary>
    public LocusTyping this[HlaLocus locus] => _loci[(int)locus];

    /// <summary>The same typing, of loci that are kept elsewhere.</summary>
    public HlaTyping Sharing(Func<LocusTyping, LocusTyping> kept) => new([.. _loci.Select(kept)], Warnings);

    /// <summary>The same typing with another of one locus.</summary>
    public HlaTyping With(HlaLocus locus, LocusTyping typing)
    {
        LocusTyping[] loci = [.. _loci];
        loci[(int)locus] = typing;
        return new HlaTyping(loci, Warnings);
    }
}
