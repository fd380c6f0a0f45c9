using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>The published figures and statements, checked. Immutable; no message of it is to be changed.</summary>
internal sealed class EvidenceLibrary
{
    private static readonly Lazy<EvidenceLibrary> _shipped = new(() => EvidenceLoader.Load(EvidenceFiles.Shipped()));

    public EvidenceLibrary(
        LibraryFile words,
        ImmutableArray<EvidenceRow> rows,
        ImmutableArray<EvidenceStatement> statements,
        ImmutableArray<Omitted> omitted,
        IReadOnlyDictionary<string, EvidenceSource> sources,
        int restrictions,
        string digest)
    {
        (Words, Rows, Statements, Omitted, RestrictionCount) = (words, rows, statements, omitted, restrictions);
        Sources = sources.ToFrozenDictionary(StringComparer.Ordinal);
        ById = rows.ToFrozenDictionary(row => row.Id, StringComparer.Ordinal);
        Used = [.. rows.Where(row => row.Figure.SupersededBy.Length == 0)];
        Schemes =
        [
            .. rows.Select(row => row.Population).Concat(statements.Select(statement => statement.Population)).SelectMany(WordsOf).Concat(General())
                .GroupBy(named => (named.Scheme, named.Decision), named => named.Classes)
                .OrderBy(decision => decision.Key)
                .Select(decision => new SchemeWords(decision.Key.Scheme, decision.Key.Decision, [.. decision.SelectMany(classes => classes).Distinct().Order(StringComparer.Ordinal)])),
        ];
        Agents = [.. rows.Select(row => row.Population.When).SelectMany(when => when.WithoutAgents.Append(when.Agent)).Concat(words.Regimens.Values.SelectMany(regimen => regimen.WithoutAgents)).Where(agent => agent.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        Reference = new ReferenceData { Name = "evidence", Version = words.Version, Digest = digest };
    }

    /// <summary>What the product ships.</summary>
    /// <exception cref="EvidenceException">A file has a fault; every fault is listed.</exception>
    public static EvidenceLibrary Shipped => _shipped.Value;

    /// <summary>What all rows share.</summary>
    public LibraryFile Words { get; }

    /// <summary>Every figure by id, superseded ones too.</summary>
    public ImmutableArray<EvidenceRow> Rows { get; }

    /// <summary>Those that are not superseded, by id.</summary>
    public ImmutableArray<EvidenceRow> Used { get; }

    public FrozenDictionary<string, EvidenceRow> ById { get; }

    /// <summary>Every statement that is not superseded, in the order of the file.</summary>
    public ImmutableArray<EvidenceStatement> Statements { get; }

    /// <summary>Figures that are not shipped.</summary>
    public ImmutableArray<Omitted> Omitted { get; }

    public FrozenDictionary<string, EvidenceSource> Sources { get; }

    /// <summary>How many different restrictions the populations of rows and statements have; their indices are below.</summary>
    public int RestrictionCount { get; }

    /// <summary>The decisions that rows look at, each with the id of the protocol in whose words, sorted.</summary>
    public ImmutableArray<SchemeWords> Schemes { get; }

    /// <summary>The agents that rows or regimens name, sorted.</summary>
    public ImmutableArray<string> Agents { get; }

    /// <summary>The version of the library, as receipts name it.</summary>
    public ReferenceData Reference { get; }

    private static IEnumerable<(string Scheme, string Decision, IEnumerable<string> Classes)> WordsOf(EvidencePopulation population)
    {
        foreach (var when in population.Alternatives.Select(alternative => alternative.When).Append(population.When))
        {
            if (when.Timing is { } timing)
            {
                yield return (timing.Scheme, SchemeDecisions.Timing, timing.Classes);
            }
            if (when.RiskGroup is { } group)
            {
                yield return (group.Scheme, SchemeDecisions.RiskGroup, group.Classes);
            }
        }
    }

    private IEnumerable<(string Scheme, string Decision, IEnumerable<string> Classes)> General() => SchemeDecisions.General.Select(decision => (Words.GeneralScheme, decision, Enumerable.Empty<string>()));
}

/// <summary>What rows name of one decision of one scheme.</summary>
/// <param name="Scheme">Id of the protocol.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Classes">The conclusions that rows name, sorted; those of no scheme are checked with each row.</param>
internal sealed record SchemeWords(string Scheme, string Decision, ImmutableArray<string> Classes);

/// <summary>A figure with its population made ready and its places in print.</summary>
internal sealed record EvidenceRow(Figure Figure, EvidencePopulation Population, ImmutableArray<Citation> Citations)
{
    public string Id => Figure.Id;
}

/// <summary>A statement, likewise.</summary>
internal sealed record EvidenceStatement(Statement Statement, EvidencePopulation Population, ImmutableArray<Citation> Citations);

/// <summary>Ids of the decisions that rows look at.</summary>
internal static class SchemeDecisions
{
    public const string Timing = "timing";
    public const string RiskGroup = "risk_group";
    public const string Site = "relapse_site";
    public const string ExtramedullarySite = "extramedullary_site";
    public const string Remission = "remission";
    public const string Refractory = "refractory";

    /// <summary>Those that belong to no scheme of the source.</summary>
    public static ImmutableArray<string> General { get; } = [Site, ExtramedullarySite, Remission, Refractory];
}

/// <summary>The library cannot be used.</summary>
internal sealed class EvidenceException(ImmutableArray<string> faults)
    : Exception($"The evidence library has {faults.Length} fault(s):{Environment.NewLine}{string.Join(Environment.NewLine, faults)}")
{
    public ImmutableArray<string> Faults { get; } = faults;
}
