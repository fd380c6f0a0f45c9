using System.Net;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Tests.Hosting;
using static Relapse.Tests.Transplant.Ranking.RankedCall;

namespace Relapse.Tests.Transplant;

/// <summary>The RPCs over real ports, by gRPC and JSON.</summary>
public sealed class RankDonorsTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Rank = "/v1/transplant/donors:rank";
    private static readonly string[] Five = ["A", "B", "C", "DRB1", "DQB1"];
    private static readonly string[] Eight = ["A", "B", "C", "DRB1", "DQA1", "DQB1", "DPA1", "DPB1"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TransplantService.TransplantServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Both_faces_answer_alike_and_again_the_same_bytes()
    {
        var request = Request(30);
        var answer = await Client.RankDonorsAsync(request, cancellationToken: Cancel);
        Assert.Equal(30, answer.Ranked.Count);
        Assert.Equal(answer, RankDonorsResponse.Parser.ParseJson((await server.PostAsync(Rank, JsonFormatter.Default.Format(request))).Body));
        Assert.Equal(answer.ToByteString(), (await Client.RankDonorsAsync(request, cancellationToken: Cancel)).ToByteString());
    }

    [Fact]
    public async Task The_receipt_names_the_policy_and_can_be_made_again_from_the_answer()
    {
        var request = Request(5);
        var answer = await Client.RankDonorsAsync(request, cancellationToken: Cancel);
        var receipt = answer.Summary.Receipt;
        Assert.Equal(("policies/review-2014/versions/2014.1", "relapse.transplant.v1.TransplantService/RankDonors", "same"), (receipt.Protocol, receipt.Rpc, receipt.RequestId));
        Assert.Equal(EngineVersion.Current, receipt.EngineVersion);
        var info = await Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Cancel);
        Assert.Equal(info.Policies.Single(policy => policy.Name == receipt.Protocol).Digest, receipt.Digest);
        var text = $"relapse-ranking 1\npolicy {receipt.Digest}\n" + string.Concat(answer.Ranked.Select(donor => $"donor {donor.RankMin} {donor.RankMax} {donor.Tier} {donor.DonorId}\n"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), receipt.AnswerDigest);
        var bare = request.Clone();
        bare.RequestId = "";
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData("same"u8, bare.ToByteArray())), receipt.RequestDigest);
    }

    [Fact]
    public async Task A_thousand_by_json_and_ten_thousand_by_stream_and_no_more()
    {
        var thousand = Request(1000);
        var answer = await server.PostAsync(Rank, JsonFormatter.Default.Format(thousand));
        Assert.Equal(HttpStatusCode.OK, answer.Http);
        thousand.Donors.Add(Unrelated("one more"));
        (await server.PostAsync(Rank, JsonFormatter.Default.Format(thousand))).AssertError(HttpStatusCode.TooManyRequests, 8, "TOO_MANY_ITEMS");

        var ranked = await Stream(Request(10_000));
        Assert.Equal(Enumerable.Range(0, 10_000), ranked.Ranked.Select(donor => donor.Index).Order());
        Assert.All(ranked.Ranked, donor => Assert.InRange(donor.CalculateSize(), 1, 2048));
        var error = await Assert.ThrowsAsync<RpcException>(() => Stream(Request(10_001)));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_stream_ranks_as_one_call_does()
    {
        var request = Request(300);
        var (streamed, alone) = (await Stream(request), await Client.RankDonorsAsync(request, cancellationToken: Cancel));
        Assert.Equal(alone.Ranked, streamed.Ranked);
        Assert.Equal(alone.Summary.FirstPlace, streamed.Summary.FirstPlace);
        Assert.Equal(alone.Summary.Receipt.AnswerDigest, streamed.Summary.Receipt.AnswerDigest);
        Assert.Equal(alone.Summary.Receipt.RequestDigest, streamed.Summary.Receipt.RequestDigest);
    }

    [Fact]
    public async Task The_largest_donor_stays_within_two_kilobytes()
    {
        // Three bytes each.
        var donor = new Donor { DonorId = new string('\u6f22', 64), Kind = DonorKind.Cord, EarliestDate = new Google.Type.Date { Year = 2027, Month = 12, Day = 31 } };
        donor.Units.Add(new CordUnit { TncE7 = 0.123456789, Cd34E5 = 0.987654321, RedCellReplete = true, BankAccredited = false, Typing = Wide(0) });
        donor.Units.Add(new CordUnit { Typing = Wide(100) });
        var request = new RankDonorsRequest { Recipient = new Recipient { Typing = Wide(200) }, Donors = { donor, Unrelated(new string('\u5b57', 64)) } };
        foreach (var second in Enumerable.Range(1, 40))
        {
            request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = $"DRB1*{second + 10}:01" });
        }

        donor.FitToDonate = false;
        foreach (var block in new[] { "DSA_ABOVE_LIMIT", "TNC_BELOW_MINIMUM", "CD34_BELOW_MINIMUM", "HLA_NOT_CONFIRMED", "NOT_FIT", "MATCH_BELOW_MINIMUM" })
        {
            donor.Overrides.Add(new BlockOverride { Code = block, Reason = "reason", Author = new string('\u6f22', 64) });
        }

        foreach (var (id, value) in new[] { ("dsa.block_above_mfi", "1"), ("cord.double.each_unit_min_tnc_e7_per_kg", "1"), ("cord.double.each_unit_min_cd34_e5_per_kg", "1"), ("hla.confirmation", "REQUIRED"), ("cord.suitable", "4/6") })
        {
            request.Settings.Add(new PolicySetting { Id = id, Value = value });
        }

        var answer = await Client.RankDonorsAsync(request, cancellationToken: Cancel);
        Assert.InRange(answer.Ranked.Max(ranked => ranked.CalculateSize()), 1500, 2048);
        Assert.Contains(answer.Ranked, ranked => ranked.Truncated);
    }

    [Fact]
    public async Task An_unknown_policy_is_not_found_and_the_typing_in_a_fault_reaches_no_log()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.RankDonorsAsync(new RankDonorsRequest { Recipient = new Recipient(), Donors = { Unrelated("a") }, Policy = "policies/none" }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        var garbage = Unrelated("a");
        garbage.Typing = new HlaTyping { GlString = "Zebra7319" };
        error = await Assert.ThrowsAsync<RpcException>(async () => await Client.RankDonorsAsync(new RankDonorsRequest { Recipient = new Recipient(), Donors = { garbage } }, cancellationToken: Cancel));
        Assert.Equal(["donors[0].typing.gl_string"], error.Fields());
        server.AssertNothingEchoed("", "7319");
    }

    [Fact]
    public async Task A_stream_without_opening_or_with_two_or_with_donors_in_it_is_refused()
    {
        using var call = Client.RankDonorsStream(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new RankDonorsStreamRequest { Donors = { Unrelated("a") } }, Cancel);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(["opening"], (await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(Cancel))).Fields());

        using var second = Client.RankDonorsStream(cancellationToken: Cancel);
        var opening = new RankDonorsRequest { Recipient = new Recipient(), Donors = { Unrelated("a") } };
        await second.RequestStream.WriteAsync(new RankDonorsStreamRequest { Opening = opening, Donors = { Unrelated("b") } }, Cancel);
        await second.RequestStream.WriteAsync(new RankDonorsStreamRequest { Opening = opening }, Cancel);
        await second.RequestStream.CompleteAsync();
        Assert.Equal(["opening.donors", "opening"], (await Assert.ThrowsAsync<RpcException>(async () => await second.ResponseStream.MoveNext(Cancel))).Fields());
    }

    private static RankDonorsRequest Request(int donors)
    {
        var random = new Random(donors);
        var request = new RankDonorsRequest { Recipient = new Recipient { Typing = Typing(random) }, RequestId = "same" };
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "9/10" });
        for (var index = 0; index < donors; index++)
        {
            var donor = new Donor { DonorId = $"donor {index}", Kind = DonorKind.Unrelated, Typing = Typing(random), Cmv = (Serostatus)random.Next(3) };
            if (random.Next(4) > 0)
            {
                donor.AgeYears = random.Next(18, 60);
            }

            request.Donors.Add(donor);
        }

        return request;
    }

    private static HlaTyping Typing(Random random) => new()
    {
        GlString = string.Join('^', Five.Select(locus => $"{locus}*{random.Next(1, 3):00}:{random.Next(1, 3):00}+{locus}*{random.Next(1, 3):00}:{random.Next(1, 3):00}")),
    };

    private static HlaTyping Wide(int from) => new()
    {
        GlString = string.Join('^', Eight.Select(locus => $"{locus}*{from + 10}:01/{locus}*{from + 11}:01+{locus}*{from + 12}:01")),
    };

    private async Task<RankDonorsResponse> Stream(RankDonorsRequest request)
    {
        var opening = request.Clone();
        opening.Donors.Clear();
        using var call = Client.RankDonorsStream(cancellationToken: Cancel);
        try
        {
            await call.RequestStream.WriteAsync(new RankDonorsStreamRequest { Opening = opening }, Cancel);
            foreach (var part in request.Donors.Chunk(1000))
            {
                await call.RequestStream.WriteAsync(new RankDonorsStreamRequest { Donors = { part } }, Cancel);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // Refused while it was still sending: reading says why.
        }

        var whole = new RankDonorsResponse();
        while (await call.ResponseStream.MoveNext(Cancel))
        {
            whole.Ranked.AddRange(call.ResponseStream.Current.Ranked);
            whole.Summary = call.ResponseStream.Current.Summary ?? whole.Summary;
        }

        return whole;
    }
}
