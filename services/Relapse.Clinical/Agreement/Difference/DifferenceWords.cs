using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Says in sentences for whom two protocols conclude differently. A conclusion never stands without its protocol.</summary>
internal sealed class DifferenceWords
{
    /// <summary>As many kinds of relapse as are named in one sentence; more are counted.</summary>
    private const int Few = 12;

    private readonly ComparedSide _one;
    private readonly ComparedSide _other;
    private readonly ImmutableDictionary<string, string> _counterparts;
    private readonly DecisionDifferences _differences;
    private readonly LookedAt _looked;
    private readonly RelapseWords _relapses;
    private readonly ImmutableHashSet<string> _coveredAlike;

    /// <param name="one">The one side.</param>
    /// <param name="other">The other side.</param>
    /// <param name="counterparts">Words of the one that stand for words of the other.</param>
    /// <param name="differences">How they differ.</param>
    /// <param name="looked">The measurements that they look at.</param>
    public DifferenceWords(ComparedSide one, ComparedSide other, ImmutableDictionary<string, string> counterparts, DecisionDifferences differences, LookedAt looked)
    {
        (_one, _other, _counterparts, _differences, _looked) = (one, other, counterparts, differences, looked);
        // Both are asked for labels apart, since the two may be of one name.
        _relapses = new RelapseWords(one, other, new ProtocolWords([one.Protocol]));
        var facts = new ComparedFacts(differences.Inputs, [one, other]);
        _coveredAlike = [.. facts.ScopeOf(0).Intersect(facts.ScopeOf(1)).Select(scope => differences.Inputs[scope.Input].Name)];
        One = one.Protocol.Id != other.Protocol.Id ? one.Protocol.Id : $"{one.Protocol.Id} {one.Protocol.Version}";
        Other = one.Protocol.Id != other.Protocol.Id ? other.Protocol.Id
            : one.Protocol.Version != other.Protocol.Version || one.Protocol == other.Protocol ? $"{other.Protocol.Id} {other.Protocol.Version}"
            : $"{other.Protocol.Id} {other.Protocol.Version} as sent";
    }

    private string One { get; }

    private string Other { get; }

    public string Patients(DifferingCases region)
    {
        var conditions = Shown(region);
        var clocks = conditions.Where(condition => ClockWords.IsClock(condition.Name)).ToList();
        return _relapses.Patients(conditions) + (ClockSpanWords.ByLengthOfTherapy(clocks) is { } hangs ? $". {hangs}" : "");
    }

    public string Summary()
    {
        if (_differences.IsTooLarge)
        {
            return $"{One} and {Other} cannot be compared, since their tables are too large together.";
        }

        if (!_differences.IsCompared)
        {
            return $"{One} and {Other} cannot be compared, since each has words of its own for what it looks at.";
        }

        string[] sentences = [.. _looked.Apart.Select(Apart), .. Counterparts(), Differing(), .. Hangs(), .. Starts()];
        return string.Join(" ", sentences.Select(sentence => ProtocolWords.Sentence(sentence) + "."));
    }

    public IEnumerable<string> NotComparable() => _looked.Apart.Select(name => $"mrd_{name}: {Results(name)}{(_looked.InCommon(name) is { } both ? $"; compared by {both}" : "; left open")}")
        .Concat(_differences.IsTooLarge ? ["the tables of the two have too many combinations together to be compared"] : Array.Empty<string>())
        .Concat(_differences.Incomparable.Select(name => $"{Named(name)}: the two have no value in common"))
        .Concat(_differences.OneSided.Select(value => $"{Named(value.Input)}: only {(value.Side == Relapse.Decisions.ComparedSide.A ? One : Other)} has {value.Label}"));

    private string Results(string measurement) => $"{One} {LookedAt.Say(_one, measurement)}; {Other} {LookedAt.Say(_other, measurement)}";

    private string Apart(string name) => _looked.InCommon(name) is { } both
        ? $"{Results(name)}; compared by what both look at, {both}"
        : $"{Results(name)}; what these show is left open on both sides";

    private IEnumerable<string> Counterparts()
    {
        string[] pairs = [.. _counterparts.Select(pair => $"{pair.Key} in {One} and {pair.Value} in {Other}").Order(StringComparer.Ordinal)];
        return pairs.Length == 0 ? [] : [$"{ProtocolWords.And(pairs)} are taken for one class under {(pairs.Length == 1 ? "two names" : "two names each")}: each is the only word that the other protocol lacks and that covers some of the same patients"];
    }

    private string Differing()
    {
        if (_differences.Regions.IsEmpty)
        {
            return $"for no patient do {One} and {Other} conclude differently";
        }

        var clauses = _differences.Regions
            .GroupBy(region => $"{ProtocolWords.Or(region.ConclusionsA)} in {One} and {ProtocolWords.Or(region.ConclusionsB)} in {Other}", StringComparer.Ordinal)
            .Select(group => $"{group.Key} for {Kinds([.. group])}");
        return $"{string.Join("; ", clauses)}{(_differences.IsTruncated ? "; and more" : _differences.Regions.Length > 1 ? ", and nowhere else" : "")}";
    }

    private string Kinds(List<DifferingCases> regions)
    {
        string[] kinds = [.. regions.Select(region => _relapses.Patients(Shown(region))).Distinct(StringComparer.Ordinal)];
        return kinds.Length > Few ? $"{kinds.Length} kinds of relapse" : string.Join(kinds.Length > 2 ? "; for " : " and for ", kinds);
    }

    private IEnumerable<string> Hangs() => _differences.Regions.Length > Few ? [] : _differences.Regions
        .Select(region => ClockSpanWords.ByLengthOfTherapy([.. Shown(region).Where(condition => ClockWords.IsClock(condition.Name))]) is { } hangs
            ? $"{hangs} ({ProtocolWords.Or(region.ConclusionsA)} in {One}, {ProtocolWords.Or(region.ConclusionsB)} in {Other})"
            : null)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);

    /// <summary>Two that count from other starts say so, since that is why.</summary>
    private IEnumerable<string> Starts()
    {
        var clocks = _differences.Regions.Any(region => Shown(region).Any(condition => ClockWords.IsClock(condition.Name)));
        var (one, other) = clocks ? (ClockWords.Starts(_one), ClockWords.Starts(_other)) : ("", "");
        return one == other ? [] : [$"they count from different starts, {One} from {one} and {Other} from {other}"];
    }

    /// <summary>What a scope asks of everyone says nothing of the kind of relapse, unless it is a scope that they differ on.</summary>
    private List<RegionCondition> Shown(DifferingCases region)
    {
        var byScope = region.ConclusionsA.Concat(region.ConclusionsB).Contains(CompiledDecision.OutOfScope);
        return [.. _relapses.Telling(region.Conditions.Where(condition => (byScope && !_coveredAlike.Contains(condition.Name)) || _differences.ByRules.Contains(condition.Name)))];
    }

    private string Named(string input) => FindingWords.Of(input, _one.Protocol, _other.Protocol) ?? input;
}
