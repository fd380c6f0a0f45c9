using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Publishing;
using Relapse.Registry.Store;

namespace Relapse.Registry;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class RegistryRpcs(
    ProtocolSource protocols, RegistryKeeper keeper, CheckingDesk desk, AnswerEvents events, TimeProvider clock, IHostApplicationLifetime lifetime) : RegistryService.RegistryServiceBase
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;
    private const int MaxReason = 512;

    private RegistryView View(ServerCallContext context) => new(keeper.Now, Caller.Of(context.GetHttpContext()));

    /// <summary>The same for an RPC that services follow the registry by: with the scope for it, what every centre has.</summary>
    private RegistryView FollowedView(ServerCallContext context)
    {
        var caller = Caller.Of(context.GetHttpContext());
        return new RegistryView(keeper.Now, caller, ofEveryCentre: caller.May(Scope.Replicate));
    }

    /// <summary>The centre for which the caller writes.</summary>
    private static string CentreOf(ServerCallContext context) => Caller.Of(context.GetHttpContext()).Centre
        ?? throw RpcErrors.Denied("NO_CENTRE", $"The token does not say for which centre: it needs one claim `{Caller.CentreClaim}` of lower-case letters, digits, dots and hyphens, at most 64.");

    private static void CheckReason(string reason, FaultList faults)
    {
        if (reason.Length > MaxReason || reason.Any(char.IsControl))
        {
            faults.Invalid("reason", $"must be at most {MaxReason} characters, none of them a control character");
        }
    }

    /// <summary>One page of a list whose members have keys: those after the token's, at most as many as asked for.</summary>
    private static (List<T> Page, string NextPageToken) PageOf<T>(
        IEnumerable<T> all, Func<T, string> key, int pageSize, string pageToken, string list, FaultList faults)
    {
        if (pageSize is < 0 or > MaxPageSize)
        {
            faults.Invalid("page_size", $"must be 1 to {MaxPageSize}, both inclusive, or 0 for {DefaultPageSize}");
        }

        var after = pageToken.Length == 0 ? "" : PageToken.KeyOf(list, pageToken);
        if (after is null)
        {
            faults.Invalid("page_token", "is not a token that this list gave");
        }

        faults.ThrowIfAny();
        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var rest = after!.Length == 0 ? all : all.SkipWhile(member => key(member) != after).Skip(1);
        var page = rest.Take(size + 1).ToList();
        if (page.Count <= size)
        {
            return (page, "");
        }

        page.RemoveAt(size);
        return (page, PageToken.After(list, key(page[^1])));
    }
}
