using System.Collections.Immutable;
using Google.Protobuf;

namespace Relapse.Registry.Store;

/// <summary>Something that happened to the registry. Order is by revision; the clock of the server can go back.</summary>
/// <param name="Revision">Its number among all that happened, from 1.</param>
/// <param name="Protocol">Id of the protocol it happened to.</param>
/// <param name="Version">The version concerned.</param>
/// <param name="Centre">The centre that did it; empty for the shipped library.</param>
/// <param name="At">When, by the server's clock, to the millisecond.</param>
internal abstract record RegistryRow(long Revision, string Protocol, string Version, string Centre, DateTimeOffset At)
{
    /// <summary><c>protocols/{id}/versions/{version}</c>.</summary>
    public string VersionName => $"protocols/{Protocol}/versions/{Version}";
}

/// <summary>A version was published.</summary>
internal sealed record VersionRow(long Revision, string Protocol, string Version, string Centre, DateTimeOffset At)
    : RegistryRow(Revision, Protocol, Version, Centre, At)
{
    /// <summary>SHA-256 of protocol.yaml, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>SHA-256 of cases.yaml, lower-case hex.</summary>
    public required string CasesDigest { get; init; }

    /// <summary>The certificate it was published with, serialized: a later engine may count otherwise.</summary>
    public required ByteString Certificate { get; init; }

    /// <summary>Whether callers of every centre see it; so it is with all that is shipped.</summary>
    public required bool Shared { get; init; }

    /// <summary>Whether it is shipped and frozen: its bytes never change again.</summary>
    public bool Frozen { get; init; }

    /// <summary>Revision of the row that it takes the place of; 0 for the first of its name.</summary>
    public long Replaces { get; init; }

    /// <summary>When these bytes were published; a row that shares them with other centres is later.</summary>
    public DateTimeOffset PublishedAt { get => field == default ? At : field; init; }

    /// <summary>Whether it is the same bytes as a version before it, shared from then on.</summary>
    public bool IsSharing => Replaces > 0 && Centre.Length > 0;

    /// <summary>Whether a caller of a centre sees it.</summary>
    public bool SeenBy(string? centre) => Shared || Centre == centre;
}

/// <summary>A label was moved to the version, or, where there is no version, withdrawn.</summary>
internal sealed record MoveRow(long Revision, string Protocol, string Version, string Centre, DateTimeOffset At)
    : RegistryRow(Revision, Protocol, Version, Centre, At)
{
    /// <summary>The label.</summary>
    public required string Label { get; init; }

    /// <summary>The centre whose label it is; empty for `current`, of which a protocol has one.</summary>
    public required string Owner { get; init; }

    /// <summary>Why, in the mover's words.</summary>
    public required string Reason { get; init; }

    /// <summary>Revision of the move before; 0 for the first.</summary>
    public required long Follows { get; init; }

    /// <summary>Whether the label stands on nothing after it. It is stored as a move to the version of no name, which an earlier release
    /// takes for one that is not there, and so as the same.</summary>
    public bool IsWithdrawal => Version.Length == 0;
}

/// <summary>The version was archived.</summary>
internal sealed record ArchivalRow(long Revision, string Protocol, string Version, string Centre, DateTimeOffset At)
    : RegistryRow(Revision, Protocol, Version, Centre, At)
{
    /// <summary>Why, in the words of who did it.</summary>
    public required string Reason { get; init; }
}

/// <summary>Bytes by their digest.</summary>
internal sealed record StoredDocument(string Digest, ReadOnlyMemory<byte> Content);

/// <summary>What is to be added, all of it or nothing.</summary>
internal sealed record Change(ImmutableArray<RegistryRow> Rows, ImmutableArray<StoredDocument> Documents)
{
    /// <summary>Nothing is to be added.</summary>
    public static Change None { get; } = new([], []);
}
