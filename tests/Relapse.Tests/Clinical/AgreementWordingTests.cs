using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using static Relapse.Tests.Clinical.AgreementTests;
using static Relapse.Tests.Clinical.Measurements.Measured;

namespace Relapse.Tests.Clinical;

/// <summary>The sentences of agreements, one kind after the other, as a clinician has to be able to read them.</summary>
public sealed class AgreementWordingTests
{
    private static readonly string[] _groups = ["all-rez-bfm", "i-bfm-sg", "ukall-r3"];
    private static readonly string[] _byLevel = ["cog", "i-bfm-sg", "intreall-sr-2010", "ukall-r3"];
    private static readonly string[] _all = ["all-rez-bfm", "cog", "i-bfm-sg", "ukall-r3"];

    [Fact]
    public void One_word_for_other_patients_says_for_whom_and_where()
    {
        // Table 5: HIGH of UK ALLR3 and of the I-BFM SG are the same patients; of the BFM Group all but very early isolated extramedullary relapse.
        Assert.Equal(
            "All three call this relapse HIGH: all-rez-bfm, i-bfm-sg and ukall-r3. HIGH covers other patients in all-rez-bfm than in i-bfm-sg and ukall-r3: they differ on very early isolated extramedullary relapse.",
            Compare(SoundCase.LateCombined().VeryEarly(), _groups)["risk_group"].Summary);
        Assert.Equal(AgreementState.Agree, Compare(SoundCase.LateCombined().VeryEarly(), "i-bfm-sg", "ukall-r3")["risk_group"].State);
    }

    [Fact]
    public void Where_a_word_differs_in_many_kinds_of_relapse_they_are_counted_and_the_documents_explain_it() =>
        Assert.Equal(
            "All three call this relapse STANDARD: all-rez-bfm, i-bfm-sg and ukall-r3. STANDARD covers other patients in all-rez-bfm and ukall-r3 than in i-bfm-sg: they differ in 3 kinds of relapse. STANDARD in all-rez-bfm is standard risk (BFM); STANDARD in i-bfm-sg is standard risk (I-BFM SG), which holds the older standard and intermediate groups.",
            Compare(IsolatedCns(), _groups)["risk_group"].Summary);

    [Fact]
    public void One_word_by_other_clocks_says_from_where_each_counts() =>
        Assert.StartsWith(
            "All four call this relapse LATE: all-rez-bfm, cog, i-bfm-sg and ukall-r3. LATE covers other patients in all-rez-bfm, i-bfm-sg and ukall-r3 than in cog: they count from different starts, all-rez-bfm from first diagnosis and the end of frontline therapy and cog from first diagnosis only. LATE in all-rez-bfm is late relapse (BFM), more than 6 months after frontline therapy; LATE in cog is late relapse (COG), 36 months or more from diagnosis.",
            Compare(SoundCase.LateIsolatedMarrow(), _all)["timing"].Summary,
            StringComparison.Ordinal);

    [Fact]
    public void Other_words_for_the_same_facts_are_no_parting_on_a_fact()
    {
        var group = Compare(SoundCase.LateIsolatedMarrow(), _groups)["risk_group"];

        Assert.Equal(
            "They differ: INTERMEDIATE in all-rez-bfm and ukall-r3; STANDARD in i-bfm-sg. For late B-cell precursor isolated marrow relapse their tables have different words: INTERMEDIATE in all-rez-bfm is intermediate risk (BFM); STANDARD in i-bfm-sg is standard risk (I-BFM SG), which holds the older standard and intermediate groups.",
            group.Summary);
        Assert.EndsWith(Assert.Single(group.Partings).Detail, group.Summary, StringComparison.Ordinal);
    }

    /// <summary>An isolated extramedullary relapse before 18 months is VERY_EARLY to the BFM Group and EARLY to AALL1331, and to both it is the same children.</summary>
    [Fact]
    public void Two_words_for_the_same_children_part_nobody()
    {
        var compared = Compare(IsolatedCns().VeryEarly(), "all-rez-bfm", "cog-aall1331");

        Assert.DoesNotContain("timing differently", compared["risk_group"].Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("count from", compared["risk_group"].Summary, StringComparison.Ordinal);
        Assert.Contains("their tables have different words: INTERMEDIATE in all-rez-bfm", compared["risk_group"].Summary, StringComparison.Ordinal);
        Assert.Equal(AgreementState.Differ, compared["timing"].State);
        Assert.DoesNotContain("divide", compared["timing"].Summary, StringComparison.Ordinal);

        // In the marrow AALL1331 goes on to 36 months: there they are others.
        Assert.Contains("count from different starts", Compare(SoundCase.LateIsolatedMarrow().With(changed => changed.Timing = new Timing
        {
            MonthsFromDiagnosis = "33", MonthsFromTherapyEnd = "9", MonthsPrecision = MonthsPrecision.Exact, PrimaryTherapyStatus = PrimaryTherapyStatus.Completed,
        }), "all-rez-bfm", "cog-aall1331")["risk_group"].Summary, StringComparison.Ordinal);
    }

    /// <summary>Who stands together need not part from the others for one reason: AALL1331 by its own table, the others by the cell of Table 5, by timing.</summary>
    [Fact]
    public void Every_reason_for_which_two_positions_part_is_told_and_each_once()
    {
        var partings = Compare(IsolatedCns().VeryEarly(), "all-rez-bfm", "cog-aall1331", "i-bfm-sg", "ukall-r3")["risk_group"].Partings;

        Assert.Equal(
            ["protocols/cog-aall1331/versions/2014.1", "protocols/i-bfm-sg/versions/2014.1"],
            partings.Select(parting => parting.Other));
        Assert.StartsWith("For very early isolated extramedullary relapse their tables have different words: ", partings[1].Detail, StringComparison.Ordinal);
        Assert.Contains(partings[1].Facts, fact => fact.Fact == "timing");
        Assert.DoesNotContain(partings[0].Facts, fact => fact.Fact == "timing");
    }

    [Fact]
    public void Of_what_is_not_known_only_that_is_named_on_which_agreement_hangs()
    {
        var group = Compare(SoundCase.LateCombined().With(changed => changed.Lineage = Lineage.Unspecified), _groups)["risk_group"];

        Assert.Equal(
            "Whether they agree depends on lineage, which is not known: INTERMEDIATE or HIGH in all-rez-bfm and ukall-r3; STANDARD or HIGH in i-bfm-sg. For late B-cell precursor combined relapse their tables have different words: INTERMEDIATE in all-rez-bfm is intermediate risk (BFM); STANDARD in i-bfm-sg is standard risk (I-BFM SG), which holds the older standard and intermediate groups.",
            group.Summary);
        Assert.StartsWith("Whether all-rez-bfm and i-bfm-sg agree depends on lineage, which is not known. For late ", Assert.Single(group.Partings).Detail, StringComparison.Ordinal);

        // Neither lineage matters to an isolated extramedullary relapse, nor does anything but the timing.
        var cns = IsolatedCns().With(changed => (changed.Lineage, changed.Timing) = (Lineage.Unspecified, new Timing()));
        Assert.StartsWith("Whether they agree depends on timing, which is not settled: ", Compare(cns, "all-rez-bfm", "i-bfm-sg")["risk_group"].Summary, StringComparison.Ordinal);
        // A T-cell relapse in the marrow is HIGH for both, and no relapse site but an unmet one is the same at any time and in any lineage.
        Assert.StartsWith(
            "Whether they agree depends on lineage, which is not known, and on relapse site and timing, which are not settled: ",
            Compare(new RelapseCase(), "all-rez-bfm", "i-bfm-sg")["risk_group"].Summary,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_centre_established_was_not_counted()
    {
        var marrow = Established(SoundCase.LateIsolatedMarrow(), ("all-rez-bfm", "LATE"));

        Assert.Equal(
            "Whether all-rez-bfm and ukall-r3 agree depends on timing, which is not settled. Timing is established by the centre for all-rez-bfm, and ukall-r3 counts from first diagnosis and the end of frontline therapy. For B-cell precursor isolated marrow relapse they conclude: INTERMEDIATE in all-rez-bfm is intermediate risk (BFM); HIGH in ukall-r3 is high risk (UK ALLR3).",
            Assert.Single(Compare(marrow, "all-rez-bfm", "ukall-r3")["risk_group"].Partings).Detail);
        Assert.Equal(
            "Whether they agree depends on what is not known: LATE in all-rez-bfm; VERY_EARLY, EARLY or LATE in ukall-r3. The conclusion is established by the centre for all-rez-bfm.",
            Compare(marrow, "all-rez-bfm", "ukall-r3")["timing"].Summary);

        // Established alike for both it is no reason; apart it is the reason.
        var alike = Established(marrow, ("i-bfm-sg", "LATE"));
        Assert.StartsWith("For B-cell precursor isolated marrow relapse their tables have different words: ", Assert.Single(Compare(alike, "all-rez-bfm", "i-bfm-sg")["risk_group"].Partings).Detail, StringComparison.Ordinal);
        var apart = Established(marrow, ("ukall-r3", "VERY_EARLY"));
        Assert.StartsWith(
            "Timing is established by the centre for all-rez-bfm and ukall-r3, not alike. For B-cell precursor isolated marrow relapse they conclude: ",
            Assert.Single(Compare(apart, "all-rez-bfm", "ukall-r3")["risk_group"].Partings).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_conclusion_that_rests_on_a_reading_or_a_condition_says_so()
    {
        var sixMonths = ExactlySixMonths();
        var blood = SoundCase.LateIsolatedMarrow().With(changed => changed.Marrow.BlastsPercent = 2);
        var transplant = IsolatedCns().With(changed => changed.History = new History());

        Assert.Equal("Both agree: EARLY in all-rez-bfm and ukall-r3, on the reading of exactly six months as early.", Compare(sixMonths, "all-rez-bfm", "ukall-r3")["timing"].Summary);
        Assert.StartsWith(
            "They differ: EARLY in all-rez-bfm, i-bfm-sg and ukall-r3, on the reading of exactly six months as early; INTERMEDIATE in cog. ",
            Compare(sixMonths, _all)["timing"].Summary,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "They differ: INTERMEDIATE in all-rez-bfm and ukall-r3; STANDARD in i-bfm-sg, each on the reading of blood blasts with M1 as marrow relapse. ",
            Compare(blood, _groups)["risk_group"].Summary,
            StringComparison.Ordinal);
        Assert.Equal("Both agree: STANDARD in all-rez-bfm and ukall-r3, provided the conditions of the answer hold.", Compare(transplant, "all-rez-bfm", "ukall-r3")["risk_group"].Summary);
    }

    [Fact]
    public void Of_residual_disease_it_is_said_at_whose_time_point_and_a_reading_stands_as_it_is_printed()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Mrd.Add(Quantified("0.0005", TimePoint.EndOfInduction)));
        EvaluatedProtocol[] protocols = [.. _byLevel.Select(id => new EvaluatedProtocol(Shipped.Protocol(id), []))];
        var evaluator = new CaseEvaluator(@case);
        var answers = protocols.SelectMany(each => evaluator.Decide(each.Protocol, ["post_remission"], [], includeTrace: false)).ToList();
        var details = new ProtocolAgreement([.. protocols], ["post_remission"]).Compare(evaluator, answers).Single().Partings.ToDictionary(parting => (parting.One.Split('/')[1], parting.Other.Split('/')[1]), parting => parting.Detail);

        Assert.Contains("residual disease at the end of block 1, as a fraction of cells, is less than 0.0001", details[("cog", "ukall-r3")], StringComparison.Ordinal);
        Assert.Contains("residual disease at the end of induction, as a fraction of cells, is from 0.0001 to before", details[("cog", "ukall-r3")], StringComparison.Ordinal);
        Assert.Contains("residual disease at the end of induction, as a fraction of cells,", details[("i-bfm-sg", "ukall-r3")], StringComparison.Ordinal);
        Assert.Contains("the reading of Figure 1 MRD cut-off is 0.001", details[("i-bfm-sg", "ukall-r3")], StringComparison.Ordinal);
        Assert.Contains("treatment arm is A", details[("intreall-sr-2010", "ukall-r3")], StringComparison.Ordinal);
    }

    [Fact]
    public void Protocols_that_are_read_differently_part_on_the_reading_and_not_on_what_they_count_from()
    {
        var group = Compare(ExactlySixMonths(), ("all-rez-bfm", [new ChosenReading("exactly_six_months", "LATE")]), ("ukall-r3", []))["risk_group"];

        Assert.Equal(
            "They are read differently on exactly six months. For B-cell precursor isolated marrow relapse they conclude: INTERMEDIATE in all-rez-bfm is intermediate risk (BFM); HIGH in ukall-r3 is high risk (UK ALLR3).",
            Assert.Single(group.Partings).Detail);
    }

    [Fact]
    public void Several_possible_words_are_undetermined_alike_and_explained_one_by_one()
    {
        var noLineage = SoundCase.LateCombined().With(changed => changed.Lineage = Lineage.Unspecified);

        Assert.Equal(
            "Both are undetermined alike: INTERMEDIATE or HIGH in all-rez-bfm and ukall-r3. INTERMEDIATE covers other patients in all-rez-bfm than in ukall-r3: they differ on very early isolated extramedullary relapse. HIGH covers other patients in all-rez-bfm than in ukall-r3: they differ on very early isolated extramedullary relapse.",
            Compare(noLineage, "all-rez-bfm", "ukall-r3")["risk_group"].Summary);
        var month = IsolatedCns().With(changed => changed.Timing = new Timing());
        Assert.EndsWith(
            ": INTERMEDIATE in all-rez-bfm is intermediate risk (BFM); STANDARD in i-bfm-sg is standard risk (I-BFM SG), which holds the older standard and intermediate groups; HIGH in i-bfm-sg is high risk (I-BFM SG).",
            Assert.Single(Compare(month, "all-rez-bfm", "i-bfm-sg")["risk_group"].Partings).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_that_make_no_kind_of_relapse_are_named()
    {
        var (one, other) = (Small("one", "lineage", ["B_CELL_PRECURSOR", "T_CELL"], "X"), Small("other", "lineage", ["B_CELL_PRECURSOR", "T_CELL"], "Y"));

        var group = CompareUnder(new RelapseCase { Lineage = Lineage.TCell }, new(one, []), new(other, []))["risk_group"];

        Assert.Equal("They differ: Y in one; X in other. Where lineage is T-cell their tables have different words: Y in one is group y; X in other is group x.", group.Summary);
    }

    [Fact]
    public void A_number_is_said_in_words_and_the_end_of_its_scale_not_at_all()
    {
        // 33 months from diagnosis: late outside the marrow, early in it (AALL1331).
        var marrow = SoundCase.LateIsolatedMarrow().With(changed => changed.Timing = new Timing { MonthsFromDiagnosis = "33", MonthsFromTherapyEnd = "9", PrimaryTherapyStatus = PrimaryTherapyStatus.Completed });

        Assert.Contains(" Where blasts in the marrow, in percent, are more than 25 they conclude: ", Compare(marrow, "ukall-r3", "cog-aall1331")["timing"].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_that_all_go_into_one_decision_are_named_by_it() => Assert.StartsWith(
        "Whether they agree depends on what another marrow shows, which is not known, and on timing and relapse site, which are not settled: ",
        Compare(new RelapseCase(), "ukall-r3", "cog-aall1331")["timing"].Summary,
        StringComparison.Ordinal);

    [Fact]
    public void A_word_for_other_patients_says_whom_a_scope_leaves_out()
    {
        var m2 = SoundCase.LateIsolatedMarrow().With(changed => (changed.Marrow.BlastsPercent, changed.Blood.BlastsPresent, changed.AgeAtRelapseYears, changed.PhPositive) = (10, false, 8, false));

        // The same table, for children of 1 to 17 years.
        Assert.Equal(
            "Both call this relapse NO_GROUP: i-bfm-sg and intreall-sr-2010. NO_GROUP covers other patients in i-bfm-sg than in intreall-sr-2010: some are out of scope in intreall-sr-2010 by age at relapse.",
            Compare(m2, "i-bfm-sg", "intreall-sr-2010")["risk_group"].Summary);
        // Where the tables differ as well, both are said.
        Assert.Contains(
            "STANDARD covers other patients in i-bfm-sg than in intreall-sr-2010: they divide timing differently, both counting from first diagnosis and the end of frontline therapy; some are out of scope in intreall-sr-2010 by age at relapse. ",
            Compare(m2.With(changed => changed.Marrow.BlastsPercent = 80), "i-bfm-sg", "intreall-sr-2010")["risk_group"].Summary,
            StringComparison.Ordinal);
    }

    [Fact]
    public void No_sentence_speaks_of_rules_or_of_what_holds_of_everyone()
    {
        RelapseCase[] cases =
        [
            new(), SoundCase.LateCombined(), IsolatedCns(), ExactlySixMonths(), SoundCase.LateCombined().With(changed => changed.Timing = new Timing()),
            SoundCase.LateIsolatedMarrow().With(changed => changed.Marrow = null),
            SoundCase.LateIsolatedMarrow().With(changed => (changed.Marrow.BlastsPercent, changed.Csf) = (1, new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true, ErythrocytesPerUl = 200 })),
            IsolatedCns().With(changed => changed.Testes.Enlarged = TesticularEnlargement.Unilateral),
            SoundCase.LateIsolatedMarrow().With(changed => changed.Mrd.Add(new MrdResult { TimePoint = TimePoint.EndOfBlock1, Method = MrdMethod.Flow, Unit = MrdUnit.Percent, Quantified = "0.05", Specimen = Specimen.Marrow })),
        ];
        string[] classifying = [.. _all, "cog-aall1331", "intreall-hr-2010", "intreall-sr-2010"];
        var rules = classifying.SelectMany(id => Shipped.Protocol(id).Document.Decisions.Values).SelectMany(table => table.Rules).Where(rule => rule.Then.Values_.Count > 1).Select(rule => rule.Id).ToHashSet();
        foreach (var sentence in cases.SelectMany(each => Compare(each, classifying).Values).SelectMany(agreement => agreement.Partings.Select(parting => parting.Detail).Append(agreement.Summary)))
        {
            Assert.DoesNotContain(rules, rule => sentence.Contains(rule, StringComparison.Ordinal));
            // Intervals are in words; none is of a whole scale, and no finding shows any of what it may.
            Assert.DoesNotMatch(@"[\[\]]|\bany\b|, inf|is below cut off or at or above cut off|on frontline therapy or 0 or more", sentence);
        }
    }

    [Fact]
    public void No_sentence_has_brackets_within_brackets()
    {
        RelapseCase[] cases =
        [
            new(), SoundCase.LateCombined(), SoundCase.LateCombined().VeryEarly(), IsolatedCns(), IsolatedCns().VeryEarly(), ExactlySixMonths(),
            SoundCase.LateCombined().With(changed => changed.Timing = new Timing()), Established(SoundCase.LateCombined(), ("cog", "LATE")),
        ];
        foreach (var sentence in cases.SelectMany(each => Compare(each, _all).Values).SelectMany(agreement => agreement.Partings.Select(parting => parting.Detail).Append(agreement.Summary)))
        {
            var depth = 0;
            Assert.All(sentence, letter => Assert.InRange(depth += letter == '(' ? 1 : letter == ')' ? -1 : 0, 0, 1));
        }
    }

    private static RelapseCase ExactlySixMonths() => SoundCase.LateIsolatedMarrow().With(changed => changed.Timing = new Timing
    {
        MonthsFromDiagnosis = "30", MonthsFromTherapyEnd = "6", MonthsPrecision = MonthsPrecision.Exact, PrimaryTherapyStatus = PrimaryTherapyStatus.Completed,
    });

    private static RelapseCase Established(RelapseCase @case, params (string Protocol, string Timing)[] conclusions) => @case.With(changed =>
    {
        changed.Timing = new Timing();
        changed.Established.Add(conclusions.Select(each => new EstablishedConclusion { Decision = "timing", Protocol = "protocols/" + each.Protocol, Conclusion = each.Timing }));
    });
}
