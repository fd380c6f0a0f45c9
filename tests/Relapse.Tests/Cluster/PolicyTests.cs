using k8s.Models;

namespace Relapse.Tests.Cluster;

/// <summary>What a cluster may rely on, of every pod whatever the values.</summary>
public sealed class PolicyTests
{
    public static TheoryData<string> Values => Helm.Values;

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_pod_is_as_the_standard_restricted_asks_and_writes_nowhere(string values)
    {
        foreach (var pod in Manifests.Rendered(values).Pods)
        {
            var (ofPod, ofContainer) = (pod.Spec.SecurityContext, pod.Container.SecurityContext);
            Assert.True(ofPod.RunAsNonRoot, pod.Component);
            Assert.True(ofPod.RunAsUser > 0, pod.Component);
            Assert.Equal("RuntimeDefault", ofPod.SeccompProfile.Type);
            Assert.False(ofContainer.AllowPrivilegeEscalation, pod.Component);
            Assert.True(ofContainer.ReadOnlyRootFilesystem, pod.Component);
            Assert.Equal(["ALL"], ofContainer.Capabilities.Drop);
            Assert.Null(ofContainer.Capabilities.Add);
            Assert.Null(ofContainer.Privileged);
            Assert.True(pod.Spec.HostNetwork is null && pod.Spec.HostPID is null && pod.Spec.HostIPC is null, pod.Component);
            Assert.DoesNotContain(pod.Spec.Volumes ?? [], volume => volume.HostPath is not null);
            Assert.False(pod.Spec.AutomountServiceAccountToken, pod.Component);
            Assert.False(pod.Spec.EnableServiceLinks, pod.Component);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_container_asks_for_something_and_has_a_limit_of_memory(string values) =>
        Assert.All(Manifests.Rendered(values).Pods, pod =>
        {
            var resources = pod.Container.Resources;
            Assert.True(resources.Requests["cpu"].ToDecimal() > 0, pod.Component);
            Assert.InRange(resources.Requests["memory"].ToDecimal(), 1, resources.Limits["memory"].ToDecimal());
        });

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_service_is_probed_drained_spread_and_kept_when_nodes_are_emptied(string values)
    {
        var manifests = Manifests.Rendered(values);
        foreach (var (word, pod) in Services(manifests))
        {
            Assert.Equal("/healthz/live", pod.Container.LivenessProbe.HttpGet.Path);
            Assert.Equal("/healthz/live", pod.Container.StartupProbe.HttpGet.Path);
            if (word == "gateway")
            {
                Assert.Equal("/healthz/ready", pod.Container.ReadinessProbe.HttpGet.Path);
            }
            else
            {
                Assert.Equal(8081, pod.Container.ReadinessProbe.Grpc.Port);
                Assert.Contains(pod.Container.ReadinessProbe.Grpc.Service, ContractServices.Names);
            }

            // The 30 seconds that a .NET host gives what is in progress.
            Assert.True(pod.Spec.TerminationGracePeriodSeconds >= pod.Container.Lifecycle.PreStop.Sleep.Seconds + 30, word);
            Assert.Equal(2, pod.Spec.TopologySpreadConstraints.Count);
            var budget = manifests.Of<V1PodDisruptionBudget>(word);
            Assert.True(NetworkWays.Selects(budget.Spec.Selector, pod.Labels), word);
            Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Selectors_find_the_pods_of_their_own_part_and_no_other(string values)
    {
        var manifests = Manifests.Rendered(values);
        Assert.All(manifests.All<V1Service>(), service =>
        {
            var found = Assert.Single(manifests.Pods, pod => service.Spec.Selector.All(label => pod.Labels.TryGetValue(label.Key, out var value) && value == label.Value));
            Assert.Equal(service.Metadata.Labels["app.kubernetes.io/component"], found.Component);
            Assert.All(service.Spec.Ports, port => Assert.Contains(found.Container.Ports, open => open.Name == port.TargetPort.Value));
        });
        Assert.All(manifests.All<V1Deployment>(), deployment => Assert.True(NetworkWays.Selects(deployment.Spec.Selector, deployment.Spec.Template.Metadata.Labels)));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_service_but_the_gateway_is_headless(string values) =>
        Assert.All(Services(Manifests.Rendered(values)), one =>
            Assert.Equal(one.Word == "gateway" ? null : "None", Manifests.Rendered(values).Of<V1Service>(one.Word).Spec.ClusterIP));

    [Theory]
    [MemberData(nameof(Values))]
    public void Scaled_services_say_no_number_of_replicas_and_the_others_no_scaling(string values)
    {
        var manifests = Manifests.Rendered(values);
        var scaled = manifests.All<V2HorizontalPodAutoscaler>().Select(one => one.Spec.ScaleTargetRef.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(manifests.All<V1Deployment>(), deployment => Assert.NotEqual(scaled.Contains(deployment.Metadata.Name), deployment.Spec.Replicas.HasValue));
        Assert.All(manifests.All<V2HorizontalPodAutoscaler>(), one => Assert.InRange(one.Spec.MinReplicas ?? 0, 2, one.Spec.MaxReplicas));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void No_secret_stands_in_a_ConfigMap_an_environment_or_an_argument(string values)
    {
        var manifests = Manifests.Rendered(values, "--set", "postgres.trial.password=not-to-be-seen,redis.trial.password=not-to-be-seen");
        Assert.All(manifests.All<V1ConfigMap>(), map => Assert.DoesNotContain(map.Data.Values, value => value.Contains("not-to-be-seen", StringComparison.Ordinal)));
        Assert.All(manifests.Pods, pod =>
        {
            var said = (pod.Container.Env ?? []).Select(one => one.Value).Concat(pod.Container.Args ?? []).Concat(pod.Container.Command ?? []).OfType<string>();
            Assert.DoesNotContain(said, value => value.Contains("not-to-be-seen", StringComparison.Ordinal) || value.Contains("assword=", StringComparison.Ordinal));
        });
        Assert.All(manifests.All<DaprComponent>().SelectMany(component => component.Spec.Metadata), one => Assert.NotEqual("not-to-be-seen", one.Value));
    }

    [Fact]
    public void An_image_is_the_registry_the_service_the_release_and_its_digest_where_one_is_given()
    {
        var manifests = Manifests.Rendered("gateway-api");
        string Image(string word) => manifests.Pods.Single(pod => pod.Component == word).Container.Image;
        Assert.Equal("images.hospital.example/relapse/mrd:0.1.0", Image("mrd"));
        Assert.Equal("images.hospital.example/relapse/classification:0.1.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", Image("classification"));
        Assert.Equal("images.hospital.example/relapse/cli:0.1.0", Image("test"));
    }

    [Fact]
    public void With_events_only_who_publishes_has_a_sidecar_and_is_seen_by_the_component()
    {
        var manifests = Manifests.Rendered("dapr");
        var beside = manifests.Pods.Where(pod => pod.Annotations?.ContainsKey("dapr.io/enabled") is true).Select(pod => pod.Annotations!["dapr.io/app-id"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["relapse-classification", "relapse-mrd", "relapse-registry", "relapse-transplant"], beside);
        Assert.Equal([.. beside, "dashboard"], Assert.Single(manifests.All<DaprComponent>()).Scopes);
        Assert.Equal("pubsub", Assert.Single(manifests.All<DaprSubscription>()).Spec.Pubsubname);
        Assert.Equal(beside, manifests.Pods.Where(pod => pod.Container.Env?.Any(one => one.Name == "RELAPSE_DAPR_ADDRESS") is true).Select(pod => "relapse-" + pod.Component).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("dapr.io", Helm.Render("production"), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Word, PodTemplate Pod)> Services(Manifests manifests) =>
        manifests.Pods.Where(pod => ChartValues.Services.ContainsKey(pod.Component)).Select(pod => (pod.Component, pod));
}
