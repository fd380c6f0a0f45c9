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
    public Task Nothing_of_a_cohort_stays() => LongCohort(16_000);

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

            early = sent == 2 * Chunk ? Live() : early;
        }

        var late = Live();
        await call.RequestStream.CompleteAsync();
        Assert.Equal(items, (await Next(call)).Summary.Items);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(late - early) / 1024.0 / 1024:F1} MiB more");
        // What is remembered of answers still fills up, to its bound of some 50 MiB here, whatever the number of items. The answers of the rest
        // are 8 KiB each and more; were they kept, this would be 125 MiB more.
        Assert.True(late - early < 96 << 20, $"{early} bytes after three chunks, {late} after {items} items");
    }

    /// <summary>What is reachable. The runtime's own full collection is content with a twentieth of the whole, which is more than is looked for.</summary>
    private static long Live()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private static async Task<ClassifyCohortResponse> Next(AsyncDuplexStreamingCall<ClassifyCohortRequest, ClassifyCohortResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        return call.ResponseStream.Current;
    }
}
