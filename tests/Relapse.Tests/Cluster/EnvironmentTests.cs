using k8s.Models;
using Microsoft.Extensions.Configuration;
using Relapse.Assessment;
using Relapse.Edge;
using Relapse.Gateway;
using Relapse.Hosting;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Cluster;

/// <summary>The environment that the chart gives a process, read by the code with which the process reads it.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Values => Helm.Values;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_process_takes_its_settings(string values)
    {
        var manifests = Manifests.Rendered(values);
        foreach (var word in ChartValues.Services.Keys)
        {
            var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(Environment(manifests, word)).Build());
            var edge = EdgeOptions.Read(settings);
            _ = word == "gateway" ? (object)GatewayOptions.Read(settings) : MessageLimits.Read(settings, edge);
            _ = word == "registry" ? StoreOptions.Read(settings) : null;
            _ = word == "assessment" ? AssessmentOptions.Read(settings, besideTheOthers: false) : null;
            var remote = RemoteOptions.Read(settings);
            var events = EventOptions.Read(settings);
            settings.Refuse();

            Assert.Equal("*", edge.Bind);
            Assert.Equal(values is "trial" or "dapr", edge.AllowAnonymous);
            Assert.Equal(word is "gateway" or "registry" ? null : new Uri("http://relapse-registry:8081"), remote?.Address);
            Assert.Equal(values is "dapr" && word is ("registry" or "classification" or "mrd" or "transplant") ? new Uri("http://localhost:50001") : null, events?.Address);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_setting_is_documented(string values)
    {
        var documented = Repository.Read("docs/configuration.md");
        var names = Manifests.Rendered(values).Pods.SelectMany(pod => pod.Container.Env ?? []).Select(one => one.Name)
            .Where(name => name.StartsWith("RELAPSE_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        Assert.All(names, name => Assert.Contains($"`{(name.StartsWith("RELAPSE_SERVICE_", StringComparison.Ordinal) ? "RELAPSE_SERVICE_<WORD>_" + name.Split('_')[^1] : name)}`", documented, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void An_address_is_a_Service_with_that_port_and_the_way_to_it_is_open(string values)
    {
        var manifests = Manifests.Rendered(values);
        var ways = new NetworkWays(manifests);
        foreach (var pod in manifests.Pods.Where(pod => ChartValues.Services.ContainsKey(pod.Component)))
        {
            foreach (var address in pod.Container.Env.Where(one => one.Value?.StartsWith("http://relapse-", StringComparison.Ordinal) is true).Select(one => new Uri(one.Value)))
            {
                var service = manifests.All<V1Service>().Single(one => one.Metadata.Name == address.Host);
                Assert.Contains(service.Spec.Ports, port => port.Port == address.Port);
                var callee = manifests.Pods.Single(other => other.Component == service.Metadata.Labels["app.kubernetes.io/component"]);
                Assert.True(ways.IsOpen(pod, callee, address.Port), $"{pod.Component} -> {address}");
            }
        }
    }

    [Fact]
    public void Helm_test_posts_the_example_to_the_gateway()
    {
        var manifests = Manifests.Rendered("trial");
        var pod = manifests.Pods.Single(pod => pod.Component == "test");
        Assert.Equal(["classify", "/case/case.json", "--url", "http://relapse-gateway:8080"], pod.Container.Args);
        Assert.Equal(Repository.Read("examples/early-isolated-marrow.json").Trim(), manifests.Of<V1ConfigMap>("test").Data["case.json"].Trim());
        var ways = new NetworkWays(manifests);
        Assert.True(ways.IsOpen(pod, manifests.Pods.Single(other => other.Component == "gateway"), 8080));
        Assert.False(ways.IsOpen(pod, manifests.Pods.Single(other => other.Component == "registry"), 8080));
    }

    // What a cluster fills in from its own objects is something of the right shape here; a file that is mounted is there.
    private Dictionary<string, string?> Environment(Manifests manifests, string word)
    {
        var container = manifests.Pods.Single(pod => pod.Component == word).Container;
        return container.Env.ToDictionary(one => one.Name, one => one.ValueFrom?.SecretKeyRef is { } secret ? Secret(manifests, one.Name, secret) : File(container, one.Value), StringComparer.Ordinal);
    }

    private static string Secret(Manifests manifests, string name, V1SecretKeySelector selector) =>
        manifests.All<V1Secret>().SingleOrDefault(secret => secret.Metadata.Name == selector.Name) is { } made
            ? made.StringData[selector.Key]
            : name == "RELAPSE_REGISTRY_POSTGRES" ? "Host=database;Database=relapse" : "cache:6379";

    private string? File(V1Container container, string? value)
    {
        if (value is null || !value.StartsWith('/'))
        {
            return value;
        }

        Assert.Contains(container.VolumeMounts ?? [], mount => value.StartsWith(mount.MountPath + "/", StringComparison.Ordinal) && mount.ReadOnlyProperty is true);
        var file = Path.Combine(Directory.CreateDirectory(_folder.Path).FullName, "mounted");
        System.IO.File.WriteAllText(file, "x");
        return file;
    }
}
