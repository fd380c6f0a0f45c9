namespace Relapse.Client.Cohorts;

/// <summary>The results of a cohort, in the order of its items, and its summary when they have all been read.</summary>
/// <typeparam name="TResult">What becomes of one item.</typeparam>
/// <typeparam name="TSummary">What became of the cohort.</typeparam>
public sealed class CohortAnswers<TResult, TSummary> : IAsyncEnumerable<TResult>
    where TSummary : class
{
    private readonly Func<Action<TSummary>, CancellationToken, IAsyncEnumerable<TResult>> _read;
    private TSummary? _summary;
    private int _begun;

    internal CohortAnswers(Func<Action<TSummary>, CancellationToken, IAsyncEnumerable<TResult>> read) => _read = read;

    /// <summary>What became of the cohort; where its stream broke, of all its streams together.</summary>
    /// <exception cref="InvalidOperationException">Not all results have been read.</exception>
    public TSummary Summary => _summary ?? throw new InvalidOperationException("The summary comes when all results have been read.");

    /// <summary>Begins to send the items. Reading slowly sends slowly; to stop reading ends the call.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="InvalidOperationException">The results are read already.</exception>
    public IAsyncEnumerator<TResult> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, 1) == 1)
        {
            throw new InvalidOperationException("The results of a cohort are read once.");
        }

        return _read(summary => _summary = summary, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
