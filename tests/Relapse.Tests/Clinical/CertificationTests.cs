using Relapse.Clinical;

namespace Relapse.Tests.Clinical;

/// <summary>A version is refused whose tables have a gap, a conflict or a dead rule, or whose golden cases do not come out.</summary>
public sealed class CertificationTests
{
    [Fact]
    public void A_gap_is_refused_with_the_cell_written_as_a_case()
    {
        var spoiled = DocumentText.Shipped.Without("high-t-cell-marrow");
        var faults = spoiled.Compile().Faults;
        Assert.NotEmpty(faults);
        Assert.All(faults, fault =>
        {
            Assert.Equal("decisions.risk_group", fault.Path);
            Assert.Equal(DocumentText.Position(spoiled.Protocol, "risk_group:\n    question"), (fault.Line, fault.Column));
            Assert.StartsWith("No rule applies to ", fault.Message, StringComparison.Ordinal);
            Assert.Contains("lineage: T_CELL", fault.Message, StringComparison.Ordinal);
            Assert.Contains(" For example: ", fault.Message, StringComparison.Ordinal);
            Assert.Contains("marrow_blasts_percent: ", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("established.", fault.Message, StringComparison.Ordinal);
        });
        Assert.Contains(faults, fault => fault.Message.Contains("COMBINED", StringComparison.Ordinal));
    }

    [Fact]
    public void An_overlap_is_refused_at_the_rule_with_both_names_and_the_cell()
    {
        var spoiled = DocumentText.Shipped.Change("          marrow_blasts_percent: BELOW_5", "          marrow_blasts_percent: [BELOW_5, ABOVE_25]");
        var fault = spoiled.OneFaultAt("id: m1\n");
        Assert.Equal("decisions.marrow_status.rules[0]", fault.Path);
        Assert.Contains("The rules m1, m3 all apply to marrow_blasts_percent: ABOVE_25.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_citation_that_does_not_resolve_hides_no_gap()
    {
        var faults = DocumentText.Shipped.Without("high-t-cell-marrow").Change("because: [fuster2014.table5_footnote1, fuster2014.table2_timing_bfm, fuster2014.timing_reissmueller]", "because: [fuster2014.table5_footnote1, fuster2014.table2_timing_bfm, fuster2014.timing_reissmueller, nobody2020]").Compile().Faults;
        Assert.Contains(faults, fault => fault.Message.Contains("does not resolve", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Message.StartsWith("No rule applies to ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_of_a_fault_is_a_case_that_has_it()
    {
        // Of facts alone, not of a conclusion that somebody established.
        var fault = DocumentText.Shipped.Without("high-t-cell-marrow").Compile().Faults.First(fault => fault.Message.Contains("COMBINED", StringComparison.Ordinal));
        Assert.Matches("marrow_blasts_percent: (FROM_5_TO_25|ABOVE_25)|blood_blasts: PRESENT", fault.Message);
    }

    [Fact]
    public void A_rule_that_can_never_hold_is_refused_at_its_place()
    {
        // The engine's own inputs, the established conclusions, reach every cell of a feeder; a scope cuts some of them off.
        const string Dead = "      - id: timing-late\n        when:\n          months_from_diagnosis: [FROM_18_TO_30, FROM_30_TO_36, FROM_36]\n          months_from_therapy_end: AFTER_6\n";
        var spoiled = DocumentText.Shipped
            .Change("      - id: first-remission\n        input: first_remission\n        within: ACHIEVED\n        because: [fuster2014.major_criteria, fuster2014.table1_footnote3]\n        outside: A first remission was never achieved; this is induction failure, not relapse.\n    rules:\n      - id: timing-very-early", "      - id: never-late\n        input: months_from_therapy_end\n        within: [ON_TREATMENT, BEFORE_6, EXACTLY_6]\n        because: [fuster2014.major_criteria]\n        outside: Late.\n    rules:\n      - id: timing-very-early");
        var fault = Assert.Single(spoiled.Compile().Faults, fault => fault.Path.StartsWith("decisions.timing", StringComparison.Ordinal));
        Assert.Equal(DocumentText.Position(spoiled.Protocol, Dead["      - ".Length..]), (fault.Line, fault.Column));
        Assert.Contains("The rule timing-late, which concludes LATE, applies to no case that can occur.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_that_feed_each_other_in_a_circle_are_refused()
    {
        var faults = DocumentText.Shipped.Change("    inputs: [marrow_blasts_percent]", "    inputs: [marrow_blasts_percent, risk_group]").Compile().Faults;
        Assert.Contains(faults, fault => fault.Path.StartsWith("decisions", StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_of_several_tables_are_listed_together()
    {
        var faults = DocumentText.Shipped.Without("m2").Without("timing-early").Without("other-biopsy").Compile().Faults;
        Assert.Equal(["decisions.marrow_status", "decisions.other_involvement", "decisions.timing"], faults.Select(fault => fault.Path).Where(path => !path.Contains('[', StringComparison.Ordinal)).Distinct().Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("cases: []\n")]
    [InlineData("{}\n")]
    public void A_version_without_golden_cases_is_refused(string cases)
    {
        var (protocol, faults) = (DocumentText.Shipped with { Cases = cases }).Compile();
        Assert.Null(protocol);
        Assert.Contains(faults, fault => fault.Message.Contains("golden cases", StringComparison.Ordinal) || fault.Message == "the file is empty");
    }

    [Fact]
    public void A_golden_case_that_comes_out_otherwise_is_refused_with_what_was_expected_and_concluded()
    {
        var cases = DocumentText.Shipped.Cases;
        var at = cases.IndexOf("risk_group: {outcome: OUTCOME_DETERMINED, possible: [HIGH]}", StringComparison.Ordinal);
        var spoiled = DocumentText.Shipped with { Cases = cases.Remove(at).TrimEnd() + "\n      risk_group: {outcome: OUTCOME_CONDITIONAL, possible: [STANDARD], warnings: [NONE_SUCH]}\n" };
        var faults = spoiled.Compile().Faults;
        Assert.Equal(3, faults.Length);
        Assert.All(faults, fault => Assert.Equal(("cases[0].expect.risk_group", DocumentText.Position(spoiled.Cases, "risk_group:")), (fault.Path, (fault.Line, fault.Column))));
        Assert.Contains("t5-bcp-very-early-isolated-extramedullary: expected Conditional, concluded Determined (HIGH)", faults[0].Message, StringComparison.Ordinal);
        Assert.Contains("expected {STANDARD}, concluded {HIGH}", faults[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_golden_case_that_is_no_valid_case_is_refused_at_its_field()
    {
        var spoiled = DocumentText.Shipped with { Cases = "cases:\n  - id: a\n    source: s\n    why: w\n    case:\n      marrow: {blasts_percent: 140}\n    expect:\n      timing: {}\n" };
        Assert.Equal("cases[0].case.marrow.blasts_percent", Assert.Single(spoiled.Compile().Faults).Path);
    }

    [Fact]
    public void Golden_cases_with_one_id_twice_or_a_reading_that_is_not_there_are_refused()
    {
        const string One = "  - id: a\n    source: s\n    why: w\n    case: {relapse_number: 1}\n    readings: {no_such: X}\n    expect:\n      timing: {}\n";
        var faults = (DocumentText.Shipped with { Cases = $"cases:\n{One}{One}" }).Compile().Faults;
        Assert.Equal(2, faults.Count(fault => fault.Path.EndsWith(".readings.no_such", StringComparison.Ordinal)));
        Assert.Contains(faults, fault => fault.Message.Contains("given 2 times", StringComparison.Ordinal));
    }

    [Fact]
    public void A_scope_over_a_clock_is_compiled_and_kept()
    {
        const string Scope = "      - id: not-on-treatment\n        input: months_from_therapy_end\n        within: [BEFORE_6, EXACTLY_6, AFTER_6]\n        because: [fuster2014.table5]\n        outside: On treatment.\n";
        var start = DocumentText.Shipped.Protocol.IndexOf("      - id: no-prior-transplant\n", StringComparison.Ordinal);
        var changed = DocumentText.Shipped with { Protocol = DocumentText.Shipped.Protocol.Insert(start, Scope) };
        var (protocol, faults) = (changed with { Cases = "cases:\n  - id: a\n    source: s\n    why: w\n    case:\n      timing: {primary_therapy_status: PRIMARY_THERAPY_STATUS_ON_TREATMENT}\n    expect:\n      risk_group: {outcome: OUTCOME_OUT_OF_SCOPE}\n" }).Compile();
        Assert.Empty(faults);
        Assert.Equal("OutOfScope", protocol!.Decide(SoundCase.LateIsolatedMarrow().VeryEarly(), "risk_group").Outcome.ToString());
    }
}
