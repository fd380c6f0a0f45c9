using System.Net;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>ClassifyRelapse by gRPC and by JSON: what is asked, in what order it is answered, and that both faces agree.</summary>
public sealed class ClassifyRelapseTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/classification/relapses:classify";

    private ClassificationService.ClassificationServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    private static IEnumerable<CompiledProtocol> Classifying =>
        RelapseServer.Catalog.Protocols.Select(entry => entry.Current!).Where(current => WellKnownDecisions.Classification.Any(current.Document.Decisions.ContainsKey));

    [Fact]
    public async Task Every_decision_of_every_current_protocol_is_answered_in_order()
    {
        var response = await Classify(new ClassifyRelapseRequest { Case = new RelapseCase { CaseRef = "my own" } });

        Assert.Equal("my own", response.CaseRef);
        Assert.Equal(
            from current in Classifying from id in WellKnownDecisions.Classification select (current.Name, id),
            response.Decisions.Select(decision => (decision.Protocol, decision.Decision_)));
        Assert.All(response.Decisions, decision => Assert.NotEqual(Outcome.Unspecified, decision.Outcome));
        Assert.Equal(Classifying.Select(current => current.Name), response.Receipts.Select(receipt => receipt.Protocol));
    }

    [Fact]
    public async Task An_empty_case_is_an_answer_that_names_what_is_missing()
    {
        var response = await Classify(new ClassifyRelapseRequest { Case = new RelapseCase(), Protocols = { "protocols/all-rez-bfm" } });

        var marrow = Assert.Single(response.Decisions, decision => decision.Decision_ == "marrow_status");
        Assert.Equal(Outcome.Undetermined, marrow.Outcome);
        Assert.Contains(marrow.Missing, missing => missing.Field == "case.marrow.blasts_percent");
    }

    [Fact]
    public async Task A_known_marrow_is_determined_and_traced_on_request()
    {
        var request = new ClassifyRelapseRequest
        {
            Case = new RelapseCase { RelapseNumber = 1, Marrow = new Marrow { BlastsPercent = 80 } },
            Protocols = { "protocols/all-rez-bfm/versions/2002.1" },
            IncludeTrace = true,
        };

        var response = await Classify(request);

        var marrow = Assert.Single(response.Decisions, decision => decision.Decision_ == "marrow_status");
        Assert.Equal("M3", Assert.Single(marrow.Possible));
        Assert.Contains(response.Decisions, decision => decision.Trace.Count > 0);
        request.IncludeTrace = false;
        Assert.All((await Classify(request)).Decisions, decision => Assert.Empty(decision.Trace));
    }

    [Fact]
    public async Task By_json_the_answer_is_the_same()
    {
        var request = new ClassifyRelapseRequest
        {
            Case = new RelapseCase
            {
                RelapseNumber = 1, Lineage = Lineage.TCell, Marrow = new Marrow { BlastsPercent = 25.1 },
                Timing = new Timing { DiagnosisDate = new Google.Type.Date { Year = 2010, Month = 5 }, RelapseDate = new Google.Type.Date { Year = 2012, Month = 1, Day = 3 } },
                Unknown = { new UnknownFact { Field = "case.csf.wbc_per_ul", Reason = UnknownReason.Pending } },
            },
            RequestId = "same",
        };

        var answer = await server.PostAsync(Path, JsonFormatter.Default.Format(request));

        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.Equal(await Classify(request), ClassifyRelapseResponse.Parser.ParseJson(answer.Body));
    }

    [Fact]
    public async Task A_reading_chosen_is_the_reading_used()
    {
        var (entry, reading) = RelapseServer.Catalog.Protocols.SelectMany(entry => entry.Current!.Document.Readings.Select(reading => (entry, reading))).First();
        var request = new ClassifyRelapseRequest
        {
            Case = new RelapseCase { RelapseNumber = 1 },
            Protocols = { entry.Name },
            Readings = { reading.Value.Values.Keys.Take(1).Select(value => new ReadingChoice { Protocol = entry.Name, Reading = reading.Key, Value = value }) },
        };

        var response = await Classify(request);

        Assert.DoesNotContain(response.Decisions.SelectMany(decision => decision.Missing), missing => missing.Field == "readings." + reading.Key);
    }

    [Fact]
    public async Task An_established_conclusion_in_no_words_of_the_protocol_is_refused()
    {
        var answer = await server.PostAsync(Path, """
            {"case":{"established":[{"decision":"timing","protocol":"protocols/cog","conclusion":"EARLY"}]},"protocols":["protocols/cog"]}
            """);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["case.established[0].conclusion"], answer.Fields);
    }

    [Fact]
    public async Task An_unknown_protocol_alone_is_not_found()
    {
        var answer = await server.PostAsync(Path, """{"case":{},"protocols":["protocols/nothing"]}""");

        answer.AssertError(HttpStatusCode.NotFound, 5, "PROTOCOL_NOT_FOUND");
        Assert.Equal(["protocols[0]"], answer.Fields);
        Assert.Equal("protocols/nothing", answer.Detail("google.rpc.ResourceInfo").GetProperty("resourceName").GetString());
    }

    [Fact]
    public async Task The_service_says_what_it_is_and_holds()
    {
        var info = (await Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: TestContext.Current.CancellationToken)).Info;

        Assert.Equal("relapse.classification.v1.ClassificationService", info.Service);
        Assert.NotEmpty(info.Protocols);
        Assert.Equal(info, GetServiceInfoResponse.Parser.ParseJson((await server.GetAsync("/v1/classification/info")).Body).Info);
    }

    private async Task<ClassifyRelapseResponse> Classify(ClassifyRelapseRequest request) =>
        await Client.ClassifyRelapseAsync(request, cancellationToken: TestContext.Current.CancellationToken);
}
