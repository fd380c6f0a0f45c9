using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Compares donors with the recipient at one locus, and remembers: an ambiguous one is compared once, however many schemes, criteria and
/// answers ask. What is remembered is of this locus, this typing of the recipient and this donor's typing; untyped ones are all the same
/// one. Not for several threads.
/// </summary>
/// <param name="locus">The locus.</param>
/// <param name="recipient">How the recipient is typed there.</param>
/// <param name="counter">Counts alleles.</param>
/// <param name="antigens">Counts antigens; null without reference data.</param>
/// <param name="tces">Compares epitope groups; null without them.</param>
internal sealed class LocusComparison(HlaLocus locus, LocusTyping recipient, MatchCounter counter, AntigenCounter? antigens, TceComparison? tces)
{
    private Dictionary<LocusTyping, LocusCount>? _counts;
    private Dictionary<LocusTyping, Bounds>? _antigens;
    private Dictionary<LocusTyping, TceVerdicts>? _ambiguousTce;
    private Dictionary<long, TceVerdicts>? _tce;

    /// <summary>The locus.</summary>
    public HlaLocus Locus => locus;

    /// <summary>How the recipient is typed there.</summary>
    public LocusTyping Recipient => recipient;

    /// <summary>Mismatches.</summary>
    public LocusCount Count(LocusTyping donor)
    {
        if (recipient.IsCertain && donor.IsCertain)
        {
            return counter.Count(recipient, donor);
        }

        _counts ??= [];
        if (!_counts.TryGetValue(donor, out var count))
        {
            _counts[donor] = count = counter.Count(recipient, donor);
        }

        return count;
    }

    /// <summary>Matches by antigens. Without reference data an allele mismatch may be an antigen match.</summary>
    public Bounds AntigenMatches(LocusTyping donor)
    {
        if (antigens is null)
        {
            return new Bounds(Count(donor).Matches.Min, 2);
        }

        _antigens ??= [];
        if (!_antigens.TryGetValue(donor, out var matches))
        {
            _antigens[donor] = matches = antigens.Count(locus, recipient, donor).Matches;
        }

        return matches;
    }

    /// <summary>What the epitope groups of DPB1 leave possible. Most donors share one of a few typings, or have none.</summary>
    public TceVerdicts Tce(LocusTyping donor)
    {
        if (!donor.IsCertain)
        {
            _ambiguousTce ??= [];
            return _ambiguousTce.TryGetValue(donor, out var known) ? known : _ambiguousTce[donor] = Judge(donor);
        }

        _tce ??= [];
        var key = ((long)donor.FirstCode << 32) | (uint)donor.SecondCode;
        if (!_tce.TryGetValue(key, out var verdicts))
        {
            _tce[key] = verdicts = Judge(donor);
        }

        return verdicts;
    }

    private TceVerdicts Judge(LocusTyping donor)
    {
        if (tces is not null)
        {
            return tces.Compare(recipient, donor);
        }

        var max = counter.Count(recipient, donor).Max;
        return (max.Min == 0 ? TceVerdicts.Matched : TceVerdicts.None) | (max.Max > 0 ? TceVerdicts.Unknown : TceVerdicts.None);
    }
}
