using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Publishing;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Checks documents as publishing would, and stores nothing.</summary>
    public override async Task<VerifyProtocolResponse> VerifyProtocol(VerifyProtocolRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        if (request.ProtocolYaml.IsEmpty)
        {
            faults.Invalid("protocol_yaml", "is required");
        }

        faults.ThrowIfAny();
        DecisionLookup.ThrowIfTooLarge(Math.Max(request.ProtocolYaml.Length, request.CasesYaml.Length), DocumentCheck.MaxBytes);
        var found = await desk.CheckAsync(request.ProtocolYaml.Memory, request.CasesYaml.Memory, context.CancellationToken);
        var response = new VerifyProtocolResponse { Name = found.Name, Digest = found.Digest, Certificate = found.Certificate };
        response.Faults.AddRange(found.Faults);
        return response;
    }
}
