using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>
/// The methods under load, with messages left as bytes: requests are serialized once and answers compared as they came,
/// so that the client takes as little of the machine as it can.
/// </summary>
internal static class RawMethod
{
    private static readonly Marshaller<byte[]> Request = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
    private static readonly Marshaller<RawAnswer> Answer = new((_, _) => throw new NotSupportedException(), RawAnswer.Read);

    public static Method<byte[], RawAnswer> ClassifyRelapse { get; } =
        new(MethodType.Unary, ClassificationService.Descriptor.FullName, nameof(ClassifyRelapse), Request, Answer);

    public static Method<byte[], RawAnswer> ClassifyCohort { get; } =
        new(MethodType.DuplexStreaming, ClassificationService.Descriptor.FullName, nameof(ClassifyCohort), Request, Answer);
}
