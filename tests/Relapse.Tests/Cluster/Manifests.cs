using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Relapse.Tests.Cluster;

/// <summary>Rendered manifests as typed objects. A field that its kind does not have is refused.</summary>
internal sealed class Manifests
{
    // Kinds that are not Kubernetes' own, as far as the chart uses them.
    private static readonly Dictionary<string, Type> OtherKinds = new(StringComparer.Ordinal)
    {
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(Route),
        ["gateway.networking.k8s.io/v1/GRPCRoute"] = typeof(Route),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["dapr.io/v1alpha1/Component"] = typeof(DaprComponent),
        ["dapr.io/v2alpha1/Subscription"] = typeof(DaprSubscription),
    };

    // Many tests look at the same; to render and to read takes half a second.
    private static readonly ConcurrentDictionary<string, Lazy<Manifests>> Known = new(StringComparer.Ordinal);

    private Manifests(IReadOnlyList<object> objects) => Objects = objects;

    public IReadOnlyList<object> Objects { get; }

    public static Manifests Parse(string yaml) => new(KubernetesYaml.LoadAllFromString(yaml, OtherKinds, strict: true));

    /// <summary>What helm renders. Not to be changed: others look at the same objects.</summary>
    public static Manifests Rendered(string values, params string[] more) =>
        Known.GetOrAdd(string.Join(' ', [values, .. more]), new Lazy<Manifests>(() => Parse(Helm.Render(values, more)))).Value;

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    /// <summary>The object of a kind for a part of the release (<c>app.kubernetes.io/component</c>).</summary>
    public T Of<T>(string component)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(one => one.Metadata.Labels["app.kubernetes.io/component"] == component);

    /// <summary>Every pod that there can be: its component, its labels, what is said of it, and what is said of it beside that.</summary>
    public IEnumerable<PodTemplate> Pods =>
    [
        .. All<V1Deployment>().Select(one => new PodTemplate(one.Spec.Template.Metadata.Labels, one.Spec.Template.Metadata.Annotations, one.Spec.Template.Spec)),
        .. All<V1StatefulSet>().Select(one => new PodTemplate(one.Spec.Template.Metadata.Labels, one.Spec.Template.Metadata.Annotations, one.Spec.Template.Spec)),
        .. All<V1Pod>().Select(one => new PodTemplate(one.Metadata.Labels, one.Metadata.Annotations, one.Spec)),
    ];
}

/// <summary>A pod as a workload describes it.</summary>
internal sealed record PodTemplate(IDictionary<string, string> Labels, IDictionary<string, string>? Annotations, V1PodSpec Spec)
{
    public string Component => Labels["app.kubernetes.io/component"];

    public V1Container Container => Assert.Single(Spec.Containers);
}
