using System.Globalization;

namespace Relapse.Clinical;

/// <summary>Orders versions such as 2014.1, 2014.2, 2014.10: part by part between the dots, numbers as numbers, words by ordinal.</summary>
public sealed class VersionOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static VersionOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (left, right) = ((x ?? "").Split('.'), (y ?? "").Split('.'));
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = ComparePart(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }
        return left.Length.CompareTo(right.Length);
    }

    private static int ComparePart(string left, string right) =>
        ulong.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
        && ulong.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
            ? one.CompareTo(other)
            : string.CompareOrdinal(left, right);
}
