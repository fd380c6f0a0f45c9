using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>A result that may stand for a measurement, and what is not stated of it.</summary>
/// <param name="Index">Its place in the case.</param>
/// <param name="TimePoint">Its time point; UNSPECIFIED: any of the measurement's own may be it.</param>
/// <param name="IsOfSpecimen">Whether its specimen is stated to be the measurement's: it is not stated to be another.</param>
/// <param name="IsEvaluable">Whether it found anything out; null when its result is not stated.</param>
/// <param name="IsByOwnMethod">Whether it is by a method of the measurement; null when that is not stated.</param>
/// <param name="Date">The days on which it may have been taken.</param>
/// <param name="Level">What it says of the level.</param>
internal readonly record struct MrdCandidate(int Index, TimePoint TimePoint, bool IsOfSpecimen, bool? IsEvaluable, bool? IsByOwnMethod, DateInterval Date, Interval Level)
{
    /// <summary>Of a time point that is not stated, those as a set that its date leaves it.</summary>
    public ulong TimePoints { get; init; }

    /// <summary>Whether it turned out to be of another time point or specimen.</summary>
    public bool IsOut { get; init; }

    /// <summary>Whether it is of the measurement's time point and specimen whatever is not stated, but for the reinduction.</summary>
    public bool Counts => TimePoint is not TimePoint.Unspecified && IsOfSpecimen && !IsOut;

    /// <summary>Whether it may be of a time point.</summary>
    public bool MayBeAt(TimePoint point) => TimePoint is TimePoint.Unspecified ? (TimePoints >> (int)point & 1) != 0 : TimePoint == point;

    /// <summary>How it ranks at least: one that found something out before one that did not, then one by the measurement's method.</summary>
    public int LeastRank => RankOf(IsEvaluable is true, IsByOwnMethod is true);

    /// <summary>How it ranks at most with a method that is known.</summary>
    public int MostRank(bool byOwnMethod) => RankOf(IsEvaluable is not false, byOwnMethod);

    private static int RankOf(bool isEvaluable, bool byOwnMethod) => (isEvaluable ? MrdCandidates.Evaluable : 0) + (byOwnMethod ? 1 : 0);
}

/// <summary>
/// The results that may stand for a measurement. Under each completion of what is not stated those of the highest rank stand for it, of one time
/// point the latest; a result is possible when it does under any. What is not stated of one result says nothing of another, so that it is enough
/// to set each against the least that every other can be. Only the reinduction is common to all, and is gone through.
/// </summary>
internal sealed class MrdCandidates(MrdMeasure measure, Reinduction reinduction, MrdCandidate[] candidates)
{
    /// <summary>What it adds to a rank that something was found out.</summary>
    public const int Evaluable = 2;

    private const int Ranks = 4;

    /// <summary>Before the day that says of a result that it is the latest, and after any that a result could be of.</summary>
    private static readonly int _unbounded = DateOnly.MaxValue.DayNumber - 1;

    /// <summary>A day as late as any that a result could be of.</summary>
    public static DateOnly Late { get; } = DateOnly.MaxValue.AddDays(-1);

    /// <summary>The day of a new result, which is later than any there is.</summary>
    public static DateOnly New => DateOnly.MaxValue;

    private static readonly Reinduction[] _given = [.. CaseFacts.ReinductionWords.Select(word => word.Value)];

    /// <summary>What they may stand for.</summary>
    public MrdMeasure Measure => measure;

    /// <summary>The candidates, in the order of the case.</summary>
    public ReadOnlySpan<MrdCandidate> All => candidates;

    /// <summary>Whether it may hang on the reinduction which results count, and that is not stated.</summary>
    public bool MayHangOnReinduction => reinduction is Reinduction.Unspecified && measure.LooksAtReinduction;

    /// <summary>The same with one fact more of one of them.</summary>
    public MrdCandidates With(int place, MrdCandidate stated)
    {
        MrdCandidate[] changed = [.. candidates];
        changed[place] = stated;
        return new MrdCandidates(measure, reinduction, changed);
    }

    /// <summary>The same with one more.</summary>
    public MrdCandidates With(MrdCandidate another) => new(measure, reinduction, [.. candidates, another]);

    /// <summary>The place of a result of the case; -1 when it is none of them.</summary>
    public int PlaceOf(int index) => Array.FindIndex(candidates, candidate => candidate.Index == index);

    /// <summary>The same after a reinduction.</summary>
    public MrdCandidates After(Reinduction given) => new(measure, given, candidates);

    /// <summary>Which are possible.</summary>
    public MrdStanding Stand()
    {
        var standing = new MrdStanding(candidates.Length);
        if (candidates.Length == 0)
        {
            return standing;
        }
        if (!MayHangOnReinduction)
        {
            StandAfter(reinduction, standing);
            return standing;
        }
        foreach (var given in _given)
        {
            StandAfter(given, standing);
        }
        return standing;
    }

    private void StandAfter(Reinduction given, MrdStanding standing)
    {
        if (measure.IsNeverAfter(given))
        {
            standing.IsOpenAfter = true;
            return;
        }
        // Of each time point and rank the day after which a result would have to be that is not put aside by a later one.
        Span<int> latest = stackalloc int[MrdMeasure.TimePointCount * Ranks];
        latest.Fill(-1);
        var (best, bestUnconditional, wouldCount) = (-1, -1, false);
        foreach (ref readonly var one in candidates.AsSpan())
        {
            // Which reinduction was given settles of which time point a result is: one of another is then no result of the measurement.
            wouldCount |= one.Counts && (MayHangOnReinduction || !measure.IsAfterOther(one.TimePoint, given));
            if (one.Counts && !measure.IsAfterOther(one.TimePoint, given))
            {
                var rank = one.LeastRank;
                best = Math.Max(best, rank);
                bestUnconditional = Math.Max(bestUnconditional, measure.IsProvided(one.TimePoint) ? -1 : rank);
                ref var day = ref latest[((int)one.TimePoint * Ranks) + rank];
                day = Math.Max(day, one.Date.Min?.DayNumber ?? -1);
            }
        }
        if (best < 0)
        {
            // Without any result of its own the level may be anything; where they are of another time point after this reinduction alone, that is a condition.
            standing.IsOpen |= !wouldCount;
            standing.NoneAfter |= wouldCount ? 1UL << (int)given : 0;
        }
        for (var place = 0; place < candidates.Length; place++)
        {
            StandAfter(given, place, best, latest, standing);
        }
        standing.MayRestOnProvided |= measure.Provided is not TimePoint.Unspecified && !measure.IsAfterOther(measure.Provided, given) && MostOfProvided() > bestUnconditional;
    }

    /// <summary>How high a result of the time point that counts on a condition may rank; below every rank when none is or may be of it.</summary>
    private int MostOfProvided()
    {
        var most = -1;
        foreach (ref readonly var one in candidates.AsSpan())
        {
            most = one.IsOut || !one.MayBeAt(measure.Provided) ? most : Math.Max(most, one.MostRank(one.IsByOwnMethod is not false));
        }
        return most;
    }

    private void StandAfter(Reinduction given, int place, int best, ReadOnlySpan<int> latest, MrdStanding standing)
    {
        ref readonly var one = ref candidates[place];
        ref var stands = ref standing.Of[place];
        var (mayBeOwn, mayBeOther) = (one.IsByOwnMethod is not false, one.IsByOwnMethod is not true);
        var (first, last) = one.TimePoint is TimePoint.Unspecified ? (1, MrdMeasure.TimePointCount - 1) : ((int)one.TimePoint, (int)one.TimePoint);
        for (var point = first; point <= last; point++)
        {
            if (one.IsOut || !one.MayBeAt((TimePoint)point) || !measure.IsOwn((TimePoint)point) || measure.IsAfterOther((TimePoint)point, given))
            {
                continue;
            }
            stands.MayCount = true;
            for (var own = mayBeOther ? 0 : 1; own <= (mayBeOwn ? 1 : 0); own++)
            {
                var rank = one.MostRank(own == 1);
                if (rank < best)
                {
                    stands.IsOutranked = true;
                    stands.IsOutrankedUnevaluated |= one.IsEvaluable is false && best >= Evaluable;
                }
                else if (rank == best && latest[(point * Ranks) + rank] > (one.Date.Max?.DayNumber ?? _unbounded))
                {
                    stands.IsEarlier = true;
                }
                else
                {
                    stands.AsOwn |= own == 1;
                    stands.AsOther |= own == 0;
                }
            }
        }
    }
}

/// <summary>Which of the candidates for a measurement are possible.</summary>
internal sealed class MrdStanding(int count)
{
    /// <summary>For each candidate how it stands.</summary>
    public Stands[] Of { get; } = count == 0 ? [] : new Stands[count];

    /// <summary>Whether it may be that none of the case counts.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether under some completion those that rank highest are all of the time point that counts on a condition.</summary>
    public bool MayRestOnProvided { get; set; }

    /// <summary>Whether none does after a reinduction that may have been given and after which no result of the measurement counts.</summary>
    public bool IsOpenAfter { get; set; }

    /// <summary>The reinductions, as a set, that may have been given and after which those that would count are of another time point.</summary>
    public ulong NoneAfter { get; set; }

    /// <summary>How one candidate stands.</summary>
    internal struct Stands
    {
        public bool MayCount;
        public bool AsOwn;
        public bool AsOther;
        public bool IsOutranked;
        public bool IsOutrankedUnevaluated;
        public bool IsEarlier;

        public readonly bool IsPossible => AsOwn || AsOther;
    }
}
