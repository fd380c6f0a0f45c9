using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Clinical;

namespace Relapse.Hosting.Protocols;

/// <summary>
/// The decisions of a service that answers under every protocol side by side. Comparing the shipped versions on them takes as long as all the
/// rest of a first answer, and hangs on nothing that a caller says: it is done while the process starts, where there is a processor to spare.
/// </summary>
/// <param name="Decisions">Well-known ids, in the order of the answers.</param>
public sealed record ComparedAtStart(ImmutableArray<string> Decisions)
{
    /// <summary>Begins, once the library is loaded, with what the services of the process compare. Nobody waits for it, and nothing hangs on it.</summary>
    internal static void Begin(Task<ProtocolCatalog> catalog, IServiceCollection services)
    {
        ImmutableArray<string> decisions = [.. services.Select(service => service.ImplementationInstance).OfType<ComparedAtStart>().SelectMany(compared => compared.Decisions)];
        if (decisions.IsEmpty || Environment.ProcessorCount == 1)
        {
            return;
        }

        _ = catalog.ContinueWith(
            loaded => ProtocolAgreement.Prepare([.. loaded.Result.Protocols.Select(entry => entry.Current).OfType<CompiledProtocol>().Select(current => new EvaluatedProtocol(current, []))], decisions),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.LongRunning,
            TaskScheduler.Default);
    }
}
