using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Relapse.Decisions;

namespace Relapse.Clinical.Dmn;

/// <summary>
/// Cells of a DMN table as FEEL unary tests: words as strings, bands as comparisons and ranges of numbers. Of FEEL only that is read which
/// says a closed set of words or an interval of numbers.
/// </summary>
internal static partial class FeelTests
{
    /// <summary>The cell that holds whatever the input is.</summary>
    public const string Anything = "-";

    /// <summary>A string of FEEL.</summary>
    public static string Quoted(string word) => $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Any of the words or intervals; intervals that touch are written as one.</summary>
    public static string Of(IEnumerable<string> words, IEnumerable<Interval> intervals, Interval? range) =>
        string.Join(",", words.Select(Quoted).Concat(Joined(intervals).Select(interval => Of(interval, range ?? Interval.Everything))));

    /// <summary>An interval of numbers that lie in a range.</summary>
    public static string Of(Interval interval, Interval range) => interval switch
    {
        { IsPoint: true } => Number(interval.Min!.Value),
        { Min: { } min } when interval.Max is null || (interval.Max == range.Max && interval.MaxExclusive == range.MaxExclusive) => $"{(interval.MinExclusive ? ">" : ">=")} {Number(min)}",
        { Min: { } min, Max: { } max } => $"{(interval.MinExclusive ? "(" : "[")}{Number(min)}..{Number(max)}{(interval.MaxExclusive ? ")" : "]")}",
        { Max: { } max } => $"{(interval.MaxExclusive ? "<" : "<=")} {Number(max)}",
        _ => Anything,
    };

    /// <summary>Reads a cell.</summary>
    /// <returns>Its words and intervals, null for any; or what cannot be read.</returns>
    public static (CellValues? Values, string? Error) Read(string text)
    {
        text = text.Trim();
        if (text is "" or Anything)
        {
            return (null, null);
        }

        var values = new CellValues([], []);
        for (var at = 0; at < text.Length;)
        {
            var match = Test().Match(text, at);
            if (!match.Success || match.Index != at)
            {
                return (null, $"'{Shown(text)}' is not a list of words in quotes, numbers, comparisons and ranges");
            }

            if (match.Groups["word"].Success)
            {
                values.Words.Add(Unquoted(match.Groups["word"].Value));
            }
            else if (Spanned(match) is { } interval)
            {
                values.Intervals.Add(interval);
            }
            else
            {
                return (null, $"'{Shown(text)}' has a number that cannot be read");
            }

            at = match.Index + match.Length;
        }

        return text.EndsWith(',') ? (null, $"'{Shown(text)}' ends in a comma") : (values, null);
    }

    private static IEnumerable<Interval> Joined(IEnumerable<Interval> intervals)
    {
        Interval? last = null;
        foreach (var interval in intervals)
        {
            if (last is { Max: { } end } open && end == interval.Min && open.MaxExclusive != interval.MinExclusive)
            {
                last = new Interval(open.Min, open.MinExclusive, interval.Max, interval.MaxExclusive);
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = interval;
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    private static Interval? Spanned(Match match)
    {
        decimal? one = Parsed(match.Groups["one"].Value), low = Parsed(match.Groups["low"].Value), high = Parsed(match.Groups["high"].Value);
        return match.Groups["one"].Success
            ? one is not { } number ? null : match.Groups["sign"].Value switch
            {
                "<" => new Interval(null, false, number, true),
                "<=" => new Interval(null, false, number, false),
                ">" => new Interval(number, true, null, false),
                ">=" => new Interval(number, false, null, false),
                _ => Interval.Point(number),
            }
            : low is null || high is null ? null
            : new Interval(low, match.Groups["open"].Value is "(" or "]", high, match.Groups["close"].Value is ")" or "[");
    }

    private static decimal? Parsed(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Number(decimal number) => IntervalWords.Number(number);

    private static string Unquoted(string quoted)
    {
        var word = new StringBuilder();
        for (var at = 0; at < quoted.Length; at++)
        {
            at += quoted[at] == '\\' && at + 1 < quoted.Length ? 1 : 0;
            word.Append(quoted[at]);
        }

        return word.ToString();
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

    [GeneratedRegex("""\s*(?:"(?<word>(?:[^"\\]|\\.)*)"|(?<open>[\[\(\]])\s*(?<low>-?[0-9.]*[0-9])\s*\.\.\s*(?<high>-?[0-9.]*[0-9])\s*(?<close>[\]\)\[])|(?<sign><=|>=|<|>|)\s*(?<one>-?[0-9]*\.?[0-9]+))\s*(?:,|$)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Test();
}

/// <summary>What a cell accepts.</summary>
internal sealed record CellValues(List<string> Words, List<Interval> Intervals);
