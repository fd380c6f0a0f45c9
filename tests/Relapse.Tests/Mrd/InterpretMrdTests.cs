using System.Net;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Clinical.Measurements;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Mrd;

/// <summary>InterpretMrd by gRPC and by JSON: what the issue says of one result under each protocol, and that both faces agree.</summary>
public sealed class InterpretMrdTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/mrd/results:interpret";
    private const string AllRez = "protocols/all-rez-bfm/versions/2002.1";
    private const string UkAll = "protocols/ukall-r3/versions/2003.1";
    private const string Cog = "protocols/cog/versions/2012.1";
    private const string IntReAll = "protocols/intreall-sr-2010/versions/2010.2";

    private MrdService.MrdServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    /// <summary>5e-4 by PCR: transplant in the intermediate risk of UKALL R3, chemotherapy in ALL-REZ BFM 2002, by the arm in IntReALL.</summary>
    [Theory]
    [InlineData(UkAll, null, "AT_OR_ABOVE_CUT_OFF")]
    [InlineData(AllRez, null, "BELOW_CUT_OFF")]
    [InlineData(IntReAll, "A", "BELOW_CUT_OFF")]
    [InlineData(IntReAll, "B", "AT_OR_ABOVE_CUT_OFF")]
    [InlineData(IntReAll, null, "BELOW_CUT_OFF AT_OR_ABOVE_CUT_OFF")]
    public async Task One_level_between_the_cut_offs_is_read_by_each_protocol_in_its_own_way(string protocol, string? arm, string possible)
    {
        var @case = With(Measured.Quantified("5e-4", TimePoint.EndOfInduction));
        @case.Treatment = arm is null ? null : new Treatment { Arm = arm };

        var answer = await Interpret(@case, protocol);

        var decision = Response(answer, protocol);
        Assert.Equal(possible.Split(' '), decision.Possible);
        var interpretation = Assert.Single(answer.Interpretations, one => one.Decision == "mrd_response");
        Assert.Equal("case.mrd[0]", interpretation.Used);
        Assert.NotEmpty(interpretation.Reason);
        Assert.Equal(("0.0005", "0.0005"), (interpretation.Level.Min, interpretation.Level.Max));
        if (decision.Possible.Count > 1)
        {
            Assert.Contains(decision.Missing, missing => missing.Field == "case.treatment.arm");
            // The level is known: not a measurement is missing, the arm is.
            Assert.Empty(interpretation.WouldSettle);
        }
    }

    [Theory]
    [InlineData(AllRez, "0.001", CutOffState.Below, 0.30102999566, true)]
    [InlineData(UkAll, "0.0001", CutOffState.AtOrAbove, 0.69897000434, false)]
    public async Task The_cut_off_stands_with_its_citation_and_how_far_the_level_is_from_it(string protocol, string level, CutOffState state, double distance, bool within)
    {
        var answer = await Interpret(With(Measured.Quantified("5e-4", TimePoint.EndOfInduction)), protocol);

        var cutOff = Assert.Single(Assert.Single(answer.Interpretations, one => one.Decision == "mrd_response").CutOffs);
        Assert.Equal((level, state, within), (cutOff.Level, cutOff.State, cutOff.WithinAssayError));
        Assert.Equal(distance, cutOff.Log10Distance, 9);
        Assert.NotEmpty(cutOff.Citations);
        Assert.All(cutOff.Citations, citation => Assert.NotEmpty(citation.Source));
    }

    [Theory]
    [InlineData(AllRez, "0.001")]
    [InlineData(UkAll, "0.0001")]
    public async Task On_the_cut_off_is_its_upper_side(string protocol, string cutOff)
    {
        var answer = await Interpret(With(Measured.Quantified(cutOff, TimePoint.EndOfInduction)), protocol);

        Assert.Equal(["AT_OR_ABOVE_CUT_OFF"], Response(answer, protocol).Possible);
        var stands = Assert.Single(Assert.Single(answer.Interpretations, one => one.Decision == "mrd_response").CutOffs);
        Assert.Equal((CutOffState.AtOrAbove, 0d, true), (stands.State, stands.Log10Distance, stands.WithinAssayError));
    }

    [Fact]
    public async Task Eckerts_bands_have_three_cut_offs_between_them()
    {
        var answer = await Interpret(With(Measured.Quantified("0.002", TimePoint.EndOfInduction)), AllRez);

        var bands = Assert.Single(answer.Interpretations, one => one.Decision == "mrd_band");
        Assert.Equal(["0.0001", "0.001", "0.01"], bands.CutOffs.Select(cutOff => cutOff.Level));
        Assert.Equal([CutOffState.AtOrAbove, CutOffState.AtOrAbove, CutOffState.Below], bands.CutOffs.Select(cutOff => cutOff.State));
        Assert.Equal(["FROM_1E_3_TO_1E_2"], answer.Decisions.Single(decision => decision.Decision_ == "mrd_band").Possible);
    }

    /// <summary>`Below detection` at 1e-3: negative for the cut-off 1e-3, undetermined for 1e-4, and a more sensitive assay would settle it.</summary>
    [Fact]
    public async Task Below_detection_is_negative_only_as_far_as_the_assay_reaches()
    {
        var pcr = With(Measured.Below("1e-3", TimePoint.EndOfInduction));
        var below = await Interpret(pcr, AllRez);
        Assert.Equal(["BELOW_CUT_OFF"], Response(below, AllRez).Possible);
        Assert.Empty(Assert.Single(below.Interpretations, one => one.Decision == "mrd_response").WouldSettle);

        var open = await Interpret(pcr, UkAll);
        Assert.Equal(Outcome.Undetermined, Response(open, UkAll).Outcome);
        var interpretation = Assert.Single(open.Interpretations, one => one.Decision == "mrd_response");
        Assert.Equal((CutOffState.Open, false), (interpretation.CutOffs[0].State, interpretation.CutOffs[0].HasLog10Distance));
        Assert.StartsWith("a more sensitive assay: a marrow sample of the end of", interpretation.WouldSettle, StringComparison.Ordinal);
        Assert.EndsWith("by PCR of Ig/TCR rearrangements with a sensitivity of 0.0001 or better", interpretation.WouldSettle, StringComparison.Ordinal);

        var flow = await Interpret(With(Measured.Below("1e-3", TimePoint.EndOfBlock1, method: MrdMethod.Flow)).With(@case => @case.Treatment = new Treatment { Reinduction = Reinduction.Aall01P2 }), Cog);
        Assert.Equal(Outcome.Undetermined, Response(flow, Cog).Outcome);
        Assert.StartsWith("a more sensitive assay: ", flow.Interpretations.First(one => one.Decision == "mrd_response").WouldSettle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e-4")]
    [InlineData("1e-5")]
    public async Task What_would_settle_it_does(string sensitivity)
    {
        var answer = await Interpret(With(Measured.Below(sensitivity, TimePoint.EndOfInduction)), UkAll);
        Assert.Equal(["BELOW_CUT_OFF"], Response(answer, UkAll).Possible);
    }

    [Fact]
    public async Task Of_a_series_one_result_is_used_and_each_other_says_why_not()
    {
        var blood = Measured.Quantified("0.0003", TimePoint.EndOfInduction, Measured.Day(40));
        blood.Specimen = Specimen.Blood;
        var @case = With(
            Measured.Quantified("0.3", TimePoint.AtRelapse, Measured.Day(0)), Measured.Quantified("0.0002", TimePoint.EndOfInduction, Measured.Day(35)),
            Measured.Quantified("0.0005", TimePoint.EndOfInduction, Measured.Day(38)), blood, Measured.Quantified("0.0001", TimePoint.Week12, Measured.Day(84)),
            Measured.Quantified("0.0004", TimePoint.EndOfInduction, Measured.Day(39), MrdMethod.Flow), Measured.NotEvaluable(TimePoint.EndOfInduction, Measured.Day(41)), Measured.Quantified("0.002"),
            Measured.Quantified("0.0005", TimePoint.EndOfInduction, Measured.Day(38)));

        var used = (await Interpret(@case, AllRez)).Interpretations.First(one => one.Decision == "mrd_response");

        Assert.Equal("case.mrd[2]", used.Used);
        Assert.Equal(
            [
                ("case.mrd[0]", "OTHER_TIME_POINT"), ("case.mrd[1]", "EARLIER"), ("case.mrd[3]", "OTHER_SPECIMEN"), ("case.mrd[4]", "OTHER_TIME_POINT"), ("case.mrd[5]", "OTHER_METHOD"),
                ("case.mrd[6]", "NOT_EVALUABLE"), ("case.mrd[7]", "TIME_POINT_NOT_STATED"), ("case.mrd[8]", "DUPLICATE"),
            ],
            used.Unused.Select(unused => (unused.Field, unused.Code)));
        Assert.All(used.Unused, unused => Assert.NotEmpty(unused.Detail));
    }

    [Fact]
    public async Task After_all_rez_blocks_a_result_of_block_1_is_not_cogs()
    {
        var @case = With(Measured.Quantified("0.0005", TimePoint.EndOfBlock1, method: MrdMethod.Flow));
        @case.Treatment = new Treatment { Reinduction = Reinduction.AllRezBfm };

        var interpretation = (await Interpret(@case, Cog)).Interpretations.First(one => one.Decision == "mrd_response");

        Assert.Empty(interpretation.Used);
        Assert.Equal("OTHER_REINDUCTION", Assert.Single(interpretation.Unused).Code);
        Assert.NotEmpty(interpretation.WouldSettle);
    }

    /// <summary>Reinduction that is not stated may have been ALL-REZ blocks: no measurement would settle that.</summary>
    [Fact]
    public async Task As_long_as_reinduction_is_not_stated_a_result_of_block_1_may_not_be_cogs()
    {
        var answer = await Interpret(With(Measured.Quantified("0.00001", TimePoint.EndOfBlock1, method: MrdMethod.Flow)), Cog);

        var decision = Response(answer, Cog);
        Assert.Equal(("case.treatment.reinduction", 2), (Assert.Single(decision.Missing).Field, decision.Possible.Count));
        Assert.Equal([("ALL_REZ_BFM", 2), ("ALL_R3", 1), ("AALL01P2", 1), ("OTHER", 1)], decision.Missing[0].WouldDecide.Select(would => (would.Value, would.Possible.Count)));
        var interpretation = answer.Interpretations.First(one => one.Decision == "mrd_response");
        Assert.Equal(("case.mrd[0]", ""), (interpretation.Used, interpretation.WouldSettle));
        Assert.Contains("reinduction", interpretation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_one_rank_that_nothing_orders_are_used_together()
    {
        var interpretation = (await Interpret(With(Measured.Quantified("0.0002", TimePoint.EndOfInduction), Measured.Quantified("0.002", TimePoint.EndOfInduction)), AllRez))
            .Interpretations.First(one => one.Decision == "mrd_response");

        Assert.Equal(("case.mrd[0]", "case.mrd[1]"), (interpretation.Used, Assert.Single(interpretation.AlsoUsed)));
        Assert.Equal(("0.0002", "0.002"), (interpretation.Level.Min, interpretation.Level.Max));
        Assert.Equal(CutOffState.Open, Assert.Single(interpretation.CutOffs).State);
    }

    [Fact]
    public async Task A_case_without_results_is_never_negative_and_says_what_to_measure()
    {
        var answer = await Interpret(With(), AllRez);

        var decision = Response(answer, AllRez);
        Assert.Equal(["BELOW_CUT_OFF", "AT_OR_ABOVE_CUT_OFF"], decision.Possible);
        Assert.Contains(decision.Missing, missing => missing.Field == "case.mrd");
        var interpretation = Assert.Single(answer.Interpretations, one => one.Decision == "mrd_response");
        Assert.Equal(("", null, CutOffState.Open), (interpretation.Used, interpretation.Level, Assert.Single(interpretation.CutOffs).State));
        Assert.Contains("with a sensitivity of 0.001 or better", interpretation.WouldSettle, StringComparison.Ordinal);
        Assert.NotEmpty(interpretation.TimePoints);
        Assert.Equal([MrdMethod.PcrIgTr], interpretation.Methods);
        Assert.Empty(answer.Series.Points);
    }

    [Fact]
    public async Task Five_percent_is_not_mrd()
    {
        var @case = With(Measured.Quantified("0.05", TimePoint.EndOfInduction), Measured.Quantified("0.05", TimePoint.EndOfBlock1));
        @case.Treatment = new Treatment { Reinduction = Reinduction.AllR3 };
        var answer = await Interpret(@case, AllRez, UkAll, Cog);

        Assert.All(answer.Decisions.Where(decision => decision.Decision_ == "mrd_response"), decision => Assert.Equal(Outcome.OutOfScope, decision.Outcome));
        Assert.Contains(answer.Series.Notes, note => note.Code == "NOT_MRD");
    }

    [Fact]
    public async Task Every_decision_of_every_current_protocol_that_defines_one_is_answered_in_order_with_a_receipt()
    {
        var answer = await Interpret(With(Measured.Quantified("0.0005", TimePoint.EndOfInduction)));

        var defining = RelapseServer.Catalog.Protocols.Select(entry => entry.Current!).Where(current => WellKnownDecisions.Mrd.Any(current.Document.Decisions.ContainsKey)).ToList();
        Assert.Equal(
            ["all-rez-bfm", "cog", "cog-aall1331", "i-bfm-sg", "intreall-sr-2010", "review-2014", "ukall-r3"],
            defining.Select(current => current.Id).Order(StringComparer.Ordinal));
        Assert.Equal(from current in defining from id in WellKnownDecisions.Mrd select (current.Name, id), answer.Decisions.Select(decision => (decision.Protocol, decision.Decision_)));
        Assert.Equal(defining.Select(current => current.Name), answer.Receipts.Select(receipt => receipt.Protocol));
        Assert.All(answer.Receipts, receipt => Assert.Equal("relapse.mrd.v1.MrdService/InterpretMrd", receipt.Rpc));
        Assert.All(answer.Receipts, receipt => Assert.Contains(SeriesRules.Shipped.Reference, receipt.References));
        // The review's own words on its protocols measure nothing else: every defined decision rests on a measurement.
        Assert.Equal(
            answer.Decisions.Where(decision => decision.Outcome is not Outcome.NotDefined).Select(decision => (decision.Protocol, decision.Decision_)),
            answer.Interpretations.Select(one => (one.Protocol, one.Decision)));
    }

    [Fact]
    public async Task Protocols_that_read_one_result_otherwise_differ_and_say_where()
    {
        var answer = await Interpret(With(Measured.Quantified("5e-4", TimePoint.EndOfInduction)), AllRez, UkAll);

        var agreement = Assert.Single(answer.Agreements, one => one.Decision == "mrd_response");
        Assert.Equal(AgreementState.Differ, agreement.State);
        Assert.Contains(agreement.Partings.SelectMany(parting => parting.Facts), fact => fact.Fact.StartsWith("case.mrd", StringComparison.Ordinal));
        Assert.DoesNotContain("5e-4", agreement.Summary, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Below both cut-offs the word is the same and the patients are not: each has a cut-off of its own.</summary>
    [Theory]
    [InlineData("5e-5")]
    [InlineData("5e-3")]
    public async Task The_same_word_of_two_cut_offs_is_the_same_word_only(string level)
    {
        var answer = await Interpret(With(Measured.Quantified(level, TimePoint.EndOfInduction)), AllRez, UkAll);
        Assert.Equal(AgreementState.SameWordOnly, Assert.Single(answer.Agreements, one => one.Decision == "mrd_response").State);
    }

    /// <summary>Each protocol has a time point of its own: what one may find says nothing of what the other would.</summary>
    [Fact]
    public async Task Results_of_two_time_points_are_two_numbers()
    {
        var answer = await Interpret(With(Measured.Quantified("5e-3", TimePoint.EndOfBlock2)), AllRez, UkAll);

        var agreement = Assert.Single(answer.Agreements, one => one.Decision == "mrd_response");
        Assert.Equal(AgreementState.Open, agreement.State);
    }

    /// <summary>The same result against the same cut-off: open for both, and alike whatever it turns out to be.</summary>
    [Fact]
    public async Task One_result_is_one_number_for_both()
    {
        var @case = With(Measured.Below("1e-3", TimePoint.EndOfInduction));
        @case.Treatment = new Treatment { Arm = "B" };

        var answer = await Interpret(@case, UkAll, IntReAll);

        Assert.All(new[] { UkAll, IntReAll }, protocol => Assert.Equal(2, Response(answer, protocol).Possible.Count));
        var agreement = Assert.Single(answer.Agreements, one => one.Decision == "mrd_response");
        Assert.Equal(AgreementState.SameWordOnly, agreement.State);
        Assert.Equal([UkAll, IntReAll], Assert.Single(agreement.Positions).Protocols);
    }

    /// <summary>Where everything is settled, the state of an agreement is that of the words.</summary>
    [Fact]
    public async Task Settled_answers_agree_as_their_words_do()
    {
        var states = new Dictionary<AgreementState, int>();
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var @case = With(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Measured.Quantified(
                $"{random.Next(1, 9)}e-{random.Next(3, 6)}", (TimePoint)random.Next(2, 7), Measured.Day(random.Next(100)), random.Next(3) == 0 ? MrdMethod.Flow : MrdMethod.PcrIgTr)));
            @case.Mrd.Add(Measured.Quantified($"{random.Next(1, 9)}e-{random.Next(3, 6)}", TimePoint.EndOfInduction, Measured.Day(101)));
            @case.Mrd.Add(Measured.Quantified($"{random.Next(1, 9)}e-{random.Next(3, 6)}", TimePoint.EndOfBlock1, Measured.Day(20), MrdMethod.Flow));
            @case.Treatment = new Treatment { Arm = random.Next(2) == 0 ? "A" : "B", Reinduction = Reinduction.Other };
            var answer = await Interpret(@case, AllRez, UkAll, Cog, IntReAll);
            var words = answer.Decisions.Where(decision => decision.Decision_ == "mrd_response" && decision.Possible.Count > 0).Select(decision => decision.Possible).ToList();
            var state = Assert.Single(answer.Agreements, one => one.Decision == "mrd_response").State;
            if (words.Count > 1 && words.TrueForAll(possible => possible.Count == 1))
            {
                var alike = words.Select(possible => possible[0]).Distinct().Count() == 1;
                Assert.True(alike ? state is AgreementState.Agree or AgreementState.SameWordOnly : state is AgreementState.Differ, $"seed {seed}: {state}");
                states[state] = states.GetValueOrDefault(state) + 1;
            }
        }

        Assert.True(states.Count > 1, string.Join(", ", states));
    }

    /// <summary>Figure 1 prints no cut-off: both that are read into it stand, and the one that is chosen alone.</summary>
    [Fact]
    public async Task A_cut_off_that_is_not_printed_is_a_reading()
    {
        const string Ibfm = "protocols/i-bfm-sg/versions/2014.1";
        var point = RelapseServer.Catalog.Find("i-bfm-sg")!.Current!.Document.Measurements["decision"].TimePoints[0];
        var request = new InterpretMrdRequest { Case = With(Measured.Quantified("5e-4", point)), Protocols = { Ibfm } };

        var open = await Client.InterpretMrdAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Outcome.Undetermined, Response(open, Ibfm).Outcome);
        Assert.Equal(["0.0001", "0.001"], Assert.Single(open.Interpretations).CutOffs.Select(cutOff => cutOff.Level));
        Assert.Empty(open.Interpretations[0].WouldSettle);

        request.Readings.Add(new ReadingChoice { Protocol = Ibfm, Reading = "figure1_mrd_cut_off", Value = "CUT_1E_3" });
        var chosen = await Client.InterpretMrdAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["BELOW_CUT_OFF"], Response(chosen, Ibfm).Possible);
        Assert.Equal(["0.001"], Assert.Single(chosen.Interpretations).CutOffs.Select(cutOff => cutOff.Level));
    }

    [Fact]
    public async Task What_a_centre_concluded_stands_and_the_cut_off_is_that_of_the_protocol()
    {
        var @case = With();
        @case.Established.Add(new EstablishedConclusion { Decision = "mrd_response", Protocol = UkAll, Conclusion = "BELOW_CUT_OFF" });

        var answer = await Interpret(@case, UkAll);

        Assert.True(Response(answer, UkAll).Established);
        var interpretation = Assert.Single(answer.Interpretations);
        Assert.Equal(("", "", "0.0001"), (interpretation.Used, interpretation.WouldSettle, Assert.Single(interpretation.CutOffs).Level));
    }

    [Fact]
    public async Task Another_method_is_a_condition_towards_more_treatment_and_open_towards_less()
    {
        var above = await Interpret(With(Measured.Quantified("5e-3", TimePoint.EndOfInduction, method: MrdMethod.Flow)), UkAll);
        Assert.Equal(Outcome.Conditional, Response(above, UkAll).Outcome);
        Assert.Contains(Response(above, UkAll).Conditions, condition => condition.Id == "mrd-method" && condition.Kind == ConditionKind.MethodMismatch);
        Assert.Empty(above.Interpretations[0].WouldSettle);

        var below = await Interpret(With(Measured.Quantified("5e-5", TimePoint.EndOfInduction, method: MrdMethod.Flow)), UkAll);
        Assert.Equal(Outcome.Undetermined, Response(below, UkAll).Outcome);
        Assert.StartsWith("a result by the protocol's method: ", below.Interpretations[0].WouldSettle, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_json_the_answer_is_the_same()
    {
        var request = new InterpretMrdRequest { Case = With(Measured.Quantified("5e-4", TimePoint.EndOfInduction), Measured.Below("1e-3", TimePoint.EndOfBlock1)), RequestId = "same", IncludeTrace = true };

        var json = await server.PostAsync(Path, JsonFormatter.Default.Format(request));

        Assert.Equal(HttpStatusCode.OK, json.Http);
        var grpc = await Client.InterpretMrdAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(grpc, InterpretMrdResponse.Parser.ParseJson(json.Body));
        Assert.Contains(grpc.Decisions, decision => decision.Trace.Count > 0);
    }

    [Theory]
    [InlineData("1e-4", MrdUnit.Fraction)]
    [InlineData("0.0001", MrdUnit.Fraction)]
    [InlineData("1 in 10 000", MrdUnit.Fraction)]
    [InlineData("1/10000", MrdUnit.Fraction)]
    [InlineData("0.01", MrdUnit.Percent)]
    [InlineData("0.0100", MrdUnit.Percent)]
    public async Task One_number_in_every_spelling_is_one_answer(string level, MrdUnit unit)
    {
        var result = Measured.Quantified(level, TimePoint.EndOfInduction, Measured.Day(30));
        result.Unit = unit;
        var (answer, plain) = (await Interpret(With(result)), await Interpret(With(Measured.Quantified("0.0001", TimePoint.EndOfInduction, Measured.Day(30)))));

        Assert.Equal(plain.Decisions, answer.Decisions);
        Assert.Equal(plain.Interpretations, answer.Interpretations);
        Assert.Equal(plain.Series, answer.Series);
    }

    [Fact]
    public async Task The_service_says_what_it_is_and_holds()
    {
        var info = (await Client.GetServiceInfoAsync(new Contracts.Mrd.V1.GetServiceInfoRequest(), cancellationToken: TestContext.Current.CancellationToken)).Info;

        Assert.Equal("relapse.mrd.v1.MrdService", info.Service);
        Assert.NotEmpty(info.Protocols);
        Assert.Equal(info, Contracts.Mrd.V1.GetServiceInfoResponse.Parser.ParseJson((await server.GetAsync("/v1/mrd/info")).Body).Info);
    }

    /// <summary>A boy's late relapse of the marrow, everything known but the results.</summary>
    internal static RelapseCase With(params IEnumerable<MrdResult> results) => SoundCase.LateIsolatedMarrow().With(changed => changed.Mrd.AddRange(results));

    private static Decision Response(InterpretMrdResponse answer, string protocol) =>
        answer.Decisions.Single(decision => decision.Decision_ == "mrd_response" && decision.Protocol == protocol);

    private async Task<InterpretMrdResponse> Interpret(RelapseCase @case, params string[] protocols)
    {
        Assert.Empty(CaseValidator.Validate(@case));
        return await Client.InterpretMrdAsync(new InterpretMrdRequest { Case = @case, Protocols = { protocols }, RequestId = "test" }, cancellationToken: TestContext.Current.CancellationToken);
    }
}
