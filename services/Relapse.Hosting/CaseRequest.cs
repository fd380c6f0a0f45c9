using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Hosting;

/// <summary>The checking that every request about a case has in common.</summary>
public static class CaseRequest
{
    /// <summary>Adds every fault of the case, on its own and against the words of the versions that are to decide.</summary>
    public static void Check(ProtocolCatalog catalog, RelapseCase? @case, ImmutableArray<ProtocolToEvaluate> versions, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (@case is null)
        {
            faults.Invalid("case", "required; an empty case is answered by what would have to be known");
            return;
        }

        faults.Invalid(CaseValidator.Validate(@case));
        if (@case.Established.Count == 0)
        {
            return;
        }

        faults.Invalid(CaseValidator.CheckEstablished(@case, [.. versions.Select(version => version.Protocol)]));
        // What is established for a protocol not asked for is left alone, but a name that is none would be left alone too. Without a version it
        // is of whichever is asked for, so that no label has to stand.
        foreach (var (index, established) in @case.Established.Index().Where(entry => entry.Item.Protocol.Length > 0))
        {
            ProtocolLookup.Known(catalog, established.Protocol, $"case.established[{index}].protocol", faults);
        }
    }
}
