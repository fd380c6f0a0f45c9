using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Which responses of a case were certainly assessed before which others: by their dates, else by their time points, or because each is before
/// another that is before a third.
/// </summary>
internal sealed class ResponseOrder
{
    private const int Word = 64;

    /// <summary>For each response those that it was assessed before, as a set.</summary>
    private readonly ulong[][] _later;

    public ResponseOrder(RelapseCase @case)
    {
        var responses = @case.Responses;
        _later = responses.Count < 2 ? [] : [.. responses.Select(_ => new ulong[(responses.Count + Word - 1) / Word])];
        var reinduction = @case.Treatment?.Reinduction ?? Reinduction.Unspecified;
        DateInterval[] dates = [.. responses.Select(response => CaseNumbers.ReadDate(response.AssessDate))];
        for (var one = 0; one < _later.Length; one++)
        {
            for (var other = 0; other < _later.Length; other++)
            {
                if (one != other && IsBefore(dates[one], responses[one].TimePoint, dates[other], responses[other].TimePoint, reinduction))
                {
                    _later[one][other / Word] |= 1UL << (other % Word);
                }
            }
        }
        Close();
    }

    /// <summary>Whether one was certainly assessed before another.</summary>
    public bool IsBefore(int one, int other) => _later.Length > 0 && (_later[one][other / Word] >> (other % Word) & 1) != 0;

    /// <summary>Whether one would have been assessed before itself: its date and time point run against those of several others.</summary>
    public bool IsInCircle(int one) => IsBefore(one, one);

    /// <summary>Those certainly before one, each after those that were before it in turn.</summary>
    public IEnumerable<int> Before(int one) => Enumerable.Range(0, _later.Length)
        .Where(other => other != one && IsBefore(other, one))
        .OrderBy(other => Enumerable.Range(0, _later.Length).Count(earlier => IsBefore(earlier, other)));

    /// <summary>Those of which nothing says whether they were before one or after it.</summary>
    public IEnumerable<int> Beside(int one) => Enumerable.Range(0, _later.Length).Where(other => other != one && !IsBefore(other, one) && !IsBefore(one, other));

    private static bool IsBefore(DateInterval date, TimePoint point, DateInterval laterDate, TimePoint laterPoint, Reinduction reinduction) =>
        laterDate.Min > date.Max || (!(date.Min > laterDate.Max) && TimePointOrder.IsAssessedBefore(point, laterPoint, reinduction));

    private void Close()
    {
        for (var between = 0; between < _later.Length; between++)
        {
            for (var one = 0; one < _later.Length; one++)
            {
                if (one != between && IsBefore(one, between))
                {
                    for (var word = 0; word < _later[one].Length; word++)
                    {
                        _later[one][word] |= _later[between][word];
                    }
                }
            }
        }
    }
}
