namespace Relapse.Clinical;

/// <summary>One fault of a protocol document or its golden cases.</summary>
/// <param name="Line">Line in the file, from 1; 0 when the fault belongs to the whole file.</param>
/// <param name="Column">Column in the line, from 1; 0 when the fault belongs to the whole file.</param>
/// <param name="Path">Path of the faulty place, e.g. <c>decisions.risk_group.rules[3].when.lineage</c>.</param>
/// <param name="Message">What is wrong, in words an author can act on.</param>
public sealed record DocumentFault(int Line, int Column, string Path, string Message)
{
    /// <summary>The file it is a fault of, <see cref="ProtocolFile"/> or <see cref="CasesFile"/>.</summary>
    public string File { get; init; } = ProtocolFile;

    /// <summary>What kind of fault it is, one of <see cref="FaultCode"/>.</summary>
    public string Code { get; init; } = FaultCode.Invalid;

    /// <summary>The file of the rules.</summary>
    public const string ProtocolFile = "protocol.yaml";

    /// <summary>The file of the golden cases.</summary>
    public const string CasesFile = "cases.yaml";

    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"({Line},{Column}) {Path}: {Message}" : $"{Path}: {Message}";
}
