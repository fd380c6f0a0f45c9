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
