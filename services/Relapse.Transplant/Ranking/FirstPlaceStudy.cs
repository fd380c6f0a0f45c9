using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Who can come first, and what is not known and could change it. A change is: with everything else settled in some way, one thing alone
/// decides between two answers; that nobody comes first is an answer too. What donors share is settled in every way
/// (<see cref="DonorRanking.Completions"/>); then donors are taken in pairs, so the work is bounded. Beyond <see cref="MostCompared"/>
/// donors that can come first the rest are not looked at for unknowns, and the answer says so.
/// </summary>
/// <param name="ranking">The ranking.</param>
internal sealed class FirstPlaceStudy(DonorRanking ranking)
{
    /// <summary>How many donors who can come first are looked at together.</summary>
    public const int MostCompared = 100;

    private const int MostListed = 50;
    private readonly HashSet<(string Field, string Criterion)> _shared = [];

    /// <summary>Answers it.</summary>
    public FirstPlace Study()
    {
        var firsts = ranking.Completions.Select(First).ToList();
        var anywhere = firsts.SelectMany(first => first).ToHashSet();
        List<Entry> possible = [.. ranking.List.Where(listed => anywhere.Contains(listed.Entry.Donor.Index)).Select(listed => listed.Entry)];
        HashSet<int> compared = [.. possible.Take(MostCompared).Select(entry => entry.Donor.Index)];
        firsts.ForEach(first => first.IntersectWith(compared));
        var unknowns = new List<DecidingUnknown>();
        AddUnknown(firsts, ranking.SourceOrder, unknowns);
        new UnsetSettings(ranking).Add(possible, unknowns);
        var certain = unknowns.TrueForAll(unknown => unknown.NotInSource) && (possible.Count <= MostCompared || possible.TrueForAll(IsSettled));
        AddUnknown(firsts, ranking.FullOrder, unknowns);
        var distinct = unknowns.DistinctBy(unknown => (unknown.Field, unknown.DonorId, unknown.Criterion)).ToList();
        return new FirstPlace
        {
            Possible = { possible.Take(MostListed).Select(entry => entry.Donor.Message.DonorId) },
            Count = possible.Count,
            Certain = certain,
            Missing = { distinct.Take(MostListed) },
            Truncated = possible.Count > Math.Min(MostCompared, MostListed) || distinct.Count > MostListed,
        };
    }

    // Who can come first in a completion, by index.
    private HashSet<int> First(Appraisal completion)
    {
        var ranks = new RankCounter(completion.Entries, ranking.SourceOrder);
        return [.. completion.Entries.Where(entry => entry.Best.Band < ranking.FirstWithoutTier && ranks.Of(entry).Min == 1).Select(entry => entry.Donor.Index)];
    }

    // Whether nothing that is not known moves it, by the source.
    private bool IsSettled(Entry entry) => ranking.SourceOrder.Compare(entry.Best, entry.Worst) == 0;

    // Facts of donors in each completion; then what the completions differ in.
    private void AddUnknown(List<HashSet<int>> firsts, PlaceOrder order, List<DecidingUnknown> unknowns)
    {
        for (var index = 0; index < firsts.Count; index++)
        {
            var completion = ranking.Completions[index];
            List<Entry> possible = [.. completion.Entries.Where(entry => firsts[index].Contains(entry.Donor.Index))];
            foreach (var entry in possible)
            {
                Add(completion, entry, possible, order, unknowns);
            }
        }

        new SharedStudy(ranking, order).Add(firsts, _shared, unknowns);
    }

    private void Add(Appraisal completion, Entry entry, List<Entry> others, PlaceOrder order, List<DecidingUnknown> unknowns)
    {
        var rivals = others.Where(other => other != entry).ToList();
        unknowns.AddRange(entry.Unmoved.Where(block => !block.IsCertain).SelectMany(block => block.Missing).Select(field => Unknown(field, entry, "blocked", order == ranking.FullOrder)));
        if (TierMatters(entry, rivals, order))
        {
            unknowns.AddRange(entry.Standing.Missing.Select(field => Unknown(field, entry, "tier", order == ranking.FullOrder)));
        }

        // In each group in which it can come first: none that is certainly before it there.
        foreach (var branch in entry.Branches.Where(branch => !rivals.Exists(rival => order.Precedes(rival.Worst, branch.Best))))
        {
            AddKeys(completion, entry, branch.Within(order.LeastWorst(branch.Best, rivals)), rivals, order, unknowns);
        }
    }

    private void AddKeys(Appraisal completion, Entry entry, in Branch branch, List<Entry> rivals, PlaceOrder order, List<DecidingUnknown> unknowns)
    {
        var criteria = ranking.Question.Policy.Groups[branch.Best.Group].Criteria;
        for (var index = 0; index < order.Depth(branch.Best.Group); index++)
        {
            var criterion = criteria[index];
            if (!branch.Best.Key[index].Equals(branch.Whole.Key[index]) && KeyMatters(entry, branch, rivals, index, order))
            {
                unknowns.AddRange(completion.Measures.Missing(criterion, entry.Donor).Select(field => Unknown(field, entry, criterion.Id, criterion.Document.NotInSource)));
            }
        }
    }

    // What decides of a donor can be the typing of another, its sibling or parent.
    private DecidingUnknown Unknown(string field, Entry entry, string criterion, bool notInSource) => new()
    {
        Field = field,
        DonorId = !field.StartsWith("donors", StringComparison.Ordinal) ? ""
            : field.StartsWith(entry.Donor.Path(""), StringComparison.Ordinal) ? entry.Donor.Message.DonorId
            : ranking.Given.Entries.First(other => field.StartsWith(other.Donor.Path(""), StringComparison.Ordinal)).Donor.Message.DonorId,
        Criterion = criterion,
        NotInSource = notInSource,
    };

    // One who can come first and can also be out of it changes the answer; so does one who stands otherwise to a rival in one tier and group
    // than in another.
    private bool TierMatters(Entry entry, List<Entry> rivals, PlaceOrder order)
    {
        var policy = ranking.Question.Policy;
        return (entry.Standing.Classes.Length > 1 && entry.Branches.Length > 0 && entry.Standing.Classes.Any(donorClass => policy.GroupOf(donorClass) is null))
            || rivals.Exists(rival => rival.Branches.Any(place => Changes([.. entry.Branches.Select(branch => Relations(branch, place, order))])));
    }

    // Whether two of them can differ.
    private static bool Changes(int[] relations) => relations.Length > 1 && (int.PopCount(relations.Aggregate(0, (all, one) => all | one)) > 1);

    // As bits: before the rival's, beside it, behind it.
    private static int Relations(in Branch branch, in Branch rival, PlaceOrder order)
    {
        const int Before = 1, Beside = 2, Behind = 4;
        if (branch.Best.Band != rival.Best.Band)
        {
            return branch.Best.Band < rival.Best.Band ? Before : Behind;
        }

        if (branch.Best.Group != rival.Best.Group)
        {
            return Beside;
        }

        var (best, worst) = (order.CompareKeys(branch.Best, rival.Worst), order.CompareKeys(branch.Worst, rival.Best));
        return (best < 0 ? Before : 0) | (best <= 0 && worst >= 0 ? Beside : 0) | (worst > 0 ? Behind : 0);
    }

    private bool KeyMatters(Entry entry, in Branch branch, List<Entry> rivals, int index, PlaceOrder order)
    {
        foreach (var rival in rivals)
        {
            foreach (var other in rival.Branches)
            {
                if (other.Best.Group == branch.Best.Group && KeyMatters(branch, other, index, order, ranking.Alike(branch.Best.Group, entry, rival)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Up to the criterion both can be alike; at it the one unknown decides, or with what comes after it.
    private static bool KeyMatters(in Branch entry, in Branch rival, int index, PlaceOrder order, int alike)
    {
        if ((alike & 1 << index) != 0)
        {
            return false;
        }

        for (var before = 0; before < index; before++)
        {
            if ((alike & 1 << before) == 0 && !Meet(entry.Best.Key[before], entry.Worst.Key[before], rival.Best.Key[before], rival.Worst.Key[before]))
            {
                return false;
            }
        }

        var (min, max, low, high) = (entry.Best.Key[index], entry.Whole.Key[index], rival.Best.Key[index], rival.Worst.Key[index]);
        if (!Meet(min, max, low, high))
        {
            return false;
        }

        // Where the rival can be within, or beside an end with a tail that lets the relation change.
        var (from, to) = (Math.Max(min, low), Math.Min(max, high));
        return (from > min && from < max) || (to > min && to < max)
            || (from.Equals(min) && order.CompareKeys(entry.Best, rival.Worst, alike, index + 1) <= 0)
            || (to.Equals(max) && order.CompareKeys(entry.Whole, rival.Best, alike, index + 1) >= 0);
    }

    private static bool Meet(double min, double max, double otherMin, double otherMax) => Math.Max(min, otherMin) <= Math.Min(max, otherMax);
}
