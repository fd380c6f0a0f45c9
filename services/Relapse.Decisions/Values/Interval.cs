using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Relapse.Decisions;

/// <summary>
/// An interval of decimals; each end inclusive, exclusive or infinite. Written <c>[0, 1)</c>, <c>(2, 10]</c>, <c>[3, inf)</c>,
/// <c>(-inf, 0)</c>. The default value is <see cref="Everything"/>.
/// </summary>
public readonly record struct Interval
{
    /// <summary>An interval; it may be empty (see <see cref="IsEmpty"/>).</summary>
    /// <param name="min">The lower end; null for no lower end.</param>
    /// <param name="minExclusive">Whether the lower end is left out; ignored when there is none.</param>
    /// <param name="max">The upper end; null for no upper end.</param>
    /// <param name="maxExclusive">Whether the upper end is left out; ignored when there is none.</param>
    public Interval(decimal? min, bool minExclusive, decimal? max, bool maxExclusive)
    {
        Min = min;
        // One spelling for an infinite end, so that equal intervals are equal records.
        MinExclusive = min is not null && minExclusive;
        Max = max;
        MaxExclusive = max is not null && maxExclusive;
    }

    /// <summary>Every decimal.</summary>
    public static Interval Everything => default;

    /// <summary>The lower end; null for none.</summary>
    public decimal? Min { get; }

    /// <summary>Whether the lower end is left out.</summary>
    public bool MinExclusive { get; }

    /// <summary>The upper end; null for none.</summary>
    public decimal? Max { get; }

    /// <summary>Whether the upper end is left out.</summary>
    public bool MaxExclusive { get; }

    /// <summary>Whether no decimal lies within.</summary>
    public bool IsEmpty => Min is { } min && Max is { } max && (min > max || (min == max && (MinExclusive || MaxExclusive)));

    /// <summary>Whether exactly one decimal lies within.</summary>
    public bool IsPoint => Min is { } min && Max is { } max && min == max && !MinExclusive && !MaxExclusive;

    /// <summary>The interval of <paramref name="value"/> alone, both ends inclusive.</summary>
    public static Interval Point(decimal value) => new(value, false, value, false);

    /// <summary>Reads the form that <see cref="ToString"/> writes; spaces are optional, numbers are invariant and may have an
    /// exponent.</summary>
    /// <param name="text">The text, such as <c>[0, 5)</c>.</param>
    /// <param name="interval">The interval, which may be empty; <see cref="Everything"/> on failure.</param>
    /// <param name="error">What is wrong, or null.</param>
    /// <returns>Whether the text is well formed.</returns>
    public static bool TryParse(string? text, out Interval interval, [NotNullWhen(false)] out string? error)
    {
        interval = Everything;
        var trimmed = (text ?? "").Trim();
        var parts = trimmed.Length > 2 ? trimmed[1..^1].Split(',') : [];
        if (parts.Length != 2 || trimmed[0] is not ('[' or '(') || trimmed[^1] is not (']' or ')'))
        {
            error = $"'{text}' is not an interval such as [0, 5) or (25, inf).";
            return false;
        }

        var (minExclusive, maxExclusive) = (trimmed[0] == '(', trimmed[^1] == ')');
        error = ReadEnd(parts[0].Trim(), "-inf", minExclusive, out var min);
        var maxError = ReadEnd(parts[1].Trim(), "inf", maxExclusive, out var max);
        error ??= maxError;
        if (error is not null)
        {
            return false;
        }

        interval = new Interval(min, minExclusive, max, maxExclusive);
        return true;
    }

    /// <summary>Whether <paramref name="value"/> lies within.</summary>
    public bool Contains(decimal value) =>
        (Min is not { } min || value > min || (value == min && !MinExclusive))
        && (Max is not { } max || value < max || (value == max && !MaxExclusive));

    /// <summary>What lies in both; possibly empty.</summary>
    public Interval Intersect(Interval other)
    {
        var (min, minExclusive) = (Min, MinExclusive);
        if (other.Min is { } otherMin && (min is null || otherMin > min || (otherMin == min && other.MinExclusive)))
        {
            (min, minExclusive) = (otherMin, other.MinExclusive);
        }

        var (max, maxExclusive) = (Max, MaxExclusive);
        if (other.Max is { } otherMax && (max is null || otherMax < max || (otherMax == max && other.MaxExclusive)))
        {
            (max, maxExclusive) = (otherMax, other.MaxExclusive);
        }

        return new Interval(min, minExclusive, max, maxExclusive);
    }

    /// <summary>Whether some decimal lies in both.</summary>
    public bool Overlaps(Interval other) => !Intersect(other).IsEmpty;

    /// <summary>Whether every decimal of this interval lies in <paramref name="other"/>; true for an empty one.</summary>
    public bool IsWithin(Interval other) => IsEmpty || Intersect(other) == this;

    /// <summary>What lies in this interval and not in <paramref name="other"/>: none, one or two intervals, ascending, none of them
    /// empty.</summary>
    public IReadOnlyList<Interval> Except(Interval other)
    {
        if (!Overlaps(other))
        {
            return IsEmpty ? [] : [this];
        }

        List<Interval> rest = [];
        if (other.Min is { } min)
        {
            rest.Add(Intersect(new Interval(null, false, min, !other.MinExclusive)));
        }

        if (other.Max is { } max)
        {
            rest.Add(Intersect(new Interval(max, !other.MaxExclusive, null, false)));
        }

        return [.. rest.Where(part => !part.IsEmpty)];
    }

    /// <summary>The form that <see cref="TryParse"/> reads back to the same interval.</summary>
    public override string ToString()
    {
        var min = Min is { } low ? (MinExclusive ? "(" : "[") + low.ToString(CultureInfo.InvariantCulture) : "(-inf";
        var max = Max is { } high ? high.ToString(CultureInfo.InvariantCulture) + (MaxExclusive ? ")" : "]") : "inf)";
        return $"{min}, {max}";
    }

    private static string? ReadEnd(string text, string infinity, bool exclusive, out decimal? end)
    {
        end = null;
        if (string.Equals(text, infinity, StringComparison.Ordinal))
        {
            return exclusive ? null : $"The end '{text}' is infinite and so must be exclusive.";
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number))
        {
            return $"'{text}' is not a number within the range of a decimal.";
        }

        end = number;
        return null;
    }
}
