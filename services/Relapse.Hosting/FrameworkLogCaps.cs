using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Relapse.Hosting;

/// <summary>
/// Caps the framework's own log categories: at finer levels they write request lines, exception messages and parse
/// errors, and those can quote a value of a case. The cap holds whatever an operator configures, because it is applied
/// after every other rule, to each of them.
/// </summary>
internal sealed class FrameworkLogCaps : IPostConfigureOptions<LoggerFilterOptions>
{
    // The two call handlers log the exception of a message that cannot be read; our interceptor logs what is our bug.
    private static readonly (string Category, LogLevel Finest)[] Caps =
    [
        ("Microsoft.AspNetCore", LogLevel.Warning),
        ("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical),
        ("Grpc", LogLevel.Warning),
        ("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None),
        ("Grpc.AspNetCore.Grpc.JsonTranscoding.ServerCallHandler", LogLevel.None),
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        var configured = options.Rules.ToList();
        options.Rules.Clear();
        foreach (var rule in configured)
        {
            options.Rules.Add(Capped(rule));
        }

        // A rule of one provider beats a rule of all, so each provider that has a rule gets the caps as rules of its own.
        foreach (var provider in configured.Select(rule => rule.ProviderName).Append(null).Distinct(StringComparer.Ordinal))
        {
            foreach (var (category, finest) in Caps)
            {
                if (!configured.Any(rule => rule.ProviderName == provider && rule.CategoryName == category))
                {
                    options.Rules.Add(new LoggerFilterRule(provider, category, finest, filter: null));
                }
            }
        }
    }

    private static LoggerFilterRule Capped(LoggerFilterRule rule)
    {
        var finest = Caps.Where(cap => rule.CategoryName?.StartsWith(cap.Category, StringComparison.OrdinalIgnoreCase) is true)
            .Select(cap => cap.Finest).DefaultIfEmpty(LogLevel.Trace).Max();
        return rule.LogLevel >= finest ? rule : new LoggerFilterRule(rule.ProviderName, rule.CategoryName, finest, rule.Filter);
    }
}
