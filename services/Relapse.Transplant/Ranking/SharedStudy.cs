using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Which of the unknowns that all donors share could change who comes first. Completions are compared in pairs that differ in one of them
/// alone: somebody who can come first in one has no tier, is blocked, or has a rival before it in the other, with the same facts of the
/// donors in both. A donor's fact is the same in both where the unknown does not touch it, or where each of its values has a measure in
/// both; where neither is so (<see cref="SharedUnknown.LeavesOpen"/>), the two are taken as independent.
/// </summary>
/// <param name="ranking">The ranking.</param>
/// <param name="order">The order of places.</param>
internal sealed class SharedStudy(DonorRanking ranking, PlaceOrder order)
{
    private const string Blocked = "blocked";
    private const string Tier = "tier";
    private const string Typing = "recipient.typing(";
    private const int Out = int.MaxValue;

    /// <summary>Adds those that could.</summary>
    /// <param name="firsts">Who can come first in each completion, by index.</param>
    /// <param name="known">Those that were found before, by less of the order. What is added is added here too.</param>
    /// <param name="unknowns">Where to add them.</param>
    public void Add(IReadOnlyList<HashSet<int>> firsts, HashSet<(string Field, string Criterion)> known, List<DecidingUnknown> unknowns)
    {
        var (found, step) = (new HashSet<(string Field, string Criterion)>(), 1);
        foreach (var unknown in ranking.Shared)
        {
            for (var index = 0; index < firsts.Count; index++)
            {
                var value = index / step % unknown.Values.Length;
                for (var other = 0; other < unknown.Values.Length; other++)
                {
                    if (other != value)
                    {
                        Compare(unknown, index, index + (other - value) * step, firsts, found);
                    }
                }
            }

            step *= unknown.Values.Length;
        }

        found.ExceptWith(known);
        known.UnionWith(found);
        // Loci of the recipient that work through the same criterion are named together.
        foreach (var same in found.GroupBy(one => (Field: one.Field.StartsWith(Typing, StringComparison.Ordinal) ? Typing : one.Field, one.Criterion)))
        {
            unknowns.Add(new DecidingUnknown
            {
                Field = same.Key.Field == Typing ? $"{Typing}{string.Join(',', same.Select(one => one.Field[Typing.Length..^1]))})" : same.Key.Field,
                Criterion = same.Key.Criterion,
                NotInSource = order == ranking.FullOrder,
            });
        }
    }

    private void Compare(SharedUnknown unknown, int index, int other, IReadOnlyList<HashSet<int>> firsts, HashSet<(string Field, string Criterion)> found)
    {
        var (one, two) = (ranking.Completions[index], ranking.Completions[other]);
        var rivalPlaces = firsts[other].Select(rival => (Rival: rival, Places: Modes(unknown, one, two, rival), IsMoved: IsMoved(one, two, rival))).ToList();
        foreach (var donor in firsts[index])
        {
            var (places, isMoved) = (Modes(unknown, one, two, donor), IsMoved(one, two, donor));
            List<Entry> rivals = [.. firsts[index].Where(rival => rival != donor).Select(rival => one.Entries[rival])];
            places.RemoveAll(place => place.Before.Band == Out || rivals.Exists(rival => order.Precedes(rival.Worst, place.Before.Branch.Best)));
            if (places.Exists(place => place.After.Band == Out))
            {
                found.Add((unknown.Field, one.Entries[donor].State == two.Entries[donor].State ? Tier : Blocked));
            }

            places = [.. places.Select(place => (Within(place.Before, rivals), place.After))];
            foreach (var (rival, taken, _) in rivalPlaces.Where(rival => rival.Rival != donor && (isMoved || rival.IsMoved)))
            {
                if (new Pair(unknown, one, two, donor, rival, ranking, order).Falls(places, taken) is { } criterion)
                {
                    found.Add((unknown.Field, criterion));
                }
            }
        }
    }

    // Whether the unknown can move a donor at all: its places differ, or are open and may.
    private static bool IsMoved(Appraisal one, Appraisal other, int donor)
    {
        var (before, after) = (one.Entries[donor], other.Entries[donor]);
        return before.State != after.State || before.Branches.Length != after.Branches.Length || before.Best.Band != after.Best.Band || before.Worst.Band != after.Worst.Band
            || before.State == BlockState.Open || before.Standing.Classes.Length > 1
            || before.Branches.Zip(after.Branches).Any(pair => pair.First.Best.Group != pair.Second.Best.Group
                || !pair.First.Best.Key.SequenceEqual(pair.Second.Best.Key) || !pair.First.Worst.Key.SequenceEqual(pair.Second.Worst.Key)
                // What is open may be open otherwise.
                || !pair.First.Best.Key.SequenceEqual(pair.First.Worst.Key));
    }

    // Where it can come first.
    private Mode Within(Mode mode, List<Entry> rivals) => mode with { Branch = mode.Branch.Within(order.LeastWorst(mode.Branch.Best, rivals)) };

    // What a donor can be in two completions together: a tier and group, or out of it.
    private List<(Mode Before, Mode After)> Modes(SharedUnknown unknown, Appraisal one, Appraisal other, int donor)
    {
        var (before, after) = (ModesOf(one.Entries[donor]), ModesOf(other.Entries[donor]));
        var isSame = before.Count == after.Count && before.Zip(after).All(pair => pair.First.Band == pair.Second.Band && pair.First.Branch.Best.Group == pair.Second.Branch.Best.Group);
        return isSame && !unknown.LeavesOpen(one, other, one.Entries[donor].Donor, null)
            ? [.. before.Zip(after)]
            : [.. before.SelectMany(_ => after, (was, becomes) => (was, becomes))];
    }

    private List<Mode> ModesOf(Entry entry)
    {
        List<Mode> modes = [.. entry.Branches.Select(branch => new Mode(branch.Best.Band, branch))];
        var policy = ranking.Question.Policy;
        if (modes.Count == 0 || entry.State != BlockState.NotBlocked || entry.Standing.Reason.Length > 0 || entry.Standing.Classes.Any(donorClass => policy.GroupOf(donorClass) is null))
        {
            modes.Add(new Mode(Out, default));
        }

        return modes;
    }

    /// <summary>One who can come first, and a rival, in two completions.</summary>
    private readonly struct Pair(SharedUnknown unknown, Appraisal one, Appraisal other, int donor, int rival, DonorRanking ranking, PlaceOrder order)
    {
        // Signs of two comparisons together, as bits: 3 x 3.
        private const int Signs = 3;
        private const int OnlyAlike = 1 << 4;

        /// <summary>Whether it may be that it does not stand behind the rival in the one, and does in the other: by which criterion. Null: it
        /// may not.</summary>
        public string? Falls(List<(Mode Before, Mode After)> places, List<(Mode Before, Mode After)> rivals)
        {
            foreach (var (before, after) in places)
            {
                foreach (var (rivalBefore, rivalAfter) in rivals)
                {
                    if (Falls(before, after, rivalBefore, rivalAfter) is { } criterion)
                    {
                        return criterion;
                    }
                }
            }

            return null;
        }

        private string? Falls(Mode before, Mode after, Mode rivalBefore, Mode rivalAfter)
        {
            // Out of it the donor stands behind nobody in particular: that is asked of itself.
            if (after.Band == Out || rivalAfter.Band > after.Band || rivalBefore.Band < before.Band)
            {
                return null;
            }

            var keysBefore = rivalBefore.Band == before.Band && rivalBefore.Branch.Best.Group == before.Branch.Best.Group;
            var keysAfter = rivalAfter.Band == after.Band && rivalAfter.Branch.Best.Group == after.Branch.Best.Group;
            if (rivalAfter.Band == after.Band && !keysAfter)
            {
                return null;
            }

            if (keysBefore && keysAfter && before.Branch.Best.Group == after.Branch.Best.Group)
            {
                return ByKeys(before.Branch, after.Branch, rivalBefore.Branch, rivalAfter.Branch);
            }

            // Only one of the two is by criteria, or they are by those of two groups: what decides is the tier.
            var stays = !keysBefore || order.CompareKeys(before.Branch.Best, rivalBefore.Branch.Worst) <= 0;
            var falls = rivalAfter.Band < after.Band || order.CompareKeys(after.Branch.Whole, rivalAfter.Branch.Best) > 0;
            return stays && falls ? Tier : null;
        }

        // From the last criterion to the first: which signs the two comparisons can have together.
        private string? ByKeys(in Branch before, in Branch after, in Branch rivalBefore, in Branch rivalAfter)
        {
            var group = before.Best.Group;
            var criteria = ranking.Question.Policy.Groups[group].Criteria;
            var (signs, decides, alike) = (OnlyAlike, 0, ranking.Alike(group, one.Entries[donor], one.Entries[rival]));
            for (var index = order.Depth(group) - 1; index >= 0; index--)
            {
                var here = (alike & 1 << index) != 0 ? OnlyAlike : At(criteria[index], index, before, after, rivalBefore, rivalAfter);
                decides = (here & ~(1 | OnlyAlike | 1 << 8)) != 0 ? index : decides;
                signs = Then(here, signs);
            }

            // Not behind in the one (bits of signs -1 and 0), behind in the other (sign 1).
            return (signs & (1 << 2 | 1 << 5)) != 0 ? criteria[decides].Id : null;
        }

        private static int Bit(int sign, int other) => 1 << ((Math.Sign(sign) + 1) * Signs + Math.Sign(other) + 1);

        // What comes after counts only where this is alike.
        private static int Then(int here, int after)
        {
            var signs = 0;
            for (var bit = 0; bit < Signs * Signs; bit++)
            {
                for (var next = 0; next < Signs * Signs; next++)
                {
                    if ((here & 1 << bit) != 0 && (after & 1 << next) != 0)
                    {
                        var (sign, other) = (bit / Signs - 1, bit % Signs - 1);
                        signs |= Bit(sign != 0 ? sign : next / Signs - 1, other != 0 ? other : next % Signs - 1);
                    }
                }
            }

            return signs;
        }

        private int At(CompiledCriterion criterion, int index, in Branch before, in Branch after, in Branch rivalBefore, in Branch rivalAfter)
        {
            var (mine, theirs) = (new Range(before.Best.Key[index], before.Worst.Key[index]), Range.Of(rivalBefore, index));
            var (mineAfter, theirsAfter) = (Range.Of(after, index), Range.Of(rivalAfter, index));
            var (donorCase, rivalCase) = (one.Entries[donor].Donor, one.Entries[rival].Donor);
            var signs = 0;
            var (cases, rivals) = (one.Measures.Cases(criterion, donorCase), one.Measures.Cases(criterion, rivalCase));
            var (casesAfter, rivalsAfter) = (other.Measures.Cases(criterion, donorCase), other.Measures.Cases(criterion, rivalCase));
            if (!cases.IsEmpty && !casesAfter.IsEmpty && !rivals.IsEmpty && !rivalsAfter.IsEmpty)
            {
                for (var own = 0; own < cases.Length; own++)
                {
                    for (var theirOwn = 0; theirOwn < rivals.Length && cases[own] <= mine.Max; theirOwn++)
                    {
                        signs |= Bit(cases[own].CompareTo(rivals[theirOwn]), casesAfter[own].CompareTo(rivalsAfter[theirOwn]));
                    }
                }

                return signs;
            }

            var isTouched = Range.Of(before, index) != mineAfter || theirs != theirsAfter
                || (CanTouch(criterion) && (unknown.LeavesOpen(one, other, donorCase, criterion) || unknown.LeavesOpen(one, other, rivalCase, criterion)));
            mineAfter = isTouched ? mineAfter : mine;
            for (var sign = -1; sign <= 1; sign++)
            {
                for (var other = -1; other <= 1; other++)
                {
                    signs |= (isTouched || sign == other) && mine.CanBe(sign, theirs) && mineAfter.CanBe(other, theirsAfter) ? Bit(sign, other) : 0;
                }
            }

            return signs;
        }
        // The same ligands of the recipient ask the same of everybody.
        private bool CanTouch(CompiledCriterion criterion) =>
            criterion.Document.Measure != Measure.NkAlloreactivity || !Equals(one.Context.RecipientLigands?.All, other.Context.RecipientLigands?.All);
    }

    private readonly record struct Mode(int Band, Branch Branch);

    private readonly record struct Range(double Min, double Max)
    {
        public static Range Of(in Branch branch, int index) => new(branch.Best.Key[index], branch.Whole.Key[index]);

        // Whether a value of this can be below (-1), equal to or above one of another.
        public bool CanBe(int sign, Range other) => sign switch
        {
            -1 => Min < other.Max,
            0 => Math.Max(Min, other.Min) <= Math.Min(Max, other.Max),
            _ => Max > other.Min,
        };
    }
}
