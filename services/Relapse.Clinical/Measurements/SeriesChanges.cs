using Relapse.Contracts.Mrd.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Measurements;

/// <summary>How a level changed from one result to the next that can be compared with it.</summary>
internal static class SeriesChanges
{
    /// <summary>The changes, in the order of their later results.</summary>
    /// <param name="sorted">The results in order, each measurement once.</param>
    /// <param name="assayError">What repeated measurements of one sample differ by, in powers of ten.</param>
    public static IEnumerable<SeriesChange> Of(IReadOnlyList<MeasuredResult> sorted, decimal assayError)
    {
        foreach (var (place, to) in sorted.Index().Where(entry => entry.Item.Level is not null))
        {
            var from = sorted.Take(place).LastOrDefault(earlier => earlier.Level is not null && earlier.IsComparableWith(to) && !SeriesOrder.AreOfOneDay(earlier, to));
            if (from is not null && SeriesOrder.IsBefore(from, to))
            {
                yield return Between(from, to, assayError);
            }
        }
    }

    /// <summary>Which way a level goes from one interval to another, whatever it is in either.</summary>
    public static ChangeDirection Direction(Interval from, Interval to, decimal assayError) =>
        IsBeyond(from, to, assayError) ? ChangeDirection.Falling
        : IsBeyond(to, from, assayError) ? ChangeDirection.Rising
        : IsWithin(from, to, assayError) && IsWithin(to, from, assayError) ? ChangeDirection.WithinAssayError
        : ChangeDirection.Open;

    private static SeriesChange Between(MeasuredResult earlier, MeasuredResult later, decimal assayError)
    {
        var (from, to) = (earlier.Level!.Value, later.Level!.Value);
        var change = new SeriesChange { From = earlier.Field, To = later.Field, Direction = Direction(from, to, assayError) };
        if (from.Min is > 0 && to.Max is > 0)
        {
            change.MinLog10Reduction = PowersOfTen.Log10(from.Min.Value, to.Max.Value);
        }

        if (from.Max is > 0 && to.Min is > 0)
        {
            change.MaxLog10Reduction = PowersOfTen.Log10(from.Max.Value, to.Min.Value);
        }

        return change;
    }

    /// <summary>Whether whatever the one is, it is more than the error above whatever the other is.</summary>
    private static bool IsBeyond(Interval one, Interval other, decimal assayError)
    {
        if (other.Max is not { } most || one.Min is not { } least || (least == 0 && !one.MinExclusive))
        {
            return false;
        }

        if (most == 0)
        {
            return true;
        }

        var over = least == 0 ? -1 : PowersOfTen.Compare(least, most, assayError);
        return over > 0 || (over == 0 && (one.MinExclusive || other.MaxExclusive));
    }

    /// <summary>Whether whatever the one is, it is not more than the error above whatever the other is.</summary>
    private static bool IsWithin(Interval one, Interval other, decimal assayError) =>
        one.Max is { } most && other.Min is { } least && (most == 0 || (least > 0 && PowersOfTen.Compare(most, least, assayError) <= 0));
}
