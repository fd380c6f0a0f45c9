using System.Text.RegularExpressions;
using Relapse.Edge;

namespace Relapse.Hosting.Events;

/// <summary>Where and how events are published. Without an address none are.</summary>
internal sealed partial record EventOptions
{
    private const string AddressName = "RELAPSE_DAPR_ADDRESS";
    private const string PubsubName = "RELAPSE_EVENTS_PUBSUB";
    private const string TopicName = "RELAPSE_EVENTS_TOPIC";
    private const string SecondsName = "RELAPSE_EVENTS_SECONDS";

    /// <summary>The sidecar's gRPC port, http or https. RELAPSE_DAPR_ADDRESS.</summary>
    public required Uri Address { get; init; }

    /// <summary>Name of the pub/sub component. RELAPSE_EVENTS_PUBSUB; default <c>pubsub</c>.</summary>
    public required string Pubsub { get; init; }

    /// <summary>One topic for every event. RELAPSE_EVENTS_TOPIC; null: each kind has the topic of its name.</summary>
    public required string? Topic { get; init; }

    /// <summary>Seconds after which an event counts as not acknowledged. RELAPSE_EVENTS_SECONDS; default 5.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>What the sidecar asks of those who call it. DAPR_API_TOKEN, as Dapr itself sets it; null: nothing.</summary>
    public required string? ApiToken { get; init; }

    /// <summary>Reads the options; null when nothing is published. Faults stay with <paramref name="settings"/> until it refuses.</summary>
    public static EventOptions? Read(Settings settings)
    {
        var (address, pubsub, topic) = (settings.Text(AddressName, ""), settings.Text(PubsubName, "pubsub"), settings.Text(TopicName, ""));
        var patience = settings.Number(SecondsName, 5, 1, 60);
        foreach (var (name, value) in new[] { (PubsubName, pubsub), (TopicName, topic) })
        {
            if (value.Length > 0 && !NameOfDapr().IsMatch(value))
            {
                settings.Fault(name, "is not a name of letters, digits, dots, hyphens and underscores, at most 128");
            }
        }

        if (address.Length == 0)
        {
            foreach (var name in new[] { PubsubName, TopicName, SecondsName }.Where(name => settings.Text(name, "").Length > 0))
            {
                settings.Fault(name, $"is set and {AddressName} is not; nothing is published without a sidecar");
            }

            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.UserInfo.Length > 0 || url.PathAndQuery != "/")
        {
            settings.Fault(AddressName, "is not http://host:port or https://host:port of a sidecar's gRPC port");
            return null;
        }

        return new EventOptions
        {
            Address = url,
            Pubsub = pubsub,
            Topic = topic.Length > 0 ? topic : null,
            Patience = TimeSpan.FromSeconds(patience),
            ApiToken = settings.Text("DAPR_API_TOKEN", "") is { Length: > 0 } token ? token : null,
        };
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,128}$")]
    private static partial Regex NameOfDapr();
}
