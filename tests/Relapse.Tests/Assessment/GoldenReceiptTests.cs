using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Assessment;

/// <summary>
/// Receipts that a release gave, with their requests, kept for ever in Receipts/: whoever holds one from then can have its answer computed again
/// by what stands here now.
/// </summary>
public sealed class GoldenReceiptTests(RelapseServer server) : IClassFixture<RelapseServer>
{
    private const string Folder = "tests/Relapse.Tests/Assessment/Receipts";

    public static TheoryData<string> Releases =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_receipts_kept_from_a_release_come_out_equal(string release)
    {
        var (client, differing, kept) = (new AssessmentService.AssessmentServiceClient(server.Channel), new List<string>(), File.ReadAllLines(FileOf(release)));
        foreach (var (number, line) in kept.Index())
        {
            var request = VerifyReceiptRequest.Parser.ParseJson(line);
            var said = await client.VerifyReceiptAsync(request, cancellationToken: Cancel);
            if (said.State != VerificationState.Equal)
            {
                differing.Add($"line {number + 1}, {request.Receipt.Rpc}, {request.Receipt.Protocol}: {said.State}, {said.Detail} {said.Differences}");
            }
        }

        Assert.Empty(differing);
        Assert.InRange(kept.Length, 50, 200);
    }

    /// <summary>Whoever raises the version keeps its receipts.</summary>
    [Fact]
    public void The_release_that_stands_here_has_its_receipts() =>
        Assert.Contains(Release(new Receipt { EngineVersion = Relapse.Hosting.EngineVersion.Current }), Releases.Select(release => release.Data));

    /// <summary>Makes the receipts of a release: <c>--explicit only</c>, once, before it is tagged. Those that are kept are never written again.</summary>
    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    public async Task Keep_the_receipts_of_this_release()
    {
        var made = await Make();
        var file = FileOf(Release(made[0].Receipt));
        Assert.False(File.Exists(file), $"{file} is kept already.");
        await File.WriteAllLinesAsync(file, made.Select(one => JsonFormatter.Default.Format(one)), Cancel);
    }

    private static string FileOf(string release) => Path.Combine(Repository.Root, Folder, $"{release}.jsonl");

    // The part before the build: one release has many.
    private static string Release(Receipt receipt) => receipt.EngineVersion.Split('+')[0];

    private async Task<List<VerifyReceiptRequest>> Make()
    {
        var channel = server.Channel;
        var (whole, open) = (WholeCase.Of(), WholeCase.Of(level: null));
        open.Timing = new Contracts.Case.V1.Timing { MonthsFromDiagnosis = "33" };
        List<VerifyReceiptRequest> made = [];
        foreach (var @case in new[] { whole, open })
        {
            var classify = new ClassifyRelapseRequest { Case = @case, RequestId = "golden" };
            Add((await new ClassificationService.ClassificationServiceClient(channel).ClassifyRelapseAsync(classify, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { ClassifyRelapse = classify });
            var interpret = new InterpretMrdRequest { Case = @case, RequestId = "golden" };
            Add((await new MrdService.MrdServiceClient(channel).InterpretMrdAsync(interpret, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { InterpretMrd = interpret });
            var response = new AssessResponseRequest { Case = @case, RequestId = "golden" };
            Add((await new MrdService.MrdServiceClient(channel).AssessResponseAsync(response, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessResponse = response });
            var eligibility = new AssessEligibilityRequest { Case = @case, RequestId = "golden" };
            Add((await new TransplantService.TransplantServiceClient(channel).AssessEligibilityAsync(eligibility, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessEligibility = eligibility });
        }

        var primary = new AssessPrimaryRiskRequest { Case = whole, RequestId = "golden" };
        Add((await new ClassificationService.ClassificationServiceClient(channel).AssessPrimaryRiskAsync(primary, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessPrimaryRisk = primary });
        var estimate = new EstimateOutcomeRequest { Case = whole, RequestId = "golden" };
        Add((await new OutcomeService.OutcomeServiceClient(channel).EstimateOutcomeAsync(estimate, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { EstimateOutcome = estimate });
        var rank = RankDonorsRequest.Parser.ParseJson(Repository.Read("examples/donors-of-every-kind.json"));
        rank.RequestId = "golden";
        Add([(await new TransplantService.TransplantServiceClient(channel).RankDonorsAsync(rank, cancellationToken: Cancel)).Summary.Receipt], new VerifyReceiptRequest { RankDonors = rank });
        var assess = new AssessCaseRequest { Case = whole, RequestId = "golden" };
        Add((await new AssessmentService.AssessmentServiceClient(channel).AssessCaseAsync(assess, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessCase = assess });
        return made;

        void Add(IEnumerable<Receipt> receipts, VerifyReceiptRequest with) => made.AddRange(receipts.Select(receipt => new VerifyReceiptRequest(with) { Receipt = receipt }));
    }
}
