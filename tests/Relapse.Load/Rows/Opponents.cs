using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>Where a server is.</summary>
/// <param name="Http">Its JSON port.</param>
/// <param name="Grpc">Its gRPC port.</param>
/// <param name="Process">Its process; null when it shares the client's.</param>
internal sealed record Address(Uri Http, Uri Grpc, ServerProcess? Process)
{
    public static Address Of(ServerProcess process) => new(process.HttpAddress, process.GrpcAddress, process);
}

/// <summary>The real service, the echo of its answers, and what both are asked.</summary>
internal sealed record Opponents(Address Service, Address Echo, CasePool Pool, AnswerBook Answers);
