using Google.Protobuf;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Facts that cannot all be true: both are named, nothing is concluded from them, and what they do not touch stands.</summary>
public sealed class ContradictionTests
{
    [Theory]
    [InlineData("""{"timing":{"diagnosisDate":{"year":2013},"relapseDate":{"year":2012}}}""", "timing", "case.timing.relapse_date case.timing.diagnosis_date")]
    [InlineData("""{"timing":{"diagnosisDate":{"year":2013},"primaryTherapyEndDate":{"year":2012}}}""", "timing", "case.timing.primary_therapy_end_date case.timing.diagnosis_date")]
    [InlineData("""{"timing":{"relapseDate":{"year":2012},"primaryTherapyEndDate":{"year":2013}}}""", "timing", "case.timing.primary_therapy_end_date case.timing.relapse_date")]
    [InlineData("""{"timing":{"relapseDate":{"year":2013},"primaryTherapyEndDate":{"year":2012},"primaryTherapyStatus":"PRIMARY_THERAPY_STATUS_ON_TREATMENT"}}""", "timing", "case.timing.primary_therapy_status case.timing.primary_therapy_end_date")]
    [InlineData("""{"timing":{"monthsFromTherapyEnd":"3","primaryTherapyStatus":"PRIMARY_THERAPY_STATUS_ON_TREATMENT"}}""", "timing", "case.timing.primary_therapy_status case.timing.months_from_therapy_end")]
    [InlineData("""{"timing":{"monthsFromTherapyEnd":"30","monthsFromDiagnosis":"20"}}""", "timing", "case.timing.months_from_therapy_end case.timing.months_from_diagnosis")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"20","diagnosisDate":{"year":2010,"month":1,"day":1},"relapseDate":{"year":2011,"month":1,"day":1}}}""", "timing", "case.timing.months_from_diagnosis case.timing.diagnosis_date case.timing.relapse_date")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"12","monthsPrecision":"MONTHS_PRECISION_COMPLETED_MONTHS","diagnosisDate":{"year":2010,"month":1,"day":1},"relapseDate":{"year":2011,"month":2,"day":1}}}""", "timing", "case.timing.months_from_diagnosis case.timing.diagnosis_date case.timing.relapse_date")]
    [InlineData("""{"relapseNumber":1,"previousRelapses":[{}]}""", "risk_group", "case.relapse_number case.previous_relapses")]
    [InlineData("""{"bounded":[{"field":"case.relapse_number","max":1}],"previousRelapses":[{}]}""", "risk_group", "case.relapse_number case.previous_relapses")]
    [InlineData("""{"relapseNumber":2,"firstRemissionAchieved":false}""", "risk_group", "case.first_remission_achieved case.relapse_number")]
    [InlineData("""{"previousRelapses":[{}],"firstRemissionAchieved":false}""", "risk_group", "case.first_remission_achieved case.previous_relapses")]
    [InlineData("""{"history":{"noPriorTransplant":true,"transplants":[{}]}}""", "risk_group", "case.history.no_prior_transplant case.history.transplants")]
    [InlineData("""{"earlyTPrecursor":true,"lineage":"LINEAGE_B_CELL_PRECURSOR"}""", "risk_group", "case.early_t_precursor case.lineage")]
    [InlineData("""{"sex":"SEX_FEMALE","testes":{"enlarged":"TESTICULAR_ENLARGEMENT_NONE"}}""", "testicular_involvement", "case.sex case.testes")]
    [InlineData("""{"csf":{"blastsPresent":false,"consecutivePositiveSamples":1}}""", "cns_involvement", "case.csf.blasts_present case.csf.consecutive_positive_samples")]
    [InlineData("""{"csf":{"blastsPresent":false},"bounded":[{"field":"case.csf.consecutive_positive_samples","min":1}]}""", "cns_involvement", "case.csf.blasts_present case.csf.consecutive_positive_samples")]
    public void Both_facts_are_named_and_nothing_is_concluded(string json, string decision, string fields)
    {
        var answer = Shipped.Protocol("i-bfm-sg").Decide(JsonParser.Default.Parse<RelapseCase>(json), decision);
        Assert.Equal(Outcome.Inconsistent, answer.Outcome);
        Assert.Empty(answer.Possible);
        Assert.Equal(fields, string.Join(" ", Assert.Single(answer.Contradictions).Fields));
    }

    [Theory]
    [InlineData("""{"timing":{"relapseDate":{"year":2012,"month":5},"primaryTherapyEndDate":{"year":2012}}}""", "timing")]
    [InlineData("""{"timing":{"relapseDate":{"year":2012},"primaryTherapyEndDate":{"year":2013},"primaryTherapyStatus":"PRIMARY_THERAPY_STATUS_ON_TREATMENT"}}""", "timing")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"12","monthsPrecision":"MONTHS_PRECISION_COMPLETED_MONTHS","diagnosisDate":{"year":2010,"month":1,"day":1},"relapseDate":{"year":2011,"month":1,"day":31}}}""", "timing")]
    [InlineData("""{"otherSites":[{"site":"SITE_SKIN","biopsyPositive":true}],"otherSitesAssessed":false}""", "other_involvement")]
    [InlineData("""{"earlyTPrecursor":true,"lineage":"LINEAGE_MIXED"}""", "risk_group")]
    [InlineData("""{"relapseNumber":2,"previousRelapses":[{}]}""", "relapse_site")]
    [InlineData("""{"relapseNumber":1,"history":{"transplants":[{}]}}""", "relapse_site")]
    public void Facts_that_can_be_true_together_are_no_contradiction(string json, string decision) =>
        Assert.NotEqual(Outcome.Inconsistent, Shipped.Protocol("i-bfm-sg").Decide(JsonParser.Default.Parse<RelapseCase>(json), decision).Outcome);

    [Theory]
    [InlineData("""{"primaryDisease":{"ageYears":9},"ageAtRelapseYears":8.9}""", "nci_group", "case.primary_disease.age_years case.age_at_relapse_years")]
    [InlineData("""{"primaryDisease":{"ageYears":9},"ageAtRelapseYears":8}""", "nci_group", "case.primary_disease.age_years case.age_at_relapse_years")]
    [InlineData("""{"firstRemissionAchieved":false,"primaryDisease":{"inductionFailure":false}}""", "primary_feature.induction_failure", "case.first_remission_achieved case.primary_disease.induction_failure")]
    [InlineData("""{"primaryDisease":{"ageYears":9},"bounded":[{"field":"case.age_at_relapse_years","max":8}]}""", "primary_feature.infant", "case.primary_disease.age_years case.age_at_relapse_years")]
    [InlineData("""{"genetics":[{"marker":"GENETIC_MARKER_IKZF1","status":"FINDING_STATUS_PRESENT"},{"marker":"GENETIC_MARKER_IKZF1","status":"FINDING_STATUS_ABSENT"}]}""", "primary_feature.ikzf1", "case.genetics[0] case.genetics[1]")]
    [InlineData("""{"genetics":[{"marker":"GENETIC_MARKER_IKZF1","status":"FINDING_STATUS_ABSENT","time":"FINDING_TIME_DIAGNOSIS"},{"marker":"GENETIC_MARKER_IKZF1","status":"FINDING_STATUS_PRESENT"}]}""", "primary_feature.ikzf1", "case.genetics[1] case.genetics[0]")]
    [InlineData("""{"phPositive":false,"genetics":[{"marker":"GENETIC_MARKER_BCR_ABL1","status":"FINDING_STATUS_PRESENT"}]}""", "primary_feature.bcr_abl1", "case.genetics[0] case.ph_positive")]
    [InlineData("""{"phPositive":true,"genetics":[{"marker":"GENETIC_MARKER_BCR_ABL1","status":"FINDING_STATUS_ABSENT","time":"FINDING_TIME_DIAGNOSIS"}]}""", "primary_feature.bcr_abl1", "case.ph_positive case.genetics[0]")]
    [InlineData("""{"genetics":[{"marker":"GENETIC_MARKER_KMT2A_AFF1","status":"FINDING_STATUS_PRESENT"},{"marker":"GENETIC_MARKER_KMT2A_REARRANGED","status":"FINDING_STATUS_ABSENT"}]}""", "primary_feature.kmt2a", "case.genetics[0] case.genetics[1]")]
    [InlineData("""{"earlyTPrecursor":true,"lineage":"LINEAGE_B_CELL_PRECURSOR"}""", "primary_feature.early_t_precursor", "case.early_t_precursor case.lineage")]
    [InlineData("""{"earlyTPrecursor":true,"lineage":"LINEAGE_B_CELL_PRECURSOR"}""", "primary_feature.t_cell", "case.early_t_precursor case.lineage")]
    [InlineData("""{"primaryDisease":{"wbcPerUl":50000,"nciGroup":"NCI_GROUP_STANDARD"}}""", "nci_group", "case.primary_disease.nci_group case.primary_disease.wbc_per_ul")]
    [InlineData("""{"primaryDisease":{"ageYears":10,"nciGroup":"NCI_GROUP_STANDARD"}}""", "nci_group", "case.primary_disease.nci_group case.primary_disease.age_years")]
    [InlineData("""{"primaryDisease":{"ageYears":9.9,"wbcPerUl":49999,"nciGroup":"NCI_GROUP_HIGH"}}""", "nci_group", "case.primary_disease.nci_group case.primary_disease.wbc_per_ul case.primary_disease.age_years")]
    [InlineData("""{"primaryDisease":{"nciGroup":"NCI_GROUP_HIGH"},"established":[{"decision":"nci_group","conclusion":"STANDARD"}]}""", "nci_group", "case.established[0] case.primary_disease.nci_group")]
    public void What_is_said_of_the_first_diagnosis_is_held_together_too(string json, string decision, string fields)
    {
        var answer = Shipped.Protocol("review-2014").Decide(JsonParser.Default.Parse<RelapseCase>(json), decision);
        Assert.Equal(Outcome.Inconsistent, answer.Outcome);
        Assert.Empty(answer.Possible);
        Assert.Equal(fields.Split(' ').Order(StringComparer.Ordinal), Assert.Single(answer.Contradictions).Fields.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"primaryDisease":{"ageYears":9},"ageAtRelapseYears":9}""", "nci_group")]
    [InlineData("""{"primaryDisease":{"ageYears":8.9},"ageAtRelapseYears":8}""", "nci_group")]
    [InlineData("""{"firstRemissionAchieved":true,"primaryDisease":{"inductionFailure":true}}""", "primary_feature.induction_failure")]
    [InlineData("""{"primaryDisease":{"wbcPerUl":50000,"nciGroup":"NCI_GROUP_HIGH"}}""", "nci_group")]
    [InlineData("""{"primaryDisease":{"ageYears":3,"nciGroup":"NCI_GROUP_STANDARD"}}""", "nci_group")]
    [InlineData("""{"genetics":[{"marker":"GENETIC_MARKER_IKZF1","status":"FINDING_STATUS_ABSENT","time":"FINDING_TIME_DIAGNOSIS"},{"marker":"GENETIC_MARKER_IKZF1","status":"FINDING_STATUS_PRESENT","time":"FINDING_TIME_RELAPSE"}]}""", "primary_feature.ikzf1")]
    [InlineData("""{"phPositive":true,"genetics":[{"marker":"GENETIC_MARKER_BCR_ABL1","status":"FINDING_STATUS_NOT_DONE"}]}""", "primary_feature.bcr_abl1")]
    [InlineData("""{"genetics":[{"marker":"GENETIC_MARKER_KMT2A_AFF1","status":"FINDING_STATUS_ABSENT"},{"marker":"GENETIC_MARKER_KMT2A_REARRANGED","status":"FINDING_STATUS_PRESENT"}]}""", "primary_feature.kmt2a")]
    [InlineData("""{"earlyTPrecursor":false,"lineage":"LINEAGE_B_CELL_PRECURSOR"}""", "primary_feature.early_t_precursor")]
    public void What_is_said_of_the_first_diagnosis_can_be_true_together(string json, string decision) =>
        Assert.NotEqual(Outcome.Inconsistent, Shipped.Protocol("review-2014").Decide(JsonParser.Default.Parse<RelapseCase>(json), decision).Outcome);

    [Fact]
    public void A_decision_that_looks_at_none_of_the_facts_stands()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.Timing.RelapseDate = SoundCase.Day(2009));
        var protocol = Shipped.Protocol("i-bfm-sg");
        Assert.Equal(Outcome.Inconsistent, protocol.Decide(@case, "risk_group").Outcome);
        Assert.Equal(Outcome.Determined, protocol.Decide(@case, "relapse_site").Outcome);
    }

    [Fact]
    public void Every_contradiction_is_named_and_not_only_the_first()
    {
        var @case = SoundCase.LateCombined().With(changed =>
        {
            changed.Timing.RelapseDate = SoundCase.Day(2009);
            changed.PreviousRelapses.Add(new PreviousRelapse());
        });
        Assert.Equal(
            ["relapse before diagnosis", "end of therapy after the relapse", "as many relapses lie before this one as its number allows, or more"],
            Shipped.Protocol("i-bfm-sg").Decide(@case, "risk_group").Contradictions.Select(contradiction => contradiction.Detail).OrderBy(detail => detail[0] == 'a').ThenBy(detail => detail[0] == 'e'));
    }

    [Fact]
    public void Months_of_one_clock_that_part_from_its_dates_within_a_month_leave_the_other_clock_alone()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing
        {
            MonthsFromDiagnosis = "17",
            MonthsFromTherapyEnd = "6",
            MonthsPrecision = MonthsPrecision.Exact,
            PrimaryTherapyEndDate = SoundCase.Day(2012, 1, 1),
            RelapseDate = SoundCase.Day(2012, 7, 4),
        });
        Assert.Equal("Determined {VERY_EARLY}", Shipped.Protocol("i-bfm-sg").Decide(@case, "timing").Say());
    }

    [Fact]
    public void Dates_and_months_of_one_clock_are_taken_together()
    {
        // Seven completed months after a known end of therapy leave the relapse one month of days, all of them very early.
        var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing
        {
            DiagnosisDate = SoundCase.Day(2013, 1, 8),
            PrimaryTherapyEndDate = SoundCase.Day(2013, 10, 3),
            MonthsFromTherapyEnd = "7",
            MonthsPrecision = MonthsPrecision.CompletedMonths,
        });
        Assert.Equal("Determined {VERY_EARLY}", Shipped.Protocol("i-bfm-sg").Decide(@case, "timing").Say());
    }
}
