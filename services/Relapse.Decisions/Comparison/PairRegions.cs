using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A name over which differing regions are stated; <paramref name="Input"/> is null for a decision that both share.</summary>
internal sealed record PairName(Feed Feed, CommonInput? Input, bool ByRules);

/// <summary>A differing region: its values by name, and its raw cases.</summary>
internal sealed record PairRegion(ImmutableArray<ValueSet> Box, int Cases);

/// <summary>Where two decisions differ, ready to be asked about cases. Immutable.</summary>
internal sealed class PairRegions
{
    /// <summary>No regions: the two are one, or cannot be compared.</summary>
    public PairRegions(ComparisonResult result) => Result = result;

    public PairRegions(ComparisonResult result, DiagramStore store, ImmutableArray<PairName> names, ImmutableArray<PairRegion> regions)
    {
        (Result, Names, Regions) = (result, names, regions);
        var (which, differ) = (~0, DiagramStore.False);
        for (var region = 0; region < regions.Length; region++)
        {
            which = store.Select(regions[region].Cases, [which, ~(region + 1)]);
            differ = store.Or(differ, regions[region].Cases);
        }

        Which = new Diagram(store, which, regions.Length + 1);
        DifferingValues = [.. names.Select((name, position) => IsNamed(position) ? ValuesWhere(store, differ, name.Feed) : null)];
        AllValues = [.. names.Select((name, position) => IsNamed(position) ? ValuesWhere(store, DiagramStore.True, name.Feed) : null)];
    }

    public ComparisonResult Result { get; }

    public ImmutableArray<PairName> Names { get; } = [];

    public ImmutableArray<PairRegion> Regions { get; } = [];

    /// <summary>Over the common inputs, 1 and the number of the region in which a case lies, 0 for none; null when there are no regions.</summary>
    public Diagram? Which { get; }

    /// <summary>By name, its value in the cases in which the two differ; null for one that bounds no region.</summary>
    public ImmutableArray<Diagram?> DifferingValues { get; } = [];

    /// <summary>Likewise, in all cases.</summary>
    public ImmutableArray<Diagram?> AllValues { get; } = [];

    /// <summary>Whether a region is bounded by the name at a position.</summary>
    public bool Narrows(int region, int position) => Regions[region].Box[position] != Names[position].Feed.Shown.All;

    private bool IsNamed(int position) => Names[position].ByRules && Enumerable.Range(0, Regions.Length).Any(region => Narrows(region, position));

    /// <summary>In the cases given, the value of a name; elsewhere the last terminal.</summary>
    private static Diagram ValuesWhere(DiagramStore store, int cases, Feed name)
    {
        var shown = name.Shown.Count;
        var value = store.Select(name.Function, [.. Enumerable.Range(0, name.TerminalCount).Select(terminal => terminal < name.NoValue ? ~Math.Min(terminal, name.Values.Count) : ~shown)]);
        return new Diagram(store, store.Select(cases, [~shown, value]), shown + 1);
    }
}
