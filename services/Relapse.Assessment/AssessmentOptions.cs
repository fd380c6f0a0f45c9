using Relapse.Edge;

namespace Relapse.Assessment;

/// <summary>Where the clinical services are, and how long one of them is waited for.</summary>
internal sealed record AssessmentOptions
{
    /// <summary>
    /// gRPC port of each clinical service, by its word. RELAPSE_SERVICE_{WORD}_GRPC, as the gateway has it, each <c>http://host:port</c>. Null: this
    /// process.
    /// </summary>
    public required IReadOnlyDictionary<string, Uri?> Services { get; init; }

    /// <summary>
    /// Seconds after which a part that has not come is given up and the rest is answered; earlier where the caller's own deadline leaves
    /// no time to answer. RELAPSE_PART_SECONDS; default 10.
    /// </summary>
    public required TimeSpan PartPatience { get; init; }

    public static AssessmentOptions Read(Settings settings, bool besideTheOthers) => new()
    {
        Services = ClinicalLines.Words.ToDictionary(word => word, word => Address(settings, $"RELAPSE_SERVICE_{word.ToUpperInvariant()}_GRPC", besideTheOthers), StringComparer.Ordinal),
        PartPatience = TimeSpan.FromSeconds(settings.Number("RELAPSE_PART_SECONDS", 10, 1, 3600)),
    };

    private static Uri? Address(Settings settings, string name, bool mayLack)
    {
        var text = settings.Text(name, "");
        if (text.Length == 0 && mayLack)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.PathAndQuery == "/" && address.UserInfo.Length == 0)
        {
            return address;
        }

        settings.Fault(name, text.Length == 0 ? "is missing: the assessment asks each clinical service" : "is not http://host:port or https://host:port of a gRPC port");
        return null;
    }
}
