using System.Collections.Immutable;
using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical;

/// <summary>
/// Names of MRD inputs in a comparison. What two protocols call the level of the deciding result is one number only when it is one result:
/// each protocol has time points of its own. So the name says which it is.
/// </summary>
internal static class MeasuredInputs
{
    private const char Separator = '/';
    private const string At = " @";

    /// <summary>The name of the fact, without what tells it from that of another protocol.</summary>
    public static string Plain(string name) => name.Split(Separator)[0];

    /// <summary>Of which time points the results are; none when that is not said.</summary>
    public static ImmutableArray<TimePoint> TimePoints(string name) => name.LastIndexOf(At, StringComparison.Ordinal) is >= 0 and var at && ulong.TryParse(name[(at + At.Length)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var points)
        ? [.. Enum.GetValues<TimePoint>().Where(point => (points >> (int)point & 1) != 0)]
        : [];

    /// <summary>Whatever the case: two protocols mean the same when they look at the same results.</summary>
    public static ImmutableSortedDictionary<string, string> ByMeasure(CompiledProtocol protocol) => Names(protocol, Mark);

    /// <summary>
    /// For one case: levels are one number also when they are of the same results, whatever else each protocol would take; how the method
    /// stands to the protocol's own is a matter of the protocol.
    /// </summary>
    public static ImmutableSortedDictionary<string, string> ByResult(CompiledProtocol protocol, CaseFacts facts) => Names(protocol, fact =>
        fact.IsNumber && facts.Select(fact.Measure!) is { Used.IsEmpty: false } selected ? $"result {string.Join(' ', selected.Used)} {string.Join(' ', selected.MayCount)}".TrimEnd() + $"{At}{facts.TimePointsOf(selected):x}" : Mark(fact));

    private static string Mark(FactDefinition fact)
    {
        var measure = fact.Measure!;
        return $"{measure.Name} {measure.TimePoints:x} {measure.Specimens:x} {measure.Methods:x} {measure.NotAfter:x} {measure.Provided} {measure.Excluded:x}{At}{measure.TimePoints:x}";
    }

    private static ImmutableSortedDictionary<string, string> Names(CompiledProtocol protocol, Func<FactDefinition, string> mark) => protocol.Bindings
        .Select(binding => binding switch { WordInput word => word.Definition, NumberInput number => number.Fact, _ => null })
        .OfType<FactDefinition>()
        .Where(fact => fact.Measure is not null)
        .ToImmutableSortedDictionary(fact => fact.Id, fact => $"{fact.Id}{Separator}{mark(fact)}", StringComparer.Ordinal);
}
