using k8s;
using k8s.Models;

namespace Relapse.Tests.Cluster;

// What the chart uses of kinds that are not Kubernetes' own: a field beyond these is refused when it is loaded. The YAML reader fills them.
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
    public IList<RouteParent> ParentRefs { get; init; } = [];

    public IList<string> Hostnames { get; init; } = [];

    public IList<RouteRule> Rules { get; init; } = [];
}

internal sealed class RouteParent
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? SectionName { get; set; }
}

internal sealed class RouteRule
{
    public IList<RouteBackend> BackendRefs { get; init; } = [];
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
    public IList<RuleGroup> Groups { get; init; } = [];
}

internal sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public IList<AlertRule> Rules { get; init; } = [];
}

internal sealed class AlertRule
{
    public string Alert { get; set; } = "";

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public IDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}

internal sealed class DaprComponent : OtherKind
{
    public DaprComponentSpec Spec { get; set; } = new();

    public IList<string> Scopes { get; init; } = [];
}

internal sealed class DaprComponentSpec
{
    public string Type { get; set; } = "";

    public string Version { get; set; } = "";

    public IList<DaprMetadata> Metadata { get; init; } = [];
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

    public IList<string> Scopes { get; init; } = [];
}

internal sealed class DaprSubscriptionSpec
{
    public string Pubsubname { get; set; } = "";

    public string Topic { get; set; } = "";

    public IDictionary<string, string> Routes { get; init; } = new Dictionary<string, string>();

    public string? DeadLetterTopic { get; set; }
}
