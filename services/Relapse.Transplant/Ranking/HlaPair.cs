using System.Collections.Immutable;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>Compares one typing with the recipient's. What classification and criteria ask is counted when it is asked.</summary>
/// <param name="context">What all pairs of the call share.</param>
/// <param name="donor">The other typing.</param>
internal readonly struct HlaPair(HlaContext context, Hla.HlaTyping donor)
{
    /// <summary>The other typing.</summary>
    public Hla.HlaTyping Donor => donor;

    /// <summary>Matches of a scheme.</summary>
    public SchemeCount Count(CountScheme scheme) => context.Count(donor, scheme);

    /// <summary>Mismatches of one locus.</summary>
    public LocusCount Count(HlaLocus locus) => context.Count(locus, donor[locus]);

    /// <summary>Loci of a scheme whose matches are not certain.</summary>
    public ImmutableArray<HlaLocus> Open(CountScheme scheme)
    {
        var open = ImmutableArray.CreateBuilder<HlaLocus>();
        foreach (var locus in scheme.Loci())
        {
            if (!Count(locus).Matches.IsCertain)
            {
                open.Add(locus);
            }
        }

        return open.ToImmutable();
    }

    /// <summary>The same of what makes a cord unit suitable.</summary>
    public ImmutableArray<HlaLocus> OpenForCord(CountScheme scheme)
    {
        var open = ImmutableArray.CreateBuilder<HlaLocus>();
        foreach (var locus in scheme.Loci())
        {
            if (!CordMatches(scheme, locus).IsCertain)
            {
                open.Add(locus);
            }
        }

        return open.ToImmutable();
    }

    /// <summary>Matches of A and B by antigens and DRB1 by alleles. Without reference data an allele mismatch may be an antigen match.</summary>
    public Bounds AntigenSix() => CordMatches(CountScheme.Six);

    /// <summary>What the T-cell epitope groups of DPB1 leave possible; every verdict without reference data, unless DPB1 is matched.</summary>
    public TceVerdicts Tce() => context.Tce(donor[HlaLocus.Dpb1]);

    /// <summary>Matches of a scheme, or for six of the antigen count: what makes a cord unit suitable.</summary>
    public Bounds CordMatches(CountScheme scheme)
    {
        var sum = default(Bounds);
        foreach (var locus in scheme.Loci())
        {
            sum += CordMatches(scheme, locus);
        }

        return sum;
    }

    /// <summary>The same of one locus.</summary>
    public Bounds CordMatches(CountScheme scheme, HlaLocus locus) => scheme == CountScheme.Six && locus is HlaLocus.A or HlaLocus.B
        ? context.AntigenMatches(locus, donor[locus])
        : Count(locus).Matches;
}

/// <summary>What all pairs of one call share: the recipient's typing and how it is compared. Not for several threads: it remembers.</summary>
internal sealed class HlaContext
{
    // An ambiguous locus is compared once for a call, however many schemes, criteria and answers ask. Untyped ones are all the same one.
    private readonly Dictionary<LocusTyping, LocusCount>[] _counts = [.. HlaLoci.All.Select(_ => new Dictionary<LocusTyping, LocusCount>())];
    private readonly Dictionary<LocusTyping, Bounds>[] _antigens = [.. HlaLoci.All.Select(_ => new Dictionary<LocusTyping, Bounds>())];
    private readonly Dictionary<LocusTyping, TceVerdicts> _ambiguousTce = [];
    private readonly Dictionary<long, TceVerdicts> _tce = [];
    private readonly TceComparison? _comparison;

    /// <param name="question">The question.</param>
    /// <param name="reference">The reference data.</param>
    public HlaContext(RankingQuestion question, HlaReference reference)
    {
        Recipient = question.Recipient.Typing;
        Release = reference.Release;
        Counter = new MatchCounter(question.Table);
        if (reference.Release is { } release)
        {
            Antigens = new AntigenCounter(release, AntigenLevel.Broad, question.Table);
            Ligands = new LigandReader(release);
            Leaders = new LeaderComparison(release);
            RecipientLigands = Ligands.Read(Recipient);
            _comparison = release.Tce is null ? null : new TceComparison(release);
        }
    }

    /// <summary>The recipient's typing.</summary>
    public Hla.HlaTyping Recipient { get; }

    /// <summary>The release; null where there is none.</summary>
    public HlaRelease? Release { get; }

    /// <summary>Counts alleles.</summary>
    public MatchCounter Counter { get; }

    /// <summary>Counts antigens; null without reference data.</summary>
    public AntigenCounter? Antigens { get; }

    /// <summary>Reads KIR ligands; null without reference data.</summary>
    public LigandReader? Ligands { get; }

    /// <summary>Compares leaders; null without reference data.</summary>
    public LeaderComparison? Leaders { get; }

    /// <summary>The recipient's KIR ligands; nothing without reference data.</summary>
    public LigandProfile? RecipientLigands { get; }

    /// <summary>Whether the groups of DPB1 are there.</summary>
    public bool HasTce => _comparison is not null;

    /// <summary>Mismatches of one locus.</summary>
    public LocusCount Count(HlaLocus locus, LocusTyping donor)
    {
        var recipient = Recipient[locus];
        if (recipient.IsCertain && donor.IsCertain)
        {
            return Counter.Count(recipient, donor);
        }

        if (!_counts[(int)locus].TryGetValue(donor, out var count))
        {
            _counts[(int)locus][donor] = count = Counter.Count(recipient, donor);
        }

        return count;
    }

    /// <summary>Matches of a scheme.</summary>
    public SchemeCount Count(Hla.HlaTyping donor, CountScheme scheme) => MatchCounter.Sum(Recipient, donor, scheme, Count);

    /// <summary>Matches of one locus by antigens. Without reference data an allele mismatch may be an antigen match.</summary>
    public Bounds AntigenMatches(HlaLocus locus, LocusTyping donor)
    {
        if (Antigens is null)
        {
            return new Bounds(Count(locus, donor).Matches.Min, 2);
        }

        if (!_antigens[(int)locus].TryGetValue(donor, out var matches))
        {
            _antigens[(int)locus][donor] = matches = Antigens.Count(locus, Recipient[locus], donor).Matches;
        }

        return matches;
    }

    /// <summary>The verdicts on a DPB1 typing. Most donors share one of a few, or have none.</summary>
    public TceVerdicts Tce(LocusTyping donor)
    {
        if (!donor.IsCertain)
        {
            return _ambiguousTce.TryGetValue(donor, out var known) ? known : _ambiguousTce[donor] = Judge(donor);
        }

        var key = ((long)donor.FirstCode << 32) | (uint)donor.SecondCode;
        if (!_tce.TryGetValue(key, out var verdicts))
        {
            _tce[key] = verdicts = Judge(donor);
        }

        return verdicts;
    }

    private TceVerdicts Judge(LocusTyping donor)
    {
        if (_comparison is not null)
        {
            return _comparison.Compare(Recipient[HlaLocus.Dpb1], donor);
        }

        var max = Counter.Count(Recipient[HlaLocus.Dpb1], donor).Max;
        return (max.Min == 0 ? TceVerdicts.Matched : TceVerdicts.None) | (max.Max > 0 ? TceVerdicts.Unknown : TceVerdicts.None);
    }
}
