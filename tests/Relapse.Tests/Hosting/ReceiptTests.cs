using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Hosting;

/// <summary>Receipts recomputed as docs/decisions/2026-11-23-receipts.md says, by code that shares nothing with the service's.</summary>
public sealed class ReceiptTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private ClassificationService.ClassificationServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Both_digests_can_be_recomputed()
    {
        var request = Request();
        request.RequestId = "random-7f3a";

        var response = await Classify(request);

        Assert.Equal(RelapseServer.Catalog.Protocols.Count(entry => entry.Current!.Document.Decisions.ContainsKey("relapse_site")), response.Receipts.Count);
        foreach (var receipt in response.Receipts)
        {
            Assert.Equal(("random-7f3a", "relapse.classification.v1.ClassificationService/ClassifyRelapse"), (receipt.RequestId, receipt.Rpc));
            Assert.Equal(RequestDigest(request), receipt.RequestDigest);
            Assert.Equal(AnswerDigest(response, receipt.Protocol, receipt.Digest), receipt.AnswerDigest);
            Assert.NotEmpty(receipt.EngineVersion);
        }
    }

    [Fact]
    public async Task The_digest_of_the_version_is_that_of_its_file()
    {
        var response = await Classify(Request());

        var versions = RelapseServer.Catalog.Protocols.SelectMany(entry => entry.Versions).ToDictionary(version => version.Name);
        Assert.All(response.Receipts, receipt =>
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(versions[receipt.Protocol].Yaml.Span)), receipt.Digest));
    }

    [Fact]
    public async Task Without_a_request_id_one_is_made_and_no_two_are_alike()
    {
        var (first, second) = (await Classify(Request()), await Classify(Request()));

        Assert.Matches("^[0-9a-f]{32}$", first.Receipts[0].RequestId);
        Assert.NotEqual(first.Receipts[0].RequestId, second.Receipts[0].RequestId);
        Assert.NotEqual(first.Receipts[0].RequestDigest, second.Receipts[0].RequestDigest);
        Assert.Equal(first.Receipts[0].AnswerDigest, second.Receipts[0].AnswerDigest);
    }

    [Fact]
    public async Task A_document_whose_modifiers_stand_in_the_answer_is_named_and_no_other()
    {
        var response = await Classify(Request());

        var shared = RelapseServer.Catalog.Protocols.Select(entry => entry.Current!).Single(current => current.Document.ModifiersForAll);
        foreach (var receipt in response.Receipts.Where(receipt => receipt.Protocol != shared.Name))
        {
            Assert.Contains(response.Decisions, decision => decision.Protocol == receipt.Protocol && decision.Modifiers.Any(modifier => modifier.Protocol == shared.Name));
            Assert.Equal(new ReferenceData { Name = "protocols/" + shared.Id, Version = shared.Version, Digest = shared.Digest }, Assert.Single(receipt.References));
        }

        Assert.Empty(response.Receipts.Single(receipt => receipt.Protocol == shared.Name).References);
    }

    [Fact]
    public async Task An_answer_without_modifiers_of_another_document_names_none()
    {
        var request = Request();
        // Not known, so that neither its lineage nor its blasts are a feature; a first relapse, which is what features are of; and every marker
        // that is asked for was looked for. A version later the intensity of frontline treatment stands beside every first relapse.
        request.Alongside = new Alongside { Documents = { "protocols/review-2014/versions/2014.1" } };
        GeneticMarker[] markers = [GeneticMarker.BcrAbl1, GeneticMarker.Kmt2ARearranged, GeneticMarker.Etv6Runx1];
        request.Case = new RelapseCase { RelapseNumber = 1, Genetics = { markers.Select(marker => new GeneticFinding { Marker = marker, Status = FindingStatus.Absent }) } };

        Assert.All((await Classify(request)).Receipts, receipt => Assert.Empty(receipt.References));
    }

    [Fact]
    public async Task By_json_the_receipts_are_the_same()
    {
        var request = Request();
        request.RequestId = "same";
        var overGrpc = await Classify(request);

        var overJson = await server.PostAsync("/v1/classification/relapses:classify", JsonFormatter.Default.Format(request));

        Assert.Equal(overGrpc, ClassifyRelapseResponse.Parser.ParseJson(overJson.Body));
    }

    private static ClassifyRelapseRequest Request() => new()
    {
        Case = new RelapseCase { CaseRef = "ref", Marrow = new Marrow { BlastsPercent = 25.1 }, Lineage = Lineage.TCell, RelapseNumber = 1 },
    };

    private async Task<ClassifyRelapseResponse> Classify(ClassifyRelapseRequest request) =>
        await Client.ClassifyRelapseAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    private static string RequestDigest(ClassifyRelapseRequest request)
    {
        var canonical = request.Clone();
        canonical.RequestId = "";
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(request.RequestId));
        return Convert.ToHexStringLower(hmac.ComputeHash(canonical.ToByteArray()));
    }

    // From the JSON of the answer, as a caller in another language would.
    private static string AnswerDigest(ClassifyRelapseResponse response, string protocol, string digest)
    {
        using var bytes = new MemoryStream();
        Write("relapse-answer 1");
        Write("protocol " + digest);
        var json = System.Text.Json.JsonDocument.Parse(JsonFormatter.Default.Format(response)).RootElement;
        foreach (var decision in json.GetProperty("decisions").EnumerateArray().Where(decision => decision.GetProperty("protocol").GetString() == protocol))
        {
            Write("decision " + decision.GetProperty("decision").GetString());
            Write("outcome " + decision.GetProperty("outcome").GetString());
            foreach (var conclusion in Sorted(decision, "possible", value => value.GetString()!))
            {
                Write("possible " + conclusion);
            }

            foreach (var rule in Sorted(decision, "because", value => value.GetProperty("rule").GetString()!))
            {
                Write("rule " + rule);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));

        void Write(string line) => bytes.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    private static SortedSet<string> Sorted(System.Text.Json.JsonElement decision, string list, Func<System.Text.Json.JsonElement, string> text) =>
        new(decision.TryGetProperty(list, out var values) ? values.EnumerateArray().Select(text) : [], StringComparer.Ordinal);
}
