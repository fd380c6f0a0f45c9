using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;

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
        return Of(@case, timePoint, new ResponseOrder(@case));
    }

    internal static AssessedResponse Of(RelapseCase @case, TimePoint timePoint, ResponseOrder order)
    {
        int[] asked = [.. @case.Responses.Index().Where(entry => timePoint is TimePoint.Unspecified || entry.Item.TimePoint == timePoint).Select(entry => entry.Index)];
        int[] latest = [.. asked.Where(one => !asked.Any(other => order.IsBefore(one, other)))];
        // Of dates and time points that run in a circle none is the latest, and the case contradicts itself.
        return new([.. latest.Length > 0 ? latest : asked]);
    }
}
