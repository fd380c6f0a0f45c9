using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Words a fault of the tables for the author: where it stands, and the offending cell as a case.</summary>
internal static class CertificationFault
{
    /// <param name="read">The document.</param>
    /// <param name="part">The part of it that was looked at.</param>
    /// <param name="fault">What was found.</param>
    public static DocumentFault Describe(ReadDocument<ProtocolDocument> read, SoundPart part, Fault fault)
    {
        var path = part.PathBeside(fault.Decision) ?? PathOf(read.Message, fault);
        var example = fault.Example.IsEmpty ? "" : $" For example: {string.Join("; ", fault.Example.Where(part => !IsOfEngine(part)))}.";
        return read.FaultAt(path, CodeOf(fault.Kind), $"{fault.Message}{example}");
    }

    private static string CodeOf(FaultKind kind) => kind switch
    {
        FaultKind.Gap => FaultCode.Gap,
        FaultKind.Overlap => FaultCode.Overlap,
        FaultKind.DeadRule => FaultCode.DeadRule,
        FaultKind.TooLarge => FaultCode.TooLarge,
        FaultKind.TooMany => FaultCode.TooMany,
        _ => FaultCode.Structure,
    };

    private static string PathOf(ProtocolDocument document, Fault fault)
    {
        if (!document.Decisions.TryGetValue(fault.Decision, out var table))
        {
            return "decisions";
        }
        var rule = fault.RuleIds.IsEmpty ? -1 : table.Rules.Index().Where(entry => entry.Item.Id == fault.RuleIds[0]).Select(entry => entry.Index).DefaultIfEmpty(-1).First();
        return rule < 0 ? $"decisions.{fault.Decision}" : $"decisions.{fault.Decision}.rules[{rule}]";
    }

    /// <summary>Inputs that the engine adds and that no author wrote; an established conclusion is named when the fault needs one.</summary>
    private static bool IsOfEngine(Condition part) =>
        part.Input.StartsWith("open.", StringComparison.Ordinal)
        || (part.Input.StartsWith("established.", StringComparison.Ordinal) && part.Labels is [CompiledModel.Derived]);
}
