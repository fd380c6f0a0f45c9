using System.Buffers;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Classification;

/// <summary>
/// Writes answers byte for byte as the generated code does, but what stands alike in many of them as it was encoded once.
/// docs/decisions/2026-11-24-cases-answered-alike.md says why.
/// </summary>
internal static class AnswerMarshallers
{
    private delegate void Write<T>(ref ReverseWriter writer, T message);

    /// <summary>Of one case.</summary>
    public static Marshaller<ClassifyRelapseResponse> Classification { get; } = Of(WriteClassification, ClassifyRelapseResponse.Parser);

    /// <summary>Of a part of a cohort.</summary>
    public static Marshaller<ClassifyCohortResponse> Cohort { get; } = Of(WriteCohort, ClassifyCohortResponse.Parser);

    private static Marshaller<T> Of<T>(Write<T> write, Google.Protobuf.MessageParser<T> parser)
        where T : class, Google.Protobuf.IMessage<T> => new(
        (message, context) =>
        {
            var writer = new ReverseWriter();
            try
            {
                write(ref writer, message);
                context.SetPayloadLength(writer.Length);
                context.GetBufferWriter().Write(writer.Written);
                context.Complete();
            }
            finally
            {
                writer.Dispose();
            }
        },
        context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    // Fields from the highest number to the lowest, lists from the last entry to the first.
    private static void WriteCohort(ref ReverseWriter writer, ClassifyCohortResponse cohort)
    {
        if (cohort.Summary is { } summary)
        {
            writer.Message(ClassifyCohortResponse.SummaryFieldNumber, summary);
        }

        for (var i = cohort.Results.Count - 1; i >= 0; i--)
        {
            var before = writer.Length;
            WriteItem(ref writer, cohort.Results[i]);
            writer.Header(ClassifyCohortResponse.ResultsFieldNumber, writer.Length - before);
        }
    }

    private static void WriteItem(ref ReverseWriter writer, CohortItemResult item)
    {
        if (item.Error is { } error)
        {
            writer.Message(CohortItemResult.ErrorFieldNumber, error);
        }
        else if (item.Classification is { } classification)
        {
            var before = writer.Length;
            WriteClassification(ref writer, classification);
            writer.Header(CohortItemResult.ClassificationFieldNumber, writer.Length - before);
        }

        if (item.ItemId.Length > 0)
        {
            writer.Text(CohortItemResult.ItemIdFieldNumber, item.ItemId);
        }
    }

    private static void WriteClassification(ref ReverseWriter writer, ClassifyRelapseResponse answer)
    {
        for (var i = answer.Agreements.Count - 1; i >= 0; i--)
        {
            writer.Message(ClassifyRelapseResponse.AgreementsFieldNumber, answer.Agreements[i]);
        }

        for (var i = answer.Receipts.Count - 1; i >= 0; i--)
        {
            writer.Message(ClassifyRelapseResponse.ReceiptsFieldNumber, answer.Receipts[i]);
        }

        for (var i = answer.Decisions.Count - 1; i >= 0; i--)
        {
            WriteDecision(ref writer, answer.Decisions[i]);
        }

        if (answer.CaseRef.Length > 0)
        {
            writer.Text(ClassifyRelapseResponse.CaseRefFieldNumber, answer.CaseRef);
        }
    }

    private static void WriteDecision(ref ReverseWriter writer, Decision decision)
    {
        if (decision.Encoded is not { } encoded || !encoded.Covers(decision))
        {
            writer.Message(ClassifyRelapseResponse.DecisionsFieldNumber, decision);
            return;
        }

        var before = writer.Length;
        writer.Bytes(encoded.After.Span);
        for (var i = decision.Modifiers.Count - 1; i >= 0; i--)
        {
            WriteModifier(ref writer, decision.Modifiers[i]);
        }

        for (var i = decision.Boundary.Count - 1; i >= 0; i--)
        {
            writer.Message(Decision.BoundaryFieldNumber, decision.Boundary[i]);
        }

        writer.Bytes(encoded.Before.Span);
        writer.Header(ClassifyRelapseResponse.DecisionsFieldNumber, writer.Length - before);
    }

    private static void WriteModifier(ref ReverseWriter writer, Modifier modifier)
    {
        if (modifier.Encoded.IsEmpty)
        {
            writer.Message(Decision.ModifiersFieldNumber, modifier);
            return;
        }

        writer.Bytes(modifier.Encoded.Span);
        writer.Header(Decision.ModifiersFieldNumber, modifier.Encoded.Length);
    }
}
