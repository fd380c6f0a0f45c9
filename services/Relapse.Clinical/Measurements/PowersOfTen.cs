using System.Numerics;

namespace Relapse.Clinical.Measurements;

/// <summary>Ratios of levels in powers of ten. What is decided on them is decided exactly; only what is displayed is rounded.</summary>
internal static class PowersOfTen
{
    private const int ScaleShift = 16;
    private const int ScaleMask = 0xFF;

    /// <summary>The ratio as a power of ten, for display; both numbers are above 0.</summary>
    public static double Log10(decimal one, decimal other) => one == other ? 0 : Math.Log10((double)one) - Math.Log10((double)other);

    /// <summary>How <c>one / other</c> stands to <c>10^exponent</c>: below 0, 0 or above 0. Both numbers are above 0.</summary>
    /// <param name="one">The numerator.</param>
    /// <param name="other">The denominator.</param>
    /// <param name="exponent">0 or more, of few decimals: 10 to the p/q is compared as p and q whole numbers.</param>
    public static int Compare(decimal one, decimal other, decimal exponent)
    {
        var (p, root) = Split(exponent);
        var q = BigInteger.Pow(10, root);
        var shared = BigInteger.GreatestCommonDivisor(p, q);
        var (power, whole) = ((int)(p / shared), (int)(q / shared));
        var (numerator, above) = Split(one);
        var (denominator, below) = Split(other);

        // one^q against other^q * 10^p, each over the tens that its decimals stand for.
        var left = BigInteger.Pow(numerator * BigInteger.Pow(10, below), whole);
        var right = BigInteger.Pow(denominator * BigInteger.Pow(10, above), whole) * BigInteger.Pow(10, power);
        return left.CompareTo(right);
    }

    /// <summary>The digits of a decimal as a whole number, and how many of them are decimals.</summary>
    private static (BigInteger Digits, int Decimals) Split(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return (digits, (bits[3] >> ScaleShift) & ScaleMask);
    }
}
