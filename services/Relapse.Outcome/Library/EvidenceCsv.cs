using System.Globalization;
using System.Text;
using Google.Protobuf;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Figures as CSV (RFC 4180): a heading, then one line for each.</summary>
internal static class EvidenceCsv
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private static readonly (string Name, Func<EvidenceRow, string> Value)[] Columns =
    [
        ("id", row => row.Figure.Id),
        ("population", row => row.Figure.Population),
        ("when", row => Formatter.Format(row.Population.When)),
        ("era_from", row => row.Figure.Era is { } era ? Text(era.From) : ""),
        ("era_to", row => row.Figure.Era is { } era ? Text(era.To) : ""),
        ("family", row => row.Figure.Family),
        ("endpoint", row => row.Figure.Endpoint),
        ("endpoint_as_printed", row => row.Figure.EndpointAsPrinted),
        ("clock", row => Word(row.Figure.Clock.ToString())),
        ("horizon_years", row => row.Figure.HasHorizonYears ? Text(row.Figure.HorizonYears) : ""),
        ("horizon_from_years", row => row.Figure.HasHorizonFromYears ? Text(row.Figure.HorizonFromYears) : ""),
        ("horizon_to_years", row => row.Figure.HasHorizonToYears ? Text(row.Figure.HorizonToYears) : ""),
        ("percent", row => row.Figure.Estimate.HasPercent ? Text(row.Figure.Estimate.Percent) : ""),
        ("low", row => row.Figure.Estimate.HasLow ? Text(row.Figure.Estimate.Low) : ""),
        ("high", row => row.Figure.Estimate.HasHigh ? Text(row.Figure.Estimate.High) : ""),
        ("value", row => row.Figure.Estimate.HasValue ? Text(row.Figure.Estimate.Value) : ""),
        ("unit", row => row.Figure.Estimate.Unit),
        ("qualifier", row => Word(row.Figure.Estimate.Qualifier.ToString())),
        ("interval_low", row => row.Figure.Interval is { HasLow: true } interval ? Text(interval.Low) : ""),
        ("interval_high", row => row.Figure.Interval is { HasHigh: true } interval ? Text(interval.High) : ""),
        ("plus_minus", row => row.Figure.Interval is { HasPlusMinus: true } interval ? Text(interval.PlusMinus) : ""),
        ("interval_kind", row => row.Figure.Interval is { } interval ? Word(interval.Kind.ToString()) : ""),
        ("n", row => row.Figure.HasN ? Text(row.Figure.N) : ""),
        ("events", row => row.Figure.HasEvents ? Text(row.Figure.Events) : ""),
        ("source", row => string.Join("; ", row.Citations.Select(citation => $"{citation.Source}, {citation.Locator}"))),
        ("read", row => Word(row.Figure.Read.ToString())),
        ("superseded_by", row => row.Figure.SupersededBy),
        ("superseded_why", row => row.Figure.SupersededWhy),
        ("note", row => row.Figure.Note),
    ];

    public static string Of(IEnumerable<EvidenceRow> rows)
    {
        var text = new StringBuilder();
        Line(text, Columns.Select(column => column.Name));
        foreach (var row in rows)
        {
            Line(text, Columns.Select(column => column.Value(row)));
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> values) => text.AppendJoin(',', values.Select(Quoted)).Append("\r\n");

    // A spreadsheet takes a cell that begins so for a formula.
    private static string Quoted(string value)
    {
        var safe = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The word of a value as the contract writes it, without the prefix of its enum.</summary>
    private static string Word(string name)
    {
        var word = new StringBuilder();
        foreach (var (index, letter) in name.Index())
        {
            if (index > 0 && (char.IsAsciiLetterUpper(letter) || (char.IsAsciiDigit(letter) && !char.IsAsciiDigit(name[index - 1]))))
            {
                word.Append('_');
            }
            word.Append(char.ToUpperInvariant(letter));
        }
        return word.ToString();
    }
}
