using Relapse.Cli;

namespace Relapse.Tests.Cli;

public sealed class AnswerTableTests
{
    [Fact]
    public void A_settled_answer_shows_timing_site_and_group_with_rule_and_place()
    {
        var printed = Print("""
            {"decisions": [
              {"decision": "marrow_status", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["M3"]},
              {"decision": "relapse_site", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["COMBINED"],
               "because": [{"rule": "site-combined", "citations": [{"source": "Book", "locator": "Table 2"}]}]},
              {"decision": "timing", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["LATE"],
               "because": [{"rule": "late", "citations": [{"source": "Article", "locator": "page 3"}, {"source": "Book", "locator": "Table 1"}]}]},
              {"decision": "risk_group", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_NOT_DEFINED"}
            ]}
            """);
        Assert.Equal(
            [
                "p 1",
                "  timing  LATE         late           [1] page 3 (and 1 more)",
                "  site    COMBINED     site-combined  [2] Table 2",
                "  group   not defined",
                "",
                "[1] Article",
                "[2] Book",
            ],
            printed);
    }

    [Fact]
    public void An_open_answer_shows_every_rule_still_possible_and_what_is_missing()
    {
        var printed = Print("""
            {"decisions": [
              {"decision": "risk_group", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_UNDETERMINED", "possible": ["LOW", "HIGH"],
               "because": [{"rule": "a"}, {"rule": "b"}],
               "missing": [{"field": "case.lineage", "wouldDecide": [{"value": "T_CELL", "possible": ["HIGH"]}, {"value": "B_CELL_PRECURSOR", "possible": ["LOW", "HIGH"]}]}]}
            ]}
            """);
        Assert.Equal("  group   LOW or HIGH  a", printed[1]);
        Assert.Equal("                       b", printed[2]);
        Assert.Equal("  missing for group: case.lineage; T_CELL leaves HIGH; B_CELL_PRECURSOR leaves LOW or HIGH", printed[3]);
    }

    [Fact]
    public void What_must_hold_what_contradicts_and_what_is_warned_of_is_said_once()
    {
        var printed = Print("""
            {"decisions": [
              {"decision": "timing", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_INCONSISTENT",
               "contradictions": [{"fields": ["case.a", "case.b"], "detail": "a before b"}], "warnings": [{"code": "W", "detail": "beware"}]},
              {"decision": "risk_group", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_CONDITIONAL", "possible": ["HIGH"],
               "conditions": [{"id": "r", "detail": "read so.", "otherwise": ["LOW"]}],
               "contradictions": [{"fields": ["case.a", "case.b"], "detail": "a before b"}], "warnings": [{"code": "W", "detail": "beware"}],
               "ifConfirmed": [{"decision": "relapse_site", "conclusion": "COMBINED", "possible": ["LOW"]}]}
            ]}
            """);
        Assert.Contains("  group   HIGH, conditional", printed);
        Assert.Contains("  if      r: read so. Otherwise group is LOW.", printed);
        Assert.Contains("  then    group, if relapse_site is COMBINED: LOW", printed);
        Assert.Single(printed, "  against case.a, case.b: a before b");
        Assert.Single(printed, "  warning W: beware");
    }

    [Fact]
    public void A_feature_that_changes_nothing_is_printed_once_with_who_states_it()
    {
        const string Shared = """{"code": "F", "direction": "MODIFIER_DIRECTION_NOT_STATED", "detail": "Nobody said.", "protocol": "protocols/q/versions/2"}""";
        const string Own = """{"code": "T", "direction": "MODIFIER_DIRECTION_ADVERSE", "detail": "Early.", "protocol": "protocols/p/versions/1"}""";
        var printed = Print($$"""
            {"decisions": [
              {"decision": "timing", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_NOT_DEFINED"},
              {"decision": "risk_group", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_NOT_DEFINED", "modifiers": [{{Shared}}, {{Own}}]},
              {"decision": "risk_group", "protocol": "protocols/r/versions/1", "outcome": "OUTCOME_NOT_DEFINED", "modifiers": [{{Shared}}]}
            ]}
            """);
        Assert.Equal(
            ["beside the conclusions, changing none", "  adverse     T (p 1): Early.", "  not stated  F (q 2): Nobody said."],
            printed.SkipWhile(line => !line.StartsWith("beside", StringComparison.Ordinal)).ToArray());
    }

    [Fact]
    public void What_the_protocols_make_of_each_other_stands_under_their_blocks()
    {
        var printed = Print("""
            {"decisions": [{"decision": "timing", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["LATE"]}],
             "agreements": [
              {"decision": "marrow_status", "summary": "Not shown."},
              {"decision": "risk_group", "summary": "They differ: three ways.", "partings": [{"detail": "They part on a."}, {"detail": "They part on b."}]},
              {"decision": "timing", "summary": "They differ: so. They part on timing.", "partings": [{"detail": "They part on timing."}]}
            ]}
            """);
        Assert.Equal(
            [
                "p 1",
                "  timing  LATE",
                "",
                "between protocols",
                "  timing  They differ: so.",
                "          They part on timing.",
                "  group   They differ: three ways.",
                "          - They part on a.",
                "          - They part on b.",
            ],
            printed);
    }

    [Fact]
    public void A_refusal_names_every_fault_with_its_path() =>
        Assert.Equal(
            "two faults\n  case.a: no\n  case.b: never",
            Refusal.Parse("""
                {"code": 3, "message": "two faults", "details": [
                  {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R", "domain": "relapse"},
                  {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
                    {"field": "case.a", "description": "no"}, {"field": "case.b", "description": "never"}]}]}
                """).ToString());

    [Fact]
    public void Advice_shows_what_it_is_given_the_options_that_may_apply_and_what_is_said_beside_it() => Assert.Equal(
        [
            "p 1",
            "  advice   TRANSPLANT                        t",
            "  local    cns_cranial_irradiation: APPLIES  c",
            "  given   remission is COMPLETE or COMPLETE WITHOUT PLATELETS: unknown; missing: case.responses",
            "",
            "agent",
            "        one (in trials, 2014): Text.",
            "  maybe two (approved, 2005-10): More text. [hangs on case.lineage]",
        ],
        Print("""
            {"decisions": [
              {"decision": "post_remission", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["TRANSPLANT"], "because": [{"rule": "t"}],
               "requires": [{"decision": "remission", "needed": "COMPLETE or COMPLETE_WITHOUT_PLATELETS", "state": "REQUIREMENT_STATE_UNKNOWN", "missing": ["case.responses"]}]},
              {"decision": "salvage_path", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_NOT_DEFINED"},
              {"decision": "local_therapy.cns_cranial_irradiation", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["APPLIES"], "because": [{"rule": "c"}]},
              {"decision": "local_therapy.testes_irradiation", "protocol": "protocols/p/versions/1", "outcome": "OUTCOME_DETERMINED", "possible": ["DOES_NOT_APPLY"], "because": [{"rule": "d"}]},
              {"decision": "post_remission", "protocol": "protocols/review/versions/1", "outcome": "OUTCOME_NOT_DEFINED"}],
             "context": [
              {"id": "b", "kind": "CONTEXT_KIND_AGENT", "fit": "CONTEXT_FIT_OPEN", "text": "More text.", "agent": "two", "status": "approved", "asOf": "2005-10", "missing": ["case.lineage"]},
              {"id": "a", "kind": "CONTEXT_KIND_AGENT", "fit": "CONTEXT_FIT_APPLIES", "text": "Text.", "agent": "one", "status": "in trials", "asOf": "2014"}]}
            """, Question.Eligibility));

    private static string[] Print(string json, Question? question = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        (question ?? Question.Classify).Print(json, output);
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
