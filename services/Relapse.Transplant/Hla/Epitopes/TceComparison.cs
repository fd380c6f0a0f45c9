using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>
/// Compares DPB1 by T-cell epitope groups, version 2: the lowest group number of each person, over every combination that the typings
/// leave open. If one verdict is left, it is certain. What a direction is worth depends on the platform and is not said here.
/// </summary>
/// <param name="release">Gives the groups; without them every mismatch is <see cref="TceVerdicts.Unknown"/>.</param>
internal sealed class TceComparison(HlaRelease release)
{
    private static readonly ImmutableArray<int> AnyGroup = [1, 2, 3, TceTable.Unknown];

    /// <summary>Every possible verdict; at least one.</summary>
    public TceVerdicts Compare(LocusTyping recipient, LocusTyping donor)
    {
        var verdicts = TceVerdicts.None;
        foreach (var one in recipient.Genotypes)
        {
            foreach (var other in donor.Genotypes)
            {
                verdicts |= Compare(one, other);
            }
        }

        return verdicts;
    }

    // Copies are taken apart by group; then each combination of groups has one verdict, unless it can be a match.
    private TceVerdicts Compare(Genotype recipient, Genotype donor)
    {
        var verdicts = TceVerdicts.None;
        var combinations =
            from r1 in ByGroup(recipient.First)
            from r2 in ByGroup(recipient.Second)
            from d1 in ByGroup(donor.First)
            from d2 in ByGroup(donor.Second)
            select (r1, r2, d1, d2);
        foreach (var (r1, r2, d1, d2) in combinations)
        {
            var range = new CountRange();
            AmbiguousLocus.Reach(
                WmdaTable.Consensus2016, new Genotype(r1.Copy, r2.Copy), new Genotype(d1.Copy, d2.Copy), ref range);
            verdicts |= range.Count.Max.Min == 0 ? TceVerdicts.Matched : TceVerdicts.None;
            verdicts |= range.Count.Max.Max > 0 ? Verdict(Lowest(r1.Group, r2.Group), Lowest(d1.Group, d2.Group)) : TceVerdicts.None;
        }

        return verdicts;
    }

    private static TceVerdicts Verdict(int recipient, int donor) => (recipient, donor) switch
    {
        (TceTable.Unknown, _) or (_, TceTable.Unknown) => TceVerdicts.Unknown,
        _ when recipient == donor => TceVerdicts.Permissive,
        _ when recipient < donor => TceVerdicts.NonPermissiveGvH,
        _ => TceVerdicts.NonPermissiveHvG,
    };

    // A null allele has no group (null): its partner's is the person's. One unknown group makes the person's unknown.
    private static int Lowest(int? one, int? other) => Math.Min(one ?? other ?? TceTable.Unknown, other ?? one ?? TceTable.Unknown);

    private IEnumerable<(int? Group, AllelePosition Copy)> ByGroup(AllelePosition position)
    {
        if (position.IsSilent)
        {
            return [(null, position)];
        }

        if (position.Kind == PositionKind.Unknown)
        {
            return AnyGroup.Select(group => ((int?)group, position));
        }

        var expressed = position.Classes
            .GroupBy(GroupOf)
            .Select(classes => ((int?)classes.Key, AllelePosition.Expressed(classes, code => code)));
        return position.MayBeNew ? expressed.Append((TceTable.Unknown, AllelePosition.New)) : expressed;
    }

    // The self-test has it that members of a class are of one group, those of none aside.
    private int GroupOf(int code)
    {
        var own = release.Tce?.Of(code) ?? TceTable.Unknown;
        return own != TceTable.Unknown || release.Tce is null
            ? own
            : release[HlaLocus.Dpb1].ProteinsOfClass(code).Select(release.Tce.Of).DefaultIfEmpty(TceTable.Unknown).Max();
    }
}
