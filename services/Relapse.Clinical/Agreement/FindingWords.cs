using System.Collections.Frozen;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>What a rule leaves open, as it is spoken of: by what is to be looked at again, and never by the id of the rule.</summary>
internal static class FindingWords
{
    private const string Open = "open.";

    /// <summary>By the last word of the path of the field that would settle it.</summary>
    private static readonly FrozenDictionary<string, string> _examinations = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["csf"] = "another sample of cerebrospinal fluid",
        ["marrow"] = "another marrow",
        ["mrd"] = "another result of residual disease",
        ["responses"] = "the response",
        ["biopsy_positive"] = "a biopsy of the testis",
        ["contralateral_biopsy_positive"] = "a biopsy of the other testis",
        ["residual_biopsy_positive"] = "a biopsy of what is left",
        ["testes_normal"] = "an examination of the testes",
        ["other_sites_clear"] = "an examination of the other sites",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>In words; null for an input that is no finding to come.</summary>
    /// <param name="name">The input.</param>
    /// <param name="protocols">The protocols whose rules may leave it open.</param>
    public static string? Of(string name, params IEnumerable<CompiledProtocol> protocols)
    {
        if (!name.StartsWith(Open, StringComparison.Ordinal))
        {
            return null;
        }

        var settledBy = SettledBy(name, protocols) ?? "";
        return _examinations.TryGetValue(settledBy[(settledBy.LastIndexOf('.') + 1)..], out var examination)
            ? $"what {examination} shows"
            // The name is made of the decision and of the rule's own id.
            : $"a finding still to come on {ProtocolWords.Spoken(name[Open.Length..name.LastIndexOf('.')])}";
    }

    /// <summary>Whether a condition is that a finding shows any of what it may.</summary>
    public static bool IsAny(RegionCondition condition, params IEnumerable<CompiledProtocol> protocols) => protocols.Any(protocol =>
        protocol.Model.InputIndex(condition.Name) is >= 0 and var input
        && protocol.Bindings[input] is OpenInput
        && protocol.Model.Inputs[input].Domain.Values.All(condition.Labels.Contains));

    /// <summary>The path of the field that would settle it; null when none of the protocols leaves it open.</summary>
    public static string? SettledBy(string name, IEnumerable<CompiledProtocol> protocols) => protocols
        .Select(protocol => protocol.Model.InputIndex(name) is >= 0 and var input ? (protocol.Bindings[input] as OpenInput)?.SettledBy : null)
        .FirstOrDefault(path => path is not null);
}
