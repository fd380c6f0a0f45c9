using k8s.Models;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;
using YamlDotNet.Core;

namespace Relapse.Tests.Cluster;

/// <summary>Every document that the chart makes is one that Kubernetes knows, field by field.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Values => Helm.Values;

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_document_has_the_fields_of_its_kind_and_no_other(string values)
    {
        var manifests = Manifests.Rendered(values);
        Assert.NotEmpty(manifests.All<V1Deployment>());
    }

    [Fact]
    public void A_field_that_a_kind_does_not_have_is_refused()
    {
        var wrong = Helm.Render("trial").Replace("terminationGracePeriodSeconds:", "terminationGraceSeconds:", StringComparison.Ordinal);
        Assert.Throws<YamlException>(() => Manifests.Parse(wrong));
    }

    [Theory]
    [InlineData("1.30.0")]
    [InlineData("1.35.0")]
    public void It_is_the_same_for_every_version_of_Kubernetes_that_the_chart_takes(string version) =>
        Assert.Equal(Helm.Render("production"), Helm.Render("production", "--kube-version", version));

    [Fact]
    public void It_refuses_a_Kubernetes_that_cannot_drain()
    {
        var (code, _, error) = Helm.Run("template", "relapse", "charts/relapse", "--kube-version", "1.29.9", "--values", "charts/relapse/ci/trial.yaml");
        Assert.NotEqual(0, code);
        Assert.Contains("1.29.9", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trial", "auth.anonymous=false", "say who may call")]
    [InlineData("trial", "auth.authority=https://id.example", "exclude each other")]
    [InlineData("trial", "postgres.mode=external", "postgres.existingSecret is needed")]
    [InlineData("trial", "redis.mode=external", "redis.existingSecret is needed")]
    [InlineData("trial", "ingress.enabled=true", "networkPolicy.gatewayFrom is needed")]
    [InlineData("trial", "telemetry.endpoint=http://collector:4317", "networkPolicy.collector.to is needed")]
    [InlineData("trial", "services.mrd.calls={registry,nobody}", "services.mrd.calls names nobody")]
    [InlineData("trial", "services.mrd.replica=3", "replica")]
    [InlineData("trial", "redis.mode=sometimes", "redis.mode")]
    [InlineData("trial", "podSecurity.runAsUser=0", "podSecurity")]
    [InlineData("production", "networkPolicy.issuer.to=null", "networkPolicy.issuer.to is needed")]
    [InlineData("production", "networkPolicy.postgres.to=null", "networkPolicy.postgres.to is needed")]
    [InlineData("production", "auth.registryToken.existingSecret=", "auth.registryToken.existingSecret is needed")]
    [InlineData("production", "auth.audience=", "auth.audience is needed")]
    [InlineData("production", "ingress.tlsSecret=", "ingress.tlsSecret is needed")]
    [InlineData("gateway-api", "gatewayApi.parentRefs=null", "gatewayApi.parentRefs is needed")]
    [InlineData("gateway-api", "auth.issuer=", "auth.issuer is needed")]
    [InlineData("trial", "networkPolicy.dns=null", "networkPolicy.dns is needed")]
    [InlineData("dapr", "networkPolicy.dapr.ports=null", "networkPolicy.dapr.ports is needed")]
    [InlineData("dapr", "dapr.pubsub.create=false", "networkPolicy.broker.to is needed")]
    [InlineData("dapr", "dapr.pubsub.create=false,networkPolicy.broker=null", "networkPolicy.broker.to is needed")]
    [InlineData("dapr", "dapr.pubsub.create=false,networkPolicy.broker.to[0].ipBlock.cidr=10.9.0.0/16,networkPolicy.broker.port=null", "networkPolicy.broker.port is needed")]
    [InlineData("dapr", "networkPolicy.brokers.port=9092", "brokers is not allowed")]
    [InlineData("production", "networkPolicy.postgres.port=null", "networkPolicy.postgres.port is needed")]
    [InlineData("dapr", "redis.mode=none", "dapr.pubsub.metadata is needed")]
    public void What_is_missing_or_cannot_be_is_named(string values, string set, string said)
    {
        var (code, _, error) = Helm.Run("template", "relapse", "charts/relapse", "--kube-version", "1.32.0", "--values", $"charts/relapse/ci/{values}.yaml", "--set", set);
        Assert.NotEqual(0, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    /// <summary>In a policy an empty list of ports is every port, and one of peers everybody. The templates look without the schema too, which a Helm can be told to leave out.</summary>
    [Theory]
    [InlineData("dapr", "networkPolicy.dapr.ports", true)]
    [InlineData("dapr", "networkPolicy.dapr.to", true)]
    [InlineData("production", "networkPolicy.dns", true)]
    [InlineData("production", "networkPolicy.postgres.to", false)]
    [InlineData("production", "networkPolicy.redis.to", false)]
    [InlineData("production", "networkPolicy.issuer.to", false)]
    [InlineData("production", "networkPolicy.collector.to", false)]
    public void A_list_that_is_needed_and_empty_is_refused_by_the_schema_and_by_the_templates(string values, string list, bool always)
    {
        using var chart = new TemporaryFolder();
        foreach (var file in Repository.Files.Where(file => file.StartsWith("charts/relapse/", StringComparison.Ordinal) && !file.EndsWith("values.schema.json", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(chart.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }

        Assert.Contains($"{list} is needed", Refused(Path.Combine(chart.Path, "charts/relapse")), StringComparison.Ordinal);
        Assert.Contains(always ? $"{list}: Array must have at least 1 items" : $"{list} is needed", Refused("charts/relapse"), StringComparison.Ordinal);

        string Refused(string from)
        {
            var (code, _, error) = Helm.Run("template", "relapse", from, "--kube-version", "1.32.0", "--values", $"charts/relapse/ci/{values}.yaml", "--set-json", $"{list}=[]");
            Assert.NotEqual(0, code);
            return error;
        }
    }
}
