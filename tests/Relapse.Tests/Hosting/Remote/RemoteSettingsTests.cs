using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relapse.AllInOne;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>What is wrong with the settings of a service that follows a registry is said at once, and no password with it.</summary>
public sealed class RemoteSettingsTests
{
    [Theory]
    [InlineData("localhost:8081", "", "RELAPSE_REGISTRY_ADDRESS")]
    [InlineData("ftp://localhost", "", "RELAPSE_REGISTRY_ADDRESS")]
    [InlineData("http://user:secret@localhost:8081", "", "RELAPSE_REGISTRY_ADDRESS")]
    [InlineData("http://localhost:8081/registry", "", "RELAPSE_REGISTRY_ADDRESS")]
    [InlineData("http://localhost:8081", "no-such-file", "RELAPSE_REGISTRY_TOKEN_FILE")]
    [InlineData("", "no-such-file", "RELAPSE_REGISTRY_TOKEN_FILE")]
    public void A_registry_that_cannot_be_is_refused(string address, string token, string setting)
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => RelapseHost.CreateBuilder(["--RELAPSE_REGISTRY_ADDRESS=" + address, "--RELAPSE_REGISTRY_TOKEN_FILE=" + token]));
        Assert.StartsWith(setting, Assert.Single(refused.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password=secret")]
    [InlineData("localhost:6379,no-such-word=secret")]
    [InlineData("localhost:6379,connectRetry=secret")]
    public void A_redis_that_cannot_be_is_refused_without_its_text(string text)
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => RelapseHost.CreateBuilder(["--RELAPSE_REDIS=" + text]));
        Assert.StartsWith("RELAPSE_REDIS", Assert.Single(refused.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_with_the_registry_inside_does_not_follow_another()
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => RelapseHost.CreateBuilder(["--RELAPSE_REGISTRY_ADDRESS=http://localhost:8081"]).AddEverything());
        Assert.StartsWith("RELAPSE_REGISTRY_ADDRESS", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_redis_there_is_a_cache_that_keeps_nothing_and_a_bell_that_nobody_rings()
    {
        var services = new ServiceCollection();
        Redis.AddTo(services, new Settings(new ConfigurationManager()));
        using var provider = services.BuildServiceProvider();
        Assert.IsType<NoDocumentCache>(provider.GetRequiredService<IDocumentCache>());
        Assert.IsType<NoBell>(provider.GetRequiredService<IReplicaBell>());
    }
}
