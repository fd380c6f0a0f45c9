using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using static Relapse.Tests.Transplant.Ranking.RankedCall;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>What is said to be missing is what would decide, and of whom.</summary>
public sealed class MissingItemTests
{
    private const string Full = "A*01:01+A*03:01^B*08:01+B*07:02^C*07:01+C*07:02^DRB1*03:01+DRB1*15:01^DQB1*02:01+DQB1*06:02^DPB1*04:01+DPB1*02:01";
    private const string Eight = "A*01:01+A*03:01^B*08:01+B*07:02^C*07:01+C*07:02^DRB1*03:01+DRB1*15:01";

    private static readonly string[] OfCells = ["TNC_BELOW_MINIMUM", "CD34_BELOW_MINIMUM"];
    private static readonly string[] Loci = ["A", "B", "C", "DRB1", "DQB1"];

    [Fact]
    public void Where_the_recipient_is_not_typed_it_is_the_recipient()
    {
        var request = Request(Eight, Volunteer("u1", Full), Volunteer("u2", Full.Replace("DQB1*06:02", "DQB1*06:03", StringComparison.Ordinal)));
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "8/8" });
        var answer = Answer(request);
        // Both donors have the same DPB1: whatever the recipient has, it parts them in no case.
        Assert.Equal(["recipient.typing(DQB1)"], answer.Summary.FirstPlace.Missing.Select(one => one.Field).Where(field => field.Contains("typing", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(answer.Ranked, donor => Assert.DoesNotContain(donor.Missing, field => field.StartsWith("donors", StringComparison.Ordinal) && field.Contains("typing", StringComparison.Ordinal)));
    }

    /// <summary>At 9 of 10 with eight matched, one match of DQB1 or two is the difference only where DRB1 of the donor turns out to have one.</summary>
    [Fact]
    public void A_locus_of_the_recipient_that_decides_only_with_another_of_the_donor_is_missing()
    {
        var request = Request(Full.Replace("DQB1*06:02", "DQB1*06:02/DQB1*06:03", StringComparison.Ordinal), Volunteer("u", Full.Replace("DRB1*03:01+DRB1*15:01^", "", StringComparison.Ordinal)));
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "9/10" });
        var first = Answer(request).Summary.FirstPlace;
        Assert.False(first.Certain);
        Assert.Contains(first.Missing, one => one is { Field: "recipient.typing(DQB1)", Criterion: "tier", NotInSource: false });
        Assert.Contains(first.Missing, one => one is { Field: "donors[0].typing(DRB1)", DonorId: "u", Criterion: "tier" });
    }

    /// <summary>Both classes are of one tier, but a matched relative is not ordered among the haploidentical, by age or by anything.</summary>
    [Fact]
    public void What_decides_between_two_groups_of_a_tier_is_missing_where_one_is_ordered()
    {
        var mother = Relative("m", Relationship.Mother, MatchStatement.Unspecified, GraftManipulation.PostTransplantCyclophosphamide);
        var other = Relative("o", Relationship.Other, MatchStatement.Haploidentical, GraftManipulation.PostTransplantCyclophosphamide);
        mother.Typing = new HlaTyping { GlString = Full.Replace("DRB1*15:01", "DRB1*15:01/DRB1*15:02", StringComparison.Ordinal) };
        foreach (var donor in new[] { mother, other })
        {
            (donor.Sex, donor.GraftSource, donor.AgeYears) = (Relapse.Contracts.Case.V1.Sex.Female, GraftSource.BoneMarrow, donor == mother ? 40 : 30);
        }

        other.Typing = new HlaTyping { GlString = Full };
        var request = Request(Full, mother, other);
        request.Policy = "policies/ptcy";
        request.Recipient.Sex = Relapse.Contracts.Case.V1.Sex.Female;
        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = "10/10" });
        var first = Answer(request).Summary.FirstPlace;
        // The source orders neither before the other.
        Assert.True(first.Certain);
        Assert.Equal(2, first.Count);
        Assert.Contains(first.Missing, one => one is { Field: "donors[0].typing(DRB1)", DonorId: "m", Criterion: "tier", NotInSource: true });
        mother.Typing.GlString = Full;
        Assert.Empty(Answer(request).Summary.FirstPlace.Missing);
    }

    [Fact]
    public void Whether_a_relative_is_alloreactive_is_missing_though_it_is_stated_of_nobody()
    {
        var (mother, father) = (Relative("m", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted), Relative("f", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted));
        var first = Answer(Request(Full, mother, father)).Summary.FirstPlace;
        Assert.False(first.Certain);
        Assert.Equal(["donors[0].nk_alloreactive/m", "donors[1].nk_alloreactive/f"], first.Missing.Where(one => one is { Criterion: "nk_alloreactive", NotInSource: false, DonorId: not "" }).Select(one => $"{one.Field}/{one.DonorId}").Order(StringComparer.Ordinal));
        // One alone has nobody to be preferred to.
        Assert.Empty(Answer(Request(Full, mother)).Summary.FirstPlace.Missing);
        // Where the preference is not in the source the first place by the source is certain.
        var request = Request(Full, mother, father);
        request.Policy = "policies/alpha-beta-depleted";
        first = Answer(request).Summary.FirstPlace;
        Assert.True(first.Certain);
        Assert.Contains(first.Missing, one => one is { Field: "donors[0].nk_alloreactive", NotInSource: true });
        request.Policy = "policies/concurrent-haplo";
        Assert.Empty(Answer(request).Summary.FirstPlace.Missing);
    }

    [Fact]
    public void A_locus_that_counts_the_same_either_way_is_not_missing()
    {
        var request = Request("A*01:01/A*01:02+A*03:01^B*08:01+B*07:02^C*07:01+C*07:02^DRB1*03:01+DRB1*15:01^DQB1*02:01+DQB1*06:02", Volunteer("u", Eight.Replace("A*01:01+A*03:01", "A*02:01+A*11:01", StringComparison.Ordinal)));
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "8/10" });
        Assert.Contains("donors[0].typing(DQB1)", Answer(request).Ranked[0].Missing);
        Assert.DoesNotContain(Answer(request).Ranked[0].Missing, field => field.Contains("(A", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_an_open_antibody_it_is_who_may_have_its_target()
    {
        var volunteer = Volunteer("u", Full + "^DQA1*05:01+DQA1*01:02");
        volunteer.MatchStatement = MatchStatement.Matched;
        var request = Request(Full, volunteer);
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "DQA1*05:01", Mfi = 9000 });
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*66:01" });
        request.Settings.Add(new PolicySetting { Id = "dsa.block_above_mfi", Value = "1000" });
        var ranked = Answer(request).Ranked[0];
        Assert.Equal(BlockState.Open, ranked.Blocked);
        // Not the strength of the second: the donor has nothing that it is against.
        Assert.Equal(["recipient.typing(DQA1)"], ranked.Missing.Where(field => !field.EndsWith("cmv", StringComparison.Ordinal)));
        request.Recipient.Typing.GlString += "^DQA1*01:02+DQA1*01:02";
        volunteer.Typing.GlString = Full;
        Assert.Equal(["donors[0].typing(DQA1)"], Answer(request).Ranked[0].Missing.Where(field => !field.EndsWith("cmv", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_a_model_that_waits_for_KIR_it_is_KIR()
    {
        var mother = Relative("mother", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted);
        mother.Typing = new HlaTyping { GlString = "A*91:01+A*92:01^B*91:01+B*92:01^C*91:01+C*92:01" };
        var request = Request("A*91:01+A*92:01^B*91:01+B*92:01^C*91:01+C*93:01", mother);
        request.Settings.Add(new PolicySetting { Id = "nk_alloreactivity.model", Value = "MISSING_SELF" });
        // The mother has C2 and the recipient has not; both have Bw4 and C1.
        Assert.Equal(["donors[0].kir"], Answer(request, new HlaReference(Releases.Synthetic, null)).Ranked[0].Missing.Where(field => field != "recipient.antibodies" && !field.StartsWith("settings", StringComparison.Ordinal)));
    }

    /// <summary>What neither was tested for is a fact of each, and not one that they share.</summary>
    [Fact]
    public void Two_who_are_alike_in_what_was_tested_are_not_alike_in_a_gene_that_was_not()
    {
        var request = Request("A*91:01+A*92:01^B*91:01+B*92:01^C*91:01+C*93:01", Sibling("one"), Sibling("other"));
        request.Settings.Add(new PolicySetting { Id = "nk_alloreactivity.model", Value = "MISSING_SELF" });

        var first = Answer(request, new HlaReference(Releases.Synthetic, null)).Summary.FirstPlace;

        Assert.False(first.Certain);
        Assert.Contains("donors[0].kir", first.Missing.Select(missing => missing.Field));
        Assert.Contains("donors[1].kir", first.Missing.Select(missing => missing.Field));

        static Donor Sibling(string id)
        {
            var sibling = Relative(id, Relationship.Sibling, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted);
            sibling.Typing = new HlaTyping { GlString = "A*91:01+A*92:01^B*91:01+B*92:01^C*91:01+C*92:01" };
            sibling.Kir = new KirGenotype { Kir2Dl2 = true };
            return sibling;
        }
    }

    [Fact]
    public void A_setting_that_is_unset_and_could_change_the_first_place_makes_it_uncertain()
    {
        var sibling = Relative("s", Relationship.Sibling, MatchStatement.Unspecified);
        sibling.Typing = new HlaTyping { GlString = Full };
        var request = Request(Full, sibling, Volunteer("u", Full));
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "9/10" });
        var first = Answer(request).Summary.FirstPlace;
        Assert.Equal(("u", false), (first.Possible.Single(), first.Certain));
        Assert.Contains(first.Missing, one => one.Field == "settings.matched.family");
        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = "10/10" });
        first = Answer(request).Summary.FirstPlace;
        Assert.Equal(("s", true), (first.Possible.Single(), first.Certain));
    }

    [Theory]
    [InlineData(5000, true)]
    [InlineData(null, true)] // of a strength that nobody knows
    [InlineData(0, false)] // above no limit
    public void A_limit_of_antibodies_that_is_unset_is_missing_where_it_could_block_who_comes_first(int? mfi, bool matters)
    {
        var (sibling, father) = (Relative("s", Relationship.Sibling, MatchStatement.Matched), Relative("f", Relationship.Father, MatchStatement.Matched));
        (sibling.Typing, father.Typing) = (new HlaTyping { GlString = "A*01:01+A*02:01" }, new HlaTyping { GlString = "A*01:01+A*11:01" });
        var request = Request("A*01:01+A*03:01", sibling, father);
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*02:01" });
        if (mfi is { } measured)
        {
            request.Recipient.Antibodies[0].Mfi = measured;
        }

        var first = Answer(request).Summary.FirstPlace;
        Assert.Equal((!matters, matters), (first.Certain, first.Missing.Any(one => one is { Field: "settings.dsa.block_above_mfi", Criterion: "blocked", NotInSource: false })));
        // Against the second of the list it changes nothing, nor where the centre sets the block aside.
        request.Recipient.Antibodies[0].Specificity = "A*11:01";
        Assert.True(Answer(request).Summary.FirstPlace.Certain);
        request.Recipient.Antibodies[0].Specificity = "A*02:01";
        sibling.Overrides.Add(new BlockOverride { Code = "DSA_ABOVE_LIMIT", Reason = "desensitised", Author = "transplant lead" });
        Assert.True(Answer(request).Summary.FirstPlace.Certain);
    }

    [Theory]
    [InlineData("hla.confirmation", "s")]
    [InlineData("harvest.below_target", "s")]
    [InlineData("cord.single.min_tnc_e7_per_kg", "single")]
    [InlineData("cord.single.min_cd34_e5_per_kg", "single")]
    [InlineData("cord.double.each_unit_min_tnc_e7_per_kg", "pair")]
    [InlineData("cord.double.each_unit_min_cd34_e5_per_kg", "pair")]
    public void A_limit_that_is_unset_is_missing_where_it_could_block_who_comes_first(string setting, string id)
    {
        var sibling = Relative("s", Relationship.Sibling, MatchStatement.Matched);
        (sibling.GraftSource, sibling.HlaConfirmed) = (GraftSource.BoneMarrow, false);
        Donor single = new() { DonorId = "single", Kind = DonorKind.Cord, Units = { Unit() } }, pair = new() { DonorId = "pair", Kind = DonorKind.Cord, Units = { Unit(), Unit() } };
        var request = Request(Full, new[] { sibling, single, pair }.Single(donor => donor.DonorId == id));
        request.Settings.Add(new PolicySetting { Id = "cord.suitable", Value = "6/6" });
        var donor = request.Donors[0];
        donor.HlaConfirmed = id != "s";
        Assert.True(Answer(request).Summary.FirstPlace.Certain);
        request.Settings.Remove(request.Settings.Single(one => one.Id == setting));
        var first = Answer(request).Summary.FirstPlace;
        Assert.Equal((false, id), (first.Certain, first.Possible.Single()));
        Assert.Contains(first.Missing, one => one.Field == $"settings.{setting}" && one is { Criterion: "blocked", DonorId: "", NotInSource: false });
        // What the donor is known to have leaves nothing for a limit; what the centre has set aside, neither.
        (donor.HlaConfirmed, donor.GraftSource) = (true, id == "s" ? GraftSource.PeripheralBlood : GraftSource.Unspecified);
        donor.Overrides.Add(OfCells.Select(code => new BlockOverride { Code = code, Reason = "agreed", Author = "transplant lead" }));
        Assert.True(Answer(request).Summary.FirstPlace.Certain);

        static CordUnit Unit() => new() { Typing = new HlaTyping { GlString = Full }, TncE7 = 100, Cd34E5 = 100 };
    }

    [Fact]
    public void A_model_that_is_unset_is_missing_where_it_could_part_those_who_come_first()
    {
        var (mother, father) = (Relative("m", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted), Relative("f", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted));
        Assert.Contains(Answer(Request(Full, mother, father)).Summary.FirstPlace.Missing, one => one is { Field: "settings.nk_alloreactivity.model", Criterion: "nk_alloreactive" });
        Assert.True(Answer(Request(Full, mother)).Summary.FirstPlace.Certain);
    }

    /// <summary>Nobody can read Bw4 of either, of A there is no sequence: but they have the same, so that what comes after decides.</summary>
    [Fact]
    public void What_two_have_alike_leaves_what_comes_after_to_decide()
    {
        var (mother, father) = (Relative("m", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.AlphaBetaDepleted), Relative("f", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.AlphaBetaDepleted));
        foreach (var parent in new[] { mother, father })
        {
            parent.Typing = new HlaTyping { GlString = "A*91:01+A*92:01^B*91:01+B*93:01^C*91:01+C*93:01" };
            parent.Kir = new KirGenotype { Kir2Dl1 = true, Kir2Dl2 = true, Kir2Dl3 = true, Kir3Dl1 = true };
        }

        var request = Request("A*91:01+A*92:01^B*91:01+B*93:01^C*91:01+C*93:01", mother, father);
        request.Policy = "policies/alpha-beta-depleted";
        request.Settings.Add(new PolicySetting { Id = "nk_alloreactivity.model", Value = "LIGAND_LIGAND" });
        request.Compare.Add(new DonorPair { First = "f", Second = "m" });
        var comparison = Answer(request, new HlaReference(Releases.Synthetic, null)).Summary.Comparisons[0];
        Assert.Equal((ComparisonState.Second, "mother"), (comparison.State, comparison.DecidedBy));
    }

    [Fact]
    public void With_a_release_loaded_it_is_the_recipient_who_is_not_typed_and_not_the_release()
    {
        var (mother, father) = (Relative("m", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted), Relative("f", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted));
        (mother.Typing, father.Typing) = (new HlaTyping { GlString = "B*91:01+B*92:01^C*91:01+C*92:01" }, new HlaTyping { GlString = "B*91:01+B*92:01^C*91:01+C*91:01" });
        var request = Request("B*91:01+B*92:01", mother, father);
        request.Settings.Add(new PolicySetting { Id = "nk_alloreactivity.model", Value = "LIGAND_LIGAND" });
        var missing = Answer(request, new HlaReference(Releases.Synthetic, null)).Summary.FirstPlace.Missing.Select(one => one.Field).ToList();
        Assert.Equal(["recipient.typing(C)"], missing.Distinct());
    }

    [Fact]
    public void Two_donors_alike_are_parted_by_nothing_of_the_recipient()
    {
        var (one, other) = (Volunteer("u1", Full), Volunteer("u2", Full));
        (one.MatchStatement, other.MatchStatement, one.Cmv, other.Cmv) = (MatchStatement.Matched, MatchStatement.Matched, Serostatus.Negative, Serostatus.Negative);
        // Typed at one locus, so that the statement is held against something.
        var request = Request("A*01:01+A*03:01", one, other);
        request.Compare.Add(new DonorPair { First = "u1", Second = "u2" });
        var summary = Answer(request).Summary;
        Assert.Empty(summary.FirstPlace.Missing);
        Assert.Equal((ComparisonState.Tied, ""), (summary.Comparisons[0].State, summary.Comparisons[0].DecidedBy));
        other.Cmv = Serostatus.Positive;
        summary = Answer(request).Summary;
        Assert.Equal(["recipient.cmv"], summary.FirstPlace.Missing.Select(missing => missing.Field));
        Assert.Equal((ComparisonState.Tied, "cmv", true), (summary.Comparisons[0].State, summary.Comparisons[0].DecidedBy, summary.Comparisons[0].NotInSource));
    }

    [Fact]
    public void More_possibilities_than_can_be_looked_at_are_taken_donor_by_donor_and_said()
    {
        var random = new Random(1);
        var request = Request("", [.. Enumerable.Range(0, 40).Select(index => Volunteer($"u{index}", string.Join('^', Loci.Select(locus => $"{locus}*{random.Next(1, 30):00}:01+{locus}*{random.Next(1, 30):00}:01"))))]);
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "8/10" });
        var answer = Answer(request);
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "TAKEN_DONOR_BY_DONOR" && warning.Detail.Contains("recipient.typing(B)", StringComparison.Ordinal));
        Assert.DoesNotContain(Answer(Request(Full, Volunteer("u", Full))).Summary.Warnings, warning => warning.Code == "TAKEN_DONOR_BY_DONOR");
    }

    [Fact]
    public void Many_who_are_tied_with_everything_known_are_certain()
    {
        var first = Answer(Request(Full, [.. Enumerable.Range(0, 150).Select(index => Unrelated($"u{index}"))])).Summary.FirstPlace;
        Assert.Equal((150, true), (first.Count, first.Certain));
    }

    [Fact]
    public void A_third_donor_of_another_kind_changes_nothing_between_two()
    {
        var (mother, father) = (Relative("m", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted), Relative("f", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted));
        var other = Relative("o", Relationship.Other, MatchStatement.Haploidentical, GraftManipulation.Unmanipulated);
        other.NkAlloreactive = false;
        var request = Request(Full, mother, father, other);
        request.Compare.Add(new DonorPair { First = "m", Second = "f" });
        Assert.NotEqual(ComparisonState.Open, Answer(request).Summary.Comparisons[0].State);
        other.Manipulation = GraftManipulation.TCellDepleted;
        Assert.Equal((ComparisonState.Open, "nk_alloreactive"), (Answer(request).Summary.Comparisons[0].State, Answer(request).Summary.Comparisons[0].DecidedBy));
    }

    [Fact]
    public void A_tier_that_decides_whether_or_not_somebody_is_blocked_is_what_is_named()
    {
        var volunteer = Unrelated("u");
        volunteer.ClearAgeYears();
        var request = Request(Full, Relative("s", Relationship.Sibling, MatchStatement.Matched), volunteer);
        request.Compare.Add(new DonorPair { First = "u", Second = "s" });
        var comparison = Answer(request).Summary.Comparisons[0];
        Assert.Equal((ComparisonState.Second, "tier", false), (comparison.State, comparison.DecidedBy, comparison.NotInSource));
    }

    private static Donor Volunteer(string id, string typing)
    {
        var donor = Unrelated(id, MatchStatement.Unspecified);
        donor.Typing = new HlaTyping { GlString = typing };
        return donor;
    }

    private static RankDonorsRequest Request(string typing, params Donor[] donors)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { Typing = new HlaTyping { GlString = typing }, AntibodiesAssessed = true }, Donors = { donors } };
        return request.WithLimits();
    }
}
