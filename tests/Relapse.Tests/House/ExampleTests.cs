using System.Text.Json.Nodes;
using Google.Protobuf;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Tests.House;

/// <summary>examples/README.md says what each example shows; the files and the service hold it to that.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Files => [.. Listed.Select(line => line.File)];

    /// <summary>The rows of examples/README.md: a link to the file, what it shows, the risk group.</summary>
    internal static IReadOnlyList<(string File, string Group)> Listed { get; } =
    [
        .. Repository.Read("examples/README.md").Split('\n')
            .Where(line => line.StartsWith("| [", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => (cells[1].Split('[', ']')[1], cells[3].Trim())),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_is_the_canonical_json_of_a_request(string file)
    {
        var text = Repository.Read("examples/" + file);
        var canonical = JsonFormatter.Default.Format(JsonParser.Default.Parse<ClassifyRelapseRequest>(text));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), JsonNode.Parse(text)), canonical);
    }
}
