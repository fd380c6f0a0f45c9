using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Edge;
using Status = Google.Rpc.Status;

namespace Relapse.Hosting.Errors;

/// <summary>
/// The error catalogue: every status that an RPC, or the JSON before it, can end with, each made here and nowhere else;
/// what ends before a message is known (limits, unknown paths) the edge says. A status is a google.rpc.Status
/// with an ErrorInfo (reason, domain) and what else fits; no text of any carries a value of a case.
/// </summary>
public static class RpcErrors
{
    private const string Domain = RpcStatus.Domain;

    // gRPC carries a status in trailers, and clients commonly refuse trailers over 8 KiB: C-core softly, Java outright.
    // Base64 makes four bytes of three, so this leaves room for the message and the rest.
    private const int MaxTrailerBytes = 5 * 1024;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private const string RepeatingIsSafe = "What the request changed, if it changes anything, stands; the same request again changes nothing more and sends the same event.";

    internal static RpcException InvalidArgument(IReadOnlyList<FieldFault> faults) =>
        Faults(Code.InvalidArgument, "INVALID_REQUEST", "The request is invalid", faults);

    internal static RpcException NotFound(IReadOnlyList<MissingResource> missing)
    {
        var faults = missing.Select(resource => new FieldFault(resource.Field, resource.Description)).ToList();
        var first = missing[0];
        var reason = first.Type.ToUpperInvariant().Replace(' ', '_') + "_NOT_FOUND";
        var resource = new ResourceInfo { ResourceType = "relapse/" + first.Type.Replace(' ', '_'), ResourceName = first.Name, Description = first.Description };
        return Faults(Code.NotFound, reason, "The request names something that is not there", faults, resource);
    }

    internal static RpcException NoCurrentLabel(IReadOnlyList<UnlabelledProtocol> protocols)
    {
        var failure = new PreconditionFailure();
        failure.Violations.AddRange(protocols.Select(protocol => new PreconditionFailure.Types.Violation
        {
            Type = "NO_CURRENT_LABEL", Subject = protocol.Name, Description = protocol.Description,
        }));
        var faults = protocols.Select(protocol => new FieldFault(protocol.Field, protocol.Description)).ToList();
        return Faults(Code.FailedPrecondition, "NO_CURRENT_LABEL", "A protocol has no current label", faults, failure);
    }

    /// <summary>Versions that are there and not evaluated, or not held by this process, which is UNAVAILABLE; a document that lost its digest is worse than one that was archived.</summary>
    internal static RpcException NotEvaluated(IReadOnlyList<UnusableVersion> versions)
    {
        var faults = versions.Select(version => new FieldFault(version.Field, version.Description)).ToList();
        var known = versions.Where(version => version.Why is not (Protocols.NotEvaluated.NotHeld or Protocols.NotEvaluated.NotHeldYet)).ToArray();
        if (known.Length == 0)
        {
            return Faults(Code.Unavailable, versions[0].Reason, "A version is not held, try again", faults, new RetryInfo { RetryDelay = RetryAfter.ToDuration() });
        }

        // Trying again would not help with these.
        var worst = known.MaxBy(version => version.Why)!;
        return worst.Why == Protocols.NotEvaluated.DigestMismatch
            ? Faults(Code.DataLoss, worst.Reason, "A stored document is damaged", faults)
            : Faults(Code.FailedPrecondition, worst.Reason, "A version is not evaluated", faults, Violations(versions.Select(version => (version.Reason, version.Name, version.Description))));
    }

    /// <summary>What is stored does not have the digest it is known by.</summary>
    public static RpcException DataLoss(string name) => Make(
        Code.DataLoss, "DIGEST_MISMATCH", "A stored document is damaged.", new ResourceInfo { ResourceType = "relapse/protocol_version", ResourceName = name });

    /// <summary>The caller may not do this, whatever the token's scopes.</summary>
    public static RpcException Denied(string reason, string message) => Make(Code.PermissionDenied, reason, message);

    /// <summary>Something else has the name already.</summary>
    public static RpcException AlreadyExists(string name, string message) =>
        Make(Code.AlreadyExists, "ALREADY_PUBLISHED", message, new ResourceInfo { ResourceType = "relapse/protocol_version", ResourceName = name });

    /// <summary>Somebody else was first.</summary>
    public static RpcException Aborted(string reason, string message) => Make(Code.Aborted, reason, message);

    /// <summary>The thing asked for cannot be done to it as it stands.</summary>
    public static RpcException Precondition(string reason, string message, IEnumerable<(string Subject, string Description)> violations) =>
        Make(Code.FailedPrecondition, reason, message, Violations(violations.Select(violation => (reason, violation.Subject, violation.Description))));

    /// <summary>The reason of a request for an event where nothing is published: trying again would not help.</summary>
    public const string EventsNotConfiguredReason = "EVENTS_NOT_CONFIGURED";

    /// <summary>An event is asked for, and this process publishes none.</summary>
    internal static RpcException EventsNotConfigured() => Precondition(
        EventsNotConfiguredReason, "This process publishes no events: no sidecar is configured.", [("publish", "leave it out, and the request is answered")]);

    /// <summary>The event of an answer was not acknowledged, so that its caller does not get the answer.</summary>
    /// <param name="isRefused">Whether it certainly was not published.</param>
    internal static RpcException EventNotPublished(bool isRefused) => isRefused
        ? Unavailable("EVENT_REFUSED", "The event was refused, and not published. " + RepeatingIsSafe)
        : Unavailable("EVENT_NOT_ACKNOWLEDGED", "The event was not acknowledged, and may have been published all the same. " + RepeatingIsSafe);

    /// <summary>Not now, and soon again.</summary>
    public static RpcException Unavailable(string reason, string message) =>
        Make(Code.Unavailable, reason, message, new RetryInfo { RetryDelay = RetryAfter.ToDuration() });

    /// <summary>Why a part of an answer is lacking whose service said nothing itself.</summary>
    public static Status PartUnavailable(StatusCode code) => (code == StatusCode.DeadlineExceeded
        ? Make(Code.DeadlineExceeded, "PART_DEADLINE_EXCEEDED", "The service did not answer in time.")
        : Make(Code.Unavailable, "SERVICE_UNREACHABLE", "The service cannot be reached, try again.", new RetryInfo { RetryDelay = RetryAfter.ToDuration() })).GetRpcStatus()!;

    /// <summary>The request, or a document in it, has more bytes than it may.</summary>
    public static RpcException TooLarge(int limit) =>
        Make(Code.ResourceExhausted, "REQUEST_TOO_LARGE", $"The request is larger than the {limit} bytes that one call may have.", LimitOf(limit));

    internal static RpcException TooMany(string field, int most) => Make(
        Code.ResourceExhausted,
        "TOO_MANY_ITEMS",
        string.Create(CultureInfo.InvariantCulture, $"{field} has more than the {most} entries that one message may have."),
        new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = field, Description = string.Create(CultureInfo.InvariantCulture, $"at most {most} entries") } } });

    internal static RpcException AnswerFull(int limit) =>
        Make(Code.ResourceExhausted, "ANSWER_FULL", "The answer is full; ask for this item again in a smaller batch.", LimitOf(limit, "answer"));

    internal static RpcException MalformedMessage() =>
        Make(Code.InvalidArgument, "MALFORMED_MESSAGE", "The bytes received are not a gRPC message of the request's type.");

    internal static RpcException NotReady() =>
        Make(Code.Unavailable, "NOT_READY", "The protocol library is still being loaded.", new RetryInfo { RetryDelay = RetryAfter.ToDuration() });

    internal static RpcException Cancelled() => Make(Code.Cancelled, "CANCELLED", "The caller went away.");

    internal static RpcException DeadlineExceeded() =>
        Make(Code.DeadlineExceeded, "DEADLINE_EXCEEDED", "The caller's deadline passed before the answer was ready.");

    internal static RpcException Internal(string correlationId) =>
        Make(Code.Internal, "INTERNAL", $"Internal error, correlation id {correlationId}.", new RequestInfo { RequestId = correlationId });

    /// <summary>
    /// The same error, small enough for trailers: of a long list of faults the first are kept and the rest are counted.
    /// A JSON caller gets them all.
    /// </summary>
    internal static RpcException FitTrailers(RpcException error)
    {
        if (error.GetRpcStatus() is not { } status || status.CalculateSize() <= MaxTrailerBytes || status.GetDetail<BadRequest>() is not { } full)
        {
            return error;
        }

        var listed = new BadRequest();
        var bytes = status.CalculateSize() - full.CalculateSize();
        foreach (var violation in full.FieldViolations.TakeWhile(violation => (bytes += violation.CalculateSize() + 3) <= MaxTrailerBytes))
        {
            listed.FieldViolations.Add(violation);
        }

        var fitted = new Status { Code = status.Code, Message = $"{status.Message.TrimEnd('.')}; the first {listed.FieldViolations.Count} are listed." };
        fitted.Details.AddRange(status.Details.Select(detail => detail.Is(BadRequest.Descriptor) ? Any.Pack(listed) : detail));
        return fitted.ToRpcException();
    }

    private static RpcException Faults(Code code, string reason, string lead, IReadOnlyList<FieldFault> faults, params IMessage[] details)
    {
        var badRequest = new BadRequest();
        badRequest.FieldViolations.AddRange(faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Description }));
        var message = $"{lead}: {faults.Count} {(faults.Count == 1 ? "fault" : "faults")}.";
        return Make(code, reason, message, [badRequest, .. details]);
    }

    private static PreconditionFailure Violations(IEnumerable<(string Type, string Subject, string Description)> violations)
    {
        var failure = new PreconditionFailure();
        failure.Violations.AddRange(violations.Select(violation => new PreconditionFailure.Types.Violation
        {
            Type = violation.Type, Subject = violation.Subject, Description = violation.Description,
        }));
        return failure;
    }

    private static QuotaFailure LimitOf(int limit, string subject = "request") => new()
    {
        Violations = { new QuotaFailure.Types.Violation { Subject = subject, Description = "at most " + limit.ToString(CultureInfo.InvariantCulture) + " bytes" } },
    };

    private static RpcException Make(Code code, string reason, string message, params IMessage[] details)
    {
        var status = new Status { Code = (int)code, Message = message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = Domain }));
        status.Details.AddRange(details.Select(Any.Pack));
        return status.ToRpcException();
    }
}
