using k8s;
using k8s.Models;

namespace Relapse.Tests.Cluster;

// What the chart uses of kinds that are not Kubernetes' own: a field beyond these is refused when it is loaded.
#pragma warning disable CA1002, CA2227 // They are filled by the YAML reader.

internal abstract class OtherKind : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();
}

internal sealed class Route : OtherKind
{
    public RouteSpec Spec { get; set; } = new();
}

internal sealed class RouteSpec
{
    public List<RouteParent> ParentRefs { get; set; } = [];

    public List<string> Hostnames { get; set; } = [];

    public List<RouteRule> Rules { get; set; } = [];
}

internal sealed class RouteParent
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? SectionName { get; set; }
}

internal sealed class RouteRule
{
    public List<RouteBackend> BackendRefs { get; set; } = [];
}

internal sealed class RouteBackend
{
    public string Name { get; set; } = "";

    public int Port { get; set; }
}

internal sealed class PrometheusRule : OtherKind
{
    public RuleSpec Spec { get; set; } = new();
}

internal sealed class RuleSpec
{
    public List<RuleGroup> Groups { get; set; } = [];
}

internal sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public List<AlertRule> Rules { get; set; } = [];
}

internal sealed class AlertRule
{
    public string Alert { get; set; } = "";

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public Dictionary<string, string> Labels { get; set; } = [];

    public Dictionary<string, string> Annotations { get; set; } = [];
}

internal sealed class DaprComponent : OtherKind
{
    public DaprComponentSpec Spec { get; set; } = new();

    public List<string> Scopes { get; set; } = [];
}

internal sealed class DaprComponentSpec
{
    public string Type { get; set; } = "";

    public string Version { get; set; } = "";

    public List<DaprMetadata> Metadata { get; set; } = [];
}

internal sealed class DaprMetadata
{
    public string Name { get; set; } = "";

    public string? Value { get; set; }

    public V1SecretKeySelector? SecretKeyRef { get; set; }
}

internal sealed class DaprSubscription : OtherKind
{
    public DaprSubscriptionSpec Spec { get; set; } = new();

    public List<string> Scopes { get; set; } = [];
}

internal sealed class DaprSubscriptionSpec
{
    public string Pubsubname { get; set; } = "";

    public string Topic { get; set; } = "";

    public Dictionary<string, string> Routes { get; set; } = [];

    public string? DeadLetterTopic { get; set; }
}
