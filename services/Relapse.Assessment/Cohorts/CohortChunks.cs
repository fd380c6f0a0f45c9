using System.Runtime.CompilerServices;
using Google.Protobuf.Collections;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Assessment.Cohorts;

/// <summary>The messages of a cohort after its settings: chunks of items, each read when the one before it has been answered, in parts of bounded answers.</summary>
internal static class CohortChunks
{
    /// <summary>
    /// Whole answers of so many items are held at once. A chunk may have a thousand, and the answers to a case of which nothing is known weigh
    /// up to 50 KiB for each service and protocol.
    /// </summary>
    private const int MostHeld = 64;

    /// <summary>The parts of the chunks in order, those of the first message first when it has items; one without items for a chunk that has none.</summary>
    /// <param name="first">The first message, whose items are checked.</param>
    /// <param name="rest">The messages after it.</param>
    /// <param name="itemsOf">The items of a message.</param>
    /// <param name="hasSettings">Whether a message has settings, which only the first may.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async IAsyncEnumerable<IReadOnlyList<AssessItem>> Of<TRequest>(
        TRequest first, IAsyncStreamReader<TRequest> rest, Func<TRequest, RepeatedField<AssessItem>> itemsOf, Func<TRequest, bool> hasSettings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in itemsOf(first).Chunk(MostHeld))
        {
            yield return part;
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
            if (itemsOf(rest.Current).Count == 0)
            {
                yield return [];
            }

            foreach (var part in itemsOf(rest.Current).Chunk(MostHeld))
            {
                yield return part;
            }
        }
    }
}
