using Microsoft.Extensions.Configuration;
using Relapse.Edge;

namespace Relapse.Tests.Edge;

public sealed class SettingsTests
{
    [Fact]
    public void Without_any_setting_the_defaults_hold()
    {
        var options = Read();
        Assert.Equal("localhost", options.Bind);
        Assert.Equal(8080, options.HttpPort);
        Assert.Equal(8081, options.GrpcPort);
        Assert.False(options.AllowAnonymous);
        Assert.True(options.IsLoopback);
    }

    [Fact]
    public void Every_fault_is_listed_at_once()
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => Read(
            ("RELAPSE_HTTP_PORT", "eighty"),
            ("RELAPSE_GRPC_PORT", "70000"),
            ("RELAPSE_ALLOW_ANONYMOUS", "yes"),
            ("RELAPSE_MAX_JSON_BYTES", "-1"),
            ("RELAPSE_BIND", "not a host")));
        Assert.Equal(
            ["RELAPSE_HTTP_PORT", "RELAPSE_GRPC_PORT", "RELAPSE_ALLOW_ANONYMOUS", "RELAPSE_MAX_JSON_BYTES", "RELAPSE_BIND"],
            refused.Faults.Select(fault => fault.Split(':')[0]));
        Assert.All(refused.Faults, fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void One_port_cannot_serve_both_protocols() =>
        Assert.Contains("RELAPSE_GRPC_PORT", Assert.Throws<SettingsRefusedException>(() => Read(("RELAPSE_GRPC_PORT", "8080"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.7")]
    public void Other_machines_are_served_only_when_the_operator_says_so(string bind)
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => Read(("RELAPSE_BIND", bind)));
        Assert.Contains("RELAPSE_ALLOW_ANONYMOUS", refused.Message, StringComparison.Ordinal);
        Assert.False(Read(("RELAPSE_BIND", bind), ("RELAPSE_ALLOW_ANONYMOUS", "true")).IsLoopback);
    }

    [Theory]
    [InlineData("RELAPSE_OIDC_AUDIENCE", "RELAPSE_OIDC_AUTHORITY=https://issuer.example")]
    [InlineData("RELAPSE_OIDC_AUTHORITY", "RELAPSE_OIDC_AUDIENCE=relapse")]
    [InlineData("RELAPSE_OIDC_AUTHORITY", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_AUTHORITY=http://issuer.example")]
    [InlineData("RELAPSE_OIDC_AUTHORITY", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_AUTHORITY=issuer")]
    [InlineData("RELAPSE_OIDC_AUTHORITY", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_AUTHORITY=https://i.example", "RELAPSE_OIDC_KEYS=https://i.example/keys", "RELAPSE_OIDC_ISSUER=i")]
    [InlineData("RELAPSE_OIDC_ISSUER", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_KEYS=https://i.example/keys")]
    [InlineData("RELAPSE_OIDC_KEYS", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_ISSUER=i", "RELAPSE_OIDC_KEYS=http://i.example/keys")]
    [InlineData("RELAPSE_OIDC_KEYS", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_ISSUER=i", "RELAPSE_OIDC_KEYS=no-such-file.json")]
    [InlineData("RELAPSE_ALLOW_ANONYMOUS", "RELAPSE_OIDC_AUDIENCE=relapse", "RELAPSE_OIDC_AUTHORITY=https://i.example", "RELAPSE_ALLOW_ANONYMOUS=true")]
    public void Half_an_issuer_is_refused(string fault, params string[] given)
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => Read([.. given.Select(setting => setting.Split('=', 2)).Select(parts => (parts[0], parts[1]))]));
        Assert.StartsWith(fault + ":", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void With_an_issuer_other_machines_may_be_served() =>
        Assert.NotNull(Read(("RELAPSE_BIND", "*"), ("RELAPSE_OIDC_AUTHORITY", "https://issuer.example"), ("RELAPSE_OIDC_AUDIENCE", "relapse")).Oidc);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Loopback_needs_no_permission(string bind) => Assert.True(Read(("RELAPSE_BIND", bind)).IsLoopback);

    private static EdgeOptions Read(params (string Name, string Value)[] given)
    {
        var settings = new Settings(new ConfigurationBuilder()
            .AddInMemoryCollection(given.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build());
        var options = EdgeOptions.Read(settings);
        settings.Refuse();
        return options;
    }
}
