using Relapse.Clinical;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Assessment.Cohorts;

/// <summary>A cohort under two versions, on one decision: item by item whether it moved, and at last the cross-table.</summary>
/// <param name="one">The one.</param>
/// <param name="other">The other.</param>
/// <param name="decision">Id of the decision, which both define.</param>
internal sealed class CohortCrossTable(CompiledProtocol one, CompiledProtocol other, string decision)
{
    // Ids and conclusions are words without commas.
    private const char Comma = ',';

    private readonly Dictionary<(string One, string Other), long> _cells = [];
    private readonly Dictionary<(string One, string Other), long> _settled = [];
    private readonly Dictionary<(string One, string Other), long> _moving = [];
    private long _items;
    private long _refused;
    private long _moved;

    /// <summary>Counts an item that was refused.</summary>
    public void Refuse() => (_items, _refused) = (_items + 1, _refused + 1);

    /// <summary>Counts an item; null when the two conclude alike of it.</summary>
    public Mover? Add(string itemId, ItemAnswer answer)
    {
        var (here, there) = (Side(answer, one), Side(answer, other));
        _items++;
        Count(_cells, here.Possible, there.Possible);
        if (here is { Possible: [var first] } && there is { Possible: [var second] } && IsSettled(here) && IsSettled(there))
        {
            _settled[(first, second)] = _settled.GetValueOrDefault((first, second)) + 1;
        }

        // Two documents may list the same words in another order.
        if (here.Possible.ToHashSet(StringComparer.Ordinal).SetEquals(there.Possible))
        {
            return null;
        }

        _moved++;
        Count(_moving, here.Rules, there.Rules);
        return new Mover
        {
            ItemId = itemId,
            One = here,
            Other = there,
            Partings = { answer.Agreements.Where(agreement => agreement.Decision == decision).SelectMany(agreement => agreement.Partings) },
        };
    }

    /// <summary>What was counted.</summary>
    public CohortComparison Comparison() => new()
    {
        One = one.Name,
        Other = other.Name,
        Decision = decision,
        Items = _items,
        Refused = _refused,
        Moved = _moved,
        Cells =
        {
            _cells.OrderBy(cell => Place(cell.Key.One, one)).ThenBy(cell => cell.Key.One, StringComparer.Ordinal).ThenBy(cell => Place(cell.Key.Other, other)).ThenBy(cell => cell.Key.Other, StringComparer.Ordinal)
                .Select(cell => new ComparisonCell { One = { Words(cell.Key.One) }, Other = { Words(cell.Key.Other) }, Items = cell.Value }),
        },
        MovingRules =
        {
            _moving.OrderByDescending(rules => rules.Value).ThenBy(rules => rules.Key.One, StringComparer.Ordinal).ThenBy(rules => rules.Key.Other, StringComparer.Ordinal)
                .Select(rules => new MovingRules { One = { Words(rules.Key.One) }, Other = { Words(rules.Key.Other) }, Items = rules.Value }),
        },
        Agreement = CohenKappa.Of(_settled),
    };

    private static bool IsSettled(ComparedSide side) => side.Outcome is Outcome.Determined or Outcome.Conditional;

    private static void Count(Dictionary<(string, string), long> counts, IEnumerable<string> here, IEnumerable<string> there)
    {
        var key = (string.Join(Comma, here), string.Join(Comma, there));
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    private static string[] Words(string joined) => joined.Length == 0 ? [] : joined.Split(Comma);

    // Single conclusions in the order of the document, then sets of several, then none.
    private int Place(string joined, CompiledProtocol protocol)
    {
        var words = protocol.Document.Decisions[decision].Conclusions;
        return joined.Length == 0 ? int.MaxValue : words.IndexOf(joined) is >= 0 and var place ? place : words.Count;
    }

    private ComparedSide Side(ItemAnswer answer, CompiledProtocol protocol)
    {
        var decided = answer.Decisions.First(found => found.Protocol == protocol.Name && found.Decision_ == decision);
        return new ComparedSide { Outcome = decided.Outcome, Possible = { decided.Possible }, Rules = { decided.Because.Select(because => because.Rule).Order(StringComparer.Ordinal) } };
    }
}
