using System.Net;
using System.Security.Cryptography;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>The registry's read side, by gRPC and by JSON.</summary>
public sealed class RegistryTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RegistryService.RegistryServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Protocols_are_listed_by_id_with_versions_and_labels()
    {
        var list = await Client.ListProtocolsAsync(new ListProtocolsRequest(), cancellationToken: Cancellation);

        Assert.Equal(RelapseServer.Catalog.Protocols.Select(entry => entry.Name), list.Protocols.Select(protocol => protocol.Name));
        Assert.Empty(list.NextPageToken);
        Assert.All(list.Protocols, protocol => Assert.Equal(protocol.Versions[^1], protocol.Labels["current"]));
        Assert.Equal(list, ListProtocolsResponse.Parser.ParseJson((await server.GetAsync("/v1/registry/protocols")).Body));
    }

    [Fact]
    public async Task Pages_of_one_are_the_whole_list()
    {
        var names = new List<string>();
        var request = new ListProtocolsRequest { PageSize = 1 };
        do
        {
            var page = await Client.ListProtocolsAsync(request, cancellationToken: Cancellation);
            names.Add(Assert.Single(page.Protocols).Name);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(RelapseServer.Catalog.Protocols.Select(entry => entry.Name), names);
    }

    [Fact]
    public async Task A_page_size_or_token_that_cannot_be_is_refused_with_both_paths()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.ListProtocolsAsync(new ListProtocolsRequest { PageSize = 1001, PageToken = "nonsense" }, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(["page_size", "page_token"], error.Fields());
    }

    [Fact]
    public async Task A_version_comes_with_its_document_and_the_bytes_that_its_digest_is_of()
    {
        var name = RelapseServer.Catalog.Protocols[0].Versions[0].Name;

        var version = (await Client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = name }, cancellationToken: Cancellation)).Version;

        Assert.Equal(name, version.Name);
        Assert.Equal(version.Digest, Convert.ToHexStringLower(SHA256.HashData(version.Yaml.Span)));
        Assert.Equal($"protocols/{version.Document.Id}/versions/{version.Document.Version}", name);
        Assert.True(version.Certificate.Cells > 0 && version.Certificate.Faults == 0);
        var json = await server.GetAsync("/v1/registry/" + name);
        Assert.Equal(version, GetProtocolVersionResponse.Parser.ParseJson(json.Body).Version);
        // Canonical JSON has 64 bits as a string.
        Assert.Equal($"{version.Certificate.Cells}", json.Json.GetProperty("version").GetProperty("certificate").GetProperty("cells").GetString());
    }

    [Fact]
    public async Task A_label_resolves_to_a_version_and_its_digest()
    {
        var current = RelapseServer.Catalog.Protocols[0].Current!;
        var name = $"protocols/{current.Id}/labels/current";

        var resolved = await Client.ResolveLabelAsync(new ResolveLabelRequest { Name = name }, cancellationToken: Cancellation);

        Assert.Equal((current.Name, current.Digest), (resolved.Version, resolved.Digest));
        Assert.Equal(resolved, ResolveLabelResponse.Parser.ParseJson((await server.GetAsync("/v1/registry/" + name)).Body));
    }

    [Theory]
    [InlineData("/v1/registry/protocols/nothing/versions/1", "PROTOCOL_NOT_FOUND")]
    [InlineData("/v1/registry/protocols/cog/versions/1", "PROTOCOL_VERSION_NOT_FOUND")]
    [InlineData("/v1/registry/protocols/nothing/labels/current", "PROTOCOL_NOT_FOUND")]
    [InlineData("/v1/registry/protocols/cog/labels/latest", "LABEL_NOT_FOUND")]
    public async Task What_is_not_there_is_not_found(string path, string reason)
    {
        var answer = await server.GetAsync(path);

        answer.AssertError(HttpStatusCode.NotFound, 5, reason);
        Assert.Equal(["name"], answer.Fields);
    }

    [Theory]
    [InlineData("/v1/registry/protocols/COG/versions/1")]
    [InlineData("/v1/registry/protocols/c%20g/labels/current")]
    [InlineData("/v1/registry/protocols/cog/labels/cur%2Frent")]
    public async Task What_is_no_name_is_refused(string path)
    {
        var answer = await server.GetAsync(path);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["name"], answer.Fields);
    }

    [Fact]
    public async Task The_service_says_what_it_is_and_holds()
    {
        var info = (await Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Cancellation)).Info;

        Assert.Equal("relapse.registry.v1.RegistryService", info.Service);
        Assert.Contains("Decision support", info.IntendedUse, StringComparison.Ordinal);
        Assert.Contains("Not a device", info.NotIntendedFor, StringComparison.Ordinal);
        Assert.Equal(RelapseServer.Catalog.Protocols.Sum(entry => entry.Versions.Length), info.Protocols.Count);
        Assert.Equal(info, GetServiceInfoResponse.Parser.ParseJson((await server.GetAsync("/v1/registry/info")).Body).Info);
    }
}
