using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Mrd.V1;

namespace Relapse.Clinical.Measurements;

/// <summary>What is to be noticed about a series of results, whichever protocol is asked.</summary>
/// <param name="sorted">The results in order, each measurement once.</param>
internal sealed class SeriesNotes(IReadOnlyList<MeasuredResult> sorted)
{
    private static readonly TimePoint[] _blocks = [TimePoint.AtRelapse, TimePoint.EndOfBlock1, TimePoint.EndOfBlock2, TimePoint.EndOfBlock3];

    /// <summary>The notes on one measurement reported more than once.</summary>
    /// <param name="groups">Results that are one measurement.</param>
    public static IEnumerable<SeriesNote> Duplicates(IEnumerable<IReadOnlyList<MeasuredResult>> groups) => groups.Where(group => group.Count > 1)
        .Select(group => Note("DUPLICATE", "These are alike in everything and count as one result.", [.. group]));

    /// <summary>The notes on the series.</summary>
    /// <param name="notMrdFrom">The fraction from which on it is morphological disease.</param>
    public IEnumerable<SeriesNote> Of(decimal notMrdFrom) =>
    [
        .. Conflicts(), .. OfOneDay(), .. Gaps(), .. Reappearances(),
        .. Firsts("METHOD_CHANGED", result => (int)result.Result.Method, "This is the first result by its method after results by another: it cannot be compared with them."),
        .. Firsts("SPECIMEN_CHANGED", result => (int)result.Result.Specimen, "This is the first result of its specimen after results of the other: it cannot be compared with them."),
        .. NotMrd(notMrdFrom), .. WithoutDate(),
    ];

    /// <summary>Each result with the nearest one before it by date that its time point puts after it.</summary>
    private IEnumerable<SeriesNote> Conflicts() =>
        from entry in sorted.Index()
        let other = sorted.Take(entry.Index).LastOrDefault(earlier => SeriesOrder.Contradict(earlier, entry.Item))
        where other is not null
        select Note("ORDER_CONFLICT", "By their dates these follow each other one way, by their time points the other; they are shown by date.", other, entry.Item);

    /// <summary>Each result with the first before it of the same day and specimen that says what cannot be so beside it.</summary>
    private IEnumerable<SeriesNote> OfOneDay() =>
        from entry in sorted.Index()
        where entry.Item.Level is not null && entry.Item.Result.Specimen is not Specimen.Unspecified
        let other = sorted.Take(entry.Index).FirstOrDefault(earlier => SeriesOrder.AreOfOneDay(earlier, entry.Item)
            && earlier.Result.Specimen == entry.Item.Result.Specimen && earlier.Level is { } level && !level.Overlaps(entry.Item.Level!.Value))
        where other is not null
        select Note("DAY_CONFLICT", "These are of one day and specimen, and no level agrees with both.", other, entry.Item);

    /// <summary>Blocks without a result between results, and a series that does not begin at relapse.</summary>
    private IEnumerable<SeriesNote> Gaps()
    {
        var measured = sorted.Where(result => result.Level is not null).ToList();
        var known = _blocks.Select(block => measured.FindLast(result => result.Result.TimePoint == block)).ToArray();
        for (var block = 1; block < _blocks.Length - 1; block++)
        {
            var (before, after) = (known.Take(block).LastOrDefault(result => result is not null), known.Skip(block + 1).FirstOrDefault(result => result is not null));
            if (known[block] is null && before is not null && after is not null)
            {
                yield return Note("GAP", $"Between these there is no evaluable result of {MeasurementWords.Of(_blocks[block])}.", before, after);
            }
        }

        if (known[0] is null && measured.Count > 0)
        {
            yield return Note("GAP", "There is no evaluable result at relapse to compare the others with.", measured[0]);
        }
    }

    /// <summary>
    /// Each first positive result after a negative one of a specimen that may be the same, unless it certainly lies below what the negative
    /// one could have found.
    /// </summary>
    private IEnumerable<SeriesNote> Reappearances()
    {
        foreach (var (place, later) in sorted.Index().Where(entry => entry.Item.IsPositive))
        {
            // Of the negative ones since the last positive one, that whose assay reached lowest: what it would have found was not there.
            var before = sorted.Take(place).Reverse()
                .Where(earlier => (earlier.IsPositive || earlier.IsNegative) && MayBeOfOneSpecimen(earlier, later) && SeriesOrder.IsBefore(earlier, later))
                .TakeWhile(earlier => !earlier.IsPositive)
                .MinBy(earlier => earlier.Level?.Max ?? 1);
            if (before is null)
            {
                continue;
            }

            if (before.Level is { } reached && later.Level!.Value.Min >= reached.Max)
            {
                yield return Note("REAPPEARANCE", "Residual disease was found after a result in which there was none.", before, later);
            }
            else if (before.Level is null || later.Level!.Value.Max >= before.Level.Value.Max)
            {
                yield return Note("REAPPEARANCE", "Residual disease was found after a result in which there was none; the earlier assay may not have reached so low.", before, later);
            }
        }
    }

    /// <summary>Each first result of its kind that comes after one of another kind.</summary>
    private IEnumerable<SeriesNote> Firsts(string code, Func<MeasuredResult, int> kind, string detail) =>
        from entry in sorted.Index()
        where kind(entry.Item) != 0
        let earlier = sorted.Take(entry.Index).Where(result => kind(result) != 0).ToList()
        where earlier.Count > 0 && earlier.TrueForAll(result => kind(result) != kind(entry.Item))
        let other = earlier.FindLast(result => SeriesOrder.IsBefore(result, entry.Item))
        where other is not null
        select Note(code, detail, other, entry.Item);

    private IEnumerable<SeriesNote> NotMrd(decimal from) => sorted.Where(result => result.Level?.Min >= from)
        .Select(result => Note("NOT_MRD", "So much is morphological disease and no residual disease: assess the response.", result));

    private IEnumerable<SeriesNote> WithoutDate()
    {
        var undated = sorted.Where(result => !result.HasDate).ToArray();
        return undated.Length == 0 ? [] : [Note("DATE_MISSING", "Without a date these stand by their time points, or last.", undated)];
    }

    private static bool MayBeOfOneSpecimen(MeasuredResult one, MeasuredResult other) =>
        one.Result.Specimen == other.Result.Specimen || one.Result.Specimen == Specimen.Unspecified || other.Result.Specimen == Specimen.Unspecified;

    private static SeriesNote Note(string code, string detail, params ReadOnlySpan<MeasuredResult> about)
    {
        var note = new SeriesNote { Code = code, Detail = detail };
        foreach (var result in about)
        {
            note.Fields.Add(result.Field);
        }

        return note;
    }
}
