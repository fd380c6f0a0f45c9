using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Whether protocols conclude alike and where they part, as the review's own prose has it.</summary>
public sealed class AgreementTests
{
    [Fact]
    public void Bfm_and_ukall_r3_part_on_a_very_early_isolated_extramedullary_relapse_by_timing_and_site()
    {
        // L1046-1053: the one change of UK ALLR3 against the scheme of the BFM Group.
        var group = Compare(IsolatedCns().VeryEarly(), "all-rez-bfm", "ukall-r3")["risk_group"];

        Assert.Equal(AgreementState.Differ, group.State);
        Assert.Equal(["INTERMEDIATE", "HIGH"], group.Positions.Select(position => Assert.Single(position.Possible)));
        var parting = Assert.Single(group.Partings);
        Assert.Equal(["timing=VERY_EARLY", "relapse_site=ISOLATED_EXTRAMEDULLARY"], parting.Facts.Select(Say));
        Assert.Equal("For very early isolated extramedullary relapse their tables have different words: INTERMEDIATE in all-rez-bfm is intermediate risk (BFM); HIGH in ukall-r3 is high risk (UK ALLR3).", parting.Detail);
        Assert.Equal($"They differ: INTERMEDIATE in all-rez-bfm; HIGH in ukall-r3. {parting.Detail}", group.Summary);
    }

    [Fact]
    public void What_is_compared_at_a_start_is_every_pair_that_differs_on_a_decision_of_the_call()
    {
        EvaluatedProtocol[] all = [.. Shipped.Classifying.Select(id => new EvaluatedProtocol(Shipped.Protocol(id), []))];
        int Differing(string decision)
        {
            ComparedSide[] sides = [.. all.Where(each => each.Protocol.Decisions.ContainsKey(decision)).Select(each => ComparedSide.Of(each, decision))];
            // Of several that are one function of the facts the first stands for all.
            ComparedSide[] heads = [.. sides.Where((side, index) => !sides[..index].Any(before => ComparedPairs.Shared.Of(before, side).IsOne))];
            return heads.SelectMany((one, index) => heads[(index + 1)..].Select(other => ComparedPairs.Shared.Of(one, other))).Count(pair => pair.IsComplete && !pair.IsOne);
        }

        Assert.Equal(0, ProtocolAgreement.Prepare([.. all], ["marrow_status"]));
        Assert.Equal(Differing("risk_group") + Differing("timing"), ProtocolAgreement.Prepare([.. all], ["timing", "risk_group"]));
        Assert.True(Differing("risk_group") > 5);
    }

    [Fact]
    public void Bfm_and_i_bfm_part_on_the_cell_of_the_table()
    {
        var parting = Assert.Single(Compare(SoundCase.LateCombined(), "all-rez-bfm", "i-bfm-sg")["risk_group"].Partings);

        Assert.Equal(
            ["case.lineage=B_CELL_PRECURSOR", "relapse_site=COMBINED", "timing=LATE"],
            parting.Facts.Select(Say).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("33", "9", "LATE", "INTERMEDIATE")] // L341-348, CLS-023: a treatment of 24 months, relapse at 30 to 36
    [InlineData("38", "3", "EARLY", "LATE")] // AMB-09: a treatment of more than 30 months turns it round
    public void Bfm_and_cog_part_on_timing_by_what_they_count_from(string sinceDiagnosis, string sinceEnd, string bfm, string cog)
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Timing = new Timing
        {
            MonthsFromDiagnosis = sinceDiagnosis, MonthsFromTherapyEnd = sinceEnd, MonthsPrecision = MonthsPrecision.Exact, PrimaryTherapyStatus = PrimaryTherapyStatus.Completed,
        });

        var timing = Compare(@case, "cog", "all-rez-bfm")["timing"];

        Assert.Equal(AgreementState.Differ, timing.State);
        var parting = Assert.Single(timing.Partings);
        var fact = Assert.Single(parting.Facts);
        Assert.Equal(("case.timing", 0), (fact.Fact, fact.Values.Count));
        Assert.StartsWith("They count from different starts, cog from first diagnosis only and all-rez-bfm from first diagnosis and the end of frontline therapy: ", parting.Detail, StringComparison.Ordinal);
        Assert.EndsWith(
            $": {cog} in cog is {Label("cog", cog)}; {bfm} in all-rez-bfm is {Label("all-rez-bfm", bfm)}.", parting.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(sinceDiagnosis, timing.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void One_word_for_the_same_patients_is_agreement_and_for_others_is_not()
    {
        // A late isolated extramedullary relapse is STANDARD for all three; I-BFM STANDARD holds the older INTERMEDIATE as well.
        var agreements = Compare(IsolatedCns(), "all-rez-bfm", "i-bfm-sg", "ukall-r3");

        Assert.Equal(AgreementState.SameWordOnly, agreements["risk_group"].State);
        Assert.Contains("STANDARD in i-bfm-sg is standard risk (I-BFM SG), which holds the older standard and intermediate groups.", agreements["risk_group"].Summary, StringComparison.Ordinal);
        Assert.Equal(AgreementState.Agree, Compare(IsolatedCns(), "all-rez-bfm", "ukall-r3")["risk_group"].State);
        // Very early is before 18 months for everyone; late is not late.
        Assert.Equal(AgreementState.Agree, Compare(SoundCase.LateCombined().VeryEarly(), "all-rez-bfm", "cog")["timing"].State);
        Assert.Equal(AgreementState.SameWordOnly, Compare(SoundCase.LateCombined(), "all-rez-bfm", "cog")["timing"].State);
    }

    [Fact]
    public void What_is_not_known_leaves_agreement_open_or_does_not_matter()
    {
        var noLineage = SoundCase.LateCombined().With(changed => changed.Lineage = Lineage.Unspecified);
        var open = Compare(noLineage, "all-rez-bfm", "i-bfm-sg")["risk_group"];
        Assert.Equal(AgreementState.Open, open.State);
        Assert.Equal("case.lineage=B_CELL_PRECURSOR", Say(open.Partings[0].Facts[0]));
        Assert.StartsWith("Whether they agree depends on lineage, which is not known: INTERMEDIATE or HIGH in all-rez-bfm; STANDARD or HIGH in i-bfm-sg. For late B-cell precursor combined relapse ", open.Summary, StringComparison.Ordinal);

        // Both would conclude alike whatever the lineage is: no DIFFER, and not open either.
        var alike = Compare(noLineage, "all-rez-bfm", "ukall-r3")["risk_group"];
        Assert.Equal(["INTERMEDIATE", "HIGH"], Assert.Single(alike.Positions).Possible);
        Assert.Equal(AgreementState.SameWordOnly, alike.State);
        Assert.Empty(alike.Partings);
    }

    [Fact]
    public void A_finding_that_no_fact_settles_is_one_question_for_all()
    {
        var tap = SoundCase.LateIsolatedMarrow().With(changed => changed.Csf = new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true, ErythrocytesPerUl = 500 });

        var cns = Compare(tap, "all-rez-bfm", "cog")["cns_involvement"];

        Assert.Equal(AgreementState.Agree, cns.State);
        Assert.Equal("Both are undetermined alike: INVOLVED or NOT_INVOLVED in all-rez-bfm and cog.", cns.Summary);
        Assert.Equal(Outcome.Undetermined, Assert.Single(cns.Positions).Outcome);
    }

    [Fact]
    public void A_reading_in_use_parts_those_that_are_read_otherwise()
    {
        var sixMonths = SoundCase.LateIsolatedMarrow().With(changed => changed.Timing = new Timing
        {
            MonthsFromDiagnosis = "30", MonthsFromTherapyEnd = "6", MonthsPrecision = MonthsPrecision.Exact, PrimaryTherapyStatus = PrimaryTherapyStatus.Completed,
        });
        var read = new ChosenReading("exactly_six_months", "LATE");

        Assert.Equal(AgreementState.Agree, Compare(sixMonths, ("all-rez-bfm", []), ("ukall-r3", []))["timing"].State);
        Assert.Equal(AgreementState.Differ, Compare(sixMonths, ("all-rez-bfm", [read]), ("ukall-r3", []))["timing"].State);
        Assert.Equal(AgreementState.Agree, Compare(sixMonths, ("all-rez-bfm", [read]), ("ukall-r3", [read]))["timing"].State);
        // Another word for the same day is another group of patients, also where both say the same of this child.
        Assert.Equal(AgreementState.SameWordOnly, Compare(SoundCase.LateIsolatedMarrow(), ("all-rez-bfm", [read]), ("ukall-r3", []))["timing"].State);
    }

    [Fact]
    public void What_a_centre_established_for_one_protocol_stands_in_for_what_it_derives()
    {
        var established = SoundCase.LateCombined().With(changed => changed.Established.Add(
            new EstablishedConclusion { Decision = "timing", Protocol = "protocols/all-rez-bfm", Conclusion = "LATE" }));
        established.Timing = new Timing();

        var agreements = Compare(established, "all-rez-bfm", "ukall-r3");

        // Of the other the timing is not known: they agree if it comes out late.
        Assert.Equal(AgreementState.Open, agreements["timing"].State);
        Assert.Equal("The conclusion is established by the centre for all-rez-bfm: LATE in all-rez-bfm; VERY_EARLY, EARLY or LATE in ukall-r3.", Assert.Single(agreements["timing"].Partings).Detail);
        Assert.Equal(AgreementState.Open, agreements["risk_group"].State);
        Assert.Contains("case.timing", Assert.Single(agreements["risk_group"].Partings).Facts.Select(fact => fact.Fact));

        // For both the same: nothing is left to part on.
        var both = established.With(changed => changed.Established.Add(new EstablishedConclusion { Decision = "timing", Protocol = "protocols/ukall-r3", Conclusion = "LATE" }));
        Assert.Equal(AgreementState.Agree, Compare(both, "all-rez-bfm", "ukall-r3")["timing"].State);
        var apart = established.With(changed => changed.Established.Add(new EstablishedConclusion { Decision = "timing", Protocol = "protocols/ukall-r3", Conclusion = "VERY_EARLY" }));
        Assert.Equal(AgreementState.Differ, Compare(apart, "all-rez-bfm", "ukall-r3")["timing"].State);
        Assert.Equal(AgreementState.Differ, Compare(apart, "all-rez-bfm", "i-bfm-sg", "ukall-r3")["timing"].State);
    }

    [Fact]
    public void Those_that_conclude_nothing_are_named_and_not_compared()
    {
        var second = Compare(SoundCase.LateCombined().With(changed => changed.RelapseNumber = 2), "all-rez-bfm", "ukall-r3");
        Assert.Equal(AgreementState.NothingToCompare, second["risk_group"].State);
        Assert.Equal("There is nothing to compare: out of scope in all-rez-bfm and ukall-r3.", second["risk_group"].Summary);
        Assert.Equal(AgreementState.Agree, second["relapse_site"].State);

        var contradictory = Compare(SoundCase.LateCombined().With(changed => changed.Timing.RelapseDate = SoundCase.Day(2001, 1, 1)), "all-rez-bfm", "cog")["timing"];
        Assert.Equal(AgreementState.NothingToCompare, contradictory.State);
        Assert.Equal("There is nothing to compare: the facts of the case contradict each other.", contradictory.Summary);
        Assert.Equal(Outcome.Inconsistent, Assert.Single(contradictory.Positions).Outcome);
    }

    [Fact]
    public void A_decision_that_fewer_than_two_define_is_not_compared_and_one_protocol_compares_nothing()
    {
        Assert.DoesNotContain("risk_group", Compare(IsolatedCns(), "cog", "ukall-r3").Keys);
        Assert.Empty(Compare(IsolatedCns(), "all-rez-bfm"));
        Assert.Equal(WellKnownDecisions.Classification, Compare(IsolatedCns(), "all-rez-bfm", "cog", "i-bfm-sg", "ukall-r3").Keys);
    }

    [Fact]
    public void Two_that_could_each_conclude_either_word_differ_when_no_completion_makes_them_agree()
    {
        var noLineage = SoundCase.LateCombined().With(changed => changed.Lineage = Lineage.Unspecified);
        var (one, other) = (Small("one", "lineage", ["B_CELL_PRECURSOR", "T_CELL"], "X"), Small("other", "lineage", ["B_CELL_PRECURSOR", "T_CELL"], "Y"));

        var group = CompareUnder(noLineage, new(one, []), new(other, []))["risk_group"];

        Assert.Equal(AgreementState.Differ, group.State);
        Assert.All(group.Positions, position => Assert.Equal(["X", "Y"], position.Possible));
        Assert.Equal("case.lineage=B_CELL_PRECURSOR|T_CELL", Say(Assert.Single(Assert.Single(group.Partings).Facts)));
    }

    [Fact]
    public void Two_that_look_at_other_facts_are_open_while_those_are_not_known()
    {
        var nothing = new RelapseCase();
        var (lineage, sex) = (Small("one", "lineage", ["B_CELL_PRECURSOR", "T_CELL"], "X"), Small("other", "sex", ["FEMALE", "MALE"], "X"));

        Assert.Equal(AgreementState.Open, CompareUnder(nothing, new(lineage, []), new(sex, []))["risk_group"].State);
        var known = CompareUnder(new RelapseCase { Lineage = Lineage.TCell, Sex = Sex.Male }, new(lineage, []), new(sex, []))["risk_group"];
        Assert.Equal(AgreementState.SameWordOnly, known.State);
    }

    [Fact]
    public void A_historical_protocol_says_so_and_names_its_successors_in_every_answer_it_gives()
    {
        foreach (var protocol in Shipped.Library.Versions.Where(version => version.Document.Period == Period.Historical))
        {
            foreach (var decision in protocol.Document.Decisions.Keys)
            {
                var warning = Assert.Single(protocol.Decide(new RelapseCase(), decision).Warnings, warning => warning.Code == "HISTORICAL_PROTOCOL");
                Assert.NotEmpty(protocol.Document.SupersededBy);
                Assert.All(protocol.Document.SupersededBy, successor => Assert.Contains(successor, warning.Detail, StringComparison.Ordinal));
            }
        }
    }

    internal static RelapseCase IsolatedCns() => SoundCase.LateCombined().With(changed =>
    {
        changed.Marrow.BlastsPercent = 2;
        changed.Blood.BlastsPresent = false;
    });

    internal static Dictionary<string, Agreement> Compare(RelapseCase @case, params string[] protocols) =>
        Compare(@case, [.. protocols.Select(id => (id, Array.Empty<ChosenReading>()))]);

    internal static Dictionary<string, Agreement> Compare(RelapseCase @case, params (string Id, ChosenReading[] Readings)[] protocols) =>
        CompareUnder(@case, [.. protocols.Select(each => new EvaluatedProtocol(Shipped.Protocol(each.Id), [.. each.Readings]))]);

    internal static Dictionary<string, Agreement> CompareUnder(RelapseCase @case, params EvaluatedProtocol[] protocols)
    {
        Assert.Empty(CaseValidator.Validate(@case));
        var evaluator = new CaseEvaluator(@case);
        var answers = protocols.SelectMany(each => evaluator.Decide(each.Protocol, WellKnownDecisions.Classification, each.Readings, includeTrace: false)).ToList();
        var agreements = new ProtocolAgreement([.. protocols], WellKnownDecisions.Classification).Compare(evaluator, answers);
        return agreements.ToDictionary(agreement => agreement.Decision, StringComparer.Ordinal);
    }

    private static string Label(string protocol, string word) => Shipped.Protocol(protocol).Document.Decisions["timing"].Labels[word];

    private static string Say(PartingFact fact) => $"{fact.Fact}={string.Join("|", fact.Values)}";

    /// <summary>A protocol of one table over one fact of two words; the first has the word given, the other the other one.</summary>
    internal static CompiledProtocol Small(string id, string fact, string[] words, string first)
    {
        var second = first == "X" ? "Y" : "X";
        var protocol = $$"""
            id: {{id}}
            version: "1"
            title: {{id}}
            study_group: {{id}}
            intended_use: tests
            period: PERIOD_CURRENT
            sources:
              print:
                title: Print
                locators:
                  page: page 1
            inputs:
              {{fact}}:
                values: [{{string.Join(", ", words)}}]
            decisions:
              risk_group:
                question: Which?
                inputs: [{{fact}}]
                conclusions: [X, Y]
                labels:
                  X: group x
                  Y: group y
                rules:
                  - id: one
                    when:
                      {{fact}}: {{words[0]}}
                    then: {{first}}
                    because: [print.page]
                  - id: two
                    when:
                      {{fact}}: {{words[1]}}
                    then: {{second}}
                    because: [print.page]
            """;
        var cases = """
            cases:
              - id: nothing
                title: Nothing known
                source: page 1
                added: "2026-11-24"
                why: Nothing is known.
                case:
                  relapse_number: 1
                expect:
                  risk_group: {outcome: OUTCOME_UNDETERMINED, possible: [X, Y]}
            """;
        var (compiled, faults) = new DocumentText(protocol + "\n", cases + "\n").Compile();
        Assert.True(compiled is not null, string.Join("; ", faults));
        return compiled;
    }
}
