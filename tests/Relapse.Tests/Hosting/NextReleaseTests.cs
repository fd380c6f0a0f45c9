using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.House;

namespace Relapse.Tests.Hosting;

/// <summary>
/// Callers of this release and of the next, which has a field and a value more than the contract: an upgrade goes through
/// both, and so does a way back.
/// </summary>
public sealed class NextReleaseTests(RelapseServer server) : IClassFixture<RelapseServer>
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> Classify =
        new(MethodType.Unary, "relapse.classification.v1.ClassificationService", "ClassifyRelapse", Raw, Raw);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_of_the_next_release_who_says_something_more_is_answered_all_the_same()
    {
        var request = Request();
        var answer = ClassifyRelapseResponse.Parser.ParseFrom(await AskAsync(request.ToByteArray()));
        var more = ClassifyRelapseResponse.Parser.ParseFrom(
            await AskAsync([.. request.ToByteArray(), .. Field(Next(ClassifyRelapseRequest.Descriptor), "said by the next release")]));
        Assert.NotEmpty(answer.Decisions);
        Assert.Equal(answer.Decisions, more.Decisions);
    }

    /// <summary>What the release does not know it does not take for something else, or for nothing.</summary>
    [Fact]
    public async Task A_value_of_the_next_release_is_refused_by_its_field()
    {
        var request = Request();
        request.Case.Lineage = (Lineage)(Released().SelectMany(file => file.EnumType).Single(one => one.Name == nameof(Lineage)).Value.Max(value => value.Number) + 1);
        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(request.ToByteArray()));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("case.lineage", refused.Fields());
    }

    /// <summary>A caller of this release keeps what it does not know, so that what it passes on is what it was given.</summary>
    [Fact]
    public async Task An_answer_of_the_next_release_is_read_and_passed_on_whole()
    {
        byte[] answer = [.. await AskAsync(Request().ToByteArray()), .. Field(Next(ClassifyRelapseResponse.Descriptor), "said by the next release")];
        var read = ClassifyRelapseResponse.Parser.ParseFrom(answer);
        Assert.NotEmpty(read.Decisions);
        Assert.Equal(answer.Length, read.ToByteArray().Length);
        Assert.Contains("said by the next release", read.ToByteString().ToStringUtf8(), StringComparison.Ordinal);
    }

    private static ClassifyRelapseRequest Request() => new() { Case = SoundCase.LateIsolatedMarrow(), Protocols = { "protocols/ukall-r3" }, RequestId = "next" };

    private async Task<byte[]> AskAsync(byte[] request) =>
        await server.Channel.CreateCallInvoker().AsyncUnaryCall(Classify, null, new CallOptions(cancellationToken: Cancel), request);

    private static Google.Protobuf.Collections.RepeatedField<FileDescriptorProto> Released() =>
        FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Repository.Root, "protos/released.binpb"))).File;

    // The number that the next field of a message would have.
    private static int Next(MessageDescriptor message) => message.Fields.InFieldNumberOrder()[^1].FieldNumber + 1;

    private static byte[] Field(int number, string text)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteString(text);
        }

        return bytes.ToArray();
    }
}
