using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>Unary ClassifyRelapse over gRPC.</summary>
internal sealed class UnaryTraffic(CasePool pool, AnswerBook answers, string? bearer = null)
{
    private readonly byte[][] _requests = [.. pool.Requests.Select(request => request.ToByteArray())];
    private readonly Metadata? _headers = bearer is null ? null : new Metadata { { "authorization", bearer } };
    private readonly byte[][] _answers = [.. answers.Unary.Select(answer => answer.ToByteArray())];

    /// <summary>A caller over one of the connections.</summary>
    public Caller Over(ChannelBase channel) => new UnaryCaller(this, channel.CreateCallInvoker());

    private sealed class UnaryCaller(UnaryTraffic traffic, CallInvoker invoker) : Caller
    {
        public override async Task<string?> CallAsync(int number)
        {
            var index = number % traffic._requests.Length;
            try
            {
                using var call = invoker.AsyncUnaryCall(RawMethod.ClassifyRelapse, null, new CallOptions(traffic._headers), traffic._requests[index]);
                using var answer = await call.ResponseAsync.ConfigureAwait(false);
                return answer.Compare(traffic._answers[index]);
            }
            catch (RpcException failure)
            {
                return failure.StatusCode.ToString();
            }
        }
    }
}
