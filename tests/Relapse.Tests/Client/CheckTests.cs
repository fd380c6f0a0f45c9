using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Client.Checking;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Gateway;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Client;

/// <summary>CheckAsync: what it finds at an address, whatever is there.</summary>
public sealed class CheckTests(ClientHouse house) : IClassFixture<ClientHouse>
{
    private static readonly string[] BehindTheGateway = ["CLASSIFICATION", "MRD", "REGISTRY"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_service_serves_with_its_version_and_protocols_and_the_contract_fits()
    {
        var check = await Check(house.Register());

        Assert.True(check.IsReady, check.ToString());
        Assert.Equal(["assessment", "classification", "mrd", "outcome", "registry", "transplant"], check.Services.Select(service => service.Service.Split('.')[1]));
        Assert.All(check.Services, service => Assert.Equal(EngineVersion.Current, service.EngineVersion));
        Assert.Contains("protocols/all-rez-bfm/versions/2002.1", check["classification"].Protocols.Select(protocol => protocol.Name));
        Assert.All(check["classification"].Protocols, protocol => Assert.Matches("^[0-9a-f]{64}$", protocol.Digest));
        Assert.Same(check["mrd"], check["relapse.mrd.v1.MrdService"]);
        Assert.Contains("relapse.mrd.v1.MrdService  Serving  " + EngineVersion.Current + "  Fits", check.ToString(), StringComparison.Ordinal);
        house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task Nothing_at_the_address_is_an_answer()
    {
        await using var line = new FragileLine(new Uri("http://127.0.0.1:1"));
        // The line is gone before, while or after a question is written, as it happens; the library has a code of its own for each.
        for (var time = 0; time < 30; time++)
        {
            var check = await Check(house.Register(options => options.Retry = false, line.Address));

            Assert.False(check.IsReady);
            Assert.All(check.Services, service => Assert.Equal((ServiceState.Unreachable, "", ContractFit.NotCompared), (service.State, service.Error!.Reason, service.Contract)));
        }
    }

    [Fact]
    public async Task A_token_that_is_missing_is_an_answer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var asking = new ClientHouse { Arguments = issuer.Arguments };
        await asking.InitializeAsync();

        var without = await Check(asking.Register());
        var with = await Check(asking.Register(options => options.Token = _ => ValueTask.FromResult<string?>(issuer.Token("north", "relapse.read"))));

        Assert.All(without.Services, service => Assert.Equal((ServiceState.Refused, "UNAUTHENTICATED"), (service.State, service.Error!.Reason)));
        Assert.True(with.IsReady, with.ToString());
    }

    [Fact]
    public async Task A_server_that_is_not_ready_is_there_and_does_not_serve()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = new RelapseServer
        {
            Configure = builder => builder.Services.AddSingleton<LoadCatalog>(() =>
            {
                gate.Wait(Cancel);
                return RelapseServer.Catalog;
            }),
        };
        await server.InitializeAsync();

        var check = await Check(house.Register(options => options.Retry = false, server.GrpcAddress));
        gate.Set();

        Assert.Equal((ServiceState.NotServing, "NOT_READY"), (check["classification"].State, check["classification"].Error!.Reason));
    }

    [Fact]
    public async Task Through_a_gateway_which_passes_on_neither_health_nor_reflection_the_services_speak_for_themselves()
    {
        var (grpc, http) = (house.Server.GrpcAddress, house.Server.Http.BaseAddress);
        await using var gateway = await GatewayProcess.Before(
        [
            .. BehindTheGateway.SelectMany(word => (string[])[$"RELAPSE_SERVICE_{word}_GRPC={grpc}", $"RELAPSE_SERVICE_{word}_HTTP={http}"]),
        ]);

        var check = await Check(house.Register(address: new Uri(gateway.Channel.Target.StartsWith("http", StringComparison.Ordinal) ? gateway.Channel.Target : "http://" + gateway.Channel.Target)));

        Assert.Equal((ServiceState.Serving, ContractFit.Fits), (check["classification"].State, check["classification"].Contract));
        Assert.Equal((ServiceState.NotHere, StatusCode.Unimplemented), (check["outcome"].State, check["outcome"].Error!.Code));
        Assert.False(check.IsReady);
    }

    [Fact]
    public async Task A_caller_who_ends_it_is_told_so()
    {
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        await using var provider = house.Register();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.GetRequiredService<RelapseClient>().CheckAsync(ended.Token));
    }

    [Fact]
    public void A_contract_without_something_that_can_be_asked_lacks_it_by_name()
    {
        var service = ClassificationService.Descriptor;
        Assert.Empty(Lacking(_ => { }));
        Assert.Equal(["relapse.case.v1.RelapseCase.lineage"], Lacking(file => RemoveField(file, "RelapseCase", "lineage")));
        Assert.Equal([service.FullName + ".ClassifyCohort"], Lacking(file =>
        {
            foreach (var served in file.Service)
            {
                served.Method.Remove(served.Method.Single(method => method.Name == "ClassifyCohort"));
            }
        }));
        Assert.Equal(["relapse.case.v1.Lineage.LINEAGE_T_CELL"], Lacking(file =>
        {
            foreach (var lineage in file.EnumType.Where(type => type.Name == "Lineage"))
            {
                lineage.Value.Remove(lineage.Value.Single(value => value.Name == "LINEAGE_T_CELL"));
            }
        }));
        // What only answers have is nothing that can be asked.
        Assert.Empty(Lacking(file => RemoveField(file, "CohortSummary", "refused")));
        Assert.Equal([service.FullName], new ServedContract([]).Lacking(service));
    }

    private static void RemoveField(FileDescriptorProto file, string message, string field)
    {
        foreach (var served in file.MessageType.Where(served => served.Name == message))
        {
            served.Field.Remove(served.Field.Single(other => other.Name == field));
        }
    }

    private static IReadOnlyList<string> Lacking(Action<FileDescriptorProto> change)
    {
        var files = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        var open = new Queue<FileDescriptor>([ClassificationService.Descriptor.File]);
        while (open.TryDequeue(out var file))
        {
            if (files.TryAdd(file.Name, file))
            {
                file.Dependencies.ToList().ForEach(open.Enqueue);
            }
        }

        var served = files.Values.Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedData)).ToList();
        served.ForEach(change);
        return new ServedContract(served.Select(file => file.ToByteString())).Lacking(ClassificationService.Descriptor);
    }

    private static async Task<ServerCheck> Check(ServiceProvider provider)
    {
        await using (provider)
        {
            return await provider.GetRequiredService<RelapseClient>().CheckAsync(Cancel);
        }
    }
}
