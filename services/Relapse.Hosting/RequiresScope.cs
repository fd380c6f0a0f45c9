using Microsoft.AspNetCore.Http;
using Grpc.AspNetCore.Server;
using Relapse.Edge;

namespace Relapse.Hosting;

/// <summary>The scope that a token needs for an RPC; it stands on the method. One that does not say needs `relapse.read`.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresScopeAttribute(string scope) : Attribute
{
    /// <summary>The scope.</summary>
    public string Scope { get; } = scope;
}

/// <summary>Turns away a caller whose token lacks the RPC's scope, before a byte of the request is read.</summary>
internal sealed class ScopeGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } rpc || IsOfEveryProcess(rpc))
        {
            return next(context);
        }

        var scope = endpoint.Metadata.GetMetadata<RequiresScopeAttribute>()?.Scope ?? Scope.Read;
        return Caller.Of(context).May(scope) ? next(context) : StatusWriter.WriteAsync(context, RpcStatus.MissingScope(scope));
    }

    // Health and reflection: what they say is the same for everybody whom the edge let in.
    private static bool IsOfEveryProcess(GrpcMethodMetadata rpc) => rpc.Method.ServiceName.StartsWith("grpc.", StringComparison.Ordinal);
}
