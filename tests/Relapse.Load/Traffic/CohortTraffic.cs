using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>ClassifyCohort: each caller has a stream of its own, and a call is one chunk sent and its answer taken.</summary>
internal sealed class CohortTraffic(CasePool pool, AnswerBook answers)
{
    private readonly byte[] _settings = new ClassifyCohortRequest { Settings = CasePool.CohortSettings }.ToByteArray();
    private readonly byte[][] _chunks = [.. pool.CohortChunks().Select(chunk => chunk.ToByteArray())];
    private readonly byte[][] _answers = [.. answers.Cohort.Select(answer => answer.ToByteArray())];

    /// <summary>A caller with a stream over one of the connections.</summary>
    public Caller Over(ChannelBase channel) => new CohortCaller(this, channel.CreateCallInvoker());

    private sealed class CohortCaller(CohortTraffic traffic, CallInvoker invoker) : Caller
    {
        private AsyncDuplexStreamingCall<byte[], byte[]>? _stream;
        private long _sent;

        public override async Task<string?> CallAsync(int number)
        {
            var index = number % traffic._chunks.Length;
            try
            {
                _stream ??= await OpenAsync().ConfigureAwait(false);
                await _stream.RequestStream.WriteAsync(traffic._chunks[index]).ConfigureAwait(false);
                _sent += CasePool.Count;
                var answer = await NextAsync(_stream).ConfigureAwait(false);
                return answer.AsSpan().SequenceEqual(traffic._answers[index]) ? null : "another answer than before";
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
                var last = ClassifyCohortResponse.Parser.ParseFrom(await NextAsync(stream).ConfigureAwait(false));
                return last.Summary?.Items == _sent ? null : "the summary counts other items than were sent";
            }
            catch (RpcException failure)
            {
                return failure.StatusCode.ToString();
            }
        }

        private async Task<AsyncDuplexStreamingCall<byte[], byte[]>> OpenAsync()
        {
            var stream = invoker.AsyncDuplexStreamingCall(RawMethod.ClassifyCohort, null, default);
            await stream.RequestStream.WriteAsync(traffic._settings).ConfigureAwait(false);
            return stream;
        }

        // The settings, sent without items, are answered by a message without results, or by none.
        private static async Task<byte[]> NextAsync(AsyncDuplexStreamingCall<byte[], byte[]> stream)
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                if (stream.ResponseStream.Current.Length > 0)
                {
                    return stream.ResponseStream.Current;
                }
            }

            return [];
        }
    }
}
