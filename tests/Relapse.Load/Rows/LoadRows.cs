using Grpc.Net.Client;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>Every row for which servers are put under load, each server a published process of its own.</summary>
internal static class LoadRows
{
    public static async IAsyncEnumerable<Row> MeasureAsync(Pace pace)
    {
        using var service = ServerProcess.Start(Published.AllInOne, []);
        await service.AnswersAsync();
        var pool = CasePool.Draw();
        using var channel = GrpcChannel.ForAddress(service.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var answers = await AnswerBook.AskAsync(channel, pool);

        using var book = new TemporaryFile();
        answers.Save(book.Path);
        using var echo = ServerProcess.Start(Published.Load, ["echo", book.Path]);
        await echo.ListensAsync();
        var opponents = new Opponents(Address.Of(service), Address.Of(echo), pool, answers);
        foreach (var row in await UnaryRows.MeasureAsync(opponents, pace))
        {
            yield return row;
        }

        yield return await CohortRow.MeasureAsync(opponents, pace);

        using var sink = ServerProcess.Start(Published.Load, ["sink"]);
        using var proxy = ServerProcess.Start(Published.Load, ["proxy", echo.HttpAddress.ToString(), echo.GrpcAddress.ToString()]);
        using var gateway = ServerProcess.Start(
            Published.Gateway,
            [],
            ("RELAPSE_SERVICE_CLASSIFICATION_HTTP", echo.HttpAddress.ToString()),
            ("RELAPSE_SERVICE_CLASSIFICATION_GRPC", echo.GrpcAddress.ToString()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.HttpAddress.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        await sink.ListensAsync();
        await proxy.ListensAsync();
        await gateway.ListensAsync();
        foreach (var row in await GatewayRows.MeasureAsync(opponents, Address.Of(gateway), Address.Of(proxy), pace))
        {
            yield return row;
        }

        await TelemetrySink.RequireAnyAsync(sink.HttpAddress);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
