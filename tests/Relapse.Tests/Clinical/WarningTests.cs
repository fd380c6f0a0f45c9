using Relapse.Clinical.Documents;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Each warning raised where it belongs, and not raised by the nearest case where it does not.</summary>
public sealed class WarningTests
{
    public static TheoryData<string, string> Pairs => new(Cases.Select(entry => (entry.Key.Code, entry.Key.Decision)));

    private static Dictionary<(string Code, string Decision), (Action<RelapseCase> Raised, Action<RelapseCase> NotRaised)> Cases => new()
    {
        [("PB_BLASTS_WITH_M1", "relapse_site")] = (@case => @case.Marrow.BlastsPercent = 4.9, @case => @case.Marrow.BlastsPercent = 5),
        [("TRAUMATIC_TAP", "cns_involvement")] = (@case => @case.Csf = Fluid(5, true, 20.5), @case => @case.Csf = Fluid(5, true, 20)),
        [("CNS_BLASTS_LOW_COUNT", "cns_involvement")] = (@case => @case.Csf = Fluid(4.9, true, 0), @case => @case.Csf = Fluid(5, true, 0)),
        [("CSF_SINGLE_SAMPLE", "cns_involvement")] = (
            @case => @case.Csf = Fluid(5, true, 0, samples: 1),
            @case => @case.Csf = Fluid(5, true, 0, samples: 2)),
        [("PROBABLE_TESTICULAR", "testicular_involvement")] = (
            @case => @case.Testes.Enlarged = TesticularEnlargement.Bilateral,
            @case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Bilateral, BiopsyPositive = true }),
        [("PROBABLE_TESTICULAR", "relapse_site")] = (
            @case =>
            {
                @case.Testes.Enlarged = TesticularEnlargement.Unilateral;
                @case.Unknown.Add(new UnknownFact { Field = "case.testes.biopsy_positive", Reason = UnknownReason.Pending });
            },
            @case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Unilateral, BiopsyPositive = false }),
        [("PROBABLE_TESTICULAR", "risk_group")] = (
            @case => @case.Testes.Enlarged = TesticularEnlargement.Bilateral,
            @case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Bilateral, BiopsyPositive = true }),
        [("EXCLUDE_CONTRALATERAL_TESTIS", "testicular_involvement")] = (
            @case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Unilateral, BiopsyPositive = true },
            @case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Unilateral, BiopsyPositive = true, ContralateralBiopsyPositive = false }),
        [("PROBABLE_EXTRAMEDULLARY", "other_involvement")] = (
            @case => @case.OtherSites.Add(new OtherSite { Site = Site.Skin, Suspected = true }),
            @case => @case.OtherSites.Add(new OtherSite { Site = Site.Skin, Suspected = true, BiopsyPositive = true })),
        [("MRD_UNINFORMATIVE", "mrd_response")] = (
            @case => IsolatedCns(@case, TimePoint.EndOfInduction),
            @case => IsolatedCns(@case, TimePoint.EndOfInduction, TimePoint.AtRelapse)),
        [("SHORT_FRONTLINE_THERAPY", "timing")] = (
            @case => (@case.Timing.PrimaryTherapyEndDate, @case.Timing.RelapseDate) = (SoundCase.Day(2011, 3, 12), SoundCase.Day(2012, 9, 11)),
            @case => (@case.Timing.PrimaryTherapyEndDate, @case.Timing.RelapseDate) = (SoundCase.Day(2011, 3, 12), SoundCase.Day(2012, 9, 12))),
        [("SHORT_FRONTLINE_THERAPY", "risk_group")] = (
            @case => @case.Timing.PrimaryTherapyStatus = PrimaryTherapyStatus.StoppedEarly,
            @case => @case.Timing.PrimaryTherapyStatus = PrimaryTherapyStatus.Completed),
        [("MARROW_M2_REPEAT", "relapse_site")] = (
            @case => (@case.Marrow.BlastsPercent, @case.Blood.BlastsPresent) = (10, false),
            @case => (@case.Marrow.BlastsPercent, @case.Blood.BlastsPresent) = (10, true)),
        [("AGE_OVER_18", "risk_group")] = (@case => @case.AgeAtRelapseYears = 18.1, @case => @case.AgeAtRelapseYears = 18),
        [("EM_FINDING_LOWERS_GROUP", "risk_group")] = (
            @case => (@case.Timing.RelapseDate, @case.Cns.ClinicalSigns) = (SoundCase.Day(2012, 6, 1), true),
            @case => (@case.Timing.RelapseDate, @case.Cns.ClinicalSigns, @case.Csf) = (SoundCase.Day(2012, 6, 1), true, Fluid(40, true, 0, samples: 2))),
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_warning_is_raised_by_what_calls_for_it_and_not_by_its_neighbour(string code, string decision)
    {
        var (raised, notRaised) = Cases[(code, decision)];
        Assert.Contains(code, Codes(raised, decision));
        Assert.DoesNotContain(code, Codes(notRaised, decision));
        Assert.DoesNotContain(code, Codes(_ => { }, decision));
    }

    /// <summary>Those on advice are held by the cases transcribed for it.</summary>
    [Fact]
    public void Every_warning_on_advice_is_in_a_golden_case()
    {
        var cases = DocumentReader.Read<GoldenCases>(Shipped.Bytes("i-bfm-sg/2014.1/cases.yaml")).Message.Cases;
        var expected = cases.SelectMany(golden => golden.Expect.Values).SelectMany(expectation => expectation.Warnings?.Values_ ?? []).ToHashSet(StringComparer.Ordinal);
        Assert.All(
            Shipped.Protocol("i-bfm-sg").Document.Warnings.Where(warning => warning.Decisions.Values_.Contains("post_remission")),
            warning => Assert.Contains(warning.Code, expected));
    }

    [Fact]
    public void Every_warning_of_the_document_on_something_else_than_advice_is_tried_here() => Assert.Equal(
        Shipped.Protocol("i-bfm-sg").Document.Warnings.Where(warning => warning.Decisions.Values_.Any(decision => decision != "post_remission")).Select(warning => warning.Code).Distinct().Order(StringComparer.Ordinal),
        Cases.Keys.Select(entry => entry.Code).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_warning_that_is_to_be_certain_is_not_raised_by_what_may_be() =>
        Assert.DoesNotContain("TRAUMATIC_TAP", Codes(@case => @case.Csf = new CerebrospinalFluid { WbcPerUl = 5, BlastsPresent = true }, "cns_involvement"));

    [Fact]
    public void A_historical_protocol_says_so_and_names_its_successors()
    {
        var warning = Assert.Single(Shipped.Protocol("i-bfm-sg").Decide(SoundCase.LateCombined(), "marrow_status").Warnings);
        Assert.Equal("HISTORICAL_PROTOCOL", warning.Code);
        // By its name, without all that it holds.
        Assert.Equal("I-BFM SG scheme of 2014 is historical: it says what was practice then; followed, each within its own scope, by intreall-sr-2010, intreall-hr-2010", warning.Detail);
    }

    /// <summary>What is warned of is a conclusion; where there is none only that the protocol is historical is still said.</summary>
    [Fact]
    public void A_case_that_is_not_covered_or_contradicts_itself_is_warned_of_no_conclusion()
    {
        static void Early(RelapseCase @case) => (@case.Timing.RelapseDate, @case.Cns.ClinicalSigns) = (SoundCase.Day(2012, 6, 1), true);
        Assert.Contains("EM_FINDING_LOWERS_GROUP", Codes(Early, "post_remission"));
        Assert.Equal(["HISTORICAL_PROTOCOL"], Codes(Then(@case => @case.RelapseNumber = 2), "post_remission"));
        Assert.Equal(["HISTORICAL_PROTOCOL"], Codes(Then(@case => @case.PhPositive = true), "post_remission"));
        // A contradiction that the warning itself does not look at.
        Assert.Equal(["HISTORICAL_PROTOCOL"], Codes(Then(@case => @case.History.Transplants.Add(new Contracts.Case.V1.Transplant { Date = SoundCase.Day(2011, 1, 1) })), "post_remission"));

        static Action<RelapseCase> Then(Action<RelapseCase> change) => @case =>
        {
            Early(@case);
            change(@case);
        };
    }

    /// <summary>A level that is no residual disease is out of the scope of its own decision, and the advice is warned of it.</summary>
    [Fact]
    public void What_puts_advice_out_of_scope_on_the_way_is_still_warned_of() => Assert.Contains(
        "LEVEL_IS_NOT_MINIMAL",
        Codes(@case => @case.Mrd.Add(new MrdResult { TimePoint = TimePoint.EndOfInduction, Method = MrdMethod.PcrIgTr, Unit = MrdUnit.Fraction, Quantified = "0.2", Specimen = Specimen.Marrow }), "post_remission"));

    [Theory]
    [InlineData("all-rez-bfm", "INTERMEDIATE")]
    [InlineData("ukall-r3", "INTERMEDIATE")]
    [InlineData("i-bfm-sg", "STANDARD")]
    public void An_enlarged_testis_without_a_biopsy_that_lowers_the_group_is_to_be_confirmed(string id, string group)
    {
        // Early B-cell precursor relapse: isolated marrow is high risk, combined is not (Table 5).
        var enlarged = SoundCase.LateIsolatedMarrow().With(@case => (@case.Timing.RelapseDate, @case.Testes.Enlarged) = (SoundCase.Day(2012, 6, 1), TesticularEnlargement.Unilateral));
        var proven = enlarged.With(@case => @case.Testes.BiopsyPositive = true);
        var accepted = new Relapse.Clinical.ChosenReading("testicular_proof", "PAINLESS_ENLARGEMENT");
        var answer = Shipped.Protocol(id).Decide(enlarged, "risk_group", accepted);
        Assert.Equal([group], answer.Possible);
        Assert.Contains("EM_FINDING_LOWERS_GROUP", answer.Warnings.Select(warning => warning.Code));
        Assert.DoesNotContain("EM_FINDING_LOWERS_GROUP", Shipped.Protocol(id).Decide(proven, "risk_group", accepted).Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("all-rez-bfm", "INTERMEDIATE")]
    [InlineData("ukall-r3", "INTERMEDIATE")]
    [InlineData("i-bfm-sg", "STANDARD")]
    public void Two_findings_that_only_together_lower_the_group_are_to_be_confirmed(string id, string group)
    {
        // Signs alone and an enlarged testis: either of them alone would leave the relapse combined.
        var both = SoundCase.LateIsolatedMarrow().With(@case =>
            (@case.Timing.RelapseDate, @case.Cns.ClinicalSigns, @case.Testes.Enlarged) = (SoundCase.Day(2012, 6, 1), true, TesticularEnlargement.Bilateral));
        var accepted = new Relapse.Clinical.ChosenReading("testicular_proof", "PAINLESS_ENLARGEMENT");
        var answer = Shipped.Protocol(id).Decide(both, "risk_group", accepted);
        Assert.Equal([group], answer.Possible);
        Assert.Single(answer.Warnings, warning => warning.Code == "EM_FINDING_LOWERS_GROUP");
        // By the default reading the testis may not count, and the signs alone are enough to ask.
        Assert.Single(Shipped.Protocol(id).Decide(both, "risk_group").Warnings, warning => warning.Code == "EM_FINDING_LOWERS_GROUP");
        foreach (Action<RelapseCase> proof in new Action<RelapseCase>[] { @case => @case.Cns.ImagingMass = true, @case => @case.Csf = Fluid(40, true, 0, samples: 2), @case => @case.Testes.BiopsyPositive = true })
        {
            Assert.DoesNotContain("EM_FINDING_LOWERS_GROUP", Shipped.Protocol(id).Decide(both.With(proof), "risk_group", accepted).Warnings.Select(warning => warning.Code));
        }
    }

    [Fact]
    public void Two_reasons_of_one_code_are_two_warnings()
    {
        // Stopped early, and late although less than 30 months after diagnosis.
        var @case = SoundCase.LateIsolatedMarrow().With(changed =>
            (changed.Timing.PrimaryTherapyStatus, changed.Timing.PrimaryTherapyEndDate, changed.Timing.RelapseDate) = (PrimaryTherapyStatus.StoppedEarly, SoundCase.Day(2011, 3, 12), SoundCase.Day(2012, 3, 12)));
        Assert.Equal(2, Shipped.Protocol("i-bfm-sg").Decide(@case, "timing").Warnings.Count(warning => warning.Code == "SHORT_FRONTLINE_THERAPY"));
    }

    [Theory]
    [InlineData(18.1, true)]
    [InlineData(18, false)]
    public void Above_18_the_COG_classes_say_whose_trials_had_an_age(double age, bool raised)
    {
        var warnings = Shipped.Protocol("cog").Decide(SoundCase.LateIsolatedMarrow().With(@case => @case.AgeAtRelapseYears = age), "timing").Warnings;
        Assert.Equal(raised, warnings.Any(warning => warning.Code == "AGE_OVER_18" && warning.Detail.Contains("ALL-REZ BFM", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Codes(Action<RelapseCase> change, string decision) =>
        Shipped.Protocol("i-bfm-sg").Decide(SoundCase.LateIsolatedMarrow().With(change), decision).Warnings.Select(warning => warning.Code);

    /// <summary>An isolated relapse of the central nervous system, and a low positive marrow at each of the time points.</summary>
    private static void IsolatedCns(RelapseCase @case, params TimePoint[] positive)
    {
        (@case.Marrow.BlastsPercent, @case.Blood.BlastsPresent, @case.Csf) = (1, false, Fluid(40, true, 0, samples: 2));
        @case.Mrd.Add(positive.Select(at => new MrdResult { TimePoint = at, Specimen = Specimen.Marrow, Unit = MrdUnit.Fraction, Quantified = "1e-5" }));
    }

    private static CerebrospinalFluid Fluid(double cells, bool blasts, double erythrocytes, int samples = 1) =>
        new() { WbcPerUl = cells, BlastsPresent = blasts, ErythrocytesPerUl = erythrocytes, ConsecutivePositiveSamples = samples };
}
