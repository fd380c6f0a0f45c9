using Google.Protobuf.Collections;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Which results of a series a document looks at, as sets of the contract's values. Two documents that look at the same results have equal
/// measures.
/// </summary>
/// <param name="Name">The name of the measurement, <c>decision</c>.</param>
internal sealed record MrdMeasure(string Name, ulong TimePoints, ulong Specimens, ulong Methods, ulong NotAfter)
{
    /// <summary>A time point that counts on a condition; UNSPECIFIED for none.</summary>
    public TimePoint Provided { get; init; }

    /// <summary>The pairs of a time point and a reinduction after which a result of it does not count.</summary>
    public ulong Excluded { get; init; }

    public static MrdMeasure Of(string name, Measurement measurement) =>
        new(name, Bits(measurement.TimePoints), Bits(measurement.Specimens), Bits(measurement.Methods), Bits(measurement.NotAfter))
        {
            Provided = measurement.Provided?.TimePoint ?? TimePoint.Unspecified,
            Excluded = measurement.Excluded.SelectMany(excluded => excluded.After.Select(after => Pair(excluded.TimePoint, after))).Aggregate(0UL, (bits, pair) => bits | (1UL << pair)),
        };

    /// <summary>How many values a time point has, UNSPECIFIED among them.</summary>
    public static int TimePointCount { get; } = Enum.GetValues<TimePoint>().Length;

    public bool IsAt(TimePoint timePoint) => Has(TimePoints, (int)timePoint);

    /// <summary>Whether the time point counts, on a condition or without.</summary>
    public bool IsOwn(TimePoint timePoint) => IsAt(timePoint) || IsProvided(timePoint);

    /// <summary>Whether the time point counts on a condition.</summary>
    public bool IsProvided(TimePoint timePoint) => timePoint is not TimePoint.Unspecified && timePoint == Provided;

    public bool IsOn(Specimen specimen) => Has(Specimens, (int)specimen);

    /// <summary>Whether a result of the time point is another's after this reinduction.</summary>
    public bool IsAfterOther(TimePoint timePoint, Reinduction reinduction) => Has(NotAfter, (int)reinduction) || Has(Excluded, Pair(timePoint, reinduction));

    /// <summary>Whether the reinduction says of any result whether it counts.</summary>
    public bool LooksAtReinduction => (NotAfter | Excluded) != 0;

    /// <summary>Whether no result counts after it.</summary>
    public bool IsNeverAfter(Reinduction reinduction) => Has(NotAfter, (int)reinduction);

    /// <summary>Whether the cut-offs are made for the method; null when the method is not stated and the document names some.</summary>
    public bool? IsByOwnMethod(MrdMethod method) => Methods == 0 ? true : method is MrdMethod.Unspecified ? null : Has(Methods, (int)method);

    /// <summary>Ten time points with six reinductions each have bits of their own.</summary>
    private static int Pair(TimePoint timePoint, Reinduction reinduction) => ((int)timePoint * 6) + (int)reinduction;

    private static bool Has(ulong set, int value) => value is >= 0 and < 64 && (set >> value & 1) != 0;

    private static ulong Bits<T>(RepeatedField<T> values)
        where T : struct, Enum
    {
        var bits = 0UL;
        foreach (var value in values)
        {
            bits |= 1UL << Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);
        }
        return bits;
    }
}
