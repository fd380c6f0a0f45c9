using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Ranking;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>
/// Small lists in which facts are missing, held to every completion of them. Each completion is ranked by rules written down here a second
/// time: blocked last, then the tiers of the review, then the NK-alloreactive relative among the T-cell-depleted.
/// </summary>
public sealed class RankingOracleTests
{
    private const int Rounds = 400;
    private static readonly GraftManipulation[] Manipulations =
        [GraftManipulation.TCellDepleted, GraftManipulation.AlphaBetaDepleted, GraftManipulation.Unmanipulated, GraftManipulation.PostTransplantCyclophosphamide];

    [Fact]
    public void Ranks_are_exactly_those_of_all_completions()
    {
        foreach (var request in Requests(seed: 1))
        {
            var completions = Completions(request).ToList();
            foreach (var listed in RankedCall.Rank(request).List)
            {
                var ranks = completions.Select(known => RankOf(known, listed.Entry.Donor.Index)).ToList();
                Assert.Equal((ranks.Min(rank => rank.Min), ranks.Max(rank => rank.Max)), (listed.Ranks.Min, listed.Ranks.Max));
            }
        }
    }

    [Fact]
    public void Who_can_come_first_is_who_does_in_some_completion()
    {
        foreach (var request in Requests(seed: 2))
        {
            var expected = Completions(request).SelectMany(known => FirstOf(known)).Distinct().Select(index => request.Donors[index].DonorId);
            Assert.Equal(expected.Order(StringComparer.Ordinal), First(request).Possible.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void What_is_said_to_matter_matters_and_nothing_else_does()
    {
        var mattering = 0;
        foreach (var request in Requests(seed: 3))
        {
            var completions = Completions(request).ToList();
            var reported = First(request).Missing.Where(unknown => !unknown.NotInSource).Select(unknown => unknown.Field).ToHashSet(StringComparer.Ordinal);
            foreach (var (path, alike) in Unknowns(request))
            {
                var matters = completions.GroupBy(alike).Any(group => group.Select(known => string.Join(',', FirstOf(known))).Distinct().Count() > 1);
                Assert.Equal(matters, reported.Contains(path));
                mattering += matters ? 1 : 0;
            }
        }

        Assert.InRange(mattering, 100, int.MaxValue);
    }

    [Fact]
    public void The_list_keeps_every_certain_order_and_every_donor_whatever_the_order_of_the_request()
    {
        var random = new Random(4);
        foreach (var request in Requests(seed: 4))
        {
            var ranking = RankedCall.Rank(request);
            string[] ids = [.. ranking.List.Select(listed => listed.Entry.Donor.Message.DonorId)];
            Assert.Equal(request.Donors.Select(donor => donor.DonorId).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
            for (var place = 0; place < ids.Length; place++)
            {
                Assert.DoesNotContain(
                    ranking.List.Skip(place + 1),
                    later => ranking.SourceOrder.Precedes(later.Entry.Worst, ranking.List[place].Entry.Best) || ranking.FullOrder.Precedes(later.Entry.Worst, ranking.List[place].Entry.Best));
            }

            var shuffled = request.Clone();
            shuffled.Donors.Clear();
            shuffled.Donors.AddRange(request.Donors.OrderBy(_ => random.Next()));
            Assert.Equal(ids, RankedCall.Rank(shuffled).List.Select(listed => listed.Entry.Donor.Message.DonorId));
        }
    }

    [Fact]
    public void Certain_order_is_transitive_and_never_both_ways()
    {
        foreach (var request in Requests(seed: 5))
        {
            var ranking = RankedCall.Rank(request);
            Entry[] entries = [.. ranking.List.Select(listed => listed.Entry)];
            foreach (var order in new[] { ranking.SourceOrder, ranking.FullOrder })
            {
                foreach (var (a, b, c) in from a in entries from b in entries from c in entries select (a, b, c))
                {
                    Assert.False(order.Precedes(a.Worst, b.Best) && order.Precedes(b.Worst, a.Best));
                    Assert.True(!(order.Precedes(a.Worst, b.Best) && order.Precedes(b.Worst, c.Best)) || order.Precedes(a.Worst, c.Best));
                }
            }
        }
    }

    [Fact]
    public void To_know_more_never_widens_a_rank()
    {
        foreach (var request in Requests(seed: 6).Take(100))
        {
            var before = RankedCall.Rank(request).List.ToDictionary(listed => listed.Entry.Donor.Index, listed => listed.Ranks);
            foreach (var known in Completions(request))
            {
                foreach (var listed in RankedCall.Rank(known).List)
                {
                    Assert.InRange(listed.Ranks.Min, before[listed.Entry.Donor.Index].Min, listed.Ranks.Max);
                    Assert.InRange(listed.Ranks.Max, listed.Ranks.Min, before[listed.Entry.Donor.Index].Max);
                }
            }
        }
    }

    private static FirstPlace First(RankDonorsRequest request) => RankedCall.Answer(request).Summary.FirstPlace;

    // Two to five donors, few facts of each open, so that the completions can be walked.
    private static IEnumerable<RankDonorsRequest> Requests(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var request = new RankDonorsRequest { Recipient = new Recipient() };
            for (var index = random.Next(2, 6); index > 0; index--)
            {
                request.Donors.Add(Draw(random, $"d{index}"));
            }

            yield return request;
        }
    }

    private static Donor Draw(Random random, string id)
    {
        var donor = random.Next(5) switch
        {
            0 => RankedCall.Relative(id, Relationship.Sibling, MatchStatement.Matched),
            1 => RankedCall.Relative(id, random.Next(2) == 0 ? Relationship.Other : Relationship.Unspecified, MatchStatement.Matched),
            2 => RankedCall.Unrelated(id, random.Next(3) == 0 ? MatchStatement.Mismatched : MatchStatement.Matched),
            3 => RankedCall.Relative(id, Relationship.Other, MatchStatement.Haploidentical, Manipulations[random.Next(4)]),
            _ => RankedCall.Relative(id, Relationship.Other, MatchStatement.Haploidentical),
        };
        if (donor.Kind == DonorKind.Unrelated)
        {
            donor.ClearAgeYears();
            if (random.Next(3) > 0)
            {
                donor.AgeYears = random.Next(4) == 0 ? 10 : 30;
            }
        }

        if (random.Next(2) == 0 && donor.Kind == DonorKind.Related)
        {
            donor.NkAlloreactive = random.Next(2) == 0;
        }

        if (random.Next(6) == 0)
        {
            donor.FitToDonate = false;
        }

        return donor;
    }

    // What is open in a request, with what tells completions apart that differ in nothing else.
    private static IEnumerable<(string Path, Func<RankDonorsRequest, string> Alike)> Unknowns(RankDonorsRequest request)
    {
        for (var index = 0; index < request.Donors.Count; index++)
        {
            foreach (var (field, _) in Open(request.Donors[index], request))
            {
                var at = index;
                yield return ($"donors[{index}].{field}", known => Without(known, at, field));
            }
        }
    }

    private static string Without(RankDonorsRequest known, int index, string field)
    {
        var rest = known.Clone();
        var accessor = Donor.Descriptor.FindFieldByName(field).Accessor;
        accessor.Clear(rest.Donors[index]);
        return rest.ToString();
    }

    private static IEnumerable<(string Field, Action<Donor>[] Values)> Open(Donor donor, RankDonorsRequest request)
    {
        if (donor.Kind == DonorKind.Unrelated && !donor.HasAgeYears)
        {
            yield return ("age_years", [one => one.AgeYears = 10, one => one.AgeYears = 30]);
        }

        if (donor is { Kind: DonorKind.Related, Relationship: Relationship.Unspecified })
        {
            yield return ("relationship", [one => one.Relationship = Relationship.Sibling, one => one.Relationship = Relationship.Other]);
        }

        if (donor is { MatchStatement: MatchStatement.Haploidentical, Manipulation: GraftManipulation.Unspecified })
        {
            yield return ("manipulation", [.. Manipulations.Select(manipulation => (Action<Donor>)(one => one.Manipulation = manipulation))]);
        }

        // Nobody asks for it while nothing is stated of anybody who may be preferred for it.
        if (donor.MatchStatement == MatchStatement.Haploidentical && !donor.HasNkAlloreactive && request.Donors.Any(other => other.HasNkAlloreactive && MayBeDepleted(other)))
        {
            yield return ("nk_alloreactive", [one => one.NkAlloreactive = true, one => one.NkAlloreactive = false]);
        }
    }

    private static IEnumerable<RankDonorsRequest> Completions(RankDonorsRequest request)
    {
        IEnumerable<RankDonorsRequest> completions = [request];
        for (var index = 0; index < request.Donors.Count; index++)
        {
            var at = index;
            foreach (var (_, values) in Open(request.Donors[index], request).ToList())
            {
                completions = completions.SelectMany(known => values.Select(value =>
                {
                    var next = known.Clone();
                    value(next.Donors[at]);
                    return next;
                })).ToList();
            }
        }

        return completions;
    }

    private static (int Min, int Max) RankOf(RankDonorsRequest known, int index)
    {
        var donors = known.Donors;
        return (1 + donors.Count(other => Ahead(other, donors[index], known)), donors.Count - donors.Count(other => Ahead(donors[index], other, known)));
    }

    private static IEnumerable<int> FirstOf(RankDonorsRequest known) => Enumerable.Range(0, known.Donors.Count).Where(index =>
        !IsBlocked(known.Donors[index]) && TierOf(known.Donors[index]) < 5 && known.Donors.All(other => !Ahead(other, known.Donors[index], known)));

    private static bool Ahead(Donor one, Donor other, RankDonorsRequest known)
    {
        var (place, against) = ((IsBlocked(one), TierOf(one)), (IsBlocked(other), TierOf(other)));
        var order = place.CompareTo(against);
        return order < 0 || (order == 0 && IsDepleted(one) && IsDepleted(other) && known.Donors.Any(donor => donor.HasNkAlloreactive) && one.NkAlloreactive && !other.NkAlloreactive);
    }

    private static bool IsBlocked(Donor donor) => donor is { HasFitToDonate: true, FitToDonate: false } || (donor.Kind == DonorKind.Unrelated && donor.AgeYears < 18);

    private static bool IsDepleted(Donor donor) =>
        donor.MatchStatement == MatchStatement.Haploidentical && donor.Manipulation is GraftManipulation.TCellDepleted or GraftManipulation.AlphaBetaDepleted;

    private static bool MayBeDepleted(Donor donor) =>
        donor.MatchStatement == MatchStatement.Haploidentical && donor.Manipulation is GraftManipulation.Unspecified or GraftManipulation.TCellDepleted or GraftManipulation.AlphaBetaDepleted;

    private static int TierOf(Donor donor) => (donor.Kind, donor.MatchStatement) switch
    {
        (DonorKind.Related, MatchStatement.Matched) => donor.Relationship == Relationship.Sibling ? 1 : 2,
        (DonorKind.Unrelated, MatchStatement.Matched) => 3,
        (DonorKind.Unrelated, _) => 5,
        _ => IsDepleted(donor) ? 3 : 4,
    };
}
