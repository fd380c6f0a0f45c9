namespace Relapse.Client.Cohorts;

/// <summary>How a cohort is sent.</summary>
public sealed record CohortOptions
{
    private const int MostItems = 1000;

    /// <summary>Most items of one chunk, 1 to 1,000; default 256. A chunk is also full with 1 MiB.</summary>
    public int ChunkItems
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostItems);
            field = value;
        }
    } = 256;

    /// <summary>Most chunks that are sent and not answered, 1 or more; default 2: the one that is being answered, and the next.</summary>
    public int ChunksAhead
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>
    /// How long a stream that breaks is taken up again while nothing more is answered; default 1 minute, zero for never. Then its last
    /// error is thrown.
    /// </summary>
    public TimeSpan Patience
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMinutes(1);
}

/// <summary>How far a cohort is.</summary>
/// <param name="Answered">Items answered, those that were refused among them.</param>
/// <param name="Refused">Items refused.</param>
/// <param name="Breaks">How often the stream broke.</param>
public readonly record struct CohortProgress(long Answered, long Refused, int Breaks);
