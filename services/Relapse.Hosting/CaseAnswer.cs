using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Hosting;

/// <summary>What the protocols answer of one case, each with its receipt.</summary>
/// <param name="validCase">A case in which nothing was found wrong.</param>
/// <param name="alongside">Documents whose modifiers stand beside the answers.</param>
/// <param name="receipts">Writes the receipts of the call.</param>
/// <param name="assessed">Which response is assessed, by its time point; UNSPECIFIED: the latest.</param>
public sealed class CaseAnswer(RelapseCase validCase, ImmutableArray<ModifierSource> alongside, ReceiptWriter receipts, TimePoint assessed = TimePoint.Unspecified)
{
    /// <summary>The case with its facts, derived once.</summary>
    public CaseEvaluator Evaluator { get; } = new(validCase, alongside, assessed);

    /// <summary>Adds, for each version in order, its answer to each of the decisions in order, and its receipt.</summary>
    public void Add(
        ImmutableArray<ProtocolToEvaluate> versions, ImmutableArray<string> ids, bool includeTrace, RepeatedField<Decision> decisions, RepeatedField<Receipt> written)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(written);
        foreach (var (protocol, readings) in versions)
        {
            var answered = Evaluator.Answer(protocol, ids, readings, includeTrace);
            decisions.Capacity = decisions.Count + ids.Length;
            foreach (var decision in answered.Decisions)
            {
                decisions.Add(decision);
            }

            written.Add(receipts.Write(protocol, answered, alongside));
        }
    }
}
