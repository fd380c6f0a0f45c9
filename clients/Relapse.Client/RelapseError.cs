using Google.Rpc;
using Grpc.Core;

namespace Relapse.Client;

/// <summary>What Relapse says of a call, or of one item of many, that it refused: its google.rpc.Status, typed.</summary>
public sealed record RelapseError
{
    private RelapseError(StatusCode code, string message, Google.Rpc.Status? status)
    {
        (Code, Message) = (code, message);
        if (status is null)
        {
            return;
        }

        var info = status.GetDetail<ErrorInfo>();
        Reason = info?.Reason ?? string.Empty;
        Domain = info?.Domain ?? string.Empty;
        Faults = [.. status.GetDetail<BadRequest>()?.FieldViolations.Select(fault => new FieldFault(fault.Field, fault.Description)) ?? []];
        RetryDelay = status.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        CorrelationId = status.GetDetail<RequestInfo>()?.RequestId ?? string.Empty;
    }

    /// <summary>The canonical code. UNAVAILABLE is the only one that is worth trying again unchanged.</summary>
    public StatusCode Code { get; }

    /// <summary>In words, for people; it carries no value of a case.</summary>
    public string Message { get; }

    /// <summary>Why, for programs: <c>INVALID_REQUEST</c>, <c>NO_CURRENT_LABEL</c>. Empty where Relapse did not say it: the connection failed.</summary>
    public string Reason { get; } = string.Empty;

    /// <summary>Whose word the reason is: <c>relapse</c>; empty without one.</summary>
    public string Domain { get; } = string.Empty;

    /// <summary>Every fault of the request, with its path; of a list over 5 KiB the first, and the message says so.</summary>
    public IReadOnlyList<FieldFault> Faults { get; } = [];

    /// <summary>After how long to try again; null where nothing is said of it.</summary>
    public TimeSpan? RetryDelay { get; }

    /// <summary>Finds the failure in the server's log, when it is a bug (INTERNAL); otherwise empty.</summary>
    public string CorrelationId { get; } = string.Empty;

    /// <summary>What a failed call says.</summary>
    /// <param name="exception">The failure.</param>
    public static RelapseError From(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var status = exception.Trailers.GetRpcStatus(ignoreParseError: true);
        return new RelapseError(exception.StatusCode, status?.Message ?? exception.Status.Detail, status);
    }

    /// <summary>What is said of one item of a batch or cohort, or of one part of an assessment.</summary>
    /// <param name="status">Its status.</param>
    public static RelapseError From(Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new RelapseError((StatusCode)status.Code, status.Message, status);
    }

    /// <summary>The code, the message, and a line for each fault.</summary>
    public override string ToString() => string.Join("\n  ", [$"{Code}{(Reason.Length > 0 ? $" ({Reason})" : string.Empty)}: {Message}", .. Faults]);
}

/// <summary>One fault of a request.</summary>
/// <param name="Field">Path in proto names from the root of the request: <c>case.marrow.blasts_percent</c>.</param>
/// <param name="Description">What is wrong with it.</param>
public sealed record FieldFault(string Field, string Description)
{
    /// <summary>Path and description.</summary>
    public override string ToString() => $"{Field}: {Description}";
}
