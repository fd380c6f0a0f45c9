using Grpc.Net.Client;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>Every row for which servers are put under load, each server a published process of its own.</summary>
internal static class LoadRows
{
    /// <summary>Measures one row after the other.</summary>
    /// <param name="pace">How long.</param>
    /// <param name="only">Which kinds of rows, of unary, cohort and gateway; none: every kind.</param>
    public static async IAsyncEnumerable<Row> MeasureAsync(Pace pace, IReadOnlyList<string> only)
    {
        bool Wanted(string kind) => only.Count == 0 || only.Contains(kind, StringComparer.Ordinal);

        using var service = ServerProcess.Start(Published.AllInOne, []);
        await service.AnswersAsync();
        using var channel = GrpcChannel.ForAddress(service.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var asked = new List<(CasePool Pool, AnswerBook Answers)>();
        foreach (var pool in CasePool.All)
        {
            asked.Add((pool, await AnswerBook.AskAsync(channel, pool)));
        }

        using var books = new TemporaryFiles(asked.Count);
        foreach (var (path, one) in books.Paths.Zip(asked))
        {
            one.Answers.Save(path);
        }

        using var echo = ServerProcess.Start(Published.Load, ["echo", .. books.Paths]);
        await echo.ListensAsync();
        var opponents = asked.ConvertAll(one => new Opponents(Address.Of(service), Address.Of(echo), one.Pool, one.Answers));
        foreach (var each in opponents)
        {
            foreach (var row in Wanted("unary") ? await UnaryRows.MeasureAsync(each, pace) : [])
            {
                yield return row;
            }

            if (Wanted("cohort"))
            {
                yield return await CohortRow.MeasureAsync(each, pace);
            }
        }

        if (!Wanted("gateway"))
        {
            yield break;
        }

        using var sink = ServerProcess.Start(Published.Load, ["sink"]);
        using var proxy = ServerProcess.Start(Published.Load, ["proxy", echo.HttpAddress.ToString(), echo.GrpcAddress.ToString()]);
        using var issuer = new TokenIssuer();
        using var gateway = ServerProcess.Start(
            Published.Gateway,
            [],
            [
                .. issuer.Settings,
                ("RELAPSE_SERVICE_CLASSIFICATION_HTTP", echo.HttpAddress.ToString()),
                ("RELAPSE_SERVICE_CLASSIFICATION_GRPC", echo.GrpcAddress.ToString()),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.HttpAddress.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ]);
        await sink.ListensAsync();
        await proxy.ListensAsync();
        await gateway.ListensAsync();
        foreach (var row in await GatewayRows.MeasureAsync(opponents[0], Address.Of(gateway), Address.Of(proxy), issuer.Bearer, pace))
        {
            yield return row;
        }

        await TelemetrySink.RequireAnyAsync(sink.HttpAddress);
    }

    private sealed class TemporaryFiles(int count) : IDisposable
    {
        public IReadOnlyList<string> Paths { get; } = [.. Enumerable.Range(0, count).Select(_ => Path.GetTempFileName())];

        public void Dispose()
        {
            foreach (var path in Paths)
            {
                File.Delete(path);
            }
        }
    }
}
