using Google.Rpc;
using Grpc.Core;
using Relapse.Hosting.Errors;
using Status = Google.Rpc.Status;

namespace Relapse.Assessment;

/// <summary>What came of asking one service.</summary>
/// <typeparam name="TAnswer">Its answer.</typeparam>
/// <param name="Answer">The answer; null when there is none.</param>
/// <param name="Unavailable">Why the part could not be had; null when it was, or when the request was refused.</param>
/// <param name="Refused">The request itself was refused.</param>
internal sealed record AskedPart<TAnswer>(TAnswer? Answer, Status? Unavailable, RpcException? Refused)
    where TAnswer : class
{
    /// <summary>Asks a service and waits for it. Only the caller's own end ends the whole.</summary>
    public static async Task<AskedPart<TAnswer>> OfAsync(Func<AsyncUnaryCall<TAnswer>> ask, CancellationToken caller)
    {
        using var call = ask();
        try
        {
            return new(await call.ResponseAsync, null, null);
        }
        catch (RpcException failure) when (!caller.IsCancellationRequested)
        {
            // What a channel says of itself names addresses, which are not the caller's business.
            return failure.GetRpcStatus() is { } said
                ? IsOfTheRequest(said) ? new(null, null, failure) : new(null, said, null)
                : new(null, RpcErrors.PartUnavailable(failure.StatusCode), null);
        }
    }

    private static bool IsOfTheRequest(Status said) => (StatusCode)said.Code is StatusCode.InvalidArgument or StatusCode.Unauthenticated or StatusCode.PermissionDenied
        || said.GetDetail<ErrorInfo>()?.Reason == RpcErrors.EventsNotConfiguredReason;

    /// <summary>Adds those faults that only the asked service could find: of the fields that it alone looks at.</summary>
    /// <param name="faults">Where to add them.</param>
    /// <param name="own">Each of these fields of the service's request, and the field of ours that it came from.</param>
    public void AddFaults(FaultList faults, params ReadOnlySpan<(string Theirs, string Ours)> own)
    {
        var found = Refused?.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations ?? [];
        foreach (var violation in found)
        {
            foreach (var (theirs, ours) in own)
            {
                if (violation.Field.StartsWith(theirs, StringComparison.Ordinal) && (violation.Field.Length == theirs.Length || violation.Field[theirs.Length] is '.' or '['))
                {
                    faults.Invalid(ours + violation.Field[theirs.Length..], violation.Description);
                }
            }
        }
    }
}
