using k8s.Models;
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
}
