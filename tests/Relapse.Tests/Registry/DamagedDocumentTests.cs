using System.Text;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

public sealed class SqliteDamagedDocumentTests : DamagedDocumentTests
{
    private protected override Task<Engine> EngineAsync() => Engine.SqliteAsync();

    private protected override string Unguarded => "DROP TRIGGER registry_documents_stay";
}

public sealed class PostgresDamagedDocumentTests(PostgresServer server) : DamagedDocumentTests
{
    private protected override Task<Engine> EngineAsync() => Engine.PostgresAsync(server);

    private protected override string Unguarded => "DROP TRIGGER registry_documents_stay ON registry_documents";
}

/// <summary>Bytes in the store that are not those that were published: never served and never evaluated, and everything else goes on.</summary>
public abstract class DamagedDocumentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<Engine> EngineAsync();

    /// <summary>Takes away what keeps documents from being changed.</summary>
    private protected abstract string Unguarded { get; }

    [Theory]
    [InlineData("another conclusion")]
    [InlineData("cut off")]
    [InlineData("empty")]
    public async Task A_damaged_document_is_data_loss_wherever_it_would_be_used(string damage)
    {
        using var engine = await EngineAsync();
        var (damaged, sound) = (RegistryHouse.Fresh(), RegistryHouse.Fresh());
        var digest = (await WithServerAsync(engine, async server =>
        {
            var face = RegistryFace.Of(server, "gRPC", token: null);
            await face.Publish(sound.Publish());
            var published = await face.Publish(damaged.Publish());
            await face.Move($"protocols/{damaged.Id}/labels/current", damaged.Name);
            return published;
        })).Version.Digest;

        await engine.ExecuteAsync(Unguarded);
        await engine.ExecuteAsync("UPDATE registry_documents SET content = @content WHERE digest = @digest", ("content", Damaged(damaged, damage)), ("digest", digest));

        await WithServerAsync(engine, async server =>
        {
            foreach (var transport in RegistryFace.Transports)
            {
                var face = RegistryFace.Of(server, transport, token: null);
                Assert.Equal((StatusCode.DataLoss, "DIGEST_MISMATCH"), await Refused.By(() => face.Get(damaged.Name)));
                Assert.Equal(sound.Yaml, (await face.Get(sound.Name)).Yaml.ToStringUtf8());
                Assert.Equal(digest, (await face.Resolve($"protocols/{damaged.Id}/labels/current")).Digest);
            }

            Assert.Equal((StatusCode.DataLoss, "DIGEST_MISMATCH"), await Refused.By(() => ClassifyAsync(server, damaged.Name)));
            Assert.Equal((StatusCode.DataLoss, "DIGEST_MISMATCH"), await Refused.By(() => ClassifyAsync(server, "protocols/" + damaged.Id)));
            Assert.Equal(["HIGH"], (await ClassifyAsync(server, sound.Name)).Decisions.Single(decision => decision.Decision_ == "risk_group").Possible);
            Assert.Contains("does not have the digest " + digest, server.Logs.Text, StringComparison.Ordinal);
            return true;
        });
    }

    private static byte[] Damaged(SmallProtocol small, string damage) => damage switch
    {
        // Sound in every other way: only the digest tells.
        "another conclusion" => Encoding.UTF8.GetBytes(small.Yaml.Replace("then: HIGH", "then: LOW ", StringComparison.Ordinal)),
        "cut off" => Encoding.UTF8.GetBytes(small.Yaml[..^40]),
        _ => [],
    };

    private static async Task<T> WithServerAsync<T>(Engine engine, Func<RelapseServer, Task<T>> act)
    {
        await using var server = new RelapseServer { Arguments = [engine.Argument] };
        await server.InitializeAsync();
        return await act(server);
    }

    private static async Task<ClassifyRelapseResponse> ClassifyAsync(RelapseServer server, string protocol) =>
        await new ClassificationService.ClassificationServiceClient(server.Channel).ClassifyRelapseAsync(
            new ClassifyRelapseRequest { Case = new RelapseCase { Lineage = Lineage.TCell }, Protocols = { protocol } }, cancellationToken: Cancel);
}
