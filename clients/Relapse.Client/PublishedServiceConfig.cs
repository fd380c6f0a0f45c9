using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Relapse.Client;

/// <summary>
/// The service config that is published beside the protos, in gRPC's own JSON; callers in other languages hand the same file to their
/// channel. It is the one place where the policy stands.
/// </summary>
internal static class PublishedServiceConfig
{
    private const string Resource = "service-config.json";

    public static ServiceConfig Read()
    {
        using var json = typeof(PublishedServiceConfig).Assembly.GetManifestResourceStream(Resource)!;
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var config = new ServiceConfig { RetryThrottling = Throttling(root.GetProperty("retryThrottling")) };
        foreach (var method in root.GetProperty("methodConfig").EnumerateArray())
        {
            config.MethodConfigs.Add(Methods(method));
        }

        return config;
    }

    /// <summary>Full names of the methods that are named without a policy, so that nothing makes them twice.</summary>
    public static IReadOnlySet<string> NotRetried(ServiceConfig config) =>
        config.MethodConfigs.Where(methods => methods.RetryPolicy is null).SelectMany(methods => methods.Names).Select(name => $"/{name.Service}/{name.Method}").ToHashSet(StringComparer.Ordinal);

    // Methods named without a policy are not retried, though their service is.
    private static MethodConfig Methods(JsonElement json)
    {
        var methods = new MethodConfig { RetryPolicy = json.TryGetProperty("retryPolicy", out var policy) ? Policy(policy) : null };
        foreach (var name in json.GetProperty("name").EnumerateArray())
        {
            methods.Names.Add(new MethodName
            {
                Service = name.GetProperty("service").GetString(),
                Method = name.TryGetProperty("method", out var method) ? method.GetString() : null,
            });
        }

        return methods;
    }

    private static RetryPolicy Policy(JsonElement json)
    {
        var policy = new RetryPolicy
        {
            MaxAttempts = json.GetProperty("maxAttempts").GetInt32(),
            InitialBackoff = Seconds(json.GetProperty("initialBackoff")),
            MaxBackoff = Seconds(json.GetProperty("maxBackoff")),
            BackoffMultiplier = json.GetProperty("backoffMultiplier").GetDouble(),
        };
        foreach (var code in json.GetProperty("retryableStatusCodes").EnumerateArray())
        {
            policy.RetryableStatusCodes.Add(Code(code.GetString()!));
        }

        return policy;
    }

    private static RetryThrottlingPolicy Throttling(JsonElement json) => new()
    {
        MaxTokens = json.GetProperty("maxTokens").GetInt32(),
        TokenRatio = json.GetProperty("tokenRatio").GetDouble(),
    };

    // A duration in proto3 JSON: `0.2s`.
    private static TimeSpan Seconds(JsonElement json) =>
        TimeSpan.FromSeconds(double.Parse(json.GetString()!.TrimEnd('s'), CultureInfo.InvariantCulture));

    // The canonical name of a code: `RESOURCE_EXHAUSTED`.
    private static StatusCode Code(string name) => Enum.Parse<StatusCode>(name.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);
}
