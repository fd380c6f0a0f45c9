using Microsoft.Extensions.Configuration;
using Relapse.Hosting;

namespace Relapse.Tests.Hosting;

/// <summary>Settings: documented defaults, and every value that cannot be refused at once.</summary>
public sealed class HostOptionsTests
{
    [Fact]
    public void Nothing_set_means_the_defaults()
    {
        var options = HostOptions.From(new ConfigurationBuilder().Build());

        Assert.Equal(new HostOptions { Bind = "localhost", HttpPort = 8080, GrpcPort = 8081, MaxJsonBytes = 1 << 20, MaxMessageBytes = 4 << 20 }, options);
    }

    [Fact]
    public void Every_value_that_cannot_be_is_named()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RELAPSE_BIND"] = "nowhere.example", ["RELAPSE_HTTP_PORT"] = "http", ["RELAPSE_GRPC_PORT"] = "65536", ["RELAPSE_MAX_JSON_BYTES"] = "1",
        }).Build();

        var refusal = Assert.Throws<InvalidOperationException>(() => HostOptions.From(configuration)).Message;

        Assert.All(["RELAPSE_BIND", "RELAPSE_HTTP_PORT", "RELAPSE_GRPC_PORT", "RELAPSE_MAX_JSON_BYTES"], name => Assert.Contains(name, refusal, StringComparison.Ordinal));
    }
}
