using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Relapse.Classification;
using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>Answers written from parts encoded once are, byte for byte, the answers that the generated code writes.</summary>
public sealed class AnswerMarshallerTests
{
    [Theory]
    [InlineData("all-rez-bfm", 1)]
    [InlineData("cog", 0.9)]
    [InlineData("i-bfm-sg", 0.7)]
    [InlineData("review-2014", 0.95)]
    public void An_answer_is_written_as_the_generated_code_writes_it(string id, double whole)
    {
        var encoded = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var answer = Answer(id, seed % 50, whole);
            encoded += answer.Decisions.Count(decision => decision.Encoded is not null);

            Assert.Equal(answer.ToByteArray(), Written(AnswerMarshallers.Classification, answer));
        }

        Assert.True(encoded > 100, $"only {encoded} decisions were written from encoded parts");
    }

    [Fact]
    public void A_part_of_a_cohort_is_written_as_the_generated_code_writes_it()
    {
        var part = new ClassifyCohortResponse { Summary = new CohortSummary { Items = 61, RequestId = "r" } };
        for (var seed = 0; seed < 60; seed++)
        {
            part.Results.Add(new CohortItemResult { ItemId = seed % 3 == 0 ? "" : $"item-{seed}-ä", Classification = Answer("all-rez-bfm", seed % 20, 0.97) });
        }

        part.Results.Add(new CohortItemResult { ItemId = "refused", Error = new Google.Rpc.Status { Code = 3, Message = "no" } });
        part.Results.Add(new CohortItemResult { Classification = new ClassifyRelapseResponse() });
        part.Results.Add(new CohortItemResult());

        Assert.Equal(part.ToByteArray(), Written(AnswerMarshallers.Cohort, part));
        Assert.Empty(Written(AnswerMarshallers.Cohort, new ClassifyCohortResponse()));
        Assert.Empty(Written(AnswerMarshallers.Classification, new ClassifyRelapseResponse()));
    }

    [Fact]
    public void Agreements_are_written_too()
    {
        var answer = Answer("all-rez-bfm", 1, 1);
        answer.Agreements.Add(new Agreement { Decision = "timing" });
        answer.Agreements.Add(new Agreement { Decision = "risk_group" });

        Assert.Equal(answer.ToByteArray(), Written(AnswerMarshallers.Classification, answer));
    }

    [Fact]
    public void What_is_added_to_an_answer_afterwards_is_written()
    {
        Answer("all-rez-bfm", 1, 1);
        foreach (var field in Decision.Descriptor.Fields.InFieldNumberOrder())
        {
            var answer = Answer("all-rez-bfm", 1, 1);
            var decision = answer.Decisions[0];
            Assert.NotNull(decision.Encoded);
            Change(decision, field);

            Assert.True(answer.ToByteArray().AsSpan().SequenceEqual(Written(AnswerMarshallers.Classification, answer)), $"{field.Name} was changed and written as before");
        }
    }

    /// <summary>These are written by hand: a field that was added to the contract and not there would come by JSON and not by gRPC.</summary>
    [Fact]
    public void Every_field_of_what_is_written_by_hand_is_written()
    {
        foreach (var field in ClassifyRelapseResponse.Descriptor.Fields.InFieldNumberOrder())
        {
            var answer = new ClassifyRelapseResponse();
            Change(answer, field);
            Assert.True(answer.CalculateSize() > 0 && answer.ToByteArray().AsSpan().SequenceEqual(Written(AnswerMarshallers.Classification, answer)), $"{field.FullName} is not written");
        }

        foreach (var field in ClassifyCohortResponse.Descriptor.Fields.InFieldNumberOrder())
        {
            var answer = new ClassifyCohortResponse();
            Change(answer, field);
            Assert.True(answer.CalculateSize() > 0 && answer.ToByteArray().AsSpan().SequenceEqual(Written(AnswerMarshallers.Cohort, answer)), $"{field.FullName} is not written");
        }

        foreach (var field in CohortItemResult.Descriptor.Fields.InFieldNumberOrder())
        {
            var answer = new ClassifyCohortResponse { Results = { new CohortItemResult() } };
            Change(answer.Results[0], field);
            Assert.True(answer.ToByteArray().AsSpan().SequenceEqual(Written(AnswerMarshallers.Cohort, answer)), $"{field.FullName} is not written");
        }
    }

    [Fact]
    public void Every_rpc_is_bound_and_the_answers_of_many_cases_by_the_marshallers_here()
    {
        var bound = new Recorded();
        ClassificationBinding.BindService(bound, null);

        Assert.Equal(ClassificationService.Descriptor.Methods.Select(method => method.Name).Order(), bound.Methods.Keys.Order());
        Assert.Same(AnswerMarshallers.Classification, bound.Methods["ClassifyRelapse"]);
        Assert.Same(AnswerMarshallers.Cohort, bound.Methods["ClassifyCohort"]);
        Assert.Contains(
            typeof(ClassificationRpcs).GetCustomAttributes(typeof(BindServiceMethodAttribute), inherit: false).Cast<BindServiceMethodAttribute>(),
            attribute => attribute.BindType == typeof(ClassificationBinding));
    }

    private static void Change(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            var list = (System.Collections.IList)field.Accessor.GetValue(message);
            list.Add(field.FieldType == FieldType.String ? "ADDED" : field.MessageType.Parser.ParseFrom([]));
            return;
        }

        field.Accessor.SetValue(message, field.FieldType switch
        {
            FieldType.String => "changed",
            FieldType.Message => field.MessageType.Parser.ParseFrom([]),
            FieldType.Bool => true,
            _ => field.EnumType.Values[^1].Number,
        });
    }

    private static ClassifyRelapseResponse Answer(string id, int seed, double whole)
    {
        var random = new Random(seed);
        var @case = Told.Next(random, TrueChild.Next(random), whole).Case();
        var request = new ClassifyRelapseRequest { Case = @case, Protocols = { $"protocols/{id}" }, RequestId = $"r-{seed}" };
        var call = new ClassificationCall(RelapseServer.Catalog, request, new Relapse.Hosting.Errors.FaultList());
        return call.Answer(request);
    }

    private static byte[] Written<T>(Marshaller<T> marshaller, T message)
    {
        var context = new Written();
        marshaller.ContextualSerializer(message, context);
        Assert.Equal(context.Length, context.Bytes.WrittenCount);
        return context.Bytes.WrittenSpan.ToArray();
    }

    private sealed class Recorded : ServiceBinderBase
    {
        public Dictionary<string, object> Methods { get; } = [];

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Methods.Add(method.Name, method.ResponseMarshaller);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            Methods.Add(method.Name, method.ResponseMarshaller);
    }
}

/// <summary>Takes what a marshaller writes.</summary>
internal sealed class Written : SerializationContext
{
    public ArrayBufferWriter<byte> Bytes { get; } = new();

    public int Length { get; private set; }

    public override void SetPayloadLength(int payloadLength) => Length = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter() => Bytes;

    public override void Complete()
    {
    }
}
