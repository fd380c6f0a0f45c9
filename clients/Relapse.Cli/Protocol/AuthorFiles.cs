using System.Text.Json;

namespace Relapse.Cli.Protocol;

/// <summary>The two files of a version, as an author has them.</summary>
internal sealed record AuthorFiles(string Protocol, string Cases)
{
    private const string ProtocolFile = "protocol.yaml";
    private const string CasesFile = "cases.yaml";

    /// <summary>Of a folder, or of a protocol.yaml with the cases.yaml beside it.</summary>
    public static AuthorFiles Of(string path) => Directory.Exists(path)
        ? new(Path.Combine(path, ProtocolFile), Path.Combine(path, CasesFile))
        : new(path, Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, CasesFile));

    /// <summary>Whether a word is the path of a document, and not the name of a protocol.</summary>
    public static bool IsFile(string text) => text.EndsWith(".yaml", StringComparison.Ordinal) || Directory.Exists(text);

    public string AsBody(params (string Key, object Value)[] more)
    {
        Dictionary<string, object> body = new() { ["protocolYaml"] = Convert.ToBase64String(File.ReadAllBytes(Protocol)) };
        if (File.Exists(Cases))
        {
            body["casesYaml"] = Convert.ToBase64String(File.ReadAllBytes(Cases));
        }

        foreach (var (key, value) in more)
        {
            body[key] = value;
        }

        return JsonSerializer.Serialize(body);
    }

    /// <summary>The author's own path of the file that a fault names.</summary>
    public string PathOf(string file) => file == CasesFile ? Cases : Protocol;
}
