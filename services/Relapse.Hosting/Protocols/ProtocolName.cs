namespace Relapse.Hosting.Protocols;

/// <summary>
/// A protocol's resource name, taken apart: <c>protocols/{id}</c>, <c>protocols/{id}/versions/{version}</c> or
/// <c>protocols/{id}/labels/{label}</c>. Each part matches <c>[a-z0-9][a-z0-9.-]*</c> and has at most 64 characters.
/// </summary>
public sealed record ProtocolName
{
    private const int MaxPart = 64;

    /// <summary>Id of the protocol.</summary>
    public required string Id { get; init; }

    /// <summary>The version, when the name has one.</summary>
    public string? Version { get; init; }

    /// <summary>The label, when the name has one.</summary>
    public string? Label { get; init; }

    /// <summary>The name's parts; null when it is no name of a protocol, a version or a label.</summary>
    public static ProtocolName? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('/') switch
        {
            ["protocols", var id] when IsPart(id) => new ProtocolName { Id = id },
            ["protocols", var id, "versions", var version] when IsPart(id) && IsPart(version) => new ProtocolName { Id = id, Version = version },
            ["protocols", var id, "labels", var label] when IsPart(id) && IsPart(label) => new ProtocolName { Id = id, Label = label },
            _ => null,
        };
    }

    private static bool IsPart(string text) =>
        text.Length is > 0 and <= MaxPart
        && char.IsAsciiLetterLower(text[0]) | char.IsAsciiDigit(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
}
