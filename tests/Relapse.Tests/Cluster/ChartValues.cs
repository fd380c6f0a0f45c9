using Relapse.Tests.House;
using YamlDotNet.RepresentationModel;

namespace Relapse.Tests.Cluster;

/// <summary>What charts/relapse/values.yaml says of services.</summary>
internal static class ChartValues
{
    /// <summary>The services, with what each calls.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Services { get; } = Read(Repository.Read("charts/relapse/values.yaml"));

    /// <summary>The same of another text.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var services = (YamlMappingNode)yaml.Documents[0].RootNode["services"];
        return services.Children.ToDictionary(
            service => ((YamlScalarNode)service.Key).Value!,
            service => service.Value is YamlMappingNode said && said.Children.TryGetValue("calls", out var calls)
                ? (IReadOnlyList<string>)[.. ((YamlSequenceNode)calls).Select(call => ((YamlScalarNode)call).Value!)]
                : [],
            StringComparer.Ordinal);
    }
}
