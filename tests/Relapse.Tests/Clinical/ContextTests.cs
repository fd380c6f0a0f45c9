using System.Collections.Immutable;
using System.Text;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Statements shown beside the answers, and what advice is given: exact under missing facts, and no conclusion changed.</summary>
public sealed class ContextTests
{
    private const string Document = """
        id: example
        version: "1"
        title: An example
        study_group: Nobody
        intended_use: For tests.
        period: PERIOD_CURRENT
        sources:
          print:
            title: A print
            locators:
              page: page 1
        inputs:
          lineage:
            values: [B_CELL_PRECURSOR, T_CELL]
          prior_blinatumomab:
            values: [ABSENT, PRESENT]
          antigen_cd19:
            values: [ABSENT, PRESENT]
          prior_irradiation_cns:
            values: [NONE, ANY]
          prior_irradiation_testes:
            values: [NONE, ANY]
          prior_regimens:
            bands:
              FEWER: "[0, 2)"
              TWO_OR_MORE: "[2, inf)"
          transplant_planned:
            values: ["NO", "YES"]
          response_marrow_blasts_percent:
            bands:
              BELOW_5: "[0, 5)"
              FROM_5: "[5, 100]"
        decisions:
          remission:
            question: Is there a remission?
            inputs: [response_marrow_blasts_percent]
            conclusions: [COMPLETE, NOT_IN_REMISSION]
            rules:
              - {id: yes, when: {response_marrow_blasts_percent: BELOW_5}, then: COMPLETE, because: print}
              - {id: no, when: {response_marrow_blasts_percent: FROM_5}, then: NOT_IN_REMISSION, because: print}
          post_remission:
            question: What then?
            inputs: [lineage]
            conclusions: [TRANSPLANT, CONTINUATION]
            requires:
              - decision: remission
                needed: [COMPLETE]
                warning: SECOND_REMISSION_NOT_REACHED
                detail: It has not been reached.
                because: print.page
            rules:
              - {id: t, when: {lineage: T_CELL}, then: TRANSPLANT, because: print}
              - {id: b, when: {lineage: B_CELL_PRECURSOR}, then: CONTINUATION, because: print}
        context:
          - id: always
            kind: CONTEXT_KIND_EVIDENCE_CAVEAT
            text: Of every case.
            because: print
          - id: antibody
            kind: CONTEXT_KIND_AGENT
            when: {lineage: B_CELL_PRECURSOR, antigen_cd19: PRESENT, prior_blinatumomab: ABSENT}
            text: An antibody.
            because: print.page
            agent: an antibody
            status: in trials
            as_of: 2014-02
          - id: in-remission-by-advice
            kind: CONTEXT_KIND_CONTINUATION
            when: {post_remission: CONTINUATION}
            text: What continues.
            because: print
          - id: head-again
            kind: CONTEXT_KIND_LOCAL_THERAPY
            when: {prior_irradiation_cns: ANY, transplant_planned: "NO"}
            text: After irradiation of the head.
            because: print
          - id: testes-first
            kind: CONTEXT_KIND_LOCAL_THERAPY
            when: {prior_irradiation_testes: NONE}
            text: Testes not irradiated before.
            because: print
          - id: late-line
            kind: CONTEXT_KIND_AGENT
            when: {prior_regimens: TWO_OR_MORE}
            text: After two regimens.
            because: print
            agent: another
            status: approved
            as_of: "2004"
        """;

    private const string Cases = """
        cases:
          - id: one
            source: print
            why: it says so
            case: {lineage: LINEAGE_T_CELL, responses: [{marrow_blasts_percent: 2}]}
            expect:
              post_remission: {possible: [TRANSPLANT], requires: {remission: MET}}
            context: [always APPLIES, late-line OPEN]
            no_context: [antibody, in-remission-by-advice]
        """;

    [Theory]
    [InlineData("""{"lineage":"LINEAGE_T_CELL"}""", "always APPLIES, head-again OPEN case.history.prior_irradiation case.treatment.transplant_planned, testes-first OPEN case.history.prior_irradiation, late-line OPEN case.history.prior_regimens")]
    [InlineData("""{"lineage":"LINEAGE_B_CELL_PRECURSOR","antigens":[{"antigen":"ANTIGEN_CD19","status":"FINDING_STATUS_PRESENT"}],"history":{"priorAgentsComplete":true,"noPriorIrradiation":true,"priorRegimens":1}}""", "always APPLIES, antibody APPLIES, in-remission-by-advice APPLIES, testes-first APPLIES")]
    [InlineData("""{"lineage":"LINEAGE_B_CELL_PRECURSOR","history":{"priorAgents":["PRIOR_AGENT_BLINATUMOMAB"],"noPriorIrradiation":true,"priorRegimens":1}}""", "always APPLIES, in-remission-by-advice APPLIES, testes-first APPLIES")]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","history":{"priorIrradiation":[{"site":"IRRADIATION_SITE_TOTAL_BODY"}],"priorRegimens":3},"treatment":{"transplantPlanned":false}}""", "always APPLIES, head-again APPLIES, late-line APPLIES")]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","history":{"priorIrradiation":[{"site":"IRRADIATION_SITE_CRANIUM"}],"priorIrradiationComplete":true,"priorRegimens":0},"treatment":{"transplantPlanned":false}}""", "always APPLIES, head-again APPLIES, testes-first APPLIES")]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","history":{"priorIrradiation":[{}],"priorIrradiationComplete":true,"priorRegimens":0},"treatment":{"transplantPlanned":true}}""", "always APPLIES, testes-first OPEN case.history.prior_irradiation")]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","history":{"priorIrradiation":[{"site":"IRRADIATION_SITE_CRANIUM","date":{"year":2014}}],"priorRegimens":0},"timing":{"relapseDate":{"year":2013,"month":1,"day":5}},"treatment":{"transplantPlanned":false}}""", "always APPLIES, head-again OPEN case.history.prior_irradiation, testes-first OPEN case.history.prior_irradiation")]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","history":{"priorIrradiation":[{"site":"IRRADIATION_SITE_CRANIUM"}],"noPriorIrradiation":true,"priorRegimens":0},"treatment":{"transplantPlanned":false}}""", "always APPLIES, head-again INCONSISTENT, testes-first INCONSISTENT")]
    [InlineData("""{"lineage":"LINEAGE_B_CELL_PRECURSOR","antigens":[{"antigen":"ANTIGEN_CD19","status":"FINDING_STATUS_PRESENT"},{"antigen":"ANTIGEN_CD19","status":"FINDING_STATUS_ABSENT"}],"history":{"priorAgentsComplete":true,"noPriorIrradiation":true,"priorRegimens":1}}""", "always APPLIES, antibody INCONSISTENT, in-remission-by-advice APPLIES, testes-first APPLIES")]
    public void A_statement_applies_or_is_open_or_is_not_shown(string @case, string expected) => Assert.Equal(
        expected,
        string.Join(", ", new CaseEvaluator(RelapseCase.Parser.ParseJson(@case)).Context(Compiled(Document), [])
            .Select(statement => string.Join(' ', (string[])[statement.Id, statement.Fit.ToString().ToUpperInvariant(), .. statement.Missing.Order(StringComparer.Ordinal)]))));

    [Fact]
    public void A_statement_says_whose_it_is_and_where_it_stands()
    {
        var shown = new CaseEvaluator(RelapseCase.Parser.ParseJson("""{"lineage":"LINEAGE_B_CELL_PRECURSOR","antigens":[{"antigen":"ANTIGEN_CD19","status":"FINDING_STATUS_PRESENT"}],"history":{"priorAgentsComplete":true}}"""))
            .Context(Compiled(Document), []).Single(statement => statement.Id == "antibody");
        Assert.Equal(("an antibody", "in trials", "2014-02", "protocols/example/versions/1"), (shown.Agent, shown.Status, shown.AsOf, shown.Protocol));
        Assert.Equal(("A print", "page 1"), (Assert.Single(shown.Citations).Source, shown.Citations[0].Locator));
    }

    [Theory]
    [InlineData("""{"responses":[{"marrowBlastsPercent":2}]}""", RequirementState.Met, "")]
    [InlineData("""{"responses":[{"marrowBlastsPercent":5}]}""", RequirementState.NotMet, "")]
    [InlineData("""{}""", RequirementState.Unknown, "case.responses[0].marrow_blasts_percent")]
    public void What_advice_is_given_is_met_or_not_or_not_known(string @case, RequirementState state, string missing)
    {
        var answer = Decide(@case);
        var required = Assert.Single(answer.Requires);
        Assert.Equal(("remission", "COMPLETE", state, "protocols/example/versions/1"), (required.Decision, required.Needed, required.State, required.Protocol));
        Assert.Equal(missing, string.Join(' ', required.Missing));
        Assert.Equal(state == RequirementState.NotMet, answer.Warnings.Any(warning => warning.Code == "SECOND_REMISSION_NOT_REACHED"));
        // It changes no conclusion.
        Assert.Equal("Undetermined {TRANSPLANT, CONTINUATION}", answer.Say());
    }

    [Fact]
    public void A_conclusion_that_leaves_it_open_is_neither_met_nor_not()
    {
        var document = Compiled(Document.Replace("needed: [COMPLETE]", "needed: [COMPLETE]\n        undecided: NOT_IN_REMISSION", StringComparison.Ordinal));
        var answer = new CaseEvaluator(RelapseCase.Parser.ParseJson("""{"responses":[{"marrowBlastsPercent":5}]}""")).Decide(document, ["post_remission"], [], includeTrace: false)[0];
        Assert.Equal((RequirementState.Unknown, 0), (Assert.Single(answer.Requires).State, answer.Warnings.Count));
    }

    [Fact]
    public void Advice_on_a_remission_that_the_facts_both_assert_and_deny_is_inconsistent()
    {
        var answer = Decide("""{"lineage":"LINEAGE_T_CELL","responses":[{"marrowBlastsPercent":30}],"established":[{"decision":"remission","conclusion":"COMPLETE"}]}""");
        Assert.Equal("Inconsistent {}", answer.Say());
        Assert.Equal(["case.established[0]", "case.responses[0].marrow_blasts_percent"], Assert.Single(answer.Contradictions).Fields);
        Assert.Empty(answer.Because);
        Assert.Equal(RequirementState.Unknown, Assert.Single(answer.Requires).State);
    }

    [Theory]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","responses":[{"marrowBlastsPercent":2}]}""", "Determined {TRANSPLANT}", RequirementState.Met)]
    [InlineData("""{"lineage":"LINEAGE_T_CELL"}""", "Determined {TRANSPLANT}", RequirementState.Unknown)]
    [InlineData("""{"lineage":"LINEAGE_T_CELL","responses":[{"marrowBlastsPercent":5}]}""", "OutOfScope {}", RequirementState.NotMet)]
    [InlineData("""{"responses":[{"marrowBlastsPercent":5}]}""", "OutOfScope {}", RequirementState.NotMet)]
    public void Advice_that_is_not_covered_without_what_it_requires_is_out_of_scope(string @case, string expected, RequirementState state)
    {
        var document = Compiled(Document.Replace("warning: SECOND_REMISSION_NOT_REACHED\n        detail: It has not been reached.", "outside: Nothing is said without it.", StringComparison.Ordinal));
        var answer = new CaseEvaluator(RelapseCase.Parser.ParseJson(@case)).Decide(document, ["post_remission"], [], includeTrace: false)[0];
        Assert.Equal((expected, state), (answer.Say(), Assert.Single(answer.Requires).State));
        if (state == RequirementState.NotMet)
        {
            Assert.Equal(("requires-remission", "Nothing is said without it."), (Assert.Single(answer.Because).Rule, answer.Because[0].Note));
            Assert.Empty(answer.Missing);
            Assert.Empty(answer.Warnings);
        }
    }

    /// <summary>Blasts in a cerebrospinal fluid whose count is in remission: remission is withheld, and so is failure, until the centre has looked.</summary>
    [Theory]
    [InlineData("", "", RequirementState.Unknown)]
    [InlineData("reinduction", "REMISSION", RequirementState.Met)]
    [InlineData("reinduction", "FAILURE", RequirementState.NotMet)]
    [InlineData("refractory", "YES", RequirementState.NotMet)]
    [InlineData("refractory", "NO", RequirementState.Met)]
    public void What_the_centre_concluded_from_a_response_settles_what_was_withheld_of_it(string decision, string conclusion, RequirementState state)
    {
        var @case = RelapseCase.Parser.ParseJson("""
            {"relapseNumber":1,"lineage":"LINEAGE_T_CELL","sex":"SEX_FEMALE","ageAtRelapseYears":8,"phPositive":false,"marrow":{"blastsPercent":80},"csf":{"wbcPerUl":40,"blastsPresent":true,"erythrocytesPerUl":0},
             "cns":{"clinicalSigns":false,"imagingMass":false},"otherSitesAssessed":true,"history":{"noPriorTransplant":true},
             "responses":[{"marrowBlastsPercent":1,"bloodBlastsPresent":false,"clinicalSigns":false,"wbcPerUl":4000,"neutrophilsPerUl":2000,"plateletsPerUl":150000,"csfWbcPerUl":2,"csfBlastsPresent":true,
              "otherSitesClear":true,"reinductionCompleted":true,"remissionReachedBefore":false,"died":false}]}
            """);
        if (decision.Length > 0)
        {
            @case.Established.Add(new EstablishedConclusion { Decision = decision, Conclusion = conclusion });
        }
        var answer = new CaseEvaluator(@case, [new ModifierSource(Shipped.Protocol("review-2014"), [])]).Decide(Shipped.Protocol("ukall-r3"), ["post_remission"], [], includeTrace: false)[0];
        Assert.Equal("Determined {TRANSPLANT}", answer.Say());
        Assert.Equal(state, answer.Requires.Single(required => required.Decision == "remission").State);
        Assert.Equal(state == RequirementState.NotMet, answer.Warnings.Any(warning => warning.Code == "SECOND_REMISSION_NOT_REACHED"));
    }

    [Fact]
    public void Another_document_decides_what_the_advice_requires_when_its_own_does_not()
    {
        var start = Document.IndexOf("  remission:\n", StringComparison.Ordinal);
        var own = Document.Remove(start, Document.IndexOf("  post_remission:\n", StringComparison.Ordinal) - start).Replace("  response_marrow_blasts_percent:\n    bands:\n      BELOW_5: \"[0, 5)\"\n      FROM_5: \"[5, 100]\"\n", "", StringComparison.Ordinal);
        var example = Compiled(own, Cases.Replace(", requires: {remission: MET}", "", StringComparison.Ordinal));
        var remission = RelapseCase.Parser.ParseJson("""{"lineage":"LINEAGE_T_CELL","established":[{"decision":"remission","conclusion":"COMPLETE"}]}""");
        var alone = new CaseEvaluator(remission).Decide(example, ["post_remission"], [], includeTrace: false)[0];
        Assert.Equal((RequirementState.Unknown, ""), (Assert.Single(alone.Requires).State, alone.Requires[0].Protocol));
        var beside = new CaseEvaluator(remission, [new ModifierSource(Shipped.Protocol("review-2014"), [])]).Decide(example, ["post_remission"], [], includeTrace: false)[0];
        Assert.Equal((RequirementState.Met, Shipped.Protocol("review-2014").Name), (Assert.Single(beside.Requires).State, beside.Requires[0].Protocol));
    }

    [Theory]
    [InlineData("decision: remission", "decision: post_remission", "decisions.post_remission.requires[0].decision", "another well-known decision")]
    [InlineData("decision: remission", "decision: remissions", "decisions.post_remission.requires[0].decision", "another well-known decision")]
    [InlineData("needed: [COMPLETE]", "needed: [DONE]", "decisions.post_remission.requires[0].needed", "'DONE' is not a conclusion of remission")]
    [InlineData("needed: [COMPLETE]", "needed: [COMPLETE]\n        undecided: [COMPLETE]", "decisions.post_remission.requires[0].undecided", "none of those needed")]
    [InlineData("needed: [COMPLETE]", "needed: []", "decisions.post_remission.requires[0].needed", "required")]
    [InlineData("        detail: It has not been reached.\n", "", "decisions.post_remission.requires[0].detail", "required")]
    [InlineData("        warning: SECOND_REMISSION_NOT_REACHED\n", "", "decisions.post_remission.requires[0]", "detail goes with warning")]
    [InlineData("        warning: SECOND_REMISSION_NOT_REACHED\n        detail: It has not been reached.\n", "", "decisions.post_remission.requires[0]", "because goes with warning or outside")]
    [InlineData("        warning: SECOND_REMISSION_NOT_REACHED\n        detail: It has not been reached.\n        because: print.page\n", "        outside: Nothing is said without it.\n", "decisions.post_remission.requires[0].because", "")]
    [InlineData("    because: print.page\n    agent: an antibody", "    because: print.elsewhere\n    agent: an antibody", "context[1].because", "does not resolve")]
    [InlineData("  - id: always", "  - id: Always", "context[0].id", "lower-case letters")]
    [InlineData("  - id: always", "  - id: antibody", "context", "'antibody' is given 2 times")]
    [InlineData("    kind: CONTEXT_KIND_EVIDENCE_CAVEAT\n", "", "context[0].kind", "required")]
    [InlineData("    status: in trials\n", "", "context[1].status", "required for an agent")]
    [InlineData("    as_of: 2014-02", "    as_of: lately", "context[1].as_of", "a year, a month or a day")]
    [InlineData("    text: What continues.", "    text: What continues.\n    agent: a drug", "context[2].agent", "only for an agent")]
    [InlineData("{post_remission: CONTINUATION}", "{post_remission: SOMETHING}", "context[2].when.post_remission", "'SOMETHING' is not one of")]
    [InlineData("{prior_irradiation_testes: NONE}", "{prior_irradiation_knee: NONE}", "context[4].when.prior_irradiation_knee", "is no declared input")]
    [InlineData("text: An antibody.", "text: An antibody, 15 mg/m2 daily.", "context[1].text", "the dose of a drug")]
    [InlineData("detail: It has not been reached.", "detail: Give 5 microgram.", "decisions.post_remission.requires[0].detail", "the dose of a drug")]
    [InlineData("question: What then?", "question: 1,000 units/m2 and then?", "decisions.post_remission.question", "the dose of a drug")]
    public void A_fault_is_named_at_its_path(string passage, string by, string path, string message)
    {
        Assert.Contains(passage, Document, StringComparison.Ordinal);
        var faults = Compile(Document.Replace(passage, by, StringComparison.Ordinal), Cases).Faults;
        Assert.Contains(faults, fault => fault.Path == path && fault.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("late-line OPEN", "late-line APPLIES", "expected the statement late-line APPLIES")]
    [InlineData("no_context: [antibody", "no_context: [late-line", "did not expect the statement late-line")]
    [InlineData("remission: MET", "remission: NOT_MET", "expected remission to be required and NOT_MET, it is MET")]
    [InlineData("remission: MET", "refractory: MET", "expected refractory to be required and MET, it is not required")]
    public void A_golden_case_holds_context_and_requirements(string passage, string by, string message) =>
        Assert.Contains(Compile(Document, Cases.Replace(passage, by, StringComparison.Ordinal)).Faults, fault => fault.Message.Contains(message, StringComparison.Ordinal));

    private static Decision Decide(string @case) => new CaseEvaluator(RelapseCase.Parser.ParseJson(@case)).Decide(Compiled(Document), ["post_remission"], [], includeTrace: false)[0];

    private static CompiledProtocol Compiled(string document, string cases = Cases)
    {
        var compilation = Compile(document, cases);
        Assert.True(compilation.Protocol is not null, string.Join("\n", compilation.Faults.AsEnumerable()));
        return compilation.Protocol!;
    }

    private static ProtocolCompilation Compile(string document, string cases) => ProtocolCompiler.Compile(Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(cases));
}
