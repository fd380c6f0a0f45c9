using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Clinical;

namespace Relapse.Tests.Hosting;

/// <summary>Health that can fail: live as soon as the process answers, ready only with a library.</summary>
public sealed class HealthTests
{
    private const string Classification = "relapse.classification.v1.ClassificationService";
    private const string Mrd = "relapse.mrd.v1.MrdService";

    [Fact]
    public async Task Not_ready_until_the_library_is_loaded_and_calls_are_told_to_retry()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = new RelapseServer
        {
            Configure = builder => builder.Services.AddSingleton<LoadCatalog>(() =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                return RelapseServer.Catalog;
            }),
        };
        await server.InitializeAsync();
        var health = new Health.HealthClient(server.Channel);

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/healthz/live")).Http);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("/healthz/ready")).Http);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await Check(health, ""));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await Check(health, Classification));
        (await server.GetAsync("/v1/classification/info")).AssertError(HttpStatusCode.ServiceUnavailable, 14, "NOT_READY");
        var error = await Assert.ThrowsAsync<RpcException>(async () => await new ClassificationService.ClassificationServiceClient(server.Channel)
            .GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(TimeSpan.FromSeconds(1), error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan());

        gate.Set();
        await server.ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/healthz/ready")).Http);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Check(health, ""));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Check(health, Classification));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Check(health, Mrd));
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task A_library_that_does_not_certify_stops_the_process_and_lists_its_faults()
    {
        using var started = new ManualResetEventSlim();
        await using var server = new RelapseServer
        {
            Configure = builder => builder.Services.AddSingleton<LoadCatalog>(() =>
            {
                started.Wait(TestContext.Current.CancellationToken);
                throw new ProtocolLibraryException(["first fault", "second fault"]);
            }),
        };
        await server.InitializeAsync();
        var stopping = new TaskCompletionSource();
        using var registration = server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        started.Set();
        await stopping.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = 0;
        var refusal = Assert.Single(server.Logs.Errors);
        Assert.Contains("first fault", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("second fault", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_does_not_rest_on_the_certificate_of_the_build_is_served_and_the_log_says_why()
    {
        await using var server = new RelapseServer
        {
            Configure = builder => builder.Services.AddSingleton<LoadCatalog>(() =>
                ProtocolCatalog.Of(ShippedCertificateTests.Load("intreall-hr-2010/2010.1/protocol.yaml", text => text + "# and a remark\n"))),
        };
        await server.InitializeAsync();
        await server.ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/v1/registry/protocols/intreall-hr-2010/versions/2010.1")).Http);
        while (!server.Logs.Text.Contains("Certified in full at this start, which made it longer: 1 of the shipped", StringComparison.Ordinal))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Contains("relapse.certificates has intreall-hr-2010/2010.1 with other documents", server.Logs.Text, StringComparison.Ordinal);
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task Reflection_lists_every_service()
    {
        await using var server = new RelapseServer();
        await server.InitializeAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Superset(
            new HashSet<string> { Classification, Mrd, "relapse.registry.v1.RegistryService", "grpc.health.v1.Health" },
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToHashSet());
        await call.RequestStream.CompleteAsync();
    }

    private static async Task<HealthCheckResponse.Types.ServingStatus> Check(Health.HealthClient health, string service) =>
        (await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken)).Status;
}
