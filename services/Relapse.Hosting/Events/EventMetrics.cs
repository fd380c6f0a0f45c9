using System.Diagnostics.Metrics;

namespace Relapse.Hosting.Events;

/// <summary>What is counted of events. No value is anything of a case.</summary>
internal static class EventMetrics
{
    private static readonly Meter Meter = new("Relapse.Hosting");

    private static readonly Counter<long> Events = Meter.CreateCounter<long>(
        "relapse.events.published", "{event}", "Events sent, by type and by what the broker said: acknowledged, refused, not_acknowledged.");

    public static void Published(EventType type, Acknowledgement said) => Events.Add(
        1, KeyValuePair.Create<string, object?>("type", type.Name), KeyValuePair.Create<string, object?>("result", NameOf(said)));

    private static string NameOf(Acknowledgement said) => said switch
    {
        Acknowledgement.Acknowledged => "acknowledged",
        Acknowledgement.Refused => "refused",
        _ => "not_acknowledged",
    };
}
