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
    public static MrdMeasure Of(string name, Measurement measurement) =>
        new(name, Bits(measurement.TimePoints), Bits(measurement.Specimens), Bits(measurement.Methods), Bits(measurement.NotAfter));

    public bool IsAt(TimePoint timePoint) => Has(TimePoints, (int)timePoint);

    public bool IsOn(Specimen specimen) => Has(Specimens, (int)specimen);

    public bool IsAfterOther(Reinduction reinduction) => Has(NotAfter, (int)reinduction);

    /// <summary>Whether it counts hangs on the reinduction, and that is not stated.</summary>
    public bool MayBeAfterOther(Reinduction reinduction) => NotAfter != 0 && reinduction is Reinduction.Unspecified;

    /// <summary>Whether the cut-offs are made for the method; null when the method is not stated and the document names some.</summary>
    public bool? IsByOwnMethod(MrdMethod method) => Methods == 0 ? true : method is MrdMethod.Unspecified ? null : Has(Methods, (int)method);

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
