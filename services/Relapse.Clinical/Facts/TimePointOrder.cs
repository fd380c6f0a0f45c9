using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>In what order the time points of relapse treatment follow each other.</summary>
internal static class TimePointOrder
{
    /// <summary>Each is before those listed with it whatever the protocol; of the others either may come first: an induction may be one
    /// block or two, and a transplant may follow any of the later ones.</summary>
    private static readonly Dictionary<TimePoint, TimePoint[]> _later = new()
    {
        [TimePoint.AtRelapse] =
        [
            TimePoint.EndOfBlock1, TimePoint.EndOfInduction, TimePoint.EndOfBlock2, TimePoint.EndOfBlock3, TimePoint.Week12, TimePoint.PreTransplant, TimePoint.PostTransplant,
        ],
        [TimePoint.EndOfBlock1] = [TimePoint.EndOfBlock2, TimePoint.EndOfBlock3, TimePoint.Week12, TimePoint.PreTransplant, TimePoint.PostTransplant],
        [TimePoint.EndOfInduction] = [TimePoint.EndOfBlock3, TimePoint.Week12, TimePoint.PreTransplant, TimePoint.PostTransplant],
        [TimePoint.EndOfBlock2] = [TimePoint.EndOfBlock3, TimePoint.Week12, TimePoint.PostTransplant],
        [TimePoint.EndOfBlock3] = [TimePoint.PostTransplant],
        [TimePoint.PreTransplant] = [TimePoint.PostTransplant],
    };

    /// <summary>Whether one is before the other whatever the protocol.</summary>
    public static bool IsBefore(TimePoint one, TimePoint other) => _later.TryGetValue(one, out var later) && later.Contains(other);

    /// <summary>
    /// Whether an assessment at one is before an assessment at the other. Of two that were both made, that of the end of induction is not
    /// the one of a block on the way to it; how many blocks an induction has, the reinduction says, and one that is not stated says nothing.
    /// </summary>
    public static bool IsAssessedBefore(TimePoint one, TimePoint other, Reinduction reinduction) => (one, other) switch
    {
        (TimePoint.EndOfBlock1, TimePoint.EndOfInduction) => true,
        (TimePoint.EndOfBlock2, TimePoint.EndOfInduction) => reinduction is Reinduction.AllRezBfm or Reinduction.Aall01P2,
        (TimePoint.EndOfInduction, TimePoint.EndOfBlock3) => reinduction is Reinduction.AllR3 or Reinduction.AllRezBfm,
        (TimePoint.Week12, TimePoint.PreTransplant or TimePoint.PostTransplant) => true,
        _ => IsBefore(one, other),
    };
}
