using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>A donor with all that its place depends on.</summary>
/// <param name="Donor">The donor.</param>
/// <param name="Standing">What it is to the policy.</param>
/// <param name="Blocks">Why it is or may be blocked.</param>
/// <param name="Best">Where it stands if all that is not known is for it.</param>
/// <param name="Worst">Where it stands if all that is not known is against it.</param>
/// <param name="Branches">The groups it may be in, each once, if it is not blocked.</param>
internal sealed record Entry(DonorCase Donor, Standing Standing, ImmutableArray<Block> Blocks, Place Best, Place Worst, ImmutableArray<Branch> Branches)
{
    /// <summary>Blocks that nobody has set aside.</summary>
    public IEnumerable<Block> Unmoved => Blocks.Where(block => block.SetAsideBy.Length == 0);

    /// <summary>Whether it is blocked.</summary>
    public BlockState State => Unmoved.Any(block => block.IsCertain) ? BlockState.Blocked : Unmoved.Any() ? BlockState.Open : BlockState.NotBlocked;
}

/// <summary>The places that a donor can have in one group.</summary>
/// <param name="Best">The best of them.</param>
/// <param name="Worst">The worst.</param>
internal readonly record struct Branch(Place Best, Place Worst)
{
    /// <summary>The worst, whether or not the donor can come first there.</summary>
    public Place Whole { get; private init; } = Worst;

    /// <summary>The places at which the donor is not certainly behind another: none worse than that one's worst.</summary>
    /// <param name="bound">The worst of it; null: there is no other.</param>
    public Branch Within(Place? bound)
    {
        if (bound is not { } least)
        {
            return this;
        }

        var key = Worst.Key.ToBuilder();
        for (var index = 0; index < least.Key.Length && Best.Key[index] <= least.Key[index]; index++)
        {
            key[index] = Math.Min(key[index], least.Key[index]);
            // Only where it is as bad as that by all that came before is it bound by what comes after.
            if (Best.Key[index] < least.Key[index])
            {
                break;
            }
        }

        return this with { Worst = Worst with { Key = key.ToImmutable() } };
    }
}

/// <summary>Finds the places that each donor can have.</summary>
/// <param name="policy">The policy.</param>
/// <param name="measures">Measures donors by its criteria.</param>
internal sealed class Placement(CompiledPolicy policy, DonorMeasures measures)
{
    /// <summary>From this band on a donor cannot come first: it has no tier, or is blocked.</summary>
    public int FirstWithoutTier => policy.TierCount;

    /// <summary>Puts one in its places.</summary>
    public Entry Put(DonorCase donor, Standing standing, ImmutableArray<Block> blocks)
    {
        var entry = new Entry(donor, standing, blocks, default, default, []);
        var (best, worst) = (default(CompiledGroup), default(CompiledGroup));
        var (bestTier, worstTier) = (int.MaxValue, int.MinValue);
        var branches = ImmutableArray.CreateBuilder<Branch>(1);
        foreach (var donorClass in standing.Classes)
        {
            // What nobody has said to be matched has no tier, whatever it would be.
            var group = standing.Reason.Length > 0 ? null : policy.GroupOf(donorClass);
            var tier = group?.Tier ?? policy.TierCount;
            (best, bestTier) = tier < bestTier ? (group, tier) : tier == bestTier ? (Same(best, group), tier) : (best, bestTier);
            (worst, worstTier) = tier > worstTier ? (group, tier) : tier == worstTier ? (Same(worst, group), tier) : (worst, worstTier);
            Add(donor, group, branches);
        }

        var blockedBands = policy.TierCount + 1;
        var bestBand = bestTier + (entry.State == BlockState.Blocked ? blockedBands : 0);
        var worstBand = worstTier + (entry.State == BlockState.NotBlocked ? 0 : blockedBands);
        return entry with
        {
            Best = best is null ? new Place(bestBand, Place.NoGroup, []) : Of(branches, best).Best with { Band = bestBand },
            Worst = worst is null ? new Place(worstBand, Place.NoGroup, []) : Of(branches, worst).Worst with { Band = worstBand },
            Branches = entry.State == BlockState.Blocked ? [] : branches.ToImmutable(),
        };
    }

    // Where two groups of one tier are possible, the donor is in neither.
    private static CompiledGroup? Same(CompiledGroup? one, CompiledGroup? other) => one == other ? one : null;

    private static Branch Of(ImmutableArray<Branch>.Builder branches, CompiledGroup group)
    {
        var index = 0;
        while (branches[index].Best.Group != group.Number)
        {
            index++;
        }

        return branches[index];
    }

    // Each group once; a donor is measured once for it.
    private void Add(DonorCase donor, CompiledGroup? group, ImmutableArray<Branch>.Builder branches)
    {
        if (group is null || branches.Any(branch => branch.Best.Group == group.Number))
        {
            return;
        }

        var (best, worst) = (new double[group.Criteria.Length], new double[group.Criteria.Length]);
        for (var index = 0; index < best.Length; index++)
        {
            var measured = measures.Of(group.Criteria[index], donor);
            (best[index], worst[index]) = (measured.Best, measured.Worst);
        }

        branches.Add(new Branch(new Place(group.Tier, group.Number, [.. best]), new Place(group.Tier, group.Number, [.. worst])));
    }
}
