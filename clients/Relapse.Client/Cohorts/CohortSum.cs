using Relapse.Contracts.Classification.V1;

namespace Relapse.Client.Cohorts;

/// <summary>What became of a cohort over several streams: those that broke never sent a summary, so what they answered is counted here.</summary>
internal sealed class CohortSum
{
    private readonly CohortTally _broken = new();
    private CohortTally _stream = new();

    /// <summary>Whether a stream that broke had answered anything, so that the last summary is not that of the cohort.</summary>
    public bool IsOfSeveral => _broken.Items > 0;

    /// <summary>Counts an item of this stream.</summary>
    /// <param name="conclusions">What was concluded of it; null where it was refused.</param>
    public void Add(IEnumerable<CountedConclusion>? conclusions) => _stream.Add(conclusions);

    /// <summary>What was counted of this stream is all there will be of it.</summary>
    public void Break()
    {
        _broken.Add(_stream);
        _stream = new CohortTally();
    }

    /// <summary>All streams together; null when the last summary does not count what its stream answered.</summary>
    public CohortTally? With(long items, long refused, IEnumerable<DecisionTally> tallies)
    {
        if (items != _stream.Items || refused != _stream.Refused)
        {
            return null;
        }

        // The last first: its tallies stand in the protocol's order.
        var all = new CohortTally();
        all.Add(items, refused, tallies);
        all.Add(_broken);
        return all;
    }
}
