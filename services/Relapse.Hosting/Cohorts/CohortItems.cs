using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Errors;
using Status = Google.Rpc.Status;

namespace Relapse.Hosting.Cohorts;

/// <summary>
/// Many cases of one call, each answered on its own: what is wrong with one, even our bug, is that one's status and ends no other.
/// </summary>
public static class CohortItems
{
    /// <summary>Items in one message.</summary>
    public const int Most = 1000;

    private const int LongestId = 64;

    /// <summary>Ends the call when there are too many items; adds every fault of their ids.</summary>
    public static void Check<TItem>(IReadOnlyList<TItem> items, Func<TItem, string> idOf, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(idOf);
        ArgumentNullException.ThrowIfNull(faults);
        FaultList.ThrowIfTooMany("items", items.Count, Most);
        var first = new Dictionary<string, int>(items.Count, StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var id = idOf(items[i]);
            if (id.Length > LongestId)
            {
                faults.Invalid(Field(i), $"must be at most {LongestId} characters");
            }
            else if (id.AsSpan().ContainsAnyInRange('\0', '\u001f') || id.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
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

    /// <summary>The same of a message that is a batch, which has an item at least.</summary>
    public static void CheckBatch<TItem>(IReadOnlyList<TItem> items, Func<TItem, string> idOf, FaultList faults)
    {
        Check(items, idOf, faults);
        if (items.Count == 0)
        {
            faults.Invalid("items", "required; a batch has an item at least");
        }
    }

    /// <summary>Adds every fault of how much is to be returned.</summary>
    public static void CheckView(DecisionView view, bool includeTrace, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!Enum.IsDefined(view))
        {
            faults.Invalid("view", $"not a value of {nameof(DecisionView)}");
        }
        else if (view is DecisionView.Conclusions && includeTrace)
        {
            faults.Invalid("include_trace", "belongs to the full view");
        }
    }

    /// <summary>Answers one: what is wrong with it is its status.</summary>
    /// <param name="check">Adds every fault of the case.</param>
    /// <param name="answer">Answers a case that no fault was found in.</param>
    /// <param name="refuse">The result of one that is refused, or that we failed at.</param>
    /// <param name="method">Full name of the RPC.</param>
    /// <param name="logger">Where a bug is logged.</param>
    public static TResult Answer<TResult>(Action<FaultList> check, Func<TResult> answer, Func<Status, TResult> refuse, string method, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(refuse);
        try
        {
            var faults = new FaultList();
            check(faults);
            return faults.ToStatus() is { } status ? refuse(status) : answer();
        }
        catch (Exception bug)
        {
            return refuse(ItemFailure.Unexpected(logger, method, bug));
        }
    }

    /// <summary>Answers a batch: as many items as the answer has room for, in order; of the rest each is told that it is full.</summary>
    /// <param name="items">The items.</param>
    /// <param name="answer">Answers one, whatever is wrong with it; called from several threads at once.</param>
    /// <param name="refuse">The result of an item that there is no room for.</param>
    /// <param name="limits">How large the answer may be.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="cancellation">The caller's.</param>
    /// <exception cref="OperationCanceledException">The caller has gone, or the deadline has passed.</exception>
    public static async Task<IEnumerable<TResult>> AnswerAllAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<TItem, TResult> answer, Func<TItem, Status, TResult> refuse, MessageLimits limits, CohortWorkers workers, CancellationToken cancellation)
        where TResult : class, IMessage
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(limits);
        // Room for the status of each is kept, so that each has one when the answers no longer fit.
        var left = items.Select(item => refuse(item, ItemFailure.AnswerFull(limits.AnswerBytes))).ToList();
        var run = new CohortRun<TItem, TResult>(items, answer, workers);
        var answered = await run.NextAsync(limits.AnswerBytes - left.Sum(result => (long)SizeOf(result)), cancellation);
        return answered.Concat(left.Skip(answered.Count));
    }

    /// <summary>What a result takes in a message, in bytes.</summary>
    public static int SizeOf(IMessage result) => 1 + CodedOutputStream.ComputeMessageSize(result);
}
