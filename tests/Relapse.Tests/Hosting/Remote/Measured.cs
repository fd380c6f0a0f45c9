using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>What was counted since it was made, by result or reason. Tests that run beside count, too.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public Measured()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Relapse.Hosting")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
            {
                _counts.AddOrUpdate((string)tag.Value!, count, (_, sum) => sum + count);
            }
        });
        _listener.Start();
    }

    public long this[string what] => _counts.GetValueOrDefault(what);

    public void Dispose() => _listener.Dispose();
}
