using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Relapse.Edge;

/// <summary>
/// Lets nobody in without a token, where tokens are asked for: probes and the contract excepted, which say nothing of
/// anybody. What a token allows is decided further in, where it is known what is called.
/// </summary>
internal sealed class TokenGate(RequestDelegate next, EdgeOptions options)
{
    private static readonly string[] Open = ["/healthz/live", "/healthz/ready", "/grpc.health.v1.Health/Check", "/openapi.json", "/docs/contract", "/"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (options.Oidc is null)
        {
            context.Features.Set(Caller.Local);
        }
        else if (await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme) is { Succeeded: true, Principal: { } accepted })
        {
            context.Features.Set(Caller.Of(accepted));
        }
        else if (!IsOpen(context.Request.Path))
        {
            await RefuseAsync(context);
            return;
        }

        await next(context);
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

    private static async Task RefuseAsync(HttpContext context)
    {
        // A token that cannot be judged, because the issuer's keys were never had, is not a bad one.
        if (context.Request.Headers.Authorization.Count > 0 && !await HasKeysAsync(context))
        {
            await StatusWriter.WriteAsync(context, RpcStatus.KeysUnreachable);
            return;
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = JwtBearerDefaults.AuthenticationScheme;
        await StatusWriter.WriteAsync(context, RpcStatus.NoToken);
    }

    private static async Task<bool> HasKeysAsync(HttpContext context)
    {
        var bearer = ((IOptionsMonitor<JwtBearerOptions>)context.RequestServices.GetService(typeof(IOptionsMonitor<JwtBearerOptions>))!)
            .Get(JwtBearerDefaults.AuthenticationScheme);
        try
        {
            await bearer.ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
            return true;
        }
        catch (Exception unreachable) when (unreachable is InvalidOperationException or IOException or ArgumentException)
        {
            return false;
        }
    }
}
