using System.Globalization;

namespace Relapse.Cli;

/// <summary>Which result each protocol looks at and how it stands to its cut-offs, and the results in their order.</summary>
internal static class SeriesTable
{
    public static void Print(Answer answer, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("which result, and how it stands to the cut-offs");
        foreach (var read in answer.Interpretations)
        {
            var used = read.Used.Length == 0 ? "none" : string.Join(" and ", read.AlsoUsed.Prepend(read.Used)) + (read.Level is { } level ? $" {Say(level)}" : string.Empty);
            output.WriteLine($"  {AnswerTable.Heading(read.Protocol)}, {read.Decision}: {used}; {string.Join(", ", read.CutOffs.Select(Say))}");
            foreach (var line in new[] { ("because", read.Reason), ("settled by", read.WouldSettle) }.Where(line => line.Item2.Length > 0))
            {
                output.WriteLine($"    {line.Item1} {line.Item2}");
            }

            foreach (var unused in read.Unused)
            {
                output.WriteLine($"    not {unused.Field}: {unused.Detail}");
            }
        }

        if (answer.Series is not { Points.Count: > 0 } series)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("the series");
        foreach (var point in series.Points)
        {
            var changes = series.Changes.Where(change => change.To == point.Field).Select(Say);
            output.WriteLine($"  {string.Join("  ", changes.Prepend(point.Level is { } level ? Say(level) : "no level").Prepend(Word(point.TimePoint, "TIME_POINT_")).Prepend(point.Field))}");
        }

        foreach (var note in series.Notes)
        {
            output.WriteLine($"  {note.Code} {string.Join(", ", note.Fields)}: {note.Detail}");
        }
    }

    private static string Say(Answer.CutOff cutOff) =>
        $"{Word(cutOff.State, "CUT_OFF_STATE_")} {cutOff.Level}{(cutOff.WithinAssayError ? " (within assay error)" : string.Empty)}";

    private static string Say(Answer.MrdLevel level) => level.Min == level.Max ? level.Min
        : $"{(level.MinExclusive ? '(' : '[')}{level.Min}, {level.Max}{(level.MaxExclusive ? ')' : ']')}";

    private static string Say(Answer.Change change)
    {
        var least = change.MinLog10Reduction is { } min ? $"at least {min.ToString("0.0#", CultureInfo.InvariantCulture)}" : string.Empty;
        var most = change.MaxLog10Reduction is { } max ? $"at most {max.ToString("0.0#", CultureInfo.InvariantCulture)}" : string.Empty;
        var by = change.MinLog10Reduction is { } one && one == change.MaxLog10Reduction ? one.ToString("0.0#", CultureInfo.InvariantCulture) : string.Join(", ", new[] { least, most }.Where(end => end.Length > 0));
        return $"{Word(change.Direction, "CHANGE_DIRECTION_")} since {change.From}{(by.Length > 0 ? $", log10 reduction {by}" : string.Empty)}";
    }

    private static string Word(string value, string prefix) => value.Replace(prefix, string.Empty, StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant();
}
