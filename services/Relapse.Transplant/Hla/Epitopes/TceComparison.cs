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

    // Equality of alleles is the same in both conventions.
    private static readonly MatchCounter Counter = new();

    /// <summary>Every possible verdict; at least one.</summary>
    public TceVerdicts Compare(LocusTyping recipient, LocusTyping donor)
    {
        var verdicts = Counter.Count(recipient, donor).Max.Min == 0 ? TceVerdicts.Matched : TceVerdicts.None;
        var (ones, others) = (recipient.Genotypes.Select(ByGroup).ToArray(), donor.Genotypes.Select(ByGroup).ToArray());
        foreach (var one in ones)
        {
            foreach (var other in others)
            {
                verdicts |= Mismatches(one, other, verdicts);
            }
        }

        return verdicts;
    }

    // Copies are taken apart by group; then each combination of groups has one verdict, if it can be a mismatch. Only for a verdict that
    // was not found before is that looked at.
    private static TceVerdicts Mismatches(ImmutableArray<Grouped> recipient, ImmutableArray<Grouped> donor, TceVerdicts verdicts)
    {
        foreach (var one in recipient)
        {
            foreach (var other in donor)
            {
                var verdict = Verdict(one.Lowest, other.Lowest);
                if ((verdicts & verdict) == TceVerdicts.None)
                {
                    var range = new CountRange();
                    AmbiguousLocus.Reach(WmdaTable.Consensus2016, one.Genotype, other.Genotype, ref range);
                    verdicts |= range.Count.Max.Max > 0 ? verdict : TceVerdicts.None;
                }
            }
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

    private ImmutableArray<Grouped> ByGroup(Genotype genotype) =>
    [
        .. from first in ByGroup(genotype.First)
           from second in ByGroup(genotype.Second)
           select new Grouped(Lowest(first.Group, second.Group), new Genotype(first.Copy, second.Copy)),
    ];

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

    /// <summary>A genotype of which each copy is of one group.</summary>
    private readonly record struct Grouped(int Lowest, Genotype Genotype);
}
