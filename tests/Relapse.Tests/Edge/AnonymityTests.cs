using Relapse.Edge;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Edge;

public sealed class AnonymityTests
{
    [Fact]
    public async Task On_loopback_it_says_at_each_start_that_nobody_is_asked_for_a_token()
    {
        await using var process = await EdgeProcess.Start(_ => { });
        Assert.Contains("WITHOUT AUTHENTICATION, for this machine only", process.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_every_interface_with_permission_it_says_so()
    {
        await using var process = await EdgeProcess.Start(_ => { }, null, ("RELAPSE_BIND", "*"), ("RELAPSE_ALLOW_ANONYMOUS", "true"));
        Assert.Contains("WITHOUT AUTHENTICATION for everyone", process.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_the_server_took_from_elsewhere_is_refused_too()
    {
        await using var app = EdgeProcess.Build(_ => { }, null, new CapturedLogs(), ("Kestrel:Endpoints:Extra:Url", "http://0.0.0.0:0"));
        var refused = await Assert.ThrowsAsync<SettingsRefusedException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("RELAPSE_ALLOW_ANONYMOUS", refused.Message, StringComparison.Ordinal);
    }
}
