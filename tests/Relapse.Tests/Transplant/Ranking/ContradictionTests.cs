using Relapse.Contracts.Transplant.V1;
using static Relapse.Tests.Transplant.Ranking.RankedCall;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>Facts that cannot all be true: both are named, and nothing is concluded from them.</summary>
public sealed class ContradictionTests
{
    private const string Inconsistent = "typing inconsistent with stated relationship";

    private static readonly Dictionary<char, string[]> Haplotypes = new()
    {
        ['a'] = ["01:01", "08:01", "07:01", "03:01", "02:01"],
        ['b'] = ["24:02", "35:01", "04:01", "11:01", "03:01"],
        ['c'] = ["03:01", "07:02", "07:02", "15:01", "06:02"],
        ['d'] = ["02:01", "44:02", "05:01", "04:01", "03:02"],
        ['e'] = ["11:01", "18:01", "12:03", "01:01", "05:01"],
        ['f'] = ["68:01", "51:01", "15:02", "13:01", "06:03"],
    };

    [Fact]
    public void Siblings_who_fit_one_by_one_and_not_together_are_each_reported()
    {
        // Six haplotypes are too many for two parents. The third sibling goes with either.
        var request = Request(Sibling("s1", "bd"), Sibling("s2", "ef"), Sibling("s3", "ac"));
        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = "10/10" });
        var answer = Answer(request);
        Assert.Equal([Inconsistent], Of(answer, "s1").Warnings);
        Assert.Equal([Inconsistent], Of(answer, "s2").Warnings);
        Assert.Equal((false, false, true), (Of(answer, "s1").Family.Consistent, Of(answer, "s2").Family.Consistent, Of(answer, "s3").Family.Consistent));
        Assert.Equal("NOT_KNOWN", Of(answer, "s1").TierReason);
        Assert.Contains(DonorClass.FamilyWithoutSharedHaplotype, Of(answer, "s1").Classes);
        Assert.Contains(DonorClass.HaploUnmanipulated, Of(answer, "s1").Classes);
    }

    [Fact]
    public void Two_siblings_cannot_both_have_what_the_father_did_not_pass_on()
    {
        var request = Request(Sibling("s1", "ad"), Sibling("s2", "ae"));
        request.Family.Add(new FamilyMember { Relationship = Relationship.Mother, Typing = Typing("ab") });
        Assert.All(Answer(request).Ranked, donor => Assert.Equal((Inconsistent, ""), (donor.Warnings.Single(), donor.Family.Nipa)));
    }

    [Fact]
    public void A_relative_who_is_no_donor_and_does_not_fit_is_reported_by_its_path()
    {
        var request = Request(Sibling("s1", "bd"));
        request.Family.Add(new FamilyMember { Relationship = Relationship.Sibling, Typing = Typing("ac") });
        request.Family.Add(new FamilyMember { Relationship = Relationship.Mother, Typing = Typing("ef") });
        var answer = Answer(request);
        Assert.Equal("family[1].typing", Assert.Single(answer.Summary.Warnings, warning => warning.Code == Inconsistent).Detail);
        Assert.True(answer.Ranked[0].Family.Consistent);
        request.Family[1] = new FamilyMember { Relationship = Relationship.Sibling, Typing = Typing("ef") };
        answer = Answer(request);
        Assert.Equal("family[1].typing", Assert.Single(answer.Summary.Warnings, warning => warning.Code == Inconsistent).Detail);
        Assert.False(answer.Ranked[0].Family.Consistent);
    }

    [Fact]
    public void What_is_said_of_siblings_does_not_depend_on_the_order_of_the_request()
    {
        Donor[] siblings = [.. "ac ad bc bd ac ad ef".Split(' ').Select((haplotypes, index) => Sibling($"s{index}", haplotypes))];
        var (one, other) = (Answer(Request(siblings)), Answer(Request([.. siblings.Reverse()])));
        Assert.All(siblings, sibling => Assert.Equal(Of(one, sibling.DonorId).Family, Of(other, sibling.DonorId).Family));
    }

    [Theory]
    [InlineData(DonorKind.Related)]
    [InlineData(DonorKind.Unrelated)]
    public void Stated_to_be_matched_and_typed_without_a_match_is_a_contradiction(DonorKind kind)
    {
        var donor = kind == DonorKind.Related ? Relative("x", Relationship.Sibling, MatchStatement.Matched) : Unrelated("x");
        donor.Typing = Typing("ef");
        var answer = Answer(Request(donor));
        Assert.Equal(("", "NOT_KNOWN"), (answer.Ranked[0].Tier, answer.Ranked[0].TierReason));
        Assert.Contains("STATEMENT_AGAINST_TYPING(match_statement, typing)", answer.Ranked[0].Warnings);
        Assert.False(answer.Summary.FirstPlace.Certain);
        Assert.Contains("donors[0].match_statement", answer.Ranked[0].Missing);
        // One locus that may match is enough: what matched means is the laboratory's to say.
        donor.Typing = Typing("af");
        Assert.Equal(["MATCH_AS_STATED_BY_LABORATORY"], Answer(Request(donor)).Ranked[0].Warnings.Take(1));
        Assert.NotEqual("", Answer(Request(donor)).Ranked[0].Tier);
    }

    [Fact]
    public void What_the_recipient_may_turn_out_to_have_is_held_against_a_statement()
    {
        var (volunteer, other) = (Unrelated("x"), Relative("o", Relationship.Other, MatchStatement.Haploidentical, GraftManipulation.Unmanipulated));
        volunteer.Typing = Typing("ef");
        var request = Request(volunteer, other).WithLimits();
        request.Recipient.Typing = new HlaTyping();
        var first = Answer(request).Summary.FirstPlace;
        Assert.Equal((false, "o x"), (first.Certain, string.Join(' ', first.Possible.Order(StringComparer.Ordinal))));
        Assert.Equal(["recipient.typing(A)", "recipient.typing(B)", "recipient.typing(C)", "recipient.typing(DQB1)", "recipient.typing(DRB1)"],
            first.Missing.Where(one => one.Criterion == "tier").SelectMany(one => SharedOracleTests.Paths(one.Field)).Order(StringComparer.Ordinal));
        // One locus at which something matches bears it out, whatever is found at the others.
        request.Recipient.Typing = new HlaTyping { GlString = "A*11:01+A*24:02" };
        first = Answer(request).Summary.FirstPlace;
        Assert.Equal((true, "x"), (first.Certain, string.Join(' ', first.Possible)));
        // Of a donor who is not typed the statement is what is known.
        volunteer.Typing = null;
        Assert.True(Answer(request).Summary.FirstPlace.Certain);
    }

    [Fact]
    public void What_relatives_may_turn_out_to_have_is_held_against_the_relationship()
    {
        var (mother, other) = (Relative("m", Relationship.Mother, MatchStatement.Unspecified, GraftManipulation.TCellDepleted), Relative("o", Relationship.Other, MatchStatement.Haploidentical, GraftManipulation.Unmanipulated));
        mother.Typing = Typing("ad");
        var request = Request(mother, other).WithLimits();
        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = "9/10" });
        Assert.Equal((true, "m"), (Answer(request).Summary.FirstPlace.Certain, string.Join(' ', Answer(request).Summary.FirstPlace.Possible)));
        // A of the haplotype that the two share may be another in one of them.
        mother.Typing.GlString = mother.Typing.GlString.Replace("A*01:01+", "A*01:01/A*01:02+", StringComparison.Ordinal);
        Assert.Contains(Answer(request).Summary.FirstPlace.Missing, one => one is { Field: "donors[0].typing(A)", DonorId: "m", Criterion: "tier" });
        mother.Typing = Typing("ad");
        request.Recipient.Typing.GlString = request.Recipient.Typing.GlString.Replace("A*01:01+", "A*01:01/A*01:02+", StringComparison.Ordinal);
        var first = Answer(request).Summary.FirstPlace;
        Assert.Equal((false, "m o"), (first.Certain, string.Join(' ', first.Possible.Order(StringComparer.Ordinal))));
        Assert.Contains(first.Missing, one => one is { Field: "recipient.typing(A)", DonorId: "", Criterion: "tier" });
    }

    [Fact]
    public void A_statement_below_the_minimum_that_is_set_stands_and_is_named()
    {
        var donor = Unrelated("x");
        donor.Typing = Typing("af");
        var request = Request(donor);
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "9/10" });
        Assert.Contains("STATED_MATCH_BELOW_MINIMUM", Answer(request).Ranked[0].Warnings);
        donor.Typing = Typing("ac");
        Assert.DoesNotContain("STATED_MATCH_BELOW_MINIMUM", Answer(request).Ranked[0].Warnings);
    }

    [Fact]
    public void Stated_to_be_mismatched_and_identical_by_descent_is_a_contradiction()
    {
        var sibling = Relative("s", Relationship.Sibling, MatchStatement.Mismatched, GraftManipulation.TCellDepleted);
        sibling.Typing = Typing("ac");
        var request = Request(sibling);
        request.Family.Add(new FamilyMember { Relationship = Relationship.Mother, Typing = Typing("ab") });
        request.Family.Add(new FamilyMember { Relationship = Relationship.Father, Typing = Typing("cd") });
        var ranked = Answer(request).Ranked[0];
        Assert.Equal(("PROVEN", "NOT_KNOWN"), (ranked.Family.Genoidentity, ranked.TierReason));
        Assert.Contains("STATEMENT_AGAINST_TYPING(match_statement, typing)", ranked.Warnings);
    }

    [Fact]
    public void Mismatched_and_not_haploidentical_is_not_haploidentical()
    {
        var ranked = Answer(Request(Relative("m", Relationship.Mother, MatchStatement.Mismatched, GraftManipulation.TCellDepleted))).Ranked[0];
        Assert.Equal([DonorClass.FamilyWithoutSharedHaplotype], ranked.Classes);
        Assert.Equal("NOT_COVERED", ranked.TierReason);
    }

    private static RankDonorsRequest Request(params Donor[] donors) => new() { Recipient = new Recipient { Typing = Typing("ac") }, Donors = { donors } };

    private static Donor Sibling(string id, string haplotypes)
    {
        var sibling = Relative(id, Relationship.Sibling, MatchStatement.Unspecified);
        sibling.Typing = Typing(haplotypes);
        return sibling;
    }

    private static HlaTyping Typing(string haplotypes)
    {
        string[] loci = ["A", "B", "C", "DRB1", "DQB1"];
        var (one, other) = (Haplotypes[haplotypes[0]], Haplotypes[haplotypes[1]]);
        return new HlaTyping { GlString = string.Join('^', loci.Select((locus, index) => $"{locus}*{one[index]}+{locus}*{other[index]}")) };
    }

    private static RankedDonor Of(RankDonorsResponse answer, string id) => answer.Ranked.Single(donor => donor.DonorId == id);
}
