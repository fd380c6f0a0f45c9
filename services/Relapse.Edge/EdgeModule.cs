using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Relapse.Edge;

/// <summary>
/// What every process at a port shares: where it listens, who may call, how much it takes, what it measures, and how it
/// says no.
/// </summary>
public static class EdgeModule
{
    /// <summary>Reads <see cref="EdgeOptions"/> and adds listening, tokens, limits and telemetry.</summary>
    /// <exception cref="SettingsRefusedException">The configuration is wrong; every fault is listed.</exception>
    public static EdgeOptions AddRelapseEdge(this IHostApplicationBuilder builder)
    {
        var settings = new Settings(builder.Configuration);
        var options = EdgeOptions.Read(settings);
        settings.Refuse();
        builder.AddRelapseEdge(options);
        return options;
    }

    /// <summary>Adds listening, tokens, limits and telemetry with options already read.</summary>
    public static void AddRelapseEdge(this IHostApplicationBuilder builder, EdgeOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.Configure<KestrelServerOptions>(kestrel => Listening.Configure(kestrel, options));
        builder.Services.AddSingleton<OwnQuestions>();
        builder.Services.AddRateLimiter(_ => { }).AddOptions<RateLimiterOptions>().Configure<OwnQuestions>((limiter, own) => CallLimits.Configure(limiter, options, own));
        builder.Services.AddHostedService<Anonymity>();
        if (options.Oidc is { } oidc)
        {
            Tokens.Add(builder.Services, oidc);
        }

        Telemetry.Add(builder);
    }

    /// <summary>Puts the edge in front of everything mapped after it.</summary>
    public static WebApplication UseRelapseEdge(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<EdgeOptions>();
        app.Use(GrpcStatusTag.AddAsync);
        app.UseMiddleware<FailureBoundary>();
        app.UseRateLimiter();
        if (options.Oidc is null)
        {
            app.Use(EveryoneIsLocal);
        }
        else
        {
            app.UseMiddleware<TokenGate>();
        }

        app.Use((context, next) => CallLimits.LimitSize(context, next, options));
        return app;
    }

    private static Task EveryoneIsLocal(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(Caller.Local);
        return next(context);
    }
}
