using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.House;

namespace Relapse.Tests.Hosting;

/// <summary>Valid requests, mutated at random from a fixed seed: an answer or the caller's fault, in our shape, and never our bug.</summary>
public sealed class FuzzTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const int Rounds = 3000;
    private static readonly string[] Tokens = ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e400", "NaN", "\"x\"", "\\u0000", "\\ud800", "\u00e9", " ", "0", "\"case\":", "{}", "[]", "9999999999999999999999"];

    public void Dispose() => server.AssertNoErrorsLogged();

    /// <summary>The JSON path and the gRPC path of each RPC that takes a case, and a sound request to it.</summary>
    private static Dictionary<string, (string Json, string Grpc, IMessage Request)> Targets => new()
    {
        ["classify"] = ("/v1/classification/relapses:classify", "/relapse.classification.v1.ClassificationService/ClassifyRelapse", Request()),
        ["interpret"] = ("/v1/mrd/results:interpret", "/relapse.mrd.v1.MrdService/InterpretMrd", InterpretRequest()),
        ["rank"] = ("/v1/transplant/donors:rank", "/relapse.transplant.v1.TransplantService/RankDonors", RankRequest()),
        ["assess"] = ("/v1/mrd/responses:assess", "/relapse.mrd.v1.MrdService/AssessResponse", AssessRequest()),
    };

    public static TheoryData<string> Rpcs => [.. Targets.Keys];

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task Mutated_json_is_answered_or_refused_in_our_shape(string rpc)
    {
        var (path, _, request) = Targets[rpc];
        var seed = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(request));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(path, seed)).Http);
        await Parallel.ForAsync(0, Rounds, TestContext.Current.CancellationToken, async (i, _) =>
        {
            var body = Mutate(seed, new Random(i), json: true);
            var answer = await server.PostAsync(path, body);
            if (answer.Http != HttpStatusCode.OK)
            {
                Assert.True(answer.Http is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"seed {i}: {answer}");
                Assert.True(answer.Reason is "INVALID_REQUEST" or "PROTOCOL_NOT_FOUND" or "PROTOCOL_VERSION_NOT_FOUND", $"seed {i}: {answer}");
                Assert.NotEmpty(answer.Fields);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task Mutated_messages_are_answered_or_refused_in_our_shape(string rpc)
    {
        var (_, path, request) = Targets[rpc];
        var seed = request.ToByteArray();
        using var client = new HttpClient();
        await Parallel.ForAsync(0, Rounds, TestContext.Current.CancellationToken, async (i, _) =>
        {
            var random = new Random(i);
            var message = Mutate(seed, random, json: false);
            var frame = new byte[message.Length + 5];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            message.CopyTo(frame, 5);
            var status = await Post(client, path, random.Next(10) == 0 ? Mutate(frame, random, json: false) : frame);
            Assert.True(status is "0" or "3" or "5" or "8", $"seed {i}: grpc-status {status}");
        });
    }

    private async Task<string> Post(HttpClient client, string path, byte[] frame)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.GrpcAddress, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return headers.TryGetValues("grpc-status", out var values) ? values.Single() : "none, HTTP " + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private static byte[] Mutate(byte[] valid, Random random, bool json)
    {
        var bytes = valid.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(json ? 6 : 5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 3:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 30), bytes.Count - from)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    private static RankDonorsRequest RankRequest()
    {
        var request = JsonParser.Default.Parse<RankDonorsRequest>(Repository.Read("examples/donors-of-every-kind.json"));
        request.Window = new TransplantWindow { AsOfDate = new Google.Type.Date { Year = 2027, Month = 1, Day = 2 }, LatestDate = new Google.Type.Date { Year = 2027, Month = 3, Day = 4 } };
        request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = "A*02:01", Mfi = 4000 });
        request.Settings.Add(new PolicySetting { Id = "dsa.block_above_mfi", Value = "5000" });
        request.Settings.Add(new PolicySetting { Id = "harvest.tnc_e7_per_ml", Value = "3.5" });
        request.Compare.Add(new DonorPair { First = "sister", Second = "mother" });
        request.Donors[1].RemainingSteps.Add(new RemainingStep { Step = DonorStep.Collection, DaysMin = 3, DaysMax = 30 });
        return request;
    }

    private static ReadingChoice AnyReading()
    {
        var cog = RelapseServer.Catalog.Find("cog")!.Current!;
        var (id, reading) = cog.Document.Readings.First();
        return new ReadingChoice { Protocol = cog.Name, Reading = id, Value = reading.Values.Keys.First() };
    }

    private static InterpretMrdRequest InterpretRequest() => new()
    {
        Case = new RelapseCase
        {
            RelapseNumber = 1, Treatment = new Treatment { Arm = "A", Reinduction = Reinduction.AllR3 },
            Mrd =
            {
                new MrdResult { TimePoint = TimePoint.AtRelapse, Method = MrdMethod.PcrIgTr, Unit = MrdUnit.Percent, Quantified = "4.5", Specimen = Specimen.Marrow, CollectDate = new Google.Type.Date { Year = 2012, Month = 1, Day = 3 } },
                new MrdResult { TimePoint = TimePoint.EndOfInduction, Method = MrdMethod.PcrIgTr, Unit = MrdUnit.Fraction, BelowDetection = true, Sensitivity = "1e-5", QuantifiableFrom = "1 in 10 000", Specimen = Specimen.Marrow, CollectDate = new Google.Type.Date { Year = 2012, Month = 2 } },
                new MrdResult { TimePoint = TimePoint.EndOfBlock1, Method = MrdMethod.Flow, Unit = MrdUnit.Fraction, PositiveNotQuantifiable = true, Specimen = Specimen.Blood },
                new MrdResult { TimePoint = TimePoint.Week12, Unit = MrdUnit.Percent },
            },
            Bounded = { new BoundedFact { Field = "case.mrd[3].quantified", Min = 0.001, Max = 0.1, MaxExclusive = true } },
            Established = { new EstablishedConclusion { Decision = "mrd_response", Protocol = "protocols/cog", Conclusion = "BELOW_CUT_OFF" } },
        },
        RequestId = "fuzz",
        IncludeTrace = true,
    };

    private static AssessResponseRequest AssessRequest() => new()
    {
        Case = new RelapseCase
        {
            RelapseNumber = 1, Sex = Sex.Male, Csf = new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true },
            Responses =
            {
                new Response { TimePoint = TimePoint.EndOfBlock1, MarrowBlastsPercent = 7.5, WbcPerUl = 2001, NeutrophilsPerUl = 800, PlateletsPerUl = 80000, CsfWbcPerUl = 4, CsfBlastsPresent = true, TestesNormal = true, ReinductionCompleted = false },
                new Response { TimePoint = TimePoint.EndOfBlock2, AssessDate = new Google.Type.Date { Year = 2012, Month = 2 }, ClinicalSigns = true, ResidualBiopsyPositive = false, ReinductionCompleted = true, RemissionReachedBefore = true },
            },
            Unknown = { new UnknownFact { Field = "case.responses[1].marrow_blasts_percent", Reason = UnknownReason.Pending } },
        },
        TimePoint = TimePoint.EndOfBlock2,
        RequestId = "fuzz",
    };

    private static ClassifyRelapseRequest Request() => new()
    {
        Case = new RelapseCase
        {
            CaseRef = "ref", RelapseNumber = 1, Lineage = Lineage.BCellPrecursor, Sex = Sex.Male, AgeAtRelapseYears = 7.5,
            Timing = new Timing { DiagnosisDate = new Google.Type.Date { Year = 2010, Month = 5 }, RelapseDate = new Google.Type.Date { Year = 2012, Month = 1, Day = 3 }, MonthsFromTherapyEnd = "3.5" },
            Marrow = new Marrow { BlastsPercent = 25.1 },
            Csf = new CerebrospinalFluid { WbcPerUl = 6, BlastsPresent = true },
            Genetics = { new GeneticFinding { Marker = GeneticMarker.Tp53, Status = FindingStatus.Present } },
            Mrd = { new MrdResult { TimePoint = TimePoint.EndOfBlock1, Method = MrdMethod.Flow, Unit = MrdUnit.Fraction, Quantified = "1e-4" } },
            Unknown = { new UnknownFact { Field = "case.blood.wbc_per_ul", Reason = UnknownReason.Pending } },
            Bounded = { new BoundedFact { Field = "case.blood.platelets_per_ul", Min = 5 } },
            Established = { new EstablishedConclusion { Decision = "timing", Protocol = "protocols/cog", Conclusion = "LATE" } },
        },
        Protocols = { "protocols/all-rez-bfm", "protocols/cog" },
        Readings = { AnyReading() },
        RequestId = "fuzz",
    };
}
