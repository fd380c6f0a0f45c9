using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>What a result that stands for a measurement says that cannot be true beside the dates of the case: nothing is concluded from it.</summary>
internal static class MrdContradictions
{
    /// <summary>The first contradiction of one result; null for none.</summary>
    public static CaseContradiction? Of(RelapseCase @case, int index) => Of(@case, index, @case.Mrd[index].TimePoint);

    /// <summary>The first contradiction that one result would have at a time point; null for none.</summary>
    public static CaseContradiction? Of(RelapseCase @case, int index, TimePoint point)
    {
        var (date, field) = (CaseNumbers.ReadDate(@case.Mrd[index].CollectDate), Field(index));
        if (date == DateInterval.Everything)
        {
            return null;
        }
        return point is TimePoint.AtRelapse ? OfRelapse(@case, date, field) ?? OfOrder(@case, point, date, field)
            // It may be of the first disease, whose time points have the same names.
            : date.Max < CaseNumbers.ReadDate(@case.Timing?.RelapseDate).Min ? Between(field, TimingDate.Relapse, "a result of the treatment of this relapse before the relapse")
            : OfOrder(@case, point, date, field);
    }

    /// <summary>
    /// The marrow of the relapse may be some days older than what is called its date, and no source says how many. It is certainly not older
    /// than the remission that the relapse ended: than the diagnosis, a completed primary therapy, or a relapse before this one.
    /// </summary>
    private static CaseContradiction? OfRelapse(RelapseCase @case, DateInterval date, string field)
    {
        if (date.Max <= CaseNumbers.ReadDate(@case.Timing?.DiagnosisDate).Min)
        {
            return Between(field, TimingDate.Diagnosis, "a result at relapse on the day of the diagnosis or before it");
        }
        if (@case.Timing is { PrimaryTherapyStatus: PrimaryTherapyStatus.Completed } timing && date.Max <= CaseNumbers.ReadDate(timing.PrimaryTherapyEndDate).Min)
        {
            return Between(field, TimingDate.TherapyEnd, "a result at relapse before primary therapy was completed");
        }
        for (var earlier = 0; earlier < @case.PreviousRelapses.Count; earlier++)
        {
            if (date.Max <= CaseNumbers.ReadDate(@case.PreviousRelapses[earlier].Date).Min)
            {
                return new CaseContradiction([field, $"case.previous_relapses[{earlier}].date"], [], "a result at this relapse on the day of a previous one or before it");
            }
        }
        return null;
    }

    private static CaseContradiction? OfOrder(RelapseCase @case, TimePoint point, DateInterval date, string field)
    {
        for (var other = 0; other < @case.Mrd.Count; other++)
        {
            var (otherDate, otherPoint) = (CaseNumbers.ReadDate(@case.Mrd[other].CollectDate), @case.Mrd[other].TimePoint);
            if ((date.Max < otherDate.Min && TimePointOrder.IsBefore(otherPoint, point)) || (otherDate.Max < date.Min && TimePointOrder.IsBefore(point, otherPoint)))
            {
                return new CaseContradiction([field, Field(other)], [], "by their dates these results follow each other one way, by their time points the other");
            }
        }
        return null;
    }

    private static CaseContradiction Between(string field, TimingDate date, string detail) => new([field, TimingFacts.FieldOf(date)], [], detail);

    private static string Field(int index) => $"case.mrd[{index}].collect_date";
}
