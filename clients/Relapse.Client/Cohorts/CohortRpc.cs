using Google.Protobuf;
using Grpc.Core;

namespace Relapse.Client.Cohorts;

/// <summary>
/// What one RPC on cohorts says in its own messages: settings first, then chunks; results in order, then a summary. It remembers of the
/// answers what a stream that is taken up again needs.
/// </summary>
internal abstract class CohortRpc<TItem, TRequest, TResponse, TResult, TSummary>
    where TItem : class, IMessage
    where TRequest : class
    where TResponse : class
    where TSummary : class
{
    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> Open(CancellationToken cancellation);

    /// <summary>The first message of a stream.</summary>
    public abstract TRequest Settings();

    public abstract TRequest Chunk(IEnumerable<TItem> items);

    public abstract IReadOnlyList<TResult> Results(TResponse response);

    /// <summary>Null in all messages but the last.</summary>
    public abstract TSummary? Summary(TResponse response);

    public abstract bool IsAnswer(TResult result, TItem to);

    public abstract bool IsRefused(TResult result);

    /// <summary>Whether results are under the versions that answered in the streams before this one.</summary>
    public abstract bool IsUnderSameVersions(IReadOnlyList<TResult> results);

    /// <summary>Names those versions exactly in the settings from now on.</summary>
    public abstract void PinVersions();

    /// <summary>Counts results, which the summary of a stream that breaks afterwards will not.</summary>
    public abstract void Count(IReadOnlyList<TResult> results);

    /// <summary>What was counted of this stream is all there will be of it.</summary>
    public abstract void Break();

    /// <summary>The streams that broke and this one. False when the summary does not count what this one answered.</summary>
    public abstract bool TrySum(TSummary last, out TSummary sum);
}
