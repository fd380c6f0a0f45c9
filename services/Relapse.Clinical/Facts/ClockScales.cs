namespace Relapse.Clinical.Facts;

/// <summary>The bands of the two clocks, and what is worked out once for them.</summary>
internal sealed record ClockScales(ClockBands SinceDiagnosis, ClockBands SinceTherapyEnd)
{
    /// <summary>What dates leave when nothing is told in months.</summary>
    public ClockPairs ByDates { get; } = new(SinceDiagnosis, SinceTherapyEnd, TimingKnown.AnyMonths, TimingKnown.AnyMonths);

    /// <summary>What dates leave under the months of a timing.</summary>
    public ClockPairs Under(TimingKnown known) =>
        known.TellsMonths ? new ClockPairs(SinceDiagnosis, SinceTherapyEnd, known.MonthsFromDiagnosis, known.MonthsFromTherapyEnd) : ByDates;
}
