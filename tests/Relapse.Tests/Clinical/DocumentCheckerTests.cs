namespace Relapse.Tests.Clinical;

/// <summary>What the schema cannot say is checked: each fault at its place, all of them at once.</summary>
public sealed class DocumentCheckerTests
{
    [Theory]
    [InlineData("        because: [fuster2014.table2_grades, fuster2014.grades]\n        note: >-", "        because: [fuster2014.table9]\n        note: >-", "decisions.marrow_status.rules[1].because", "'fuster2014.table9' does not resolve")]
    [InlineData("sources:\n", "sources:\n  unused:\n    title: Never cited\n", "sources.unused", "never cited")]
    [InlineData("sources:\n", "sources:\n  fuster:\n    title: A source whose id begins another's\n", "sources.fuster", "never cited")]
    [InlineData("      table1_footnote3: ", "      table99: Never cited\n      table1_footnote3: ", "sources.fuster2014.locators.table99", "never cited")]
    [InlineData("readings:\n", "readings:\n  unused_reading:\n    question: Q?\n    kind: READING_KIND_AMBIGUITY\n    values: {A: a, B: b}\n    because: fuster2014.table5\n", "readings.unused_reading", "declared and never used")]
    [InlineData("readings:\n", "readings:\n  established.timing:\n    question: Q?\n    kind: READING_KIND_AMBIGUITY\n    values: {A: a, B: b}\n    because: fuster2014.table5\n", "readings.established.timing", "lower-case letters, digits and underscores")]
    [InlineData("    default: MARROW_RELAPSE\n", "    default: MAYBE\n", "readings.blood_blasts_with_m1.default", "must be one of the alternatives")]
    [InlineData("    default: BIOPSY\n", "", "readings.testicular_proof.default", "only an ambiguity may have none")]
    [InlineData("      FROM_5_TO_25: \"[5, 25]\"", "      FROM_5_TO_25: \"[6, 25]\"", "inputs.marrow_blasts_percent.bands", "No band covers [5, 6)")]
    [InlineData("      FROM_5_TO_25: \"[5, 25]\"", "      FROM_5_TO_25: \"[4, 25]\"", "inputs.marrow_blasts_percent.bands", "share [4, 5)")]
    [InlineData("      FROM_5_TO_25: \"[5, 25]\"", "      FROM_5_TO_25: \"5 to 25\"", "inputs.marrow_blasts_percent.bands.FROM_5_TO_25", "is not an interval")]
    [InlineData("      FROM_18_TO_30: \"[18, 30)\"\n      FROM_30_TO_36: \"[30, 36)\"", "      FROM_18_TO_30: \"[18, 30.5)\"\n      FROM_30_TO_36: \"[30.5, 36)\"", "inputs.months_from_diagnosis.bands", "whole months only")]
    [InlineData("      FROM_30_TO_36: \"[30, 36)\"\n      FROM_36: \"[36, inf)\"", "      FROM_30_TO_36: \"[30, 99999999999)\"\n      FROM_36: \"[99999999999, inf)\"", "inputs.months_from_diagnosis.bands", "at most 1200")]
    [InlineData("  cns_imaging_mass:\n    values: [ABSENT, PRESENT]", "  cns_imaging_mass:\n    values: [PRESENT, ABSENT]", "inputs.cns_imaging_mass.values", "must list ABSENT, PRESENT in this order")]
    [InlineData("inputs:\n  relapse_number", "inputs:\n  shoe_size:\n    values: [A]\n  relapse_number", "inputs.shoe_size", "no such fact; known: relapse_number")]
    [InlineData("  marrow_status:\n    question", "  shoe_status:\n    question: Q?\n    conclusions: [A]\n    rules: [{id: a, then: A, because: fuster2014}]\n  marrow_status:\n    question", "decisions.shoe_status", "no such decision")]
    [InlineData("          marrow_blasts_percent: BELOW_5", "          marrow_blasts_percent: BELOW_6", "decisions.marrow_status.rules[0].when.marrow_blasts_percent", "'BELOW_6' is not one of")]
    [InlineData("          marrow_blasts_percent: BELOW_5", "          marrow_blasts_percent: [BELOW_5, BELOW_5]", "decisions.marrow_status.rules[0].when.marrow_blasts_percent", "is given 2 times")]
    [InlineData("          marrow_blasts_percent: BELOW_5", "          blood_blasts: ABSENT\n          marrow_blasts_percent: BELOW_5", "decisions.marrow_status.rules[0].when.blood_blasts", "not an input of this table")]
    [InlineData("        then: M3\n", "        then: M4\n", "decisions.marrow_status.rules[2].then", "'M4' is not a conclusion")]
    [InlineData("      - id: m3\n", "      - id: m2\n", "decisions.marrow_status.rules", "'m2' is given 2 times")]
    [InlineData("      - id: high-t-cell-marrow\n", "      - id: first-relapse\n", "decisions.risk_group.rules", "the id of a rule and of a scope rule")]
    [InlineData("        settled_by: case.csf\n", "        settled_by: case.csf.redness\n", "decisions.cns_involvement.rules[5].settled_by", "names the field of the case")]
    [InlineData("    instead:\n      cns_clinical_signs: ABSENT", "    instead:\n      cns_clinical_signs: ABSENT\n      months_from_diagnosis: BEFORE_18", "warnings[13].instead.months_from_diagnosis", "not a clock")]
    [InlineData("      cns_clinical_signs: ABSENT\n    gives: [HIGH]", "      cns_clinical_signs: ABSENT\n    gives: [WORSE]", "warnings[13].gives", "'WORSE' is not a conclusion of risk_group")]
    [InlineData("  - code: TIMING_LATE\n    decisions: risk_group", "  - code: timing late\n    decisions: risk_group", "modifiers[2].code", "upper-case letters")]
    [InlineData("  - code: TIMING_LATE\n    decisions: risk_group", "  - code: TIMING_LATE\n    decisions: nci_group", "modifiers[2].decisions", "'nci_group' is not a decision of this document")]
    [InlineData("  - code: TIMING_LATE\n    decisions: risk_group\n", "  - code: TIMING_LATE\n", "modifiers[2].decisions", "required")]
    [InlineData("  - code: TIMING_LATE\n", "  - code: TIMING_EARLY\n", "modifiers[2].direction", "points another way")]
    [InlineData("    direction: MODIFIER_DIRECTION_FAVOURABLE\n", "", "modifiers[2].direction", "required")]
    [InlineData("    when:\n      disease: ACUTE_LYMPHOBLASTIC\n      timing: LATE\n    direction", "    direction", "modifiers[2].when", "at least one of when, open and given")]
    [InlineData("    when:\n      disease: ACUTE_LYMPHOBLASTIC\n      timing: LATE\n    direction", "    when:\n      disease: ACUTE_LYMPHOBLASTIC\n      timing: SOON\n    direction", "modifiers[2].when.timing", "'SOON' is not one of")]
    [InlineData("    when:\n      disease: ACUTE_LYMPHOBLASTIC\n      timing: LATE\n    direction", "    when:\n      timing: LATE\n    open: shoe_size\n    direction", "modifiers[2].open", "'shoe_size' must be a declared fact")]
    [InlineData("    when:\n      disease: ACUTE_LYMPHOBLASTIC\n      timing: LATE\n    direction", "    when:\n      timing: LATE\n    given: months_from_diagnosis\n    direction", "modifiers[2].given", "not a clock")]
    [InlineData("      timing: LATE\n    direction", "      timing: LATE\n    unless:\n      months_from_diagnosis: BEFORE_18\n    direction", "modifiers[2].unless.months_from_diagnosis", "not a clock")]
    [InlineData("      timing: LATE\n    direction", "      timing: LATE\n    unless:\n      sex: BOTH\n    direction", "modifiers[2].unless.sex", "'BOTH' is not one of")]
    [InlineData("    question: How is the bone marrow graded by conventional morphology?", "    question: Q?\n    stratification_use: STRATIFICATION_USE_USED", "decisions.marrow_status.stratification_use", "only for a feature")]
    [InlineData("  marrow_status:\n    question", "  primary_feature.cns3:\n    question: Q?\n    inputs: [sex]\n    conclusions: [A, B]\n    rules: [{id: a, when: {sex: MALE}, then: A, because: fuster2014}, {id: b, when: {sex: FEMALE}, then: B, because: fuster2014}]\n  marrow_status:\n    question", "decisions.primary_feature.cns3.stratification_use", "required for a feature")]
    public void A_fault_is_named_at_its_path(string passage, string by, string path, string message)
    {
        var spoiled = DocumentText.Shipped.Change(passage, by);
        var faults = spoiled.Compile().Faults;
        Assert.Contains(faults, fault => fault.Path == path && fault.Message.Contains(message, StringComparison.Ordinal));
        var fault = faults.First(fault => fault.Path == path);
        // The line is that of the place itself or of the nearest one around it: the last word of the path stands there.
        var line = spoiled.Protocol.Split('\n')[fault.Line - 1];
        Assert.True(fault.Column >= 1 && fault.Column <= line.Length && !char.IsWhiteSpace(line[fault.Column - 1]), $"({fault.Line},{fault.Column}) '{line}'");
    }

    [Fact]
    public void Modifiers_for_all_may_stand_beside_any_well_known_decision_and_no_other()
    {
        var forAll = DocumentText.Shipped.Change("\nmodifiers:\n", "\nmodifiers_for_all: true\nmodifiers:\n");
        const string Carrier = "  - code: TIMING_LATE\n    decisions: risk_group";
        Assert.Empty(forAll.Change(Carrier, "  - code: TIMING_LATE\n    decisions: [nci_group, risk_group]").Compile().Faults);
        var fault = Assert.Single(forAll.Change(Carrier, "  - code: TIMING_LATE\n    decisions: [shoe_status, risk_group]").Compile().Faults);
        Assert.Equal("modifiers[2].decisions", fault.Path);
        Assert.Contains("'shoe_status' is no decision", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Modifiers_for_all_need_modifiers()
    {
        var text = DocumentText.Shipped;
        var bare = text with { Protocol = text.Protocol[..text.Protocol.IndexOf("\nmodifiers:\n", StringComparison.Ordinal)] + "\nmodifiers_for_all: true\n" };
        Assert.Contains(bare.Compile().Faults, fault => fault.Path == "modifiers_for_all" && fault.Message == "there are no modifiers");
    }

    [Fact]
    public void A_document_without_its_identity_is_refused_for_each_part_missing()
    {
        var faults = new DocumentText("id: Not An Id\n", "cases: []\n").Compile().Faults;
        Assert.Equal(["id", "version", "title", "study_group", "intended_use", "period", "decisions", "cases"], faults.Select(fault => fault.Path));
    }

    [Fact]
    public void Faults_of_all_parts_are_listed_together()
    {
        var faults = DocumentText.Shipped
            .Change("      FROM_5_TO_25: \"[5, 25]\"", "      FROM_5_TO_25: \"[6, 25]\"")
            .Change("    default: MARROW_RELAPSE\n", "    default: MAYBE\n")
            .Change("        then: M3\n", "        then: M4\n")
            .Change("      cns_clinical_signs: ABSENT\n    gives: [HIGH]", "      cns_clinical_signs: ABSENT\n    gives: [WORSE]")
            .Change("sources:\n", "sources:\n  unused:\n    title: Never cited\n").Compile().Faults;
        Assert.Equal(
            ["inputs.marrow_blasts_percent.bands", "readings.blood_blasts_with_m1.default", "decisions.marrow_status.rules[2].then", "warnings[13].gives", "sources.unused"],
            faults.Select(fault => fault.Path));
    }

    [Fact]
    public void More_pairs_of_clock_bands_than_the_engine_holds_are_refused()
    {
        var bands = string.Join("\n", Enumerable.Range(0, 30).Select(month => $"      M{month}: \"[{month}, {month + 1})\"").Append("      REST: \"[30, inf)\""));
        var faults = DocumentText.Shipped.Change("      BEFORE_18: \"[0, 18)\"\n      FROM_18_TO_30: \"[18, 30)\"\n      FROM_30_TO_36: \"[30, 36)\"\n      FROM_36: \"[36, inf)\"", bands).Compile().Faults;
        Assert.Contains(faults, fault => fault.Path == "inputs" && fault.Message.Contains("124 pairs", StringComparison.Ordinal));
    }
}
