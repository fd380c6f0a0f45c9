using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Client.Checking;

/// <summary>
/// Asks every service the standard health question, what it is, and what contract it serves. Each of the three may be lacking: a gateway
/// passes on the services' own RPCs and nothing else, and what is left then says what it can.
/// </summary>
internal sealed class ServerInspection(CallInvoker calls, RelapseClient client, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string ClientVersion =
        typeof(ServerInspection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    private readonly Health.HealthClient _health = new(calls);
    private readonly ServerReflection.ServerReflectionClient _reflection = new(calls);

    private delegate Task<ServiceInfo> AskInfo(CallOptions options);

    public async Task<ServerCheck> RunAsync(CancellationToken cancellation)
    {
        try
        {
            return new ServerCheck(await Task.WhenAll(Services().Select(service => InspectAsync(service.Descriptor, service.Ask, cancellation))).ConfigureAwait(false));
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private (ServiceDescriptor Descriptor, AskInfo Ask)[] Services() =>
    [
        (AssessmentService.Descriptor, async options => (await client.Assessment.GetServiceInfoAsync(new(), options)).Info),
        (ClassificationService.Descriptor, async options => (await client.Classification.GetServiceInfoAsync(new(), options)).Info),
        (MrdService.Descriptor, async options => (await client.Mrd.GetServiceInfoAsync(new(), options)).Info),
        (OutcomeService.Descriptor, async options => (await client.Outcome.GetServiceInfoAsync(new(), options)).Info),
        (RegistryService.Descriptor, async options => (await client.Registry.GetServiceInfoAsync(new(), options)).Info),
        (TransplantService.Descriptor, async options => (await client.Transplant.GetServiceInfoAsync(new(), options)).Info),
    ];

    private async Task<ServiceCheck> InspectAsync(ServiceDescriptor service, AskInfo ask, CancellationToken cancellation)
    {
        var options = new CallOptions(deadline: time.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellation);
        var health = HealthAsync(service, options);
        var lacking = LackingAsync(service, options);
        try
        {
            var info = await ask(options).ConfigureAwait(false);
            var missing = await lacking.ConfigureAwait(false) ?? ByVersion(info.EngineVersion);
            return new ServiceCheck
            {
                Service = service.FullName,
                State = await health.ConfigureAwait(false) is HealthCheckResponse.Types.ServingStatus.NotServing ? ServiceState.NotServing : ServiceState.Serving,
                EngineVersion = info.EngineVersion,
                Protocols = info.Protocols,
                Contract = missing switch { null => ContractFit.NotCompared, [] => ContractFit.Fits, _ => ContractFit.Lacks },
                Lacking = missing ?? [],
            };
        }
        catch (RpcException refused) when (!cancellation.IsCancellationRequested)
        {
            return new ServiceCheck { Service = service.FullName, State = StateOf(refused, await health.ConfigureAwait(false)), Error = RelapseError.From(refused) };
        }
        finally
        {
            await Task.WhenAll(health, lacking).ConfigureAwait(false);
        }
    }

    private static ServiceState StateOf(RpcException refused, HealthCheckResponse.Types.ServingStatus? health) => refused.StatusCode switch
    {
        StatusCode.Unimplemented => ServiceState.NotHere,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ServiceState.Refused,
        StatusCode.Unavailable when health is not null => ServiceState.NotServing,
        StatusCode.DeadlineExceeded => ServiceState.Unreachable,
        _ when BrokenLine.Ended(refused) => ServiceState.Unreachable,
        _ => ServiceState.Failed,
    };

    /// <summary>Null where nobody answers the standard question.</summary>
    private async Task<HealthCheckResponse.Types.ServingStatus?> HealthAsync(ServiceDescriptor service, CallOptions options)
    {
        try
        {
            return (await _health.CheckAsync(new HealthCheckRequest { Service = service.FullName }, options).ConfigureAwait(false)).Status;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    /// <summary>What the service lacks of this client's contract; null where it does not describe its own.</summary>
    private async Task<IReadOnlyList<string>?> LackingAsync(ServiceDescriptor service, CallOptions options)
    {
        try
        {
            using var call = _reflection.ServerReflectionInfo(options);
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = service.FullName }).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            var answered = await call.ResponseStream.MoveNext(options.CancellationToken).ConfigureAwait(false);
            return answered && call.ResponseStream.Current.FileDescriptorResponse is { } files ? new ServedContract(files.FileDescriptorProto).Lacking(service) : null;
        }
        catch (Exception unread) when (unread is RpcException or InvalidOperationException or InvalidProtocolBufferException or OperationCanceledException or IOException)
        {
            // A line that is torn while the question is written is no status, as it is while the answer is read.
            return null;
        }
    }

    // Within one major version of the contract nothing is taken away, so a release that is not older has everything.
    private static IReadOnlyList<string>? ByVersion(string engine) => (Release(engine), Release(ClientVersion)) switch
    {
        ({ } server, { } ours) when server >= ours => [],
        ({ } server, { } ours) => [$"what release {ours} has and release {server} has not"],
        _ => null,
    };

    // `0.1.0+commit`
    private static Version? Release(string version) => Version.TryParse(version.Split('+', '-')[0], out var release) ? release : null;
}
