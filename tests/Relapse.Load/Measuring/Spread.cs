using System.Globalization;

namespace Relapse.Load.Measuring;

/// <summary>The median of several rounds, and how far apart they were: the middle half of them, and all.</summary>
internal sealed record Spread(double Median, double LowerQuarter, double UpperQuarter, double Least, double Most)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        var quarter = sorted.Length / 4;
        return new Spread(
            sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
            sorted[quarter],
            sorted[^(quarter + 1)],
            sorted[0],
            sorted[^1]);
    }

    /// <summary>Whether it is at least a bound, if the middle half of the rounds agree on that.</summary>
    public Verdict AtLeast(double bound) => LowerQuarter >= bound ? Verdict.Held : UpperQuarter < bound ? Verdict.NotHeld : Verdict.Noise;

    /// <summary>Whether it is at most a bound, if the middle half of the rounds agree on that.</summary>
    public Verdict AtMost(double bound) => UpperQuarter <= bound ? Verdict.Held : LowerQuarter > bound ? Verdict.NotHeld : Verdict.Noise;

    /// <summary>Median, least and most in the format given.</summary>
    public string Say(string format = "0.00") => string.Create(
        CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Least.ToString(format, CultureInfo.InvariantCulture)} to {Most.ToString(format, CultureInfo.InvariantCulture)})");
}

/// <summary>What a measurement says of what is to hold.</summary>
internal enum Verdict
{
    /// <summary>It holds.</summary>
    Held,

    /// <summary>It does not hold, or calls failed.</summary>
    NotHeld,

    /// <summary>The rounds do not agree: the machine was too busy with other things to say.</summary>
    Noise,

    /// <summary>Nothing is to hold; it is told beside what is.</summary>
    Reported,
}
