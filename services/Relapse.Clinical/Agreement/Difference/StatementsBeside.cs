using Relapse.Contracts.Protocol.V1;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Clinical;

/// <summary>What stands beside the answers of two versions of one protocol and is not the same in both. No conclusion hangs on it, so that no region shows it.</summary>
public static class StatementsBeside
{
    /// <summary>What differs; nothing for documents of two protocols, each of which has its own.</summary>
    public static IEnumerable<BesideDifference> Compare(ProtocolDocument one, ProtocolDocument other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Id != other.Id ? [] :
        [
            .. Differing("modifier", one.Modifiers, other.Modifiers, modifier => modifier.Code),
            .. Differing("warning", one.Warnings, other.Warnings, warning => warning.Code),
            .. Differing("context", one.Context, other.Context, statement => statement.Id),
        ];
    }

    private static IEnumerable<BesideDifference> Differing<T>(string kind, IEnumerable<T> one, IEnumerable<T> other, Func<T, string> codeOf)
    {
        var (ofOne, ofOther) = (one.ToLookup(codeOf, StringComparer.Ordinal), other.ToLookup(codeOf, StringComparer.Ordinal));
        return ofOne.Concat(ofOther).Select(entries => entries.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(code => !ofOne[code].SequenceEqual(ofOther[code]))
            .Select(code => new BesideDifference { Kind = kind, Code = code, InOne = ofOne.Contains(code), InOther = ofOther.Contains(code) });
    }
}
