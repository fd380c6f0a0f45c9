using Grpc.Core;
using Relapse.Clinical.Dmn;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Publishing;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    private const string DmnFile = "dmn";
    private const string NotLossless = "NOT_LOSSLESS";

    /// <summary>The tables of a DMN file as parts of a protocol.yaml.</summary>
    public override async Task<ImportDecisionsResponse> ImportDecisions(ImportDecisionsRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        if (request.Dmn.IsEmpty)
        {
            faults.Invalid("dmn", "is required");
        }

        faults.ThrowIfAny();
        DecisionLookup.ThrowIfTooLarge(request.Dmn.Length, DocumentCheck.MaxBytes);
        var read = await desk.DoAsync(() => DmnImport.Read(request.Dmn.Memory), context.CancellationToken);
        var response = new ImportDecisionsResponse { Yaml = read.Faults.IsEmpty ? DecisionYaml.Write(read) : "" };
        response.Decisions.AddRange(read.Decisions.Select(decision => decision.Id));
        response.Faults.AddRange(read.Faults.Select(fault => new DocumentFault { File = DmnFile, Line = fault.Line, Column = fault.Column, Code = NotLossless, Detail = fault.Why }));
        return response;
    }
}
