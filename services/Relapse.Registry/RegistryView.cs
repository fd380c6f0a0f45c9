using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Relapse.Clinical;
using Relapse.Contracts.Protocol.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;

namespace Relapse.Registry;

/// <summary>The registry as one caller sees it, as of one moment: what is shipped, what is shared, what is their centre's.</summary>
internal sealed class RegistryView(Store.Registry registry, Caller caller, bool ofEveryCentre = false)
{
    private readonly ProtocolCatalog _catalog = ofEveryCentre ? registry.Catalog : registry.Catalog.For(caller.Centre);

    /// <summary>What happened last.</summary>
    public long Revision => registry.State.Revision;

    /// <summary>Every protocol with a version that is seen, by id.</summary>
    public IEnumerable<ProtocolState> Protocols => registry.State.Protocols.Where(protocol => Versions(protocol).Any());

    /// <summary>The versions that are seen, oldest first.</summary>
    public IEnumerable<VersionRow> Versions(ProtocolState protocol) => protocol.Versions.Where(IsSeen);

    /// <summary>Where the labels that are seen stand.</summary>
    public IEnumerable<MoveRow> Labels(ProtocolState protocol) => protocol.Labels.Where(move => IsSeen(protocol, move));

    /// <summary>The version in use or the newest, as it is compiled; null when none can be.</summary>
    public CompiledProtocol? Face(ProtocolState protocol) =>
        _catalog.Find(protocol.Id) is { } entry ? entry.Current ?? entry.Versions.LastOrDefault() : null;

    /// <summary>A version as it is compiled; null when it cannot be.</summary>
    public CompiledProtocol? Compiled(VersionRow row) => _catalog.Find(row.Protocol)?.Version(row.Version);

    /// <summary>The protocol of a name; a fault when there is none.</summary>
    public ProtocolState? Protocol(string id, string field, FaultList faults)
    {
        if (registry.State.Find(id) is { } protocol && Versions(protocol).Any())
        {
            return protocol;
        }

        faults.NotFound("protocol", "protocols/" + id, field);
        return null;
    }

    /// <summary>The version that <c>protocols/{id}/versions/{version}</c> names; a fault when there is none.</summary>
    public VersionRow? Version(string name, string field, FaultList faults)
    {
        if (ProtocolName.Parse(name) is not { Version: { } version } parsed)
        {
            faults.Invalid(field, "must be protocols/{id}/versions/{version}");
            return null;
        }

        if (Protocol(parsed.Id, field, faults) is not { } protocol)
        {
            return null;
        }

        var row = protocol.Version(version);
        if (row is null || !IsSeen(row))
        {
            faults.NotFound("protocol version", name, field);
            return null;
        }

        return row;
    }

    /// <summary>The moves of the label that <c>protocols/{id}/labels/{label}</c> names, oldest first; a fault when there is none.</summary>
    public ImmutableArray<MoveRow> Moves(string name, string field, FaultList faults)
    {
        if (ProtocolName.Parse(name) is not { Label: { } label } parsed)
        {
            faults.Invalid(field, "must be protocols/{id}/labels/{label}");
            return [];
        }

        if (Protocol(parsed.Id, field, faults) is not { } protocol)
        {
            return [];
        }

        ImmutableArray<MoveRow> moves = [.. protocol.MovesOf(label, caller.Centre).Where(move => IsSeen(protocol, move))];
        if (moves.IsEmpty && label == ProtocolCatalog.CurrentLabel)
        {
            faults.NoCurrentLabel("protocols/" + parsed.Id, field, Versions(protocol).Select(row => row.VersionName));
        }
        else if (moves.IsEmpty)
        {
            faults.NotFound("label", name, field);
        }

        return moves;
    }

    /// <summary>Where the label that <c>protocols/{id}/labels/{label}</c> names stands; null, and a fault, when there is none, or it stands on
    /// nothing or on what is not seen: where it stood before is then of no account.</summary>
    public MoveRow? Label(string name, string field, FaultList faults)
    {
        var moves = Moves(name, field, faults);
        if (moves.IsEmpty || Standing(moves[^1]) is not null)
        {
            return moves.LastOrDefault();
        }

        // What is one's own is seen, so that a label of one's own that stands on nothing seen was withdrawn.
        if (moves[^1] is { Label: not ProtocolCatalog.CurrentLabel } withdrawn)
        {
            throw RpcErrors.Precondition("LABEL_WITHDRAWN", "The label was withdrawn.", [(LabelName(withdrawn), Told("withdrawn", withdrawn.At, withdrawn.Reason))]);
        }

        faults.NoCurrentLabel("protocols/" + moves[^1].Protocol, field, Versions(registry.State.Find(moves[^1].Protocol)!).Select(row => row.VersionName));
        return null;
    }

    /// <summary>When something was done, and why if that was said.</summary>
    public static string Told(string done, DateTimeOffset at, string reason) =>
        $"{done} {at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" + (reason.Length == 0 ? "" : ": " + reason);

    /// <summary>Names of the labels that moved after a revision from what is seen to nothing, or to what is not seen.</summary>
    public IEnumerable<string> Gone(long revision) => MovedSince(revision)
        .Where(move => (!ofEveryCentre || move.Label == ProtocolCatalog.CurrentLabel) && registry.State.Find(move.Protocol) is { } protocol && Standing(move) is null
            && protocol.MovesOf(move.Label, move.Owner).Any(earlier => IsSeen(protocol, earlier)))
        .Select(LabelName)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The labels that were withdrawn after a revision and stand on nothing since.</summary>
    public IEnumerable<MoveRow> Withdrawn(long revision) => MovedSince(revision)
        .Where(move => move.IsWithdrawal && registry.State.Find(move.Protocol) is { } protocol && IsSeen(protocol, move)
            && protocol.MovesOf(move.Label, move.Owner)[^1] == move);

    private IEnumerable<MoveRow> MovedSince(long revision) => registry.State.Rows.SkipWhile(row => row.Revision <= revision).OfType<MoveRow>();

    /// <summary>A version without its document.</summary>
    public ProtocolVersion Describe(VersionRow row) => new()
    {
        Name = row.VersionName,
        Digest = row.Digest,
        CasesDigest = row.CasesDigest,
        Certificate = Certificate.Parser.ParseFrom(row.Certificate),
        Centre = row.Centre,
        Shared = row.Shared,
        PublishTime = row.PublishedAt.ToTimestamp(),
        ArchiveTime = Archived(row)?.At.ToTimestamp(),
        ArchiveReason = Archived(row)?.Reason ?? "",
    };

    /// <summary>When and why a version was archived; null when it was not.</summary>
    public ArchivalRow? Archived(RegistryRow row) => registry.State.Find(row.Protocol)?.Archived(row.Version);

    /// <summary>A label after a move.</summary>
    public static Label Describe(MoveRow move) => new()
    {
        Name = LabelName(move),
        Version = move.IsWithdrawal ? "" : move.VersionName,
        Etag = EtagOf(move),
        Revision = move.Revision,
        MoveTime = move.At.ToTimestamp(),
        Centre = move.Centre,
        Reason = move.Reason,
    };

    private static string LabelName(MoveRow move) => $"protocols/{move.Protocol}/labels/{move.Label}";

    /// <summary>Another one with each move, and the same wherever it is asked for.</summary>
    public static string EtagOf(MoveRow move) => move.Revision.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>What happened after a revision, as far as it is seen.</summary>
    public IEnumerable<RegistryRow> Since(long revision) => registry.State.Rows
        .SkipWhile(row => row.Revision <= revision)
        .Where(row => registry.State.Find(row.Protocol) is { } protocol
            && (row is MoveRow move ? IsSeen(protocol, move) : IsSeen(protocol.Version(row.Version)!)));

    /// <summary>The label of a move as it stands now, if it stands on anything that is seen.</summary>
    public MoveRow? Standing(MoveRow move) => registry.State.Find(move.Protocol) is { } protocol
        && protocol.MovesOf(move.Label, move.Owner)[^1] is { IsWithdrawal: false } last && IsSeen(protocol, last) ? last : null;

    /// <summary>The labels that are seen and stand on a version.</summary>
    public IEnumerable<MoveRow> StandingOn(VersionRow row) => Labels(registry.State.Find(row.Protocol)!).Where(move => move.Version == row.Version);

    /// <summary>The version of a row as it is now.</summary>
    public VersionRow Standing(RegistryRow row) => registry.State.Find(row.Protocol)!.Version(row.Version)!;

    // Who did not see where a label stood does not see that it was withdrawn from there.
    private bool IsSeen(ProtocolState protocol, MoveRow move) => move.IsWithdrawal
        ? IsSeen(protocol, protocol.MovesOf(move.Label, move.Owner).First(before => before.Revision == move.Follows))
        : (ofEveryCentre || move.Owner.Length == 0 || move.Owner == caller.Centre) && protocol.Version(move.Version) is { } version && IsSeen(version);

    private bool IsSeen(VersionRow row) => ofEveryCentre || row.SeenBy(caller.Centre);
}
