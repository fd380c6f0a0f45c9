using k8s.Models;

namespace Relapse.Tests.Cluster;

/// <summary>
/// The ways between pods that NetworkPolicies leave open, as a cluster works them out: a pod that any policy selects is closed in that
/// direction but for what some policy of its opens, and a way is open when both of its ends open it.
/// </summary>
internal sealed class NetworkWays(Manifests manifests)
{
    private readonly V1NetworkPolicy[] _policies = [.. manifests.All<V1NetworkPolicy>()];

    /// <summary>Whether labels are what a selector selects.</summary>
    public static bool Selects(V1LabelSelector selector, IDictionary<string, string> labels)
    {
        Assert.Null(selector.MatchExpressions);
        return (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
    }

    /// <summary>Whether one pod reaches a port of another.</summary>
    public bool IsOpen(PodTemplate from, PodTemplate to, int port) => LetsOut(from, to, port) && LetsIn(from, to, port);

    /// <summary>Every open way between pods of the release and to and from outside it, one a line, sorted.</summary>
    public IEnumerable<string> Describe()
    {
        int[] ports = [8080, 8081, 5432, 6379];
        var pods = manifests.Pods.ToArray();
        var inside =
            from one in pods
            from other in pods
            let open = ports.Where(port => IsOpen(one, other, port)).ToArray()
            where open.Length > 0
            select $"{one.Component} -> {other.Component} {string.Join(' ', open)}";
        var outwards =
            from pod in pods
            from rule in Of(pod, "Egress").SelectMany(policy => policy.Spec.Egress ?? [])
            from peer in rule.To
            where IsOutside(peer)
            select $"{pod.Component} -> {Outside(peer)} {Ports(rule.Ports)}";
        var inwards =
            from pod in pods
            from rule in Of(pod, "Ingress").SelectMany(policy => policy.Spec.Ingress ?? [])
            from peer in rule.FromProperty
            where IsOutside(peer)
            select $"{Outside(peer)} -> {pod.Component} {Ports(rule.Ports)}";
        return inside.Concat(outwards).Concat(inwards).Order(StringComparer.Ordinal);
    }

    private bool LetsOut(PodTemplate from, PodTemplate to, int port) =>
        Of(from, "Egress") is var policies && (policies.Length == 0 || policies.SelectMany(policy => policy.Spec.Egress ?? [])
            .Any(rule => Has(rule.Ports, port) && rule.To.Any(peer => Is(peer, to))));

    private bool LetsIn(PodTemplate from, PodTemplate to, int port) =>
        Of(to, "Ingress") is var policies && (policies.Length == 0 || policies.SelectMany(policy => policy.Spec.Ingress ?? [])
            .Any(rule => Has(rule.Ports, port) && rule.FromProperty.Any(peer => Is(peer, from))));

    private V1NetworkPolicy[] Of(PodTemplate pod, string direction) =>
        [.. _policies.Where(policy => policy.Spec.PolicyTypes.Contains(direction) && Selects(policy.Spec.PodSelector, pod.Labels))];

    private static bool Has(IEnumerable<V1NetworkPolicyPort> ports, int port) => ports.Any(one => one.Port.Value == port.ToString(System.Globalization.CultureInfo.InvariantCulture));

    // Pods of the release are in its namespace, which no selector of namespaces here means.
    private static bool Is(V1NetworkPolicyPeer peer, PodTemplate pod) => peer.NamespaceSelector is null && peer.PodSelector is { } selector && Selects(selector, pod.Labels);

    private bool IsOutside(V1NetworkPolicyPeer peer) => !manifests.Pods.Any(pod => Is(peer, pod));

    private static string Outside(V1NetworkPolicyPeer peer) => string.Join(' ', ((string?[])
    [
        peer.IpBlock?.Cidr,
        .. Labels("namespace", peer.NamespaceSelector),
        .. Labels("pod", peer.PodSelector),
    ]).OfType<string>());

    private static IEnumerable<string> Labels(string of, V1LabelSelector? selector) => selector?.MatchLabels.Select(label => $"{of}:{label.Value}") ?? [];

    private static string Ports(IEnumerable<V1NetworkPolicyPort> ports) => string.Join(' ', ports.Select(port => port.Port.Value + (port.Protocol == "UDP" ? "/udp" : "")));
}
