using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Assessment;

/// <summary>
/// What is asked before a part is published: whether every service that has an event to publish publishes any. One that does not would
/// refuse the whole when the others have published already.
/// </summary>
internal static class EventCheck
{
    /// <summary>Adds that one of the services publishes nothing. One that says nothing is heard of when its part is asked for.</summary>
    /// <param name="lines">The lines to the services.</param>
    /// <param name="parts">The parts asked for.</param>
    /// <param name="options">How the services are asked.</param>
    /// <param name="faults">Where to add it.</param>
    public static async Task AddFaultsAsync(ClinicalLines lines, IEnumerable<Part> parts, CallOptions options, FaultList faults)
    {
        var caller = options.CancellationToken;
        var services = await Task.WhenAll(parts.Select(part => part switch
        {
            Part.Classification => InfoAsync(async () => (await lines.Classification.GetServiceInfoAsync(new(), options)).Info, caller),
            Part.Mrd => InfoAsync(async () => (await lines.Mrd.GetServiceInfoAsync(new(), options)).Info, caller),
            Part.Eligibility => InfoAsync(async () => (await lines.Transplant.GetServiceInfoAsync(new(), options)).Info, caller),
            _ => Task.FromResult<ServiceInfo?>(null),
        }));
        if (services.Any(service => service is { PublishesEvents: false }))
        {
            faults.EventsNotConfigured();
        }
    }

    private static async Task<ServiceInfo?> InfoAsync(Func<Task<ServiceInfo>> ask, CancellationToken caller)
    {
        try
        {
            return await ask();
        }
        catch (RpcException) when (!caller.IsCancellationRequested)
        {
            return null;
        }
    }
}
