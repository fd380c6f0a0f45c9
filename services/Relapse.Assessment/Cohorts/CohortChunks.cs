using System.Runtime.CompilerServices;
using Google.Protobuf.Collections;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Assessment.Cohorts;

/// <summary>The messages of a cohort after its settings: chunks of items, each read when the one before it has been answered.</summary>
internal static class CohortChunks
{
    /// <summary>The chunks, that of the first message first when it has items.</summary>
    /// <param name="first">The first message, whose items are checked.</param>
    /// <param name="rest">The messages after it.</param>
    /// <param name="itemsOf">The items of a message.</param>
    /// <param name="hasSettings">Whether a message has settings, which only the first may.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async IAsyncEnumerable<RepeatedField<AssessItem>> Of<TRequest>(
        TRequest first, IAsyncStreamReader<TRequest> rest, Func<TRequest, RepeatedField<AssessItem>> itemsOf, Func<TRequest, bool> hasSettings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (itemsOf(first).Count > 0)
        {
            yield return itemsOf(first);
        }

        while (await rest.MoveNext(cancellation))
        {
            var faults = new FaultList();
            CohortItems.Check(itemsOf(rest.Current), item => item.ItemId, faults);
            if (hasSettings(rest.Current))
            {
                faults.Invalid("settings", "given by the first message, and by no other");
            }

            faults.ThrowIfAny();
            yield return itemsOf(rest.Current);
        }
    }
}
