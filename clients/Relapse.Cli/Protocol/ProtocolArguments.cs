namespace Relapse.Cli.Protocol;

/// <summary>What was written after `relapse protocol`.</summary>
internal sealed record ProtocolArguments(string Command, Uri Url)
{
    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyList<(string Protocol, string Reading, string Value)> Readings { get; init; } = [];

    public string Decision { get; init; } = string.Empty;

    public string? Output { get; init; }

    public bool Json { get; init; }

    public bool Shared { get; init; }

    public bool ValidateOnly { get; init; }

    /// <summary>Null when it cannot be understood.</summary>
    public static ProtocolArguments? Parse(IReadOnlyList<string> args, Uri service)
    {
        if (args.Count == 0)
        {
            return null;
        }

        List<string> names = [];
        List<(string, string, string)> readings = [];
        ProtocolArguments? parsed = new(args[0], service);
        for (var at = 1; at < args.Count && parsed is not null; at++)
        {
            var value = at + 1 < args.Count ? args[at + 1] : null;
            switch (args[at])
            {
                case "--json":
                    parsed = parsed with { Json = true };
                    break;
                case "--shared" when parsed.Command == "publish":
                    parsed = parsed with { Shared = true };
                    break;
                case "--validate-only" when parsed.Command == "publish":
                    parsed = parsed with { ValidateOnly = true };
                    break;
                case "--url" when Uri.TryCreate(value, UriKind.Absolute, out var url):
                    (parsed, at) = (parsed with { Url = url }, at + 1);
                    break;
                case "--decision" when parsed.Command == "compare" && value is not null:
                    (parsed, at) = (parsed with { Decision = value }, at + 1);
                    break;
                case "--output" when parsed.Command is "export" or "import" && value is not null:
                    (parsed, at) = (parsed with { Output = value }, at + 1);
                    break;
                case "--reading" when parsed.Command == "compare" && Reading(value) is { } reading:
                    readings.Add(reading);
                    at++;
                    break;
                case var name when !name.StartsWith("--", StringComparison.Ordinal):
                    names.Add(name);
                    break;
                default:
                    parsed = null;
                    break;
            }
        }

        return parsed is null ? null : parsed with { Names = names, Readings = readings };
    }

    /// <summary><c>id</c> and <c>id/version</c> as the resource names that they are short for.</summary>
    public static string Name(string text) => text.StartsWith("protocols/", StringComparison.Ordinal) ? text
        : text.Split('/') is [var id, var version] ? $"protocols/{id}/versions/{version}"
        : "protocols/" + text;

    private static (string, string, string)? Reading(string? text) =>
        text?.Split('=') is [var named, var value] && named.LastIndexOf('/') is > 0 and var slash ? (Name(named[..slash]), named[(slash + 1)..], value) : null;
}
