using System.Text.RegularExpressions;
using System.Xml.Linq;
using YamlDotNet.RepresentationModel;

namespace Relapse.Tests.Cluster;

/// <summary>
/// The services and their ports are said in several places, each in its own language. This reads them all and names what one of them
/// lacks, or has too much.
/// </summary>
/// <param name="read">Gives the text of a file of the repository.</param>
internal sealed partial class Agreement(Func<string, string> read)
{
    private static readonly string[] Ports = ["8080", "8081"];

    // The one process that is every service, which a cluster has no use for.
    private const string EveryService = "Relapse.AllInOne";

    /// <summary>Every disagreement, each with the line that is missing or too much.</summary>
    public IEnumerable<string> Faults()
    {
        var projects = Projects();
        string[] images = [.. projects.Keys, "cli"];
        return
        [
            .. Compare("charts/relapse/values.yaml", "services.", projects.Keys, ChartValues.Read(read("charts/relapse/values.yaml")).Keys),
            .. Compare("charts/relapse/values.yaml", "services.gateway.calls: ", projects.Keys.Where(word => word != "gateway"), ChartValues.Read(read("charts/relapse/values.yaml")).GetValueOrDefault("gateway", [])),
            .. Compare("skaffold.yaml", "image: relapse/", images, Artifacts().Keys),
            .. Artifacts().Where(artifact => projects.TryGetValue(artifact.Key, out var project) && artifact.Value != $"tools/image.sh {project}").Select(artifact => $"skaffold.yaml: relapse/{artifact.Key} is not built of {projects[artifact.Key]}"),
            .. Compare("skaffold.yaml", "setValueTemplates: ", images.SelectMany(Templates), SetTemplates()),
            .. Compare("skaffold.yaml", "portForward: ", Ports, Values("skaffold.yaml", "portForward", "port")),
            .. Compare("services/Dockerfile", "EXPOSE ", Ports, Exposed()),
            .. Compare("services/Dockerfile", "", Image(), DockerImage()),
        ];
    }

    /// <summary>What a gateway routes that it does not have, or has and does not route.</summary>
    public IEnumerable<string> GatewayFaults(IEnumerable<string> routed) => Compare("routes of the gateway", "", Projects().Keys.Where(word => word != "gateway"), routed);

    // By word: the programs in the solution that are services or the gateway.
    private Dictionary<string, string> Projects() => ProjectLine().Matches(read("Relapse.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'))
        .Where(path => path.StartsWith("services/", StringComparison.Ordinal) || path.StartsWith("gateway/", StringComparison.Ordinal))
        .Where(path => read(path).Contains("Sdk=\"Microsoft.NET.Sdk.Web\"", StringComparison.Ordinal) && !path.Contains(EveryService, StringComparison.Ordinal))
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path)["Relapse.".Length..].ToLowerInvariant(), path => Path.GetDirectoryName(path)!, StringComparer.Ordinal);

    private Dictionary<string, string> Artifacts() => ((YamlSequenceNode)Skaffold()["build"]["artifacts"]).ToDictionary(
        artifact => Text(artifact["image"])["relapse/".Length..],
        artifact => Text(artifact["custom"]["buildCommand"]),
        StringComparer.Ordinal);

    private static IEnumerable<string> Templates(string word)
    {
        var value = word == "cli" ? "test.image" : $"services.{word}.image";
        return [$"{value}.repository: {{{{.IMAGE_REPO_relapse_{word}}}}}", $"{value}.tag: {{{{.IMAGE_TAG_relapse_{word}}}}}"];
    }

    private IEnumerable<string> SetTemplates() => ((YamlMappingNode)((YamlSequenceNode)Skaffold()["deploy"]["helm"]["releases"])[0]["setValueTemplates"])
        .Select(pair => $"{Text(pair.Key)}: {Text(pair.Value)}");

    private IEnumerable<string> Values(string file, string list, string key)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(read(file)));
        return ((YamlSequenceNode)yaml.Documents[0].RootNode[list]).Select(entry => Text(entry[key]));
    }

    private IEnumerable<string> Exposed() => read("services/Dockerfile").Split('\n').Single(line => line.StartsWith("EXPOSE ", StringComparison.Ordinal)).Split(' ').Skip(1);

    // What an image is made of, as Directory.Build.targets says it for tools/image.sh and as services/Dockerfile says it in its last stage.
    private IEnumerable<string> Image()
    {
        var targets = XDocument.Parse(read("Directory.Build.targets"));
        string Property(string name) => targets.Descendants(name).First().Value;
        return
        [
            "BASE " + Property("RelapseBaseImage"),
            "USER " + Property("ContainerUser"),
            .. targets.Descendants("ContainerEnvironmentVariable").Select(variable => $"ENV {variable.Attribute("Include")!.Value}={variable.Attribute("Value")!.Value}"),
            .. targets.Descendants("ContainerPort").SelectMany(port => port.Attribute("Include")!.Value.Split(';')).Select(port => "PORT " + port),
        ];
    }

    private IEnumerable<string> DockerImage()
    {
        var lines = read("services/Dockerfile").Split('\n');
        return
        [
            .. lines.Where(line => line.StartsWith("ARG BASE=", StringComparison.Ordinal)).Select(line => "BASE " + line["ARG BASE=".Length..]),
            .. lines.Where(line => line.StartsWith("USER ", StringComparison.Ordinal) || line.StartsWith("ENV ", StringComparison.Ordinal)),
            .. Exposed().Select(port => "PORT " + port),
        ];
    }

    private YamlNode Skaffold()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(read("skaffold.yaml")));
        return yaml.Documents[0].RootNode;
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static IEnumerable<string> Compare(string where, string line, IEnumerable<string> wanted, IEnumerable<string> there)
    {
        var (expected, actual) = (wanted.ToHashSet(StringComparer.Ordinal), there.ToHashSet(StringComparer.Ordinal));
        return expected.Except(actual).Select(missing => $"{where} lacks {line}{missing}").Concat(actual.Except(expected).Select(more => $"{where} has {line}{more}, which nothing else knows"));
    }

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectLine();
}
