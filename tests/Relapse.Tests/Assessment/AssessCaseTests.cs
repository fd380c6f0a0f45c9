using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Edge;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Assessment;

/// <summary>AssessCase by gRPC and JSON: the answers of the services as they are, under one version throughout, laid out to be read.</summary>
public sealed class AssessCaseTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/assessment/cases:assess";
    private const string AllRez = "protocols/all-rez-bfm/versions/2002.1";
    private const string UkAll = "protocols/ukall-r3/versions/2003.1";
    private static readonly string Review = Clinical.Shipped.Protocol("review-2014").Name;

    private AssessmentService.AssessmentServiceClient Client => new(server.Channel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Each_part_is_what_its_service_answers_to_the_same_question()
    {
        string[] names = [UkAll, AllRez, Review];
        var @case = WholeCase.Of();
        var answer = await Assess(new AssessCaseRequest { Case = @case, Protocols = { "protocols/ukall-r3", AllRez, "protocols/review-2014" }, RequestId = "one" });

        Assert.Equal(names, answer.Protocols.Select(protocol => protocol.Protocol));
        Assert.Equal(
            await new ClassificationService.ClassificationServiceClient(server.Channel).ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = @case, Protocols = { names }, RequestId = "one" }, cancellationToken: Cancel),
            answer.Classification.Answer);
        Assert.Equal(
            await new MrdService.MrdServiceClient(server.Channel).InterpretMrdAsync(new InterpretMrdRequest { Case = @case, Protocols = { names }, RequestId = "one" }, cancellationToken: Cancel),
            answer.Mrd.Answer);
        Assert.Equal(
            await new MrdService.MrdServiceClient(server.Channel).AssessResponseAsync(new AssessResponseRequest { Case = @case, Protocols = { names }, RequestId = "one" }, cancellationToken: Cancel),
            answer.Response.Answer);
        Assert.Equal(
            await new TransplantService.TransplantServiceClient(server.Channel).AssessEligibilityAsync(new AssessEligibilityRequest { Case = @case, Protocols = { names }, RequestId = "one", IncludeTrace = true }, cancellationToken: Cancel),
            answer.Eligibility.Answer);
        Assert.Equal(
            await new OutcomeService.OutcomeServiceClient(server.Channel).EstimateOutcomeAsync(new EstimateOutcomeRequest { Case = @case, Protocols = { names }, RequestId = "one", RowsPerGroup = 5 }, cancellationToken: Cancel),
            answer.Outcome.Answer);
        Assert.Empty(answer.Unavailable);
    }

    /// <summary>Whoever reads what is laid out, and not the parts, is warned as their readers are.</summary>
    [Fact]
    public async Task What_is_laid_out_has_every_warning_contradiction_and_feature_of_its_part()
    {
        foreach (var @case in new[] { WholeCase.Of(), Contradictory(), SoundCase.LateIsolatedMarrow() })
        {
            var answer = await Assess(new AssessCaseRequest { Case = @case });
            Decision[] decisions = [.. answer.Classification.Answer.Decisions, .. answer.Mrd.Answer.Decisions, .. answer.Response.Answer.Decisions, .. answer.Eligibility.Answer.Decisions];
            foreach (var (protocol, finding) in answer.Protocols.SelectMany(protocol => protocol.Stands.Concat(protocol.Next).Select(finding => (protocol.Protocol, finding))))
            {
                var decision = decisions.Single(decision => decision.Protocol == protocol && decision.Decision_ == finding.Decision);
                Assert.Equal((decision.Warnings, decision.Contradictions, decision.IfConfirmed), (finding.Warnings, finding.Contradictions, finding.IfConfirmed));
            }

            Assert.Equal(decisions.SelectMany(decision => decision.Modifiers).Select(modifier => (modifier.Protocol, modifier.Code)).ToHashSet(), answer.Modifiers.Select(modifier => (modifier.Protocol, modifier.Code)).ToHashSet());
            Assert.Equal(answer.Modifiers.Count, answer.Modifiers.Distinct().Count());
            Assert.Contains(answer.Protocols, protocol => protocol.Stands.Any(finding => finding.Warnings.Count > 0));
        }

        var contradicted = await Assess(new AssessCaseRequest { Case = Contradictory(), Protocols = { UkAll } });
        Assert.Contains(contradicted.Protocols.Single().Stands, finding => finding.Contradictions.Count > 0);

        static RelapseCase Contradictory()
        {
            var @case = WholeCase.Of();
            @case.Timing = new Timing { DiagnosisDate = SoundCase.Day(2025, 6, 2), RelapseDate = SoundCase.Day(2023, 3, 14), PrimaryTherapyStatus = PrimaryTherapyStatus.Completed };
            return @case;
        }
    }

    /// <summary>The caller's trace goes on through every service asked, so that one search finds the whole case.</summary>
    [Fact]
    public async Task One_trace_holds_the_call_and_all_that_it_asks()
    {
        var trace = ActivityTraceId.CreateRandom();
        var handled = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace)
                {
                    handled.Enqueue(activity.ParentSpanId.ToHexString());
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var callers = ActivitySpanId.CreateRandom().ToHexString();

        await Client.AssessCaseAsync(new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { UkAll } }, new Metadata { { "traceparent", $"00-{trace}-{callers}-01" } }, cancellationToken: Cancel);

        // The assessment itself ends a moment after its answer has been read.
        await LimitsTests.WaitUntil(() => Task.FromResult(handled.Contains(callers)));
        Assert.Equal(1 + Enum.GetValues<Part>().Count(part => part is not Part.Unspecified), handled.Count);
        Assert.Single(handled, callers);
    }

    /// <summary>Between the cut-offs of the two: what each advises leads back to the row of its table and to the measurement.</summary>
    [Fact]
    public async Task What_comes_next_leads_back_to_the_table_and_to_the_measurement()
    {
        var answer = await Assess(new AssessCaseRequest { Case = WholeCase.Of("5e-4"), Protocols = { AllRez, UkAll } });

        Assert.Equal(["CONTINUATION"], Next(answer, AllRez, "post_remission").Possible);
        var advice = Next(answer, UkAll, "post_remission");
        Assert.Equal(["TRANSPLANT"], advice.Possible);
        Assert.Equal(Part.Eligibility, advice.Part);
        Assert.Contains(advice.Because.SelectMany(rule => rule.Citations), citation => citation.Locator.Contains("UKCCG trial: SCT after three blocks", StringComparison.Ordinal));
        var measured = Assert.Single(advice.Way, step => step.Measurements.Count > 0);
        Assert.Equal(("mrd_response", "case.mrd[0]"), (measured.Decision, measured.Measurements.Single()));
        Assert.Equal(["AT_OR_ABOVE_CUT_OFF"], measured.Possible);
        Assert.Contains(advice.Way, step => step.Decision == "risk_group" && step.Citations.Count > 0);
    }

    [Fact]
    public async Task Where_the_case_stands_goes_from_the_kind_of_relapse_over_response_to_mrd_and_holds_only_what_the_protocol_defines()
    {
        var answer = await Assess(new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { UkAll, Review } });

        var ukall = answer.Protocols[0];
        Assert.Equal(RelapseServer.Catalog.Find("ukall-r3")!.Current!.Digest, ukall.Digest);
        Assert.NotEmpty(ukall.Title);
        Assert.Equal(ukall.Stands.Select(finding => finding.Part).Order().Distinct().Order(Comparer<Part>.Create((one, other) => Order(one) - Order(other))), ukall.Stands.Select(finding => finding.Part).Distinct());
        Assert.Contains(ukall.Stands, finding => finding.Decision == "risk_group" && finding.Possible.SequenceEqual(["INTERMEDIATE"]));
        Assert.All(answer.Protocols.SelectMany(protocol => protocol.Stands.Concat(protocol.Next)), finding => Assert.NotEqual(Outcome.NotDefined, finding.Outcome));
        Assert.Contains(answer.Protocols[1].Stands, finding => finding.Decision == "remission" && finding.Possible.SequenceEqual(["COMPLETE"]));
        Assert.DoesNotContain(answer.Protocols[1].Next, finding => finding.Possible.SequenceEqual(["DOES_NOT_APPLY"]));

        static int Order(Part part) => part switch { Part.Classification => 0, Part.Response => 1, Part.Mrd => 2, _ => 3 };
    }

    [Fact]
    public async Task What_is_missing_is_named_once_and_what_comes_next_hangs_on_stands_first()
    {
        var @case = WholeCase.Of(level: null);
        @case.Lineage = Lineage.Unspecified;
        var answer = await Assess(new AssessCaseRequest { Case = @case, Protocols = { AllRez, UkAll, Review } });

        var fields = answer.Missing.Select(needed => needed.Field).ToArray();
        Assert.Equal(fields.Distinct(), fields);
        Assert.Contains(fields, field => field.StartsWith("case.mrd", StringComparison.Ordinal));
        Assert.Contains(answer.Missing.Single(needed => needed.Field == "case.lineage").NeededFor, needed => (needed.Protocol, needed.Decision) == (AllRez, "risk_group"));
        var advice = answer.Missing.Select(needed => needed.NeededFor.Any(finding => WellKnownDecisions.Transplant.Contains(finding.Decision))).ToList();
        Assert.Equal(advice.OrderDescending(), advice);
        var told = answer.Protocols.SelectMany(protocol => protocol.Stands.Concat(protocol.Next).Where(finding => finding.Outcome == Outcome.Undetermined).Select(finding => (protocol.Protocol, finding.Decision)));
        Assert.Empty(told.Except(answer.Missing.SelectMany(needed => needed.NeededFor).Select(finding => (finding.Protocol, finding.Decision))));
    }

    [Fact]
    public async Task An_empty_case_is_answered_by_what_would_have_to_be_known()
    {
        var answer = await Assess(new AssessCaseRequest { Case = new RelapseCase() });

        Assert.Equal(RelapseServer.Catalog.Protocols.Select(entry => entry.Current!.Name), answer.Protocols.Select(protocol => protocol.Protocol));
        Assert.NotEmpty(answer.Missing);
        Assert.Equal(answer.Protocols.Select(protocol => protocol.Protocol), answer.Receipts.Select(receipt => receipt.Protocol));
    }

    [Fact]
    public async Task Only_the_parts_asked_for_are_there()
    {
        var answer = await Assess(new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { UkAll }, Parts = { Part.Mrd, Part.Classification } });

        Assert.NotNull(answer.Classification?.Answer);
        Assert.NotNull(answer.Mrd?.Answer);
        Assert.True(answer is { Response: null, Eligibility: null, Outcome: null });
        Assert.Empty(answer.Unavailable);
        Assert.Empty(answer.Protocols.Single().Next);
        Assert.Single(answer.Receipts);
    }

    /// <summary>A protocol asked for by another version than its current one is that version in every part, the published figures among them.</summary>
    [Fact]
    public async Task A_version_asked_for_is_the_version_of_every_part()
    {
        const string House = "protocols/house-hr", Earlier = House + "/versions/1";
        await using var own = new RelapseServer();
        await own.InitializeAsync();
        await own.ReadyAsync();
        var registry = new RegistryService.RegistryServiceClient(own.Channel);
        await registry.PublishProtocolVersionAsync(Of("1"), cancellationToken: Cancel);
        await registry.PublishProtocolVersionAsync(Of("2"), cancellationToken: Cancel);
        await registry.MoveLabelAsync(new MoveLabelRequest { Name = House + "/labels/current", Version = House + "/versions/2" }, cancellationToken: Cancel);

        var answer = await new AssessmentService.AssessmentServiceClient(own.Channel).AssessCaseAsync(new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { Earlier } }, cancellationToken: Cancel);

        string[] used =
        [
            .. answer.Classification.Answer.Receipts.Concat(answer.Mrd.Answer.Receipts).Concat(answer.Response.Answer.Receipts).Concat(answer.Eligibility.Answer.Receipts)
                .Concat(answer.Outcome.Answer.Receipts).Concat(answer.Receipts)
                .Select(receipt => receipt.Protocol).Where(name => name.StartsWith(House, StringComparison.Ordinal)).Distinct(),
        ];
        Assert.Equal([Earlier], used);
        own.AssertNoErrorsLogged();

        static PublishProtocolVersionRequest Of(string version) => new()
        {
            ProtocolYaml = ByteString.CopyFromUtf8(Shipped.Text("intreall-hr-2010/2010.1/protocol.yaml")
                .Replace("id: intreall-hr-2010\nversion: \"2010.1\"", $"id: house-hr\nversion: \"{version}\"", StringComparison.Ordinal)),
            // What a centre established is said in the words of the protocol.
            CasesYaml = ByteString.CopyFromUtf8(Shipped.Text("intreall-hr-2010/2010.1/cases.yaml").Replace("intreall-hr-2010", "house-hr", StringComparison.Ordinal)),
        };
    }

    [Fact]
    public async Task Every_fault_is_listed_those_that_only_one_service_finds_among_them()
    {
        var request = new AssessCaseRequest
        {
            Case = new RelapseCase { RelapseNumber = 0, Marrow = new Marrow { BlastsPercent = 140 } },
            Protocols = { "protocols/none" },
            Readings = { new ReadingChoice { Protocol = "protocols/cog", Reading = "none", Value = "none" } },
            Endpoints = { "NONE" },
            RowsPerGroup = 501,
            Intention = new Intention { Regimen = "NONE" },
            RequestId = new string('x', 65),
        };
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(request));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), (refused.StatusCode, refused.Reason()));
        Assert.Equal(
            ["case.marrow.blasts_percent", "case.relapse_number", "endpoints[0]", "intention.regimen", "protocols[0]", "readings[0].protocol", "request_id", "rows_per_group"],
            refused.Fields().Order(StringComparer.Ordinal));
        Assert.Equal(refused.Fields().Order(StringComparer.Ordinal), (await server.PostAsync(Path, JsonFormatter.Default.Format(request))).Fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_response_that_is_not_there_is_a_fault_of_the_field_that_asks_for_it()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(new AssessCaseRequest { Case = WholeCase.Of(), ResponseTimePoint = TimePoint.Week12, Parts = { Part.Response, (Part)9, Part.Response } }));
        Assert.Equal(["parts[1]", "parts[2]", "response_time_point"], refused.Fields().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Json_says_the_same()
    {
        var request = new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { AllRez, UkAll, Review }, RequestId = "same" };
        var json = await server.PostAsync(Path, JsonFormatter.Default.Format(request));

        Assert.Equal(HttpStatusCode.OK, json.Http);
        Assert.Equal(await Assess(request), AssessCaseResponse.Parser.ParseJson(json.Body));
    }

    private async Task<AssessCaseResponse> Assess(AssessCaseRequest request) => await Client.AssessCaseAsync(request, cancellationToken: Cancel);

    private static Finding Next(AssessCaseResponse answer, string protocol, string decision) =>
        answer.Protocols.Single(one => one.Protocol == protocol).Next.Single(finding => finding.Decision == decision);
}
