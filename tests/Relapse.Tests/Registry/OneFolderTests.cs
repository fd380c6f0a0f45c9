using System.Diagnostics;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

/// <summary>Two processes over one folder, which was not there when they started: each answers from what the other was told.</summary>
public sealed class OneFolderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Else every start would certify in full, as slowly as it may, and nothing would tell.</summary>
    [Fact]
    public async Task A_process_rests_on_the_certificates_of_its_build()
    {
        using var engine = await Engine.SqliteAsync();
        using var process = await RegistryProcess.StartAsync(engine);
        while (!process.Said.Contains("protocol versions compiled and certified", StringComparison.Ordinal))
        {
            await Task.Delay(10, Cancel);
        }

        Assert.DoesNotContain("Certified in full at this start", process.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_process_is_told_the_other_answers_from_and_neither_loses_what_the_other_wrote()
    {
        using var engine = await Engine.SqliteAsync();
        using var one = await RegistryProcess.StartAsync(engine);
        using var other = await RegistryProcess.StartAsync(engine);
        var small = RegistryHouse.Fresh();
        await one.Client.PublishProtocolVersionAsync(small.Publish(), cancellationToken: Cancel);
        var label = (await one.Client.MoveLabelAsync(new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/current", Version = small.Name }, cancellationToken: Cancel)).Label;
        Assert.Equal(label, await SoonAsync(() => ResolveAsync(other, label.Name), label.Equals));
        Assert.Equal(small.Yaml, (await other.Client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = small.Name }, cancellationToken: Cancel)).Version.Yaml.ToStringUtf8());

        // Of two who saw the same, one moves.
        var outcomes = await Task.WhenAll(new[] { one, other }.Select(async process =>
        {
            try
            {
                await process.Client.MoveLabelAsync(new MoveLabelRequest { Name = label.Name, Version = small.Name, Etag = label.Etag }, cancellationToken: Cancel);
                return StatusCode.OK;
            }
            catch (RpcException error)
            {
                return error.StatusCode;
            }
        }));
        Assert.Equal([StatusCode.OK, StatusCode.Aborted], outcomes.Order());

        var names = await Task.WhenAll(new[] { one, other }.SelectMany(process => Enumerable.Range(0, 10).Select(async _ =>
        {
            var fresh = RegistryHouse.Fresh();
            await process.Client.PublishProtocolVersionAsync(fresh.Publish(), cancellationToken: Cancel);
            return "protocols/" + fresh.Id;
        })));
        foreach (var process in new[] { one, other })
        {
            Assert.Empty(await SoonAsync(async () => names.Except((await process.Client.ListProtocolsAsync(new ListProtocolsRequest { PageSize = 1000 }, cancellationToken: Cancel)).Protocols.Select(protocol => protocol.Name)).ToArray(), missing => missing.Length == 0));
        }
    }

    private static async Task<Label?> ResolveAsync(RegistryProcess process, string name)
    {
        try
        {
            return (await process.Client.ResolveLabelAsync(new ResolveLabelRequest { Name = name }, cancellationToken: Cancel)).Label;
        }
        catch (RpcException notYet) when (notYet.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return null;
        }
    }

    private static async Task<T> SoonAsync<T>(Func<Task<T>> ask, Predicate<T> isIt)
    {
        for (var told = Stopwatch.StartNew(); ; await Task.Delay(20, Cancel))
        {
            var answer = await ask();
            if (isIt(answer) || told.Elapsed > TimeSpan.FromSeconds(20))
            {
                return answer;
            }
        }
    }
}
