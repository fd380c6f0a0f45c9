using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;
using Relapse.Registry.Publishing;
using Relapse.Registry.Store;
using DocumentFault = Relapse.Contracts.Registry.V1.DocumentFault;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Publishes a version: checked in full and stored whole, or not at all. Its event, if it is asked for, comes after that.</summary>
    [RequiresScope(Scope.Publish)]
    public override async Task<PublishProtocolVersionResponse> PublishProtocolVersion(PublishProtocolVersionRequest request, ServerCallContext context)
    {
        var centre = CentreOf(context);
        CheckSizes(request.ProtocolYaml, request.CasesYaml);
        var faults = new FaultList();
        var order = events.Order(request.Publish, EventType.VersionPublished, request.ValidateOnly, faults);
        faults.ThrowIfAny();
        var response = await StoredAsync(request, centre, context);
        return order is null ? response : await events.PublishAsync(RegistryEvent.Of(order, response.Version), response, context);
    }

    private async Task<PublishProtocolVersionResponse> StoredAsync(PublishProtocolVersionRequest request, string centre, ServerCallContext context)
    {
        if (Again(request, centre) is { } published)
        {
            return new PublishProtocolVersionResponse { Version = await SharedIfAskedAsync(published, request, context), AlreadyPublished = true };
        }

        var found = await desk.CheckAsync(request.ProtocolYaml.Memory, request.CasesYaml.Memory, context.CancellationToken);
        ThrowIfFaulty(found);

        var version = found.Protocol!;
        var fresh = new VersionRow(0, version.Id, version.Version, centre, keeper.Moment)
        {
            Digest = found.Digest,
            CasesDigest = found.CasesDigest,
            Certificate = found.Certificate.ToByteString(),
            Shared = request.Shared,
        };
        VersionRow? before = null;
        Change Decide(RegistryState state)
        {
            before = Before(state, fresh);
            return request.ValidateOnly ? Change.None
                : before is not null ? Share(state, before, request)
                : new Change(
                    [fresh with { Revision = state.Revision + 1, At = keeper.Moment }],
                    [new StoredDocument(found.Digest, request.ProtocolYaml.Memory), new StoredDocument(found.CasesDigest, request.CasesYaml.Memory)]);
        }

        if (request.ValidateOnly)
        {
            Decide(keeper.Now.State);
            var would = View(context).Describe(before ?? fresh);
            (would.PublishTime, would.Shared) = (before is null ? null : would.PublishTime, would.Shared || request.Shared);
            return new PublishProtocolVersionResponse { Version = would, AlreadyPublished = before is not null };
        }

        var after = await keeper.ChangeAsync(Decide, version, context.CancellationToken);
        return new PublishProtocolVersionResponse
        {
            Version = View(context).Describe(after.Find(version.Id)!.Version(version.Version)!),
            AlreadyPublished = before is not null,
        };
    }

    // A caller who did not hear the answer asks again; these bytes were checked when they were published.
    private VersionRow? Again(PublishProtocolVersionRequest request, string centre)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(request.ProtocolYaml.Span));
        var casesDigest = Convert.ToHexStringLower(SHA256.HashData(request.CasesYaml.Span));
        return keeper.Now.State.Protocols.Where(protocol => protocol.Owner == centre).SelectMany(protocol => protocol.Versions)
            .FirstOrDefault(row => row.Digest == digest && row.CasesDigest == casesDigest);
    }

    // What is published without being shared, and again with it, is shared from then on. The other way there is none: who labelled it, or was
    // answered from it, would lose it.
    private async Task<ProtocolVersion> SharedIfAskedAsync(VersionRow published, PublishProtocolVersionRequest request, ServerCallContext context)
    {
        if (request.ValidateOnly)
        {
            var would = View(context).Describe(published);
            would.Shared |= request.Shared;
            return would;
        }

        if (request.Shared && !published.Shared)
        {
            await keeper.ChangeAsync(state => Share(state, state.Find(published.Protocol)!.Version(published.Version)!, request), null, context.CancellationToken);
        }

        return View(context).Describe(View(context).Standing((RegistryRow)published));
    }

    private Change Share(RegistryState state, VersionRow before, PublishProtocolVersionRequest request) => request.Shared && !before.Shared
        ? new Change([before with { Revision = state.Revision + 1, At = keeper.Moment, Shared = true, Replaces = before.Revision }], [])
        : Change.None;

    internal static void CheckSizes(ByteString protocolYaml, ByteString casesYaml)
    {
        if (protocolYaml.Length > DocumentCheck.MaxBytes || casesYaml.Length > DocumentCheck.MaxBytes)
        {
            throw RpcErrors.TooLarge(DocumentCheck.MaxBytes);
        }
    }

    private static void ThrowIfFaulty(CheckedDocuments found)
    {
        var faults = new FaultList();
        faults.Invalid([.. found.Faults.Select(fault => new FieldFault(FieldOf(fault), $"{fault.File}:{fault.Line}:{fault.Column}: {fault.Code} {fault.Detail}"))]);
        faults.ThrowIfAny();
    }

    private static string FieldOf(DocumentFault fault) => fault.File == Clinical.DocumentFault.CasesFile ? "cases_yaml" : "protocol_yaml";

    /// <summary>The version that has the name already, when it has these very bytes.</summary>
    private static VersionRow? Before(RegistryState state, VersionRow published)
    {
        if (state.Find(published.Protocol) is not { Versions.IsEmpty: false } protocol)
        {
            return null;
        }

        if (protocol.Owner != published.Centre)
        {
            throw RpcErrors.Denied(
                "NOT_YOUR_PROTOCOL",
                protocol.Owner.Length == 0 ? "The protocol is of the shipped library; publish a variant under an id of your own." : "The id is taken by another centre's protocol.");
        }

        var before = protocol.Version(published.Version);
        return before is null || (before.Digest == published.Digest && before.CasesDigest == published.CasesDigest)
            ? before
            : throw RpcErrors.AlreadyExists(published.VersionName, "Other bytes are published under this name; a version never changes.");
    }
}
