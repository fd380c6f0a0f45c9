using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Classification;

/// <summary>Binds the RPCs as the generated code does, with marshallers of its own for the answers of which there are many.</summary>
internal static class ClassificationBinding
{
    /// <summary>Found by JSON transcoding and reflection beside the method that binds.</summary>
    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => ClassificationService.Descriptor;

    /// <summary>Found by gRPC through the attribute of <see cref="ClassificationRpcs"/>.</summary>
    public static void BindService(ServiceBinderBase binder, ClassificationService.ClassificationServiceBase? rpcs) => ClassificationService.BindService(new Binder(binder), rpcs);

    private sealed class Binder(ServiceBinderBase inner) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(With(method), handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(With(method), handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(With(method), handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(With(method), handler);

        private static Method<TRequest, TResponse> With<TRequest, TResponse>(Method<TRequest, TResponse> method) =>
            (object)AnswerMarshallers.Classification is Marshaller<TResponse> classification
                ? Replaced(method, classification)
                : (object)AnswerMarshallers.Cohort is Marshaller<TResponse> cohort ? Replaced(method, cohort) : method;

        private static Method<TRequest, TResponse> Replaced<TRequest, TResponse>(Method<TRequest, TResponse> method, Marshaller<TResponse> answers) =>
            new(method.Type, method.ServiceName, method.Name, method.RequestMarshaller, answers);
    }
}
