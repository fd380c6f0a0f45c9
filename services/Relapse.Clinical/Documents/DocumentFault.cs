namespace Relapse.Clinical;

/// <summary>One fault of a protocol document or its golden cases.</summary>
/// <param name="Line">Line in the file, from 1; 0 when the fault belongs to the whole file.</param>
/// <param name="Column">Column in the line, from 1; 0 when the fault belongs to the whole file.</param>
/// <param name="Path">Path of the faulty place, e.g. <c>decisions.risk_group.rules[3].when.lineage</c>.</param>
/// <param name="Message">What is wrong, in words an author can act on.</param>
public sealed record DocumentFault(int Line, int Column, string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"({Line},{Column}) {Path}: {Message}" : $"{Path}: {Message}";
}
