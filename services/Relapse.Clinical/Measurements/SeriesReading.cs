using Relapse.Contracts.Mrd.V1;

namespace Relapse.Clinical.Measurements;

/// <summary>Puts the results of a case in order and says what changed between them.</summary>
internal static class SeriesReading
{
    public static MrdSeries Of(IReadOnlyCollection<MeasuredResult> results, SeriesRules rules)
    {
        var sorted = SeriesOrder.Sort(results);
        var groups = new List<List<MeasuredResult>>();
        foreach (var result in sorted)
        {
            var group = groups.Find(group => group[0].IsSameAs(result));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(result);
        }

        List<MeasuredResult> once = [.. groups.Select(group => group[0])];
        return new MrdSeries
        {
            Points =
            {
                sorted.Select((result, place) => new SeriesPoint
                {
                    Field = result.Field,
                    TimePoint = result.Result.TimePoint,
                    Level = MeasuredResult.Message(result.Level),
                    OrderCertain = SeriesOrder.IsCertain(sorted, place),
                }),
            },
            Changes = { SeriesChanges.Of(once, rules.AssayErrorLog10) },
            Notes = { SeriesNotes.Duplicates(groups), new SeriesNotes(once).Of(rules.NotMrdFrom) },
        };
    }
}
