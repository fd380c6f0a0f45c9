using System.Globalization;
using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Reads the numbers of an MRD result as laboratories write them: <c>0.0001</c>, <c>1e-4</c>, <c>1/10000</c> and
/// <c>1 in 10 000</c> are one number. What a decimal cannot hold exactly is refused, so that no number is rounded onto a cut-off.
/// </summary>
internal static class MrdNumber
{
    /// <summary>How a number is to be written.</summary>
    public const string HowToWrite =
        "must be a decimal number such as 0.0001 or 1e-4, of at most 26 digits and 26 decimal places, or one cell in so many as 1 in 10 000 or 1/10000: with a point, and without a comma";

    /// <summary>A percentage becomes a fraction by two more places.</summary>
    private const int MostPlaces = 26;

    private const int MostDigits = 26;

    /// <summary>Two ratios of so few digits that differ at all differ in a place that a decimal holds.</summary>
    private const int MostDigitsOfRatio = 12;

    private const int Thousands = 3;
    private const int LargestExponent = 99;

    /// <summary>Whether the text is a number, and whether it is written as one cell in so many.</summary>
    public static bool TryRead(string text, out decimal value, out bool isRatio)
    {
        var parts = text.Split('/') is [var left, var right] ? (left, right) : text.Split(" in ") is [var one, var many] ? (one, many) : default;
        isRatio = parts.Item1 is not null;
        if (!isRatio)
        {
            return TryReadDecimal(text, out value);
        }
        value = 0;
        if (!TryReadWhole(parts.Item1!, out var cells) || !TryReadWhole(parts.Item2!, out var among) || cells > among || among == 0)
        {
            return false;
        }
        value = cells / among;
        return true;
    }

    /// <summary>A number in the unit of a result as a fraction; null when it cannot be read.</summary>
    public static decimal? ReadFraction(string text, MrdUnit unit) =>
        TryRead(text, out var value, out var isRatio) ? isRatio ? value : value / MarrowTests.Whole(unit) : null;

    private static bool TryReadDecimal(string text, out decimal value)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }
        var exponentAt = text.IndexOfAny(['e', 'E']);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var exponent = 0;
        if (exponentAt >= 0 && (!int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > LargestExponent))
        {
            return false;
        }
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '+');
        var places = (point < 0 ? 0 : mantissa.Length - point - 1) - (digits.Length - digits.TrimEnd('0').Length) - exponent;
        var significant = digits.Trim('0').Length;
        return significant == 0 || (places <= MostPlaces && significant <= MostDigits);
    }

    /// <summary>A whole number, its thousands apart or not: <c>10 000</c>.</summary>
    private static bool TryReadWhole(string text, out decimal value)
    {
        value = 0;
        var groups = text.Trim().Split(null as char[]);
        var areThousands = groups.Length == 1 || (groups[0].Length is > 0 and <= Thousands && groups.Skip(1).All(group => group.Length == Thousands));
        var digits = string.Concat(groups);
        return areThousands && digits.Length is > 0 and <= MostDigitsOfRatio && decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
