using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>ClassifyCohort: each caller has a stream of its own, and a call is one chunk sent and all of its answer taken.</summary>
internal sealed class CohortTraffic(CasePool pool, AnswerBook answers)
{
    private readonly byte[] _settings = new ClassifyCohortRequest { Settings = CasePool.CohortSettings }.ToByteArray();
    private readonly byte[][] _chunks = [.. pool.CohortChunks().Select(chunk => chunk.ToByteArray())];
    private readonly byte[][][] _answers = [.. answers.Cohort.Select(messages => messages.Select(message => message.ToByteArray()).ToArray())];

    /// <summary>
    /// Sends a message of a stream. When the service has ended the call meanwhile that fails in one of several ways, none of
    /// which says why; reading on does.
    /// </summary>
    public static async Task SendAsync<T>(IClientStreamWriter<T> stream, T message)
    {
        try
        {
            await stream.WriteAsync(message).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
        }
    }

    /// <summary>A caller with a stream over one of the connections.</summary>
    public Caller Over(ChannelBase channel) => new CohortCaller(this, channel.CreateCallInvoker());

    private sealed class CohortCaller(CohortTraffic traffic, CallInvoker invoker) : Caller
    {
        private AsyncDuplexStreamingCall<byte[], RawAnswer>? _stream;
        private long _sent;

        public override async Task<string?> CallAsync(int number)
        {
            var index = number % traffic._chunks.Length;
            try
            {
                _stream ??= invoker.AsyncDuplexStreamingCall(RawMethod.ClassifyCohort, null, default);
                if (_sent == 0)
                {
                    await SendAsync(_stream.RequestStream, traffic._settings).ConfigureAwait(false);
                }

                await SendAsync(_stream.RequestStream, traffic._chunks[index]).ConfigureAwait(false);
                _sent += CasePool.Count;
                string? fault = null;
                foreach (var expected in traffic._answers[index])
                {
                    using var answer = await NextAsync(_stream).ConfigureAwait(false);
                    fault ??= answer is null ? "the stream ended" : answer.Compare(expected);
                }

                return fault;
            }
            catch (RpcException failure)
            {
                return failure.StatusCode.ToString();
            }
        }

        public override async Task<string?> CloseAsync()
        {
            if (_stream is null)
            {
                return null;
            }

            using var stream = _stream;
            try
            {
                await stream.RequestStream.CompleteAsync().ConfigureAwait(false);
                using var last = await NextAsync(stream).ConfigureAwait(false);
                return last is not null && ClassifyCohortResponse.Parser.ParseFrom(last.Bytes).Summary?.Items == _sent
                    ? null
                    : "the summary counts other items than were sent";
            }
            catch (RpcException failure)
            {
                return failure.StatusCode.ToString();
            }
        }

        private static async Task<RawAnswer?> NextAsync(AsyncDuplexStreamingCall<byte[], RawAnswer> stream) =>
            await stream.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false) ? stream.ResponseStream.Current : null;
    }
}
