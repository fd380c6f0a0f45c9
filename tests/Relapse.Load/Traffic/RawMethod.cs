using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>
/// The methods under load, with messages left as bytes: requests are serialized once and answers compared as they came,
/// so that the client takes as little of the machine as it can.
/// </summary>
internal static class RawMethod
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    public static Method<byte[], byte[]> ClassifyRelapse { get; } =
        new(MethodType.Unary, ClassificationService.Descriptor.FullName, nameof(ClassifyRelapse), Bytes, Bytes);

    public static Method<byte[], byte[]> ClassifyCohort { get; } =
        new(MethodType.DuplexStreaming, ClassificationService.Descriptor.FullName, nameof(ClassifyCohort), Bytes, Bytes);
}
