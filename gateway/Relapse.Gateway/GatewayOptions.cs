using Relapse.Edge;

namespace Relapse.Gateway;

/// <summary>
/// Which services stand behind the gateway. One entry for each service word is all there is to say: both of its faces
/// are routed by prefix, so that a new RPC never touches the gateway.
/// </summary>
internal sealed class GatewayOptions
{
    private const string Prefix = "RELAPSE_SERVICE_";
    private const string GrpcSuffix = "_GRPC";
    private const string HttpSuffix = "_HTTP";

    /// <summary>
    /// The services, by word. RELAPSE_SERVICE_{WORD}_GRPC and RELAPSE_SERVICE_{WORD}_HTTP, each
    /// <c>http://host:port</c>; at least one service.
    /// </summary>
    public required IReadOnlyList<ServiceAddress> Services { get; init; }

    /// <summary>
    /// Seconds that a JSON call may stand still before it is given up. RELAPSE_JSON_IDLE_SECONDS; default 100.
    /// </summary>
    public required TimeSpan JsonIdle { get; init; }

    /// <summary>
    /// Seconds that a gRPC call may stand still before it is given up; HTTP/2 pings do not count as movement, so this is
    /// beyond the longest quiet stream. A call's own deadline is the caller's and travels. RELAPSE_GRPC_IDLE_SECONDS;
    /// default 3,600.
    /// </summary>
    public required TimeSpan GrpcIdle { get; init; }

    public static GatewayOptions Read(Settings settings) => new()
    {
        Services = [.. ReadServices(settings)],
        JsonIdle = TimeSpan.FromSeconds(settings.Number("RELAPSE_JSON_IDLE_SECONDS", 100, 1, 86_400)),
        GrpcIdle = TimeSpan.FromSeconds(settings.Number("RELAPSE_GRPC_IDLE_SECONDS", 3600, 1, 604_800)),
    };

    private static List<ServiceAddress> ReadServices(Settings settings)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in settings.NamesFrom(Prefix))
        {
            if (Word(name) is { } word)
            {
                words.Add(word);
            }
            else
            {
                settings.Fault(name, $"is not {Prefix}<WORD>{GrpcSuffix} or {Prefix}<WORD>{HttpSuffix} with a word of letters and digits");
            }
        }

        if (words.Count == 0)
        {
            settings.Fault(Prefix + "<WORD>" + GrpcSuffix, "no service is configured");
        }

        return [.. words.Select(word => new ServiceAddress(
            word.ToLowerInvariant(),
            Address(settings, Prefix + word + GrpcSuffix),
            Address(settings, Prefix + word + HttpSuffix)))];
    }

    private static string? Word(string name)
    {
        var rest = name[Prefix.Length..];
        var word = rest.EndsWith(GrpcSuffix, StringComparison.Ordinal) || rest.EndsWith(HttpSuffix, StringComparison.Ordinal)
            ? rest[..^GrpcSuffix.Length]
            : string.Empty;
        return word.Length > 0 && char.IsAsciiLetterUpper(word[0]) && word.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter))
            ? word
            : null;
    }

    private static Uri Address(Settings settings, string name)
    {
        var text = settings.Text(name, string.Empty);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.PathAndQuery == "/"
            && address.UserInfo.Length == 0)
        {
            return address;
        }

        settings.Fault(name, text.Length == 0 ? "is missing: each service needs both its faces" : "is not http://host:port or https://host:port");
        return new Uri("http://invalid.invalid");
    }
}

/// <summary>One service: its word in every path, and where its two faces are.</summary>
internal sealed record ServiceAddress(string Word, Uri Grpc, Uri Http);
