using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using HlaLocus = Relapse.Transplant.Hla.HlaLocus;
using static Relapse.Tests.Transplant.Ranking.RankedCall;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>What is remembered of a comparison is of one locus, one typing of the recipient and one of the donor, whatever else is alike.</summary>
public sealed class LocusComparisonTests
{
    private const string Rest = "^C*07:01+C*07:01^DRB1*03:01+DRB1*03:01^DQB1*02:01+DQB1*02:01";

    [Fact]
    public void The_same_names_at_two_loci_are_two_comparisons()
    {
        // At A the recipient is certain and at B it is not; the donor's fields are the same in both.
        var request = Request("A*01:01+A*01:01^B*02:01/B*03:01+B*03:01" + Rest, "A*01:01/A*02:01+A*01:01^B*01:01/B*02:01+B*01:01" + Rest);
        Assert.Equal([("A", 0, 1), ("B", 1, 2)], Mismatches(Answer(request).Ranked[0].Hla[0]));
        Assert.Equal([("A", 0, 1), ("B", 1, 2)], Mismatches(Answer(Request("B*02:01/B*03:01+B*03:01^A*01:01+A*01:01" + Rest, "B*01:01+B*01:01/B*02:01^A*01:01+A*01:01/A*02:01" + Rest)).Ranked[0].Hla[0]));
    }

    [Fact]
    public void Alleles_and_antigens_of_one_locus_are_two_comparisons()
    {
        var reference = new HlaReference(Releases.Synthetic, null);
        var request = Request("A*91:01+A*91:01");
        // 91:01 and 92:01 are splits of one broad antigen, and another allele.
        request.Donors.Add(new Donor { DonorId = "c", Kind = DonorKind.Cord, Units = { Unit("A*92:01+A*92:01"), Unit("A*93:01L/A*92:01+A*92:01") } });
        var hla = Answer(request, reference).Ranked[0].Hla;
        Assert.Equal([("A", 2, 2), ("A", 2, 2)], hla.SelectMany(Mismatches));
        // B and DRB1 are typed in nobody: 4 more are possible.
        Assert.Equal([(2, 6), (1, 6)], hla.Select(one => (one.AntigenSix.Guaranteed, one.AntigenSix.Possible)));
    }

    [Fact]
    public void What_is_remembered_of_one_donor_is_not_another_s()
    {
        var request = Request("A*01:01/A*02:01+A*03:01", "A*01:01+A*03:01", "A*04:01+A*03:01", "A*01:01/A*02:01+A*03:01", "A*03:01+A*01:01");
        Assert.Equal([(0, 1), (1, 1), (0, 1), (0, 1)], Answer(request).Ranked.OrderBy(donor => donor.Index).Select(donor => Mismatches(donor.Hla[0]).Select(one => (one.Item2, one.Item3)).Single()));
    }

    [Fact]
    public void The_recipient_completed_at_one_locus_is_compared_anew_there_and_as_before_elsewhere()
    {
        // Without DQB1 of the recipient either may be the better matched; A is ambiguous of the donors and the same throughout.
        var request = Request("A*01:01+A*01:01", "A*01:01/A*02:01+A*01:01^DQB1*02:01+DQB1*02:01", "A*01:01/A*02:01+A*01:01^DQB1*03:01+DQB1*03:01");
        var ranking = Rank(request);
        var counts = ranking.Completions.Select(completion => request.Donors.Select((_, index) => completion.Context.Count(HlaLocus.Dqb1, ranking.Given.Entries[index].Donor.Typings[0][HlaLocus.Dqb1]).Matches.ToString())).Select(both => string.Join('-', both)).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("2-0", counts);
        Assert.Contains("0-2", counts);
        Assert.DoesNotContain("2-2", counts);
        Assert.All(ranking.Completions, completion => Assert.Equal(ranking.Context.Count(HlaLocus.A, ranking.Given.Entries[0].Donor.Typings[0][HlaLocus.A]), completion.Context.Count(HlaLocus.A, ranking.Given.Entries[0].Donor.Typings[0][HlaLocus.A])));
    }

    private static IEnumerable<(string, int, int)> Mismatches(HlaComparison hla) => hla.Mismatches.Select(one => (one.Locus, one.HvgMin, one.HvgMax)).Where(one => one.Locus is "A" or "B").Order();

    private static CordUnit Unit(string typing) => new() { Typing = new HlaTyping { GlString = typing } };

    private static RankDonorsRequest Request(string recipient, params string[] donors)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { Typing = new HlaTyping { GlString = recipient } } };
        foreach (var (typing, index) in donors.Select((typing, index) => (typing, index)))
        {
            var donor = Unrelated($"u{index}");
            donor.Typing = new HlaTyping { GlString = typing };
            request.Donors.Add(donor);
        }

        return request;
    }
}
