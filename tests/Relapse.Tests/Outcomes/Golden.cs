using System.Text.Json;
using Google.Protobuf;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Tests.Outcomes;

/// <summary>What a careful reader finds by hand in the two tables of published figures: a second transcription, see its own heading.</summary>
internal static class Golden
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    public static JsonElement Head { get; } = Read();

    public static IReadOnlyDictionary<string, JsonElement> Queries { get; } = Head.GetProperty("queries").EnumerateArray().ToDictionary(query => query.GetProperty("id").GetString()!);

    /// <summary>Two rows that print the same figure; the library uses one of them.</summary>
    public static ILookup<string, string> Pairs { get; } = Head.GetProperty("pairs").EnumerateArray()
        .Select(pair => (One: pair[0].GetString()!, Other: pair[1].GetString()!))
        .SelectMany(pair => new[] { pair, (One: pair.Other, Other: pair.One) })
        .ToLookup(pair => pair.One, pair => pair.Other);

    /// <summary>The request of a query.</summary>
    public static EstimateOutcomeRequest Request(JsonElement query)
    {
        var request = new EstimateOutcomeRequest { Case = Parser.Parse<RelapseCase>(query.GetProperty("case").GetRawText()), RowsPerGroup = 500, Intention = new Intention() };
        if (query.TryGetProperty("treatment", out var treatment))
        {
            request.Intention.Treatment = Word(treatment, "intention") is { } intention ? Enum.Parse<Modality>(intention, ignoreCase: true) : Modality.Unspecified;
            request.Intention.Donor = Word(treatment, "donor") is { } donor ? Enum.Parse<DonorKind>(donor.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : DonorKind.Unspecified;
            request.Intention.Agents.AddRange(new[] { Word(treatment, "agent") }.OfType<string>());
        }
        if (Word(query, "endpoint") is { } endpoint)
        {
            // The name of an endpoint is the library's: shares have their own words, and a death in reinduction has two.
            request.Endpoints.AddRange(endpoint switch
            {
                "SHARE" => ["RELAPSE_SHARE_BY_SITE", "RELAPSE_SHARE_BY_TIMING", "RISK_GROUP_SHARE"],
                "INDUCTION_DEATH" => [endpoint, "TOXIC_DEATH"],
                _ => [endpoint],
            });
        }
        return request;
    }

    /// <summary>The strings of a list; none when it is not there.</summary>
    public static string[] Words(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(entry => entry.GetString()!)] : [];

    /// <summary>The objects of a list; none when it is not there.</summary>
    public static JsonElement[] Entries(this JsonElement element, string name) => element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    private static string? Word(JsonElement element, string name) => element.TryGetProperty(name, out var word) ? word.GetString() : null;

    private static JsonElement Read()
    {
        using var stream = typeof(Golden).Assembly.GetManifestResourceStream("queries.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
