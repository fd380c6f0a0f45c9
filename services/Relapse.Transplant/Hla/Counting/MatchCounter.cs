namespace Relapse.Transplant.Hla;

/// <summary>Counts mismatches and matches between a recipient and a donor. Pure, without allocation, safe to share.</summary>
/// <param name="table">The convention; an answer says which.</param>
internal sealed class MatchCounter(WmdaTable table = WmdaTable.Consensus2016)
{
    /// <summary>The convention.</summary>
    public WmdaTable Table { get; } = table;

    /// <summary>Counts one locus: exact bounds over everything that the two typings leave open. An untyped locus leaves everything open,
    /// so it is never a guaranteed match.</summary>
    public LocusCount Count(LocusTyping recipient, LocusTyping donor)
    {
        if (recipient.IsCertain && donor.IsCertain)
        {
            var (gvh, hvg) = MismatchRule.Count(Table, recipient.FirstCode, recipient.SecondCode, donor.FirstCode, donor.SecondCode);
            return new LocusCount(Bounds.Of(gvh), Bounds.Of(hvg), Bounds.Of(Math.Max(gvh, hvg)));
        }

        var range = new CountRange();
        foreach (var one in recipient.Genotypes)
        {
            foreach (var other in donor.Genotypes)
            {
                AmbiguousLocus.Reach(Table, one, other, ref range);
                if (range.IsEverything)
                {
                    return range.Count;
                }
            }
        }

        return range.Count;
    }

    /// <summary>Adds up the loci of a scheme. Loci are taken as independent of each other: exact, unless the typing ties readings of
    /// several loci together (<see cref="TypingWarningKind.PhaseNotUsed"/>), when the bounds may be wider than they need be.</summary>
    public SchemeCount Count(HlaTyping recipient, HlaTyping donor, CountScheme scheme) =>
        Sum(recipient, donor, scheme, (locus, other) => Count(recipient[locus], other));

    /// <summary>The same of loci that are counted, or were, in another way.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <param name="donor">The donor.</param>
    /// <param name="scheme">Which loci.</param>
    /// <param name="counted">Counts the donor's typing of a locus.</param>
    public static SchemeCount Sum(HlaTyping recipient, HlaTyping donor, CountScheme scheme, Func<HlaLocus, LocusTyping, LocusCount> counted)
    {
        var (perLocus, gvh, hvg, typed) = (default(Bounds), default(Bounds), default(Bounds), 0);
        foreach (var locus in scheme.Loci())
        {
            var (one, other) = (recipient[locus], donor[locus]);
            var count = counted(locus, other);
            perLocus += count.Matches;
            gvh += count.GvH.From(2);
            hvg += count.HvG.From(2);
            typed += one.IsTyped && other.IsTyped ? 1 : 0;
        }

        return new SchemeCount(scheme, perLocus, gvh, hvg, typed);
    }
}
