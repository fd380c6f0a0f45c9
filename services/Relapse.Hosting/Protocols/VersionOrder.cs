using System.Numerics;

namespace Relapse.Hosting.Protocols;

/// <summary>
/// The order of versions, oldest first. A version is split at its dots and compared part by part: two numbers by their
/// value (2002.2 before 2002.10), a number before a word, two words by ordinal; a version that the other continues comes first.
/// Numbers that are equal but spelt apart (1.0, 1.00) fall back to ordinal order, so that the order is total.
/// </summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = (x ?? "").Split('.');
        var right = (y ?? "").Split('.');
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (CompareParts(left[i], right[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(x, y);
    }

    private static int CompareParts(string left, string right) => (IsNumber(left), IsNumber(right)) switch
    {
        (true, true) => BigInteger.Parse(left, null).CompareTo(BigInteger.Parse(right, null)),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    private static bool IsNumber(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);
}
