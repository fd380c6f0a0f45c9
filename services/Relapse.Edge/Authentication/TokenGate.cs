using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.Net.Http.Headers;

namespace Relapse.Edge;

/// <summary>
/// Lets nobody in without a token: probes and the contract excepted, which say nothing of anybody. What a token allows is
/// decided further in, where it is known what is called.
/// </summary>
internal sealed class TokenGate(RequestDelegate next, IssuerKeys keys, JudgedTokens judged)
{
    private static readonly string[] Open = ["/healthz/live", "/healthz/ready", "/grpc.health.v1.Health/Check", "/openapi.json", "/docs/contract", "/"];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
        {
            return PassOrRefuseAsync(context, RpcStatus.NoToken);
        }

        // Nearly every call ends here; nothing is waited for.
        var held = keys.CurrentAsync(context.RequestAborted);
        if (held is { IsCompletedSuccessfully: true, Result: { } current } && judged.Find(TokenOf(context.Request), current) is { } remembered)
        {
            context.Features.Set(remembered);
            return next(context);
        }

        return JudgeAndPassAsync(context, held);
    }

    private async Task JudgeAndPassAsync(HttpContext context, Task<OpenIdConnectConfiguration?> held)
    {
        // A token that cannot be judged, because the issuer's keys were never had, is not a bad one.
        if (await held is null)
        {
            await PassOrRefuseAsync(context, RpcStatus.KeysUnreachable);
            return;
        }

        if (await JudgeAsync(context) is { } caller)
        {
            context.Features.Set(caller);
            await next(context);
            return;
        }

        await PassOrRefuseAsync(context, RpcStatus.NoToken);
    }

    private Task PassOrRefuseAsync(HttpContext context, RpcStatus refusal) => IsOpen(context.Request.Path) ? next(context) : RefuseAsync(context, refusal);

    private static async ValueTask<Caller?> JudgeAsync(HttpContext context) =>
        await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme) is { Succeeded: true, Principal: { } accepted }
            ? Caller.Of(accepted)
            : null;

    // Read as the handler reads it, which judges what is not found.
    private static ReadOnlySpan<char> TokenOf(HttpRequest request)
    {
        const string scheme = JwtBearerDefaults.AuthenticationScheme + " ";
        return request.Headers.Authorization is [{ } header] && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? header.AsSpan(scheme.Length).Trim()
            : [];
    }

    private static bool IsOpen(PathString path)
    {
        foreach (var open in Open)
        {
            if (path == open)
            {
                return true;
            }
        }

        return false;
    }

    private static Task RefuseAsync(HttpContext context, RpcStatus refusal)
    {
        if (refusal == RpcStatus.NoToken)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = JwtBearerDefaults.AuthenticationScheme;
        }

        return StatusWriter.WriteAsync(context, refusal);
    }
}
