using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Events;

namespace Relapse.Registry;

/// <summary>What happened to the registry, as an event: the same however often it is sent, so that no caller has to bring an id for it.</summary>
internal static class RegistryEvent
{
    /// <summary>A version was published, or the one that is there already was.</summary>
    public static AnswerEvent Of(EventOrder order, ProtocolVersion version) => AnswerEvent.OfResource(
        order.Type,
        version.Name,
        [("digest", version.Digest), ("cases_digest", version.CasesDigest), ("shared", version.Shared ? "true" : "false")],
        new PublishProtocolVersionResponse { Version = version });

    /// <summary>A label was moved.</summary>
    public static AnswerEvent Of(EventOrder order, Label label) => AnswerEvent.OfResource(
        order.Type,
        label.Name,
        [("revision", label.Revision.ToString(CultureInfo.InvariantCulture)), ("move_time", JsonOf(label.MoveTime))],
        new MoveLabelResponse { Label = label });

    // Revisions are counted by each registry for itself; two of them can share a broker.
    private static string JsonOf(Timestamp moment) => moment.ToString().Trim('"');
}
