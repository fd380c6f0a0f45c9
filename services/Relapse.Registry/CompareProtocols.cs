using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Publishing;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>For which patients two versions, or two protocols, conclude differently.</summary>
    public override async Task<CompareProtocolsResponse> CompareProtocols(CompareProtocolsRequest request, ServerCallContext context)
    {
        DecisionLookup.ThrowIfTooLarge(request.OtherProtocolYaml.Length, DocumentCheck.MaxBytes);
        var faults = new FaultList();
        var catalog = protocols.Catalog;
        var one = ProtocolLookup.Asked(catalog, request.One, "one", faults);
        var other = await OtherAsync(catalog, request, faults, context.CancellationToken);
        if (one is null || other is null)
        {
            faults.ThrowIfAny();
        }

        var (ofOne, ofOther) = Readings(request.Readings, one!, other!, faults);
        var decisions = Decisions(request.Decision, one!, other!, faults);
        faults.ThrowIfAny();

        var response = new CompareProtocolsResponse { One = one!.Name, Other = other!.Name };
        if (request.Decision.Length == 0)
        {
            response.OnlyOne.AddRange(Only(one, other));
            response.OnlyOther.AddRange(Only(other, one));
            response.Beside.AddRange(StatementsBeside.Compare(one.Document, other.Document));
        }

        foreach (var decision in decisions)
        {
            response.Decisions.Add(await desk.DoAsync(() => ProtocolDifference.Compare(new(one, ofOne), new(other, ofOther), decision), context.CancellationToken));
        }

        return response;
    }

    private async Task<CompiledProtocol?> OtherAsync(ProtocolCatalog catalog, CompareProtocolsRequest request, FaultList faults, CancellationToken cancellation)
    {
        if (request.OtherProtocolYaml.IsEmpty)
        {
            return ProtocolLookup.Asked(catalog, request.Other, "other", faults);
        }

        if (request.Other.Length > 0)
        {
            faults.Invalid("other", "is not to be given together with other_protocol_yaml");
        }

        var sent = await desk.DoAsync(() => ProtocolCompiler.CompileTables(request.OtherProtocolYaml.Memory), cancellation);
        faults.Invalid([.. sent.Faults.Select(fault => new FieldFault("other_protocol_yaml", fault.ToString()))]);
        return sent.Protocol;
    }

    private static ImmutableArray<string> Decisions(string asked, CompiledProtocol one, CompiledProtocol other, FaultList faults)
    {
        if (asked.Length > 0)
        {
            return DecisionLookup.IsDefined(asked, "decision", faults, one, other) ? [asked] : [];
        }

        return [.. WellKnownDecisions.All.Where(id => one.Document.Decisions.ContainsKey(id) && other.Document.Decisions.ContainsKey(id))];
    }

    private static IEnumerable<string> Only(CompiledProtocol one, CompiledProtocol other) =>
        WellKnownDecisions.All.Where(id => one.Document.Decisions.ContainsKey(id) && !other.Document.Decisions.ContainsKey(id));

    private static (ImmutableArray<ChosenReading> One, ImmutableArray<ChosenReading> Other) Readings(
        RepeatedField<ReadingChoice> choices, CompiledProtocol one, CompiledProtocol other, FaultList faults)
    {
        Dictionary<string, ChosenReading> ofOne = new(StringComparer.Ordinal), ofOther = new(StringComparer.Ordinal);
        for (var index = 0; index < choices.Count; index++)
        {
            var (choice, field) = (choices[index], $"readings[{index}]");
            var named = 0;
            foreach (var (protocol, chosen) in new[] { (one, ofOne), (other, ofOther) }.Where(side => Names(choice.Protocol, side.Item1)))
            {
                named++;
                if (protocol.CheckReading(choice.Reading, choice.Value) is { } description)
                {
                    faults.Invalid(field + (protocol.Document.Readings.ContainsKey(choice.Reading) ? ".value" : ".reading"), description);
                }
                else if (!chosen.TryAdd(choice.Reading, new ChosenReading(choice.Reading, choice.Value)))
                {
                    faults.Invalid(field + ".reading", "the same reading as an entry before it");
                }
            }

            if (named == 0)
            {
                faults.Invalid(field + ".protocol", "is neither of the two that are compared");
            }
        }

        return ([.. ofOne.Values], [.. ofOther.Values]);
    }

    private static bool Names(string name, CompiledProtocol protocol) => name == protocol.Name || name == "protocols/" + protocol.Id;
}
