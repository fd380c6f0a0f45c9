using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

public sealed class SqliteEveryRegistryRpcTests(SqliteHouse house) : EveryRegistryRpcTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresEveryRegistryRpcTests(PostgresHouse house) : EveryRegistryRpcTests(house), IClassFixture<PostgresHouse>;

/// <summary>
/// Every RPC that the contract gives the registry, from another centre and against what a centre keeps to itself: an RPC that is added to the
/// contract and not to this table fails it.
/// </summary>
public abstract class EveryRegistryRpcTests(RegistryHouse house) : IDisposable
{
    private const string Hidden = "NotFound PROTOCOL_NOT_FOUND";
    private const string NotYours = "PermissionDenied NOT_YOUR_PROTOCOL";
    private const string Nothing = "OK";

    // What another centre's caller hears of each; OK is an answer in which the protocol does not appear.
    private static readonly Dictionary<string, Tried> _rpcs = new(StringComparer.Ordinal)
    {
        ["ListProtocols"] = new(Nothing, async (client, small, options) => await client.ListProtocolsAsync(new() { PageSize = 1000 }, options)),
        ["GetProtocolVersion"] = new(Hidden, async (client, small, options) => await client.GetProtocolVersionAsync(new() { Name = small.Name, WithCases = true }, options)),
        ["ResolveLabel"] = new(Hidden, async (client, small, options) => await client.ResolveLabelAsync(new() { Name = Current(small) }, options)),
        ["ListProtocolVersions"] = new(Hidden, async (client, small, options) => await client.ListProtocolVersionsAsync(new() { Parent = "protocols/" + small.Id }, options)),
        // That a name is taken cannot be hidden from who would take it.
        ["PublishProtocolVersion"] = new(NotYours, async (client, small, options) => await client.PublishProtocolVersionAsync((small with { Version = "2" }).Publish(), options), "relapse.publish"),
        // What the caller sends is the caller's: the answer is the same whoever has published what.
        ["VerifyProtocol"] = new(Nothing, async (client, small, options) => await client.VerifyProtocolAsync(Verifying(RegistryHouse.Fresh()), options)),
        ["CompareProtocols"] = new(Hidden, async (client, small, options) => await client.CompareProtocolsAsync(new() { One = "protocols/cog", Other = small.Name }, options)),
        ["ExportProtocol"] = new(Hidden, async (client, small, options) => await client.ExportProtocolAsync(new() { Name = small.Name }, options)),
        ["ImportDecisions"] = new(Nothing, async (client, small, options) => await client.ImportDecisionsAsync(new() { Dmn = ByteString.CopyFromUtf8("<a/>") }, options)),
        ["ArchiveProtocolVersion"] = new(Hidden, async (client, small, options) => await client.ArchiveProtocolVersionAsync(new() { Name = small.Name }, options), "relapse.publish"),
        ["MoveLabel"] = new(Hidden, async (client, small, options) => await client.MoveLabelAsync(new() { Name = $"protocols/{small.Id}/labels/ours", Version = small.Name }, options), "relapse.label"),
        ["ListLabelHistory"] = new(Hidden, async (client, small, options) => await client.ListLabelHistoryAsync(new() { Name = Current(small) }, options)),
        ["WatchLabels"] = new(Nothing, async (client, small, options) =>
        {
            using var watch = client.WatchLabels(new(), options);
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            return watch.ResponseStream.Current;
        }),
        ["GetServiceInfo"] = new(Nothing, async (client, small, options) => await client.GetServiceInfoAsync(new(), options)),
    };

    public static TheoryData<string> Rpcs => [.. _rpcs.Keys];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public void Every_rpc_of_the_contract_is_tried() =>
        Assert.Equal(RegistryService.Descriptor.Methods.Select(method => method.Name).Order(), _rpcs.Keys.Order());

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task Another_centre_learns_nothing_of_what_a_centre_keeps_to_itself_and_changes_nothing(string rpc)
    {
        var (small, before) = await HiddenAsync();
        string?[] others = ["south", null];
        foreach (var centre in others)
        {
            var expected = centre is null && _rpcs[rpc].Scope != "relapse.read" ? "PermissionDenied NO_CENTRE" : _rpcs[rpc].Outcome;
            var (outcome, said) = await OutcomeAsync(rpc, small, house.Token(centre));
            Assert.Equal(expected, outcome);
            Assert.DoesNotContain(outcome == Nothing ? small.Id : small.Title, said, StringComparison.Ordinal);
        }

        Assert.Equal(before, await house.As("north", "gRPC").Get(small.Name));
        Assert.Single((await house.As("north", "gRPC").History(Current(small))).Moves);
    }

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task The_centre_itself_is_answered(string rpc)
    {
        var (small, _) = await HiddenAsync();
        var (outcome, _) = await OutcomeAsync(rpc, small, house.Token("north"));
        // What `current` stands on is not archived.
        Assert.Equal(rpc == "ArchiveProtocolVersion" ? "FailedPrecondition VERSION_LABELLED" : "OK", outcome);
    }

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task Without_its_scope_and_without_a_token_it_is_refused(string rpc)
    {
        var (small, _) = await HiddenAsync();
        string[] scopes = ["relapse.read", "relapse.publish", "relapse.label", "relapse.replicate"];
        var others = scopes.Where(scope => scope != _rpcs[rpc].Scope);
        Assert.Equal("PermissionDenied MISSING_SCOPE", (await OutcomeAsync(rpc, small, house.Token("north", string.Join(' ', others)))).Outcome);
        Assert.Equal("Unauthenticated UNAUTHENTICATED", (await OutcomeAsync(rpc, small, null)).Outcome);
    }

    [Theory]
    [InlineData("POST", "protocols:compare", """{"one": "protocols/cog", "other": "{0}"}""", 404)]
    [InlineData("POST", "protocols:compare", """{"one": "{0}", "other": "protocols/cog"}""", 404)]
    [InlineData("GET", "{0}/dmn", null, 404)]
    [InlineData("GET", "info", null, 200)]
    [InlineData("POST", "decisions:import", """{"dmn": "PGEvPg=="}""", 200)]
    public async Task So_it_is_in_json(string method, string path, string? body, int status)
    {
        var (small, _) = await HiddenAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/registry/" + path.Replace("{0}", small.Name, StringComparison.Ordinal));
        request.Headers.Authorization = new("Bearer", house.Token("south"));
        request.Content = body is null ? null : new StringContent(body.Replace("{0}", small.Name, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var answer = await house.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(status == 200 ? small.Id : small.Title, said, StringComparison.Ordinal);
    }

    private static string Current(SmallProtocol small) => $"protocols/{small.Id}/labels/current";

    private static VerifyProtocolRequest Verifying(SmallProtocol small) => new() { ProtocolYaml = small.Publish().ProtocolYaml, CasesYaml = small.Publish().CasesYaml };

    private async Task<(SmallProtocol Small, ProtocolVersion Version)> HiddenAsync()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh() with { Title = "Kept by the north " + Guid.NewGuid().ToString("N") });
        await north.Publish(small.Publish());
        await north.Move(Current(small), small.Name);
        return (small, await north.Get(small.Name));
    }

    private async Task<(string Outcome, string Said)> OutcomeAsync(string rpc, SmallProtocol small, string? token)
    {
        var options = new CallOptions(token is null ? null : new Metadata { { "authorization", "Bearer " + token } }, cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            return ("OK", (await _rpcs[rpc].Call(new RegistryService.RegistryServiceClient(house.Server.Channel), small, options)).ToString()!);
        }
        catch (RpcException error)
        {
            return ($"{error.StatusCode} {error.Reason()}", error.GetRpcStatus()!.ToString());
        }
    }

    private sealed record Tried(string Outcome, Func<RegistryService.RegistryServiceClient, SmallProtocol, CallOptions, Task<IMessage>> Call, string Scope = "relapse.read");
}
