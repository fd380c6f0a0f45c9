using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Which response of a case is assessed: the latest by date, else by time point.</summary>
/// <param name="Latest">
/// Places in <c>case.responses</c> of those than which none is later. One: it is assessed. None: the case has none, or none of the time
/// point asked for. Several: nothing says which is the later, and nothing is concluded from either.
/// </param>
public sealed record AssessedResponse(ImmutableArray<int> Latest)
{
    /// <summary>The place of the one assessed; null when there is none, or more than one.</summary>
    public int? Index => Latest is [var only] ? only : null;

    /// <summary>Finds it.</summary>
    /// <param name="case">A case without fault.</param>
    /// <param name="timePoint">The time point asked for; UNSPECIFIED: any.</param>
    public static AssessedResponse Of(RelapseCase @case, TimePoint timePoint)
    {
        ArgumentNullException.ThrowIfNull(@case);
        (int Index, Response Response)[] asked = [.. @case.Responses.Index().Where(entry => timePoint is TimePoint.Unspecified || entry.Item.TimePoint == timePoint)];
        return new([.. asked.Where(one => !asked.Any(other => IsLater(other.Response, one.Response))).Select(one => one.Index)]);
    }

    private static bool IsLater(Response one, Response other)
    {
        var (date, otherDate) = (CaseNumbers.ReadDate(one.AssessDate), CaseNumbers.ReadDate(other.AssessDate));
        return date.Min > otherDate.Max
            || (!(otherDate.Min > date.Max) && HasPlace(one.TimePoint) && HasPlace(other.TimePoint) && one.TimePoint > other.TimePoint);
    }

    /// <summary>The time points stand in the order of treatment, but for those that may be anywhere.</summary>
    private static bool HasPlace(TimePoint timePoint) => timePoint is not (TimePoint.Unspecified or TimePoint.Other);
}
