using System.Xml.Linq;
using Microsoft.Extensions.Configuration;
using Relapse.Edge;
using Relapse.Gateway;
using Relapse.Tests.House;

namespace Relapse.Tests.Cluster;

/// <summary>The solution, the chart, skaffold.yaml, the Dockerfile, the image's properties, the contract and the gateway name the same services and ports.</summary>
public sealed class AgreementTests
{
    [Fact]
    public void All_name_the_same() => Assert.Empty(new Agreement(Repository.Read).Faults());

    [Theory]
    [InlineData("charts/relapse/values.yaml", "  mrd:\n", "  mrs:\n", "charts/relapse/values.yaml lacks services.mrd")]
    [InlineData("charts/relapse/values.yaml", "registry, classification, mrd, transplant, outcome, assessment]", "registry, classification, mrd, transplant, outcome]", "lacks services.gateway.calls: assessment")]
    [InlineData("skaffold.yaml", "image: relapse/outcome", "image: relapse/outcomes", "skaffold.yaml lacks image: relapse/outcome")]
    [InlineData("skaffold.yaml", "tools/image.sh services/Relapse.Mrd", "tools/image.sh services/Relapse.Outcome", "relapse/mrd is not built of services/Relapse.Mrd")]
    [InlineData("skaffold.yaml", "services.mrd.image.tag", "services.mrd.image.tags", "lacks setValueTemplates: services.mrd.image.tag")]
    [InlineData("skaffold.yaml", "port: 8081\n", "port: 9081\n", "skaffold.yaml lacks portForward: 8081")]
    [InlineData("services/Dockerfile", "EXPOSE 8080 8081", "EXPOSE 8080", "services/Dockerfile lacks EXPOSE 8081")]
    [InlineData("services/Dockerfile", "USER 1654", "USER 0", "services/Dockerfile lacks USER 1654")]
    [InlineData("services/Dockerfile", "10.0-noble-chiseled", "10.0", "services/Dockerfile lacks BASE mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled")]
    [InlineData("Relapse.sln", "services/Relapse.Mrd/Relapse.Mrd.csproj", "services/Relapse.Clinical/Relapse.Clinical.csproj", "has services.mrd, which nothing else knows")]
    public void What_one_of_them_lacks_is_named(string file, string line, string instead, string said)
    {
        string Read(string path) => path == file ? Repository.Read(path).Replace('\\', '/').Replace(line, instead, StringComparison.Ordinal) : Repository.Read(path);
        Assert.NotEqual(Repository.Read(file), Read(file));
        Assert.Contains(new Agreement(Read).Faults(), fault => fault.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void The_processes_listen_where_everything_says_unless_told_otherwise()
    {
        var edge = EdgeOptions.Read(new Settings(new ConfigurationBuilder().Build()));
        Assert.Equal((8080, 8081), (edge.HttpPort, edge.GrpcPort));
    }

    [Fact]
    public void The_contract_has_a_service_for_each_and_the_gateway_of_the_chart_routes_it()
    {
        var environment = Manifests.Rendered("trial").Pods.Single(pod => pod.Component == "gateway").Container.Env.ToDictionary(one => one.Name, one => (string?)one.Value, StringComparer.Ordinal);
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(environment).Build());
        var options = GatewayOptions.Read(settings);
        settings.Refuse();
        var paths = RouteMap.Routes(options).Select(route => route.Match.Path!).ToArray();
        var routed = ContractServices.Names.Select(name => name.Split('.')[1])
            .Where(word => paths.Any(path => path.StartsWith($"/relapse.{word}.v1.", StringComparison.Ordinal)) && paths.Any(path => path.StartsWith($"/v1/{word}/", StringComparison.Ordinal)));
        Assert.Empty(new Agreement(Repository.Read).GatewayFaults(routed));
        Assert.Equal(["lacks mrd"], new Agreement(Repository.Read).GatewayFaults(routed.Where(word => word != "mrd")).Select(fault => fault["routes of the gateway ".Length..]));
    }

    [Fact]
    public void What_skaffold_builds_of_is_there()
    {
        var paths = Repository.Read("skaffold.yaml").Split('\n').Where(line => line.TrimStart().StartsWith("paths: [", StringComparison.Ordinal))
            .SelectMany(line => line.Split('[', ']')[1].Split(", ")).Where(path => !path.Contains('*', StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    /// <summary>An image is made again when anything changes that goes into it: its project, and all that this refers to.</summary>
    [Fact]
    public void Whatever_goes_into_an_image_makes_skaffold_build_it_again()
    {
        var lines = Repository.Read("skaffold.yaml").Split('\n').Select(line => line.Trim()).ToArray();
        var projects = lines.Where(line => line.StartsWith("buildCommand: ", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1]).ToArray();
        var watched = lines.Where(line => line.StartsWith("paths: [", StringComparison.Ordinal)).Select(line => line.Split('[', ']')[1].Split(", ")).ToArray();
        Assert.Equal(projects.Length, watched.Length);
        Assert.All(projects.Zip(watched), image => Assert.Empty(Closure(image.First).Append("nuget.config").Except(image.Second)));
    }

    private static HashSet<string> Closure(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out var folder))
        {
            if (found.Add(folder))
            {
                var file = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj").Single();
                foreach (var reference in XDocument.Load(file).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value))
                {
                    open.Enqueue(Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(Path.GetFullPath(Path.Combine(Repository.Root, folder, reference)))!));
                }
            }
        }

        return found;
    }
}
