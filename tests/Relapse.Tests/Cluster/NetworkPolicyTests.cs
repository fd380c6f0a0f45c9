using k8s.Models;

namespace Relapse.Tests.Cluster;

/// <summary>Who reaches whom is what `calls` says, and nothing else.</summary>
public sealed class NetworkPolicyTests
{
    private static readonly int[] Faces = [8080, 8081];

    public static TheoryData<string> Values => Helm.Values;

    [Theory]
    [MemberData(nameof(Values))]
    public void A_service_reaches_those_it_calls_at_the_ports_it_calls_and_no_other(string values)
    {
        var manifests = Manifests.Rendered(values);
        var ways = new NetworkWays(manifests);
        var pods = manifests.Pods.Where(pod => ChartValues.Services.ContainsKey(pod.Component)).ToArray();
        foreach (var one in pods)
        {
            foreach (var other in pods)
            {
                int[] expected = !ChartValues.Services[one.Component].Contains(other.Component) ? [] : one.Component == "gateway" ? Faces : [8081];
                Assert.Equal(expected, Faces.Where(port => ways.IsOpen(one, other, port)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_pod_is_closed_in_both_directions_and_no_rule_is_for_everyone(string values)
    {
        var manifests = Manifests.Rendered(values);
        var policies = manifests.All<V1NetworkPolicy>().ToArray();
        Assert.All(manifests.Pods, pod => Assert.Contains(policies, policy =>
            NetworkWays.Selects(policy.Spec.PodSelector, pod.Labels) && policy.Spec.PolicyTypes.Order(StringComparer.Ordinal).SequenceEqual(["Egress", "Ingress"])));
        // An empty list of peers, or of ports, is every peer and every port.
        Assert.All(policies.SelectMany(policy => policy.Spec.Ingress ?? []), rule => Assert.True(rule.FromProperty is { Count: > 0 } && rule.Ports is { Count: > 0 }));
        Assert.All(policies.SelectMany(policy => policy.Spec.Egress ?? []), rule => Assert.True(rule.To is { Count: > 0 } && rule.Ports is { Count: > 0 }));
    }

    [Fact]
    public void Stores_are_reached_by_who_keeps_something_in_them_and_reach_nothing()
    {
        var manifests = Manifests.Rendered("trial");
        var ways = new NetworkWays(manifests);
        string[] Reaching(string store, int port) =>
            [.. manifests.Pods.Where(pod => ways.IsOpen(pod, manifests.Pods.Single(other => other.Component == store), port)).Select(pod => pod.Component).Order(StringComparer.Ordinal)];
        Assert.Equal(["registry"], Reaching("postgres", 5432));
        Assert.Equal(["assessment", "classification", "mrd", "outcome", "registry", "transplant"], Reaching("redis", 6379));
        Assert.DoesNotContain(ways.Describe(), way => way.StartsWith("postgres ->", StringComparison.Ordinal) || way.StartsWith("redis ->", StringComparison.Ordinal));
    }

    [Fact]
    public void A_broker_elsewhere_is_reached_by_what_publishes_and_by_nothing_else()
    {
        string[] elsewhere =
        [
            "--set", "dapr.pubsub.type=pubsub.kafka", "--set", "dapr.pubsub.metadata[0].name=brokers", "--set", "dapr.pubsub.metadata[0].value=kafka.example:9093",
            "--set", "networkPolicy.broker.to[0].ipBlock.cidr=10.9.0.0/16", "--set", "networkPolicy.broker.port=9093",
        ];
        var without = new NetworkWays(Manifests.Rendered("dapr")).Describe();
        Assert.Equal(
            ChartValues.Services.Keys.Where(word => word is "registry" or "classification" or "mrd" or "transplant").Select(word => $"{word} -> 10.9.0.0/16 9093").Order(StringComparer.Ordinal),
            new NetworkWays(Manifests.Rendered("dapr", elsewhere)).Describe().Except(without));
        // Where nothing is published there is no way to a broker, whoever it is.
        Assert.DoesNotContain("10.9.0.0", Helm.Render("trial", elsewhere[^4..]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_is_taken_out_closes_the_way()
    {
        var manifests = Manifests.Rendered("trial", "--set", "services.mrd.calls=null");
        Assert.DoesNotContain("mrd -> registry 8081", new NetworkWays(manifests).Describe());
        Assert.DoesNotContain(manifests.Pods.Single(pod => pod.Component == "mrd").Container.Env, one => one.Name == "RELAPSE_REGISTRY_ADDRESS");
    }
}
