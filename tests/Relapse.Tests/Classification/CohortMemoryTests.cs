using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>Tests that look at the memory of the whole process, so that none other may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A cohort of any length takes the memory of a chunk.</summary>
[Collection(nameof(Alone))]
public sealed class CohortMemoryTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    [Trait("Long", "true")]
    public Task Nothing_of_a_long_cohort_stays() => LongCohort(100_000);

    [Fact]
    public Task Nothing_of_a_cohort_stays() => LongCohort(4_000);

    private async Task LongCohort(int items)
    {
        const int Chunk = 250;
        using var call = new ClassificationService.ClassificationServiceClient(server.Channel).ClassifyCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = new CohortSettings { Protocols = { "protocols/all-rez-bfm" } } }, Cancel);
        var chunk = new ClassifyCohortRequest { Items = { Cohort.Children(Chunk) } };
        long early = 0;
        for (var sent = 0; sent < items; sent += Chunk)
        {
            await call.RequestStream.WriteAsync(chunk, Cancel);
            for (var answered = 0; answered < Chunk;)
            {
                answered += (await Next(call)).Results.Count;
            }

            early = sent == 2 * Chunk ? GC.GetTotalMemory(forceFullCollection: true) : early;
        }

        var late = GC.GetTotalMemory(forceFullCollection: true);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(items, (await Next(call)).Summary.Items);
        // The answers of the rest are 8 KiB each and more; were they kept, this would be far more.
        Assert.True(late - early < 16 << 20, $"{early} bytes after three chunks, {late} after {items} items");
    }

    private static async Task<ClassifyCohortResponse> Next(AsyncDuplexStreamingCall<ClassifyCohortRequest, ClassifyCohortResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        return call.ResponseStream.Current;
    }
}
