using System.Text.Json;

namespace Relapse.Cli.Protocol;

/// <summary>How answers of the registry are read: as any caller without generated code would, absent meaning empty.</summary>
internal static class RegistryJson
{
    private static readonly JsonSerializerOptions _web = new(JsonSerializerDefaults.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString };

    /// <exception cref="UnansweredException">It is not JSON, or not of this shape.</exception>
    public static T Parse<T>(string json)
        where T : class, new()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, _web) ?? new T();
        }
        catch (JsonException)
        {
            throw new UnansweredException("What answers there is not Relapse.");
        }
    }
}

/// <summary>What a check found.</summary>
internal sealed record Verification
{
    public string Name { get; init; } = string.Empty;

    public string Digest { get; init; } = string.Empty;

    public CertificateCounts Certificate { get; init; } = new();

    public IReadOnlyList<DocumentFault> Faults { get; init; } = [];

    public static Verification Parse(string json) => RegistryJson.Parse<Verification>(json);
}

internal sealed record CertificateCounts(long Cells = 0, long Cases = 0, long Rules = 0);

internal sealed record DocumentFault(string File = "", int Line = 0, int Column = 0, string Code = "", string Detail = "")
{
    /// <summary><c>file:line:column: CODE text</c>, as compilers write it and editors read it.</summary>
    public string Said(string path) => $"{path}:{Line}:{Column}: {Code} {Detail}";
}

/// <summary>What was taken over of a DMN file.</summary>
internal sealed record Imported
{
    public string Yaml { get; init; } = string.Empty;

    public IReadOnlyList<DocumentFault> Faults { get; init; } = [];

    public static Imported Parse(string json) => RegistryJson.Parse<Imported>(json);
}

/// <summary>What was published.</summary>
internal sealed record Publication
{
    public PublishedVersion Version { get; init; } = new();

    public bool AlreadyPublished { get; init; }

    public static Publication Parse(string json) => RegistryJson.Parse<Publication>(json);
}

internal sealed record PublishedVersion(string Name = "", string Digest = "", bool Shared = false);

/// <summary>A comparison of two protocols.</summary>
internal sealed record Comparison
{
    public string One { get; init; } = string.Empty;

    public string Other { get; init; } = string.Empty;

    public IReadOnlyList<ComparedDecision> Decisions { get; init; } = [];

    public IReadOnlyList<string> OnlyOne { get; init; } = [];

    public IReadOnlyList<string> OnlyOther { get; init; } = [];

    public IReadOnlyList<ComparedBeside> Beside { get; init; } = [];

    public bool IsSame => Decisions.All(decision => decision.Same) && OnlyOne.Count + OnlyOther.Count + Beside.Count == 0;

    public static Comparison Parse(string json) => RegistryJson.Parse<Comparison>(json);
}

internal sealed record ComparedDecision(string Decision = "", bool Same = false, string Summary = "", bool Truncated = false)
{
    public IReadOnlyList<ComparedRegion> Regions { get; init; } = [];

    public IReadOnlyList<string> NotComparable { get; init; } = [];
}

/// <summary>What two versions do not have alike beside their answers.</summary>
internal sealed record ComparedBeside(string Kind = "", string Code = "", bool InOne = false, bool InOther = false);

internal sealed record ComparedRegion(string Patients = "")
{
    public IReadOnlyList<string> OneConcludes { get; init; } = [];

    public IReadOnlyList<string> OtherConcludes { get; init; } = [];

    public IReadOnlyList<ComparedRule> OneBecause { get; init; } = [];

    public IReadOnlyList<ComparedRule> OtherBecause { get; init; } = [];

    /// <summary>A case inside the region; absent when none was found.</summary>
    public JsonElement Example { get; init; }
}

internal sealed record ComparedRule(string Rule = "")
{
    public IReadOnlyList<RuleCitation> Citations { get; init; } = [];
}

internal sealed record RuleCitation(string Source = "", string Locator = "");
