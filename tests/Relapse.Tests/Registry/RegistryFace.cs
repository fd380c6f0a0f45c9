using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Status = Google.Rpc.Status;

namespace Relapse.Tests.Registry;

/// <summary>The registry as one caller reaches it, by one of the two transports; errors are RpcException with the same details.</summary>
internal abstract class RegistryFace
{
    public static string[] Transports { get; } = ["gRPC", "JSON"];

    public static RegistryFace Of(RelapseServer server, string transport, string? token) =>
        transport == "gRPC" ? new GrpcFace(server, token) : new JsonFace(server, token);

    public abstract Task<ListProtocolsResponse> List(int pageSize = 0, string pageToken = "");

    public abstract Task<ProtocolVersion> Get(string name);

    public abstract Task<ResolveLabelResponse> Resolve(string name);

    public abstract Task<ListProtocolVersionsResponse> Versions(string parent, int pageSize = 0, string pageToken = "");

    public abstract Task<PublishProtocolVersionResponse> Publish(PublishProtocolVersionRequest request);

    public abstract Task<ProtocolVersion> Archive(string name, string reason = "");

    public abstract Task<Label> Move(MoveLabelRequest request);

    public abstract Task<ListLabelHistoryResponse> History(string name, int pageSize = 0, string pageToken = "");

    public Task<Label> Move(string name, string version, string etag = "") => Move(new MoveLabelRequest { Name = name, Version = version, Etag = etag });

    private sealed class GrpcFace(RelapseServer server, string? token) : RegistryFace
    {
        private readonly RegistryService.RegistryServiceClient _client = new(server.Channel);

        private CallOptions Options => new(token is null ? null : new Metadata { { "authorization", "Bearer " + token } }, cancellationToken: TestContext.Current.CancellationToken);

        public override async Task<ListProtocolsResponse> List(int pageSize, string pageToken) =>
            await _client.ListProtocolsAsync(new ListProtocolsRequest { PageSize = pageSize, PageToken = pageToken }, Options);

        public override async Task<ProtocolVersion> Get(string name) => (await _client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = name }, Options)).Version;

        public override async Task<ResolveLabelResponse> Resolve(string name) => await _client.ResolveLabelAsync(new ResolveLabelRequest { Name = name }, Options);

        public override async Task<ListProtocolVersionsResponse> Versions(string parent, int pageSize, string pageToken) =>
            await _client.ListProtocolVersionsAsync(new ListProtocolVersionsRequest { Parent = parent, PageSize = pageSize, PageToken = pageToken }, Options);

        public override async Task<PublishProtocolVersionResponse> Publish(PublishProtocolVersionRequest request) => await _client.PublishProtocolVersionAsync(request, Options);

        public override async Task<ProtocolVersion> Archive(string name, string reason) =>
            (await _client.ArchiveProtocolVersionAsync(new ArchiveProtocolVersionRequest { Name = name, Reason = reason }, Options)).Version;

        public override async Task<Label> Move(MoveLabelRequest request) => (await _client.MoveLabelAsync(request, Options)).Label;

        public override async Task<ListLabelHistoryResponse> History(string name, int pageSize, string pageToken) =>
            await _client.ListLabelHistoryAsync(new ListLabelHistoryRequest { Name = name, PageSize = pageSize, PageToken = pageToken }, Options);
    }

    private sealed class JsonFace(RelapseServer server, string? token) : RegistryFace
    {
        private static readonly JsonParser Errors = new(JsonParser.Settings.Default.WithTypeRegistry(Google.Protobuf.Reflection.TypeRegistry.FromMessages(
            ErrorInfo.Descriptor, BadRequest.Descriptor, PreconditionFailure.Descriptor, QuotaFailure.Descriptor, RequestInfo.Descriptor, ResourceInfo.Descriptor, RetryInfo.Descriptor)));

        public override Task<ListProtocolsResponse> List(int pageSize, string pageToken) => Ask<ListProtocolsResponse>("protocols" + Page(pageSize, pageToken));

        public override async Task<ProtocolVersion> Get(string name) => (await Ask<GetProtocolVersionResponse>(name)).Version;

        public override Task<ResolveLabelResponse> Resolve(string name) => Ask<ResolveLabelResponse>(name);

        public override Task<ListProtocolVersionsResponse> Versions(string parent, int pageSize, string pageToken) =>
            Ask<ListProtocolVersionsResponse>(parent + "/versions" + Page(pageSize, pageToken));

        public override Task<PublishProtocolVersionResponse> Publish(PublishProtocolVersionRequest request) => Ask<PublishProtocolVersionResponse>("protocols:publish", request);

        public override async Task<ProtocolVersion> Archive(string name, string reason) =>
            (await Ask<ArchiveProtocolVersionResponse>(name + ":archive", new ArchiveProtocolVersionRequest { Reason = reason })).Version;

        public override async Task<Label> Move(MoveLabelRequest request)
        {
            var body = request.Clone();
            body.Name = "";
            return (await Ask<MoveLabelResponse>(request.Name + ":move", body)).Label;
        }

        public override Task<ListLabelHistoryResponse> History(string name, int pageSize, string pageToken) =>
            Ask<ListLabelHistoryResponse>(name + "/history" + Page(pageSize, pageToken));

        private static string Page(int size, string token) => $"?pageSize={size}&pageToken={token}";

        private async Task<T> Ask<T>(string path, IMessage? body = null) where T : IMessage<T>, new()
        {
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, "/v1/registry/" + path);
            request.Content = body is null ? null : new StringContent(JsonFormatter.Default.Format(body), Encoding.UTF8, "application/json");
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode ? JsonParser.Default.Parse<T>(text) : throw Errors.Parse<Status>(text).ToRpcException();
        }
    }
}
