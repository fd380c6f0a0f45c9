using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using static Relapse.Tests.Transplant.Ranking.RankedCall;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>The list as a caller reads it: tiers, blocks, doses, dates, and what each says of itself.</summary>
public sealed class DonorListTests
{
    private static readonly (string, string)[] Ten = [("A", "01:01"), ("B", "08:01"), ("C", "07:01"), ("DRB1", "03:01"), ("DQB1", "02:01")];

    [Fact]
    public void Of_every_kind_one_stands_as_the_review_has_it()
    {
        var answer = Answer(Request(
            new Donor { DonorId = "self", Kind = DonorKind.Autologous },
            Relative("brother", Relationship.Sibling, MatchStatement.Haploidentical, GraftManipulation.Unmanipulated),
            Relative("mother", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted),
            Unrelated("volunteer"),
            Unrelated("mismatched", MatchStatement.Mismatched),
            Relative("father", Relationship.Father, MatchStatement.Matched),
            Relative("sister", Relationship.Sibling, MatchStatement.Matched)));
        Assert.Equal(["sister", "father"], answer.Ranked.Take(2).Select(donor => donor.DonorId));
        Assert.Equal(["mother", "volunteer"], answer.Ranked.Skip(2).Take(2).Select(donor => donor.DonorId).Order(StringComparer.Ordinal));
        Assert.Equal(["brother", "mismatched", "self"], answer.Ranked.Skip(4).Select(donor => donor.DonorId));
        Assert.Equal(["matched-sibling", "matched-family", "unrelated-cord-or-t-depleted-haplo", "unrelated-cord-or-t-depleted-haplo", "unmanipulated-haplo", "", ""], answer.Ranked.Select(donor => donor.Tier));
        Assert.All(answer.Ranked.Skip(2).Take(2), donor => Assert.Equal((3, 4, true), (donor.RankMin, donor.RankMax, donor.Tied)));
        Assert.Equal("NOT_COVERED", Of(answer, "mismatched").TierReason);
        Assert.Equal(("AUTOLOGOUS", BlockState.Blocked), (Of(answer, "self").Blocks.Single().Code, Of(answer, "self").Blocked));
        Assert.Equal(["sister"], answer.Summary.FirstPlace.Possible);
        // Certain but for limits that nobody has set.
        Assert.Equal(
            ["settings.dsa.block_above_mfi", "settings.harvest.below_target", "settings.harvest.tnc_e7_per_ml", "settings.hla.confirmation"], answer.Summary.FirstPlace.Missing.Select(one => one.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_nobody_set_gives_no_tier_and_no_first_place_and_is_said()
    {
        var sister = Relative("sister", Relationship.Sibling, MatchStatement.Unspecified);
        var cord = Cord("cord", 90, 9);
        var volunteer = Unrelated("volunteer", MatchStatement.Unspecified);
        (sister.Typing, volunteer.Typing) = (Homozygous(), Homozygous());
        var answer = Answer(Request(sister, volunteer, cord));
        Assert.All(answer.Ranked, donor => Assert.Equal("", donor.Tier));
        Assert.Equal(["MATCHED_NOT_SET", "MATCHED_NOT_SET", "SUITABLE_CORD_NOT_SET"], answer.Ranked.Select(donor => donor.TierReason).Order(StringComparer.Ordinal));
        Assert.Equal(["matched-sibling", "unrelated-cord-or-t-depleted-haplo", "unmanipulated-haplo"], Of(answer, "sister").PossibleTiers);
        Assert.Equal(0, answer.Summary.FirstPlace.Count);
        Assert.Equal(["settings.cord.suitable", "settings.matched.family", "settings.matched.unrelated"], answer.Summary.FirstPlace.Missing.Select(missing => missing.Field).Order(StringComparer.Ordinal));
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "MATCHED_FAMILY_NOT_SET");
        Assert.Equal((10, 10), (Of(answer, "sister").Hla[0].Counts.Single(count => count.OutOf == 10).Guaranteed, Of(answer, "sister").Hla[0].Counts.Single(count => count.OutOf == 10).Possible));
    }

    [Fact]
    public void An_untyped_locus_keeps_the_tier_open_and_is_what_is_missing()
    {
        var sister = Relative("sister", Relationship.Sibling, MatchStatement.Unspecified, GraftManipulation.Unmanipulated);
        sister.Typing = Homozygous();
        sister.Typing.Loci.RemoveAt(4);
        var request = Request(sister, Unrelated("volunteer"));
        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = "10/10" });
        var answer = Answer(request.WithLimits());
        Assert.Equal(["matched-sibling", "unmanipulated-haplo"], Of(answer, "sister").PossibleTiers);
        Assert.Equal((1, 2), (Of(answer, "sister").RankMin, Of(answer, "sister").RankMax));
        Assert.Equal(["sister", "volunteer"], answer.Summary.FirstPlace.Possible.Order(StringComparer.Ordinal));
        Assert.Equal("donors[0].typing(DQB1)", Assert.Single(answer.Summary.FirstPlace.Missing).Field);
    }

    [Theory]
    [InlineData("60", true)] // 0.9 x 10^9 cells are exactly 1.5 x 10^7 per kg
    [InlineData("60.001", false)]
    public void A_cord_dose_is_that_of_the_present_weight(string weight, bool enough)
    {
        var request = Request(Cord("cord", 90, 9));
        request.Recipient.WeightKg = double.Parse(weight, System.Globalization.CultureInfo.InvariantCulture);
        request.Settings.Add(new PolicySetting { Id = "cord.single.min_tnc_e7_per_kg", Value = "1.5" });
        request.Settings.Add(new PolicySetting { Id = "cord.suitable", Value = "4/6" });
        var cord = Of(Answer(request), "cord");
        Assert.Equal(enough ? BlockState.NotBlocked : BlockState.Blocked, cord.Blocked);
        Assert.Equal(enough ? [] : ["TNC_BELOW_MINIMUM"], cord.Blocks.Select(block => block.Code));
        Assert.Equal(90 / request.Recipient.WeightKg, cord.Cord.TncE7PerKg, 9);
    }

    [Fact]
    public void An_unknown_dose_is_no_block_and_no_clearance()
    {
        var request = Request(Cord("cord", 90, null), Unrelated("volunteer"));
        request.Recipient.WeightKg = 30;
        request.Settings.Add(new PolicySetting { Id = "cord.single.min_cd34_e5_per_kg", Value = "1.5" });
        request.Settings.Add(new PolicySetting { Id = "cord.suitable", Value = "4/6" });
        var answer = Answer(request);
        Assert.Equal(BlockState.Open, Of(answer, "cord").Blocked);
        Assert.Contains(answer.Summary.FirstPlace.Missing, missing => missing is { Field: "donors[0].units[0].cd34_e5", DonorId: "cord", Criterion: "blocked" });
    }

    [Theory]
    [InlineData("YES", 130, ComparisonState.First, "single_before_double")]
    [InlineData("YES", 110, ComparisonState.First, "single_before_double")]
    [InlineData("NO", 110, ComparisonState.Second, "tnc")]
    [InlineData(null, 130, ComparisonState.First, "single_before_double")] // whichever it is
    [InlineData(null, 110, ComparisonState.Tied, "single_before_double")]
    public void Until_it_is_set_whether_one_unit_comes_before_two_neither_that_nor_the_cells_decide(string? set, int cells, ComparisonState state, string by)
    {
        var pair = Cord("pair", 60, 6);
        pair.Units.Add(pair.Units[0].Clone());
        var single = Cord("single", cells, 9);
        var request = Request(pair, single);
        request.Recipient.WeightKg = 30;
        request.Settings.Add(new PolicySetting { Id = "cord.suitable", Value = "4/6" });
        if (set is not null)
        {
            request.Settings.Add(new PolicySetting { Id = "cord.single_before_double", Value = set });
        }

        request.Compare.Add(new DonorPair { First = "single", Second = "pair" });
        var answer = Answer(request.WithLimits());
        Assert.Equal((state, by, true), (answer.Summary.Comparisons[0].State, answer.Summary.Comparisons[0].DecidedBy, answer.Summary.Comparisons[0].NotInSource));
        var isMissing = answer.Summary.FirstPlace.Missing.Any(one => one is { Field: "settings.cord.single_before_double", Criterion: "single_before_double", NotInSource: true });
        Assert.Equal((set is null && cells == 110, true), (isMissing, answer.Summary.FirstPlace.Certain));
        // The source leaves them tied either way.
        Assert.All(answer.Ranked, donor => Assert.Equal((1, 2, true), (donor.RankMin, donor.RankMax, donor.Tied)));
    }

    [Fact]
    public void The_units_of_a_double_are_compared_with_each_other()
    {
        var pair = Cord("pair", 60, 6);
        pair.Units.Add(pair.Units[0].Clone());
        (pair.Units[1].Typing.Loci[0].Second, pair.Units[1].Typing.Loci[3].First) = ("02:01", "04:01");
        var cord = Answer(Request(pair)).Ranked[0].Cord;
        Assert.Equal((8, 6, 6, 4), (cord.UnitsEight.OutOf, cord.UnitsEight.Guaranteed, cord.UnitsEight.Possible, cord.UnitsEight.LociTyped));
        // Without reference data A*02:01 may be the antigen of A*01:01.
        Assert.Equal((6, 4, 5), (cord.UnitsAntigenSix.OutOf, cord.UnitsAntigenSix.Guaranteed, cord.UnitsAntigenSix.Possible));
        pair.Units.RemoveAt(1);
        Assert.Null(Answer(Request(pair)).Ranked[0].Cord.UnitsEight);
    }

    [Fact]
    public void A_block_set_aside_is_shown_with_who_answers_for_it()
    {
        var unfit = Relative("sister", Relationship.Sibling, MatchStatement.Matched);
        unfit.FitToDonate = false;
        var set = unfit.Clone();
        set.DonorId = "brother";
        set.Overrides.Add(new BlockOverride { Code = "NOT_FIT", Reason = "cleared since", Author = "transplant lead" });
        var answer = Answer(Request(unfit, set));
        Assert.Equal(("brother", BlockState.NotBlocked, "transplant lead"), (answer.Ranked[0].DonorId, answer.Ranked[0].Blocked, answer.Ranked[0].Blocks.Single().OverriddenBy));
        Assert.Equal(("sister", BlockState.Blocked), (answer.Ranked[1].DonorId, answer.Ranked[1].Blocked));
        Assert.Equal(("blocked", ComparisonState.First), (answer.Ranked[0].ToNext.DecidedBy, answer.Ranked[0].ToNext.State));
    }

    [Theory]
    [InlineData(5000, BlockState.NotBlocked)] // on the limit is not above it
    [InlineData(5001, BlockState.Blocked)]
    [InlineData(null, BlockState.Open)]
    public void A_donor_specific_antibody_blocks_above_the_limit_that_is_set(int? mfi, BlockState state)
    {
        var father = Relative("father", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted);
        father.Typing = new HlaTyping { GlString = "A*01:01+A*02:01" };
        var request = Request(father);
        request.Recipient.Typing = new HlaTyping { GlString = "A*01:01+A*03:01" };
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*02:01" });
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*03:01", Mfi = 9000 });
        if (mfi is { } measured)
        {
            request.Recipient.Antibodies[0].Mfi = measured;
        }

        request.Settings.Add(new PolicySetting { Id = "dsa.block_above_mfi", Value = "5000" });
        var answer = Answer(request);
        Assert.Equal(state, answer.Ranked[0].Blocked);
        Assert.Equal(["A*02:01"], answer.Ranked[0].Hla[0].DonorSpecific);
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "ANTIBODY_AGAINST_OWN_ANTIGEN");
    }

    [Fact]
    public void Marrow_is_enough_exactly_on_the_aim()
    {
        // 12 kg x 20 mL/kg x 3 x 10^7 per mL against 24 kg x 3 x 10^8 per kg: 720 x 10^7 each.
        var brother = Relative("brother", Relationship.Sibling, MatchStatement.Matched);
        (brother.WeightKg, brother.GraftSource, brother.AgeYears) = (12, GraftSource.BoneMarrow, 5);
        var request = Request(brother);
        request.Recipient.WeightKg = 24;
        request.Settings.Add(new PolicySetting { Id = "harvest.tnc_e7_per_ml", Value = "3" });
        request.Settings.Add(new PolicySetting { Id = "harvest.below_target", Value = "BLOCK" });
        var exact = Answer(request).Ranked[0];
        Assert.Equal(("ENOUGH", true, 240d, 240d), (exact.Feasibility.Verdict, exact.Feasibility.Minor, exact.Feasibility.MostMarrowMl, exact.Feasibility.NeededMarrowMl));
        Assert.Equal(BlockState.NotBlocked, exact.Blocked);
        request.Recipient.WeightKg = 24.01;
        Assert.Equal(["GRAFT_TOO_SMALL"], Answer(request).Ranked[0].Blocks.Select(block => block.Code));
        request.Donors[0].ClearWeightKg();
        Assert.Equal(("NOT_KNOWN", BlockState.Open), (Answer(request).Ranked[0].Feasibility.Verdict, Answer(request).Ranked[0].Blocked));
    }

    [Fact]
    public void The_frontier_says_who_can_come_first_by_each_day_and_never_lets_a_later_day_put_a_worse_one_first()
    {
        var request = Request(
            On(Relative("sister", Relationship.Sibling, MatchStatement.Matched), 2027, 2, 15),
            On(Unrelated("volunteer"), 2027, 2, 20),
            On(Relative("mother", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted), 2026, 12, 28),
            On(new Donor { DonorId = "self", Kind = DonorKind.Autologous }, 2026, 12, 1));
        request.Window = new TransplantWindow { RelapseDate = Day(2026, 11, 1), LatestDate = Day(2027, 1, 31) };
        var answer = Answer(request);
        Assert.Equal([("mother", 57, false), ("sister", 106, true)], answer.Summary.Frontier.Select(point => (point.Possible.Single(), point.DaysFromRelapse, point.AfterWindow)));
        Assert.Contains("AFTER_WINDOW", Of(answer, "volunteer").Warnings);
        Assert.Contains("LATER_THAN_USUAL", Of(answer, "volunteer").Warnings);
        Assert.DoesNotContain("LATER_THAN_USUAL", Of(answer, "mother").Warnings);
    }

    [Fact]
    public void Who_is_blocked_whenever_one_before_it_is_comes_first_on_no_day()
    {
        var (sister, father) = (Relative("sister", Relationship.Sibling, MatchStatement.Matched), Relative("father", Relationship.Father, MatchStatement.Matched));
        (sister.Typing, father.Typing) = (new HlaTyping { GlString = "A*01:01+A*02:01" }, new HlaTyping { GlString = "A*01:01+A*02:01" });
        var request = Request(On(sister, 2027, 2, 15), On(father, 2027, 2, 16), On(Unrelated("volunteer"), 2027, 2, 17));
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*02:01" });
        request.Settings.Add(new PolicySetting { Id = "dsa.block_above_mfi", Value = "1000" });
        var answer = Answer(request);
        Assert.Equal(["sister", "volunteer"], answer.Summary.FirstPlace.Possible);
        Assert.Equal(["sister", "volunteer"], answer.Summary.Frontier[^1].Possible);
        Assert.Equal((2, 3), (Of(answer, "father").RankMin, Of(answer, "father").RankMax));
    }

    [Fact]
    public void A_frontier_of_more_points_than_are_listed_keeps_the_best_donor_and_says_so()
    {
        var first = new DateOnly(2027, 1, 1);
        Donor[] donors = [.. Enumerable.Range(0, 55).Select(index => On(Unrelated($"u{index:00}"), first.AddDays(index))), On(Relative("sister", Relationship.Sibling, MatchStatement.Matched), first.AddDays(60))];
        var summary = Answer(Request(donors)).Summary;
        Assert.Equal((50, true), (summary.Frontier.Count, summary.FrontierTruncated));
        Assert.Equal(("sister", 1), (summary.Frontier[^1].Possible.Single(), summary.Frontier[^1].Count));
        Assert.Equal((10, 49), (summary.Frontier[^2].Possible.Count, summary.Frontier[^2].Count));
        Assert.Equal(Day(2027, 1, 1), summary.Frontier[0].Date);
        Assert.False(Answer(Request([.. donors.Take(40)])).Summary.FrontierTruncated);
    }

    [Fact]
    public void An_antibody_is_reported_on_the_unit_that_it_is_against()
    {
        var pair = Cord("pair", 60, 6);
        pair.Units.Add(pair.Units[0].Clone());
        pair.Units[1].Typing.Loci[0].Second = "02:01";
        var request = Request(pair);
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*02:01" });
        request.Settings.Add(new PolicySetting { Id = "dsa.block_above_mfi", Value = "1000" });
        var hla = Answer(request).Ranked[0].Hla;
        Assert.Equal((0, "A*02:01"), (hla[0].DonorSpecific.Count, hla[1].DonorSpecific.Single()));
        request.Recipient.Antibodies[0].Mfi = 5000;
        pair.Units[1].Typing.Loci.RemoveAt(0);
        Assert.Contains("donors[0].units[1].typing(A)", Answer(request).Ranked[0].Missing);
        Assert.DoesNotContain(Answer(request).Ranked[0].Missing, field => field.StartsWith("donors[0].units[0].typing", StringComparison.Ordinal));
    }

    [Fact]
    public void Warnings_on_typings_name_the_part_and_those_of_the_recipient_and_the_family_are_there()
    {
        var father = Relative("father", Relationship.Father, MatchStatement.Haploidentical);
        father.Typing = new HlaTyping { GlString = "A*91:05+A*92:01" };
        var request = Request(father);
        request.Recipient.Typing = new HlaTyping { GlString = "A*93:01L+A*91:01|A*92:01" };
        request.Family.Add(new FamilyMember { Relationship = Relationship.Mother, Typing = new HlaTyping { GlString = "A*91:01:01G+A*93:01L" } });
        var answer = Answer(request, new HlaReference(Releases.Synthetic, null));
        Assert.Contains("ALLELE_RENAMED(A*91:05: A*91:02)", answer.Ranked[0].Warnings);
        Assert.Contains(answer.Summary.Warnings, warning => warning is { Code: "RECIPIENT_EXPRESSION_TO_REVIEW", Detail: "recipient.typing: A*93:01L" });
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "RECIPIENT_SECOND_COPY_NOT_STATED");
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "FAMILY_HIDDEN_NULL" && warning.Detail.StartsWith("family[0].typing: A*91:01:01G: A*91:01:01:02N", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_taken_and_not_judged_is_said()
    {
        var cord = Cord("cord", 60, 6);
        cord.Units[0].ViabilityPercent = 10;
        var request = Request(cord);
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*02:01", C1QPositive = true, SerumDate = new Google.Type.Date { Year = 2026, Month = 3 } });
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*03:01", SerumDate = Day(2026, 4, 1) });
        var answer = Answer(request);
        Assert.Contains("CORD_VIABILITY_NOT_JUDGED", answer.Ranked[0].Warnings);
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "C1Q_NOT_JUDGED");
        Assert.Contains(answer.Summary.Warnings, warning => warning.Code == "SERUM_DATE" && warning.Detail.Contains("of 2026-03;", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_ranks_for_a_caller_who_has_gone() =>
        Assert.Throws<OperationCanceledException>(() => RankForNobody(Request(Unrelated("a"))));

    [Fact]
    public void Remaining_steps_are_added_up_and_one_of_unknown_length_has_no_last_day()
    {
        var donor = Unrelated("volunteer");
        donor.RemainingSteps.Add(new RemainingStep { Step = DonorStep.ConfirmatoryTyping, DaysMin = 7, DaysMax = 14 });
        donor.RemainingSteps.Add(new RemainingStep { Step = DonorStep.Collection, DaysMin = 21, DaysMax = 30 });
        var request = Request(donor);
        request.Window = new TransplantWindow { AsOfDate = Day(2027, 1, 1) };
        Assert.Equal((Day(2027, 1, 29), Day(2027, 2, 14)), (Answer(request).Ranked[0].Earliest.Min, Answer(request).Ranked[0].Earliest.Max));
        donor.RemainingSteps[1].ClearDaysMax();
        Assert.Null(Answer(request).Ranked[0].Earliest.Max);
    }

    [Fact]
    public void A_typing_that_does_not_fit_is_reported_with_those_words_and_no_others()
    {
        var father = Relative("father", Relationship.Father, MatchStatement.Unspecified);
        father.Typing = new HlaTyping { GlString = "A*02:01+A*11:01^B*44:02+B*35:01" };
        var request = Request(father);
        request.Recipient.Typing = new HlaTyping { GlString = "A*01:01+A*03:01^B*08:01+B*07:02" };
        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = "10/10" });
        var ranked = Answer(request).Ranked[0];
        Assert.Equal(["typing inconsistent with stated relationship"], ranked.Warnings);
        Assert.Equal(new FamilyFinding(), ranked.Family);
        Assert.Equal("NOT_KNOWN", ranked.TierReason);
    }

    [Fact]
    public void Tie_breakers_outside_the_source_order_the_list_and_change_no_rank()
    {
        var (young, old) = (Unrelated("young"), Unrelated("old"));
        (young.AgeYears, old.AgeYears) = (20, 45);
        var request = Request(old, young);
        request.Recipient.Typing = Homozygous();
        (young.Typing, old.Typing) = (Homozygous(), Homozygous());
        foreach (var typing in new[] { request.Recipient.Typing, young.Typing, old.Typing })
        {
            typing.Loci.Add(new LocusTyping { Locus = "DPB1", First = "04:01", Second = "04:01" });
        }

        request.Compare.Add(new DonorPair { First = "young", Second = "old" });
        var answer = Answer(request);
        Assert.Equal(["young", "old"], answer.Ranked.Select(donor => donor.DonorId));
        Assert.Equal((ComparisonState.First, "age", true), (answer.Summary.Comparisons[0].State, answer.Summary.Comparisons[0].DecidedBy, answer.Summary.Comparisons[0].NotInSource));
        Assert.All(answer.Ranked, donor => Assert.Equal((1, 2, true), (donor.RankMin, donor.RankMax, donor.Tied)));
        Assert.Equal(2, answer.Summary.FirstPlace.Count);
    }

    [Fact]
    public void Nk_alloreactivity_is_read_from_the_sequence_where_a_release_is_there()
    {
        var reference = new HlaReference(Releases.Real, null);
        var (father, mother) = (Relative("father", Relationship.Father, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted), Relative("mother", Relationship.Mother, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted));
        father.Typing = new HlaTyping { GlString = "A*01:01+A*02:01^B*08:01+B*44:02^C*07:01+C*05:01" };
        mother.Typing = new HlaTyping { GlString = "A*03:01+A*11:01^B*07:02+B*35:01^C*07:02+C*01:02" };
        var request = Request(mother, father);
        // Bw4 on B, so that it does not matter what the release says of HLA-A; C2 is what the recipient lacks.
        request.Recipient.Typing = new HlaTyping { GlString = "A*01:01+A*03:01^B*08:01+B*44:02^C*07:01+C*07:02" };
        request.Settings.Add(new PolicySetting { Id = "nk_alloreactivity.model", Value = "LIGAND_LIGAND" });
        var answer = Answer(request, reference);
        Assert.Equal(["father", "mother"], answer.Ranked.Select(donor => donor.DonorId));
        Assert.Equal((ComparisonState.First, "nk_alloreactive", false), (answer.Ranked[0].ToNext.State, answer.Ranked[0].ToNext.DecidedBy, answer.Ranked[0].ToNext.NotInSource));
        request.Settings.Clear();
        Assert.All(Answer(request, reference).Ranked, donor => Assert.True(donor.Tied));
    }

    private static RankDonorsRequest Request(params Donor[] donors)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { Typing = Homozygous() }, Donors = { donors } };
        return request;
    }

    private static HlaTyping Homozygous() => new() { Loci = { Ten.Select(one => new LocusTyping { Locus = one.Item1, First = one.Item2, Second = one.Item2 }) } };

    private static Donor Cord(string id, double tnc, double? cd34)
    {
        var unit = new CordUnit { Typing = Homozygous(), TncE7 = tnc };
        if (cd34 is { } cells)
        {
            unit.Cd34E5 = cells;
        }

        return new Donor { DonorId = id, Kind = DonorKind.Cord, Units = { unit } };
    }

    private static Donor On(Donor donor, int year, int month, int day)
    {
        donor.EarliestDate = Day(year, month, day);
        return donor;
    }

    private static Donor On(Donor donor, DateOnly day) => On(donor, day.Year, day.Month, day.Day);

    private static Google.Type.Date Day(int year, int month, int day) => new() { Year = year, Month = month, Day = day };

    private static RankedDonor Of(RankDonorsResponse answer, string id) => answer.Ranked.Single(donor => donor.DonorId == id);
}
