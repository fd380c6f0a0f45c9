using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Tests.Hosting;

/// <summary>What happens when it is our bug: INTERNAL, a correlation id that the log has too, and nothing else.</summary>
public sealed class UnexpectedFailureTests
{
    private const string Secret = "secret-731928";

    [Fact]
    public async Task A_bug_in_an_rpc_is_internal_with_a_correlation_id_and_nothing_else()
    {
        await using var server = new RelapseServer { Map = app => app.MapGrpcService<Broken>() };
        await server.InitializeAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => CallBroken(server));

        Assert.Equal((StatusCode.Internal, "INTERNAL"), (error.StatusCode, error.Reason()));
        var correlationId = error.GetRpcStatus()!.GetDetail<Google.Rpc.RequestInfo>()!.RequestId;
        var logged = Assert.Single(server.Logs.Errors);
        Assert.Contains(correlationId, logged.Text, StringComparison.Ordinal);
        Assert.Contains("System.InvalidOperationException <- System.FormatException", logged.Text, StringComparison.Ordinal);
        Assert.Contains(nameof(Broken), logged.Text, StringComparison.Ordinal);
        server.AssertNothingEchoed(error.ToString(), Secret);
    }

    [Fact]
    public async Task A_bug_outside_the_rpcs_is_internal_too()
    {
        await using var server = new RelapseServer { Map = app => app.MapGet("/broken", string () => throw new InvalidOperationException(Secret)) };
        await server.InitializeAsync();

        var answer = await server.GetAsync("/broken");

        answer.AssertError(HttpStatusCode.InternalServerError, 13, "INTERNAL");
        var correlationId = answer.Json.GetProperty("message").GetString()!.Replace("Internal error, correlation id ", "", StringComparison.Ordinal).TrimEnd('.');
        Assert.Contains(correlationId, Assert.Single(server.Logs.Errors).Text, StringComparison.Ordinal);
        server.AssertNothingEchoed(answer.Body, Secret);
    }

    [Fact]
    public async Task No_configuration_of_log_levels_brings_a_value_into_the_log()
    {
        await using var server = new RelapseServer
        {
            Arguments =
            [
                "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", "--Logging:LogLevel:Grpc=Trace",
                "--Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel=Trace", "--Logging:LogLevel:Grpc.AspNetCore.Server.ServerCallHandler=Trace",
                $"--Logging:{typeof(CapturedLogs).FullName}:LogLevel:Default=Trace",
            ],
        };
        await server.InitializeAsync();

        await server.GetAsync("/v1/registry/protocols?pageToken=" + Secret);
        var answer = await server.PostAsync("/v1/classification/relapses:classify?x=" + Secret, "{\"case\":{\"caseRef\":\"" + Secret + "\",\"sex\":\"" + Secret + "\"}}");

        server.AssertNothingEchoed(answer.Body, Secret);
        Assert.DoesNotContain(server.Logs.All, log => IsFramework(log.Category) && log.Level is > LogLevel.Trace and < LogLevel.Warning);
    }

    private static bool IsFramework(string category) =>
        category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || category.StartsWith("Grpc", StringComparison.Ordinal);

    private static async Task CallBroken(RelapseServer server)
    {
        var method = new Method<GetServiceInfoRequest, GetServiceInfoResponse>(
            MethodType.Unary, BrokenBase.Service, "Break",
            Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, GetServiceInfoRequest.Parser.ParseFrom),
            Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, GetServiceInfoResponse.Parser.ParseFrom));
        using var call = server.Channel.CreateCallInvoker().AsyncUnaryCall(
            method, null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), new GetServiceInfoRequest());
        await call;
    }

    /// <summary>A service whose only RPC throws, with a value of the case in the message, as bugs do.</summary>
    private sealed class Broken : BrokenBase
    {
        public override Task<GetServiceInfoResponse> Break(GetServiceInfoRequest request, ServerCallContext context) =>
            throw new InvalidOperationException(Secret + request, new FormatException(Secret + context.Method));
    }

    /// <summary>What protoc would have generated for it.</summary>
    [BindServiceMethod(typeof(BrokenBase), nameof(Bind))]
    internal abstract class BrokenBase
    {
        public const string Service = "relapse.test.v1.BrokenService";

        public static void Bind(ServiceBinderBase binder, BrokenBase? _) => binder.AddMethod(
            new Method<GetServiceInfoRequest, GetServiceInfoResponse>(
                MethodType.Unary, Service, nameof(Break),
                Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, GetServiceInfoRequest.Parser.ParseFrom),
                Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, GetServiceInfoResponse.Parser.ParseFrom)),
            (UnaryServerMethod<GetServiceInfoRequest, GetServiceInfoResponse>)null!);

        public abstract Task<GetServiceInfoResponse> Break(GetServiceInfoRequest request, ServerCallContext context);
    }
}
