namespace Relapse.Outcomes;

/// <summary>
/// The score interval of a proportion at 95 % without continuity correction (Wilson, J Am Stat Assoc 1927;22:209; method 3 of Newcombe, Stat
/// Med 1998;17:857).
/// </summary>
internal static class WilsonInterval
{
    // The 97.5th percentile of the standard normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The interval.</summary>
    /// <param name="share">The proportion observed, 0 to 1, both inclusive.</param>
    /// <param name="n">Of so many; 1 or more.</param>
    /// <returns>Both ends, 0 to 1.</returns>
    public static (double Low, double High) Of(double share, int n)
    {
        const double Squared = Z * Z;
        var middle = share + (Squared / (2.0 * n));
        var half = Z * Math.Sqrt(((share * (1 - share)) + (Squared / (4.0 * n))) / n);
        var whole = 1 + (Squared / n);
        return (share == 0 ? 0 : (middle - half) / whole, share == 1 ? 1 : (middle + half) / whole);
    }
}
