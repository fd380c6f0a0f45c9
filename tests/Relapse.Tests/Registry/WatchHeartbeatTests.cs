using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>A watch of a registry in which nothing happens.</summary>
public sealed class WatchHeartbeatTests
{
    private const int Times = 50;

    [Fact]
    public async Task A_message_without_changes_comes_again_and_again_well_before_the_promised_thirty_seconds()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var server = new RelapseServer { Configure = builder => builder.Services.AddSingleton<TimeProvider>(new HurriedClock(Times)) };
        await server.InitializeAsync();
        await server.ReadyAsync();
        using var watch = new RegistryService.RegistryServiceClient(server.Channel).WatchLabels(new WatchLabelsRequest(), cancellationToken: cancel);
        Assert.True(await watch.ResponseStream.MoveNext(cancel));
        var revision = watch.ResponseStream.Current.Revision;

        for (var beat = 0; beat < 3; beat++)
        {
            var quiet = Stopwatch.StartNew();
            Assert.True(await watch.ResponseStream.MoveNext(cancel).WaitAsync(TimeSpan.FromSeconds(20), cancel));
            // 15 seconds, hurried: not at once, which would be a stream that spins.
            Assert.InRange(quiet.Elapsed * Times, TimeSpan.FromSeconds(5), TimeSpan.MaxValue);
            var message = watch.ResponseStream.Current;
            Assert.Equal((revision, 0, 0, 0), (message.Revision, message.Labels.Count, message.Versions.Count, message.GoneLabels.Count));
        }
    }
}
