using System.Globalization;

namespace Relapse.Cli;

/// <summary>
/// Published figures as a table for people: for each endpoint and clock the rows as published, how each fits, and what would tell. Open
/// rows are counted and not printed: there are many, and which of them apply is not known.
/// </summary>
internal static class EstimateTable
{
    private const string Open = "MATCH_LEVEL_OPEN";
    private const string NotStated = "CLOCK_NOT_STATED";

    public static void Print(Estimate answer, TextWriter output)
    {
        output.WriteLine(answer.Detail);
        output.WriteLine();
        var sources = new List<string>();
        foreach (var group in answer.Groups.Where(group => group.Rows.Any(row => row.Match != Open)))
        {
            PrintGroup(group, sources, output);
        }

        if (answer.Nearest.Count > 0)
        {
            output.WriteLine("nearest, of other children");
            PrintRows(answer.Nearest, sources, output);
            output.WriteLine();
        }

        PrintOpen(answer, output);
        foreach (var conflict in answer.Conflicts)
        {
            output.WriteLine($"{conflict.Id}: {conflict.Text}");
            foreach (var side in conflict.Sides)
            {
                output.WriteLine($"  {side.Says} ({string.Join(", ", side.Rows)})");
            }
        }

        foreach (var warning in answer.Warnings)
        {
            output.WriteLine($"{warning.Code}: {warning.Detail}");
        }

        var said = answer.Context.Count(statement => statement.Match != Open);
        if (said > 0)
        {
            output.WriteLine($"{said} statements without a number fit as well; they are in the JSON answer.");
        }

        for (var source = 0; source < sources.Count; source++)
        {
            output.WriteLine($"[{source + 1}] {sources[source]}");
        }
    }

    private static void PrintGroup(Estimate.Group group, List<string> sources, TextWriter output)
    {
        output.WriteLine($"{group.Title}, {Clock(group.Clock)}");
        if (group.Detail.Length > 0)
        {
            output.WriteLine($"  {group.Detail}");
        }

        PrintRows([.. group.Rows.Where(row => row.Match != Open)], sources, output);
        var cohorts = group.Families.Select(family => family.Patients is { } patients ? string.Create(CultureInfo.InvariantCulture, $"{family.Title} ({patients} patients)") : family.Title);
        output.WriteLine($"  cohorts of all rows that may apply, each counted once: {string.Join("; ", cohorts)}");
        output.WriteLine();
    }

    private static void PrintRows(IReadOnlyList<Estimate.Row> rows, List<string> sources, TextWriter output)
    {
        var (figure, match) = (Width(rows.Select(Figure)), Width(rows.Select(Match)));
        foreach (var row in rows)
        {
            var published = row.Figure;
            var horizon = published switch
            {
                { HorizonYears: { } years } => string.Create(CultureInfo.InvariantCulture, $"at {years} years"),
                { HorizonFromYears: { } shortest, HorizonToYears: { } longest } => string.Create(CultureInfo.InvariantCulture, $"at {shortest} to {longest} years"),
                _ => "horizon not printed",
            };
            var behind = published.N is { } patients ? string.Create(CultureInfo.InvariantCulture, $"n {patients}") : "n not printed";
            var era = published.Era is { } treated ? string.Create(CultureInfo.InvariantCulture, $"{treated.From}-{treated.To}") : "years not printed";
            output.WriteLine($"  {published.Id}  {Match(row).PadRight(match)}  {Figure(row).PadRight(figure)}  {horizon}; {behind}; {era}  {Place(row, sources)}");
            output.WriteLine($"    {published.Population}");
            foreach (var remark in row.Dimensions.Where(dimension => dimension.Detail.Length > 0).GroupBy(dimension => dimension.Detail, dimension => dimension.Name.Replace('_', ' '))
                .Select(alike => $"{string.Join(", ", alike)}: {alike.Key}")
                .Concat([row.Interval?.Label ?? "no interval is published, and none can be made", row.Frequency])
                .Where(remark => remark.Length > 0))
            {
                output.WriteLine($"      {remark}");
            }
        }
    }

    // Which fact would tell, those first that decide for most rows.
    private static void PrintOpen(Estimate answer, TextWriter output)
    {
        var open = answer.Groups.SelectMany(group => group.Rows).Where(row => row.Match == Open).ToList();
        var notReturned = answer.Groups.Sum(group => group.LeftOut);
        if (open.Count + notReturned == 0)
        {
            return;
        }

        var asked = open.SelectMany(row => row.Dimensions.SelectMany(dimension => dimension.Missing).Distinct(StringComparer.Ordinal))
            .GroupBy(field => field, StringComparer.Ordinal)
            .OrderByDescending(field => field.Count()).ThenBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Key} ({field.Count()})"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{open.Count + notReturned} more figures may apply; what is not known, and for how many of those returned: {string.Join(", ", asked)}"));
        output.WriteLine();
    }

    private static int Width(IEnumerable<string> cells) => cells.Select(cell => cell.Length).DefaultIfEmpty().Max();

    private static string Match(Estimate.Row row) => Word(row.Match, "MATCH_LEVEL_");

    private static string Clock(string clock) => clock == NotStated ? "clock not stated" : Word(clock, "CLOCK_");

    private static string Word(string value, string prefix) => value.Replace(prefix, string.Empty, StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant();

    private static string Figure(Estimate.Row row)
    {
        var published = row.Figure.Estimate;
        var qualifier = published.Qualifier switch
        {
            "QUALIFIER_APPROXIMATE" => "about ",
            "QUALIFIER_AT_MOST" => "at most ",
            "QUALIFIER_LESS_THAN" => "less than ",
            "QUALIFIER_GREATER_THAN" => "more than ",
            _ => string.Empty,
        };
        var (number, unit) = published switch
        {
            { Low: { } low, High: { } high } => (string.Create(CultureInfo.InvariantCulture, $"{low} to {high}"), "%"),
            { Value: { } value } => (value.ToString(CultureInfo.InvariantCulture), published.Unit.ToLowerInvariant()),
            { Percent: { } percent } => (percent.ToString(CultureInfo.InvariantCulture), "%"),
            _ => ("no", "number"),
        };
        var interval = row.Interval is { } shown ? string.Create(CultureInfo.InvariantCulture, $" ({Math.Round(shown.Low, 1)} to {Math.Round(shown.High, 1)})") : string.Empty;
        return $"{qualifier}{number} {unit}{interval}";
    }

    private static string Place(Estimate.Row row, List<string> sources)
    {
        if (row.Citations is not [var first, ..])
        {
            return string.Empty;
        }

        if (!sources.Contains(first.Source, StringComparer.Ordinal))
        {
            sources.Add(first.Source);
        }

        return $"[{sources.IndexOf(first.Source) + 1}] {first.Locator}";
    }
}
