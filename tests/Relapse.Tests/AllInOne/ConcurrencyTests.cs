using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.AllInOne;

/// <summary>Many callers at once, over both faces: every answer is the one that its own case has.</summary>
public sealed class ConcurrencyTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const int Calls = 2000;

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task No_answer_goes_to_another_caller()
    {
        var client = new ClassificationService.ClassificationServiceClient(server.Channel);

        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, async (i, cancellation) =>
        {
            var request = new ClassifyRelapseRequest { Case = new RelapseCase { CaseRef = $"case-{i}", Marrow = new Marrow { BlastsPercent = i % 101 } }, Protocols = { "protocols/all-rez-bfm" } };
            var response = i % 5 == 0
                ? ClassifyRelapseResponse.Parser.ParseJson((await server.PostAsync("/v1/classification/relapses:classify", Google.Protobuf.JsonFormatter.Default.Format(request))).Body)
                : await client.ClassifyRelapseAsync(request, cancellationToken: cancellation);

            Assert.Equal($"case-{i}", response.CaseRef);
            Assert.Equal(i % 101 < 5 ? "M1" : i % 101 <= 25 ? "M2" : "M3", Assert.Single(response.Decisions[0].Possible));
        });
    }

    [Fact]
    public async Task The_front_page_says_where_things_are()
    {
        var page = await server.GetAsync("/");

        Assert.Contains("/v1/classification/relapses:classify", page.Body, StringComparison.Ordinal);
    }
}
