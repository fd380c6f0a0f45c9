using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Classification;

/// <summary>
/// Many cases of one call, each answered on its own: what is wrong with one, even our bug, is that one's status and ends no other.
/// </summary>
internal static class CohortItems
{
    /// <summary>Items in one message.</summary>
    public const int Most = 1000;

    private const int LongestId = 64;

    /// <summary>Ends the call when there are too many items; adds every fault of their ids.</summary>
    public static void Check(IReadOnlyList<CohortItem> items, FaultList faults)
    {
        FaultList.ThrowIfTooMany("items", items.Count, Most);
        var first = new Dictionary<string, int>(items.Count, StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var id = items[i].ItemId;
            if (id.Length > LongestId)
            {
                faults.Invalid(Field(i), $"must be at most {LongestId} characters");
            }
            else if (HasControl(id))
            {
                faults.Invalid(Field(i), "must not contain control characters");
            }
            else if (id.Length > 0 && !first.TryAdd(id, i))
            {
                faults.Invalid(Field(i), $"the same id as items[{first[id]}]");
            }
        }
    }

    private static string Field(int item) => $"items[{item}].item_id";

    private static bool HasControl(string id)
    {
        foreach (var character in id)
        {
            if (char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Answers one: what is wrong with it is its status.</summary>
    public static CohortItemResult Answer(CohortItem item, ClassificationCall call, string method, ILogger logger)
    {
        var result = new CohortItemResult { ItemId = item.ItemId };
        try
        {
            var faults = new FaultList();
            call.Check(item.Case, faults);
            if (faults.ToStatus() is { } status)
            {
                result.Error = status;
            }
            else
            {
                result.Classification = call.Answer(item.Case);
            }
        }
        catch (Exception bug)
        {
            result.Error = ItemFailure.Unexpected(logger, method, bug);
        }

        return result;
    }
}
