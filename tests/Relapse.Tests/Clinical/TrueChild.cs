using Relapse.Contracts.Case.V1;

namespace Relapse.Tests.Clinical;

/// <summary>
/// A child of whom everything is true at once, drawn at random. Cases are what is told of it: see <see cref="Told"/>. Values
/// stand near the thresholds of the protocols, and dates at ends of months.
/// </summary>
internal sealed record TrueChild(
    int RelapseNumber,
    bool FirstRemission,
    bool Transplanted,
    Lineage Lineage,
    Sex Sex,
    DateOnly Diagnosis,
    DateOnly? TherapyEnd,
    DateOnly Relapse,
    bool StoppedEarly,
    double MarrowBlasts,
    bool BloodBlasts,
    double CsfWbc,
    bool CsfBlasts,
    double CsfErythrocytes,
    int CsfConsecutive,
    bool CnsSigns,
    bool CnsMass,
    TesticularEnlargement Enlargement,
    bool? Biopsy,
    bool? Contralateral,
    bool?[] OtherSites,
    double AgeAtDiagnosis,
    double WbcAtDiagnosis,
    CnsStatus CnsAtDiagnosis,
    string MrdDay33,
    GeneticMarker[] Markers,
    bool PoorResponse,
    bool EarlyTPrecursor)
{
    private static readonly double[] _marrow = [0, 2, 4.9, 5, 12.5, 25, 25.1, 80, 100];
    private static readonly double[] _csf = [0, 1, 4.5, 5, 40];
    private static readonly double[] _ages = [0.5, 1, 9.9, 10, 15, 18, 18.5];
    private static readonly double[] _wbc = [400, 49_999, 50_000, 100_000, 100_001];
    private static readonly string[] _mrd = ["0", "0.00009", "0.0001", "1e-4", "0.5"];
    private static readonly double[] _erythrocytes = [0, 20, 20.5, 21, 500];

    public static TrueChild Next(Random random)
    {
        var boy = random.Next(2) == 0;
        var (diagnosis, end, relapse) = Dates(random);
        var blasts = random.Next(2) == 0;
        return new TrueChild(
            random.Next(8) == 0 ? 2 : 1,
            random.Next(12) > 0,
            random.Next(12) == 0,
            random.Next(2) == 0 ? Lineage.TCell : Lineage.BCellPrecursor,
            boy ? Sex.Male : Sex.Female,
            diagnosis,
            end,
            relapse,
            end is not null && random.Next(4) == 0,
            Pick(random, _marrow),
            random.Next(3) == 0,
            Pick(random, _csf),
            blasts,
            Pick(random, _erythrocytes),
            blasts ? random.Next(4) : 0,
            random.Next(6) == 0,
            random.Next(6) == 0,
            boy && random.Next(3) == 0 ? (TesticularEnlargement)random.Next(1, 4) : TesticularEnlargement.None,
            boy && random.Next(3) == 0 ? random.Next(2) == 0 : null,
            boy && random.Next(4) == 0 ? random.Next(2) == 0 : null,
            [.. Enumerable.Range(0, random.Next(3) == 0 ? random.Next(1, 4) : 0).Select(_ => random.Next(3) == 0 ? (bool?)null : random.Next(2) == 0)],
            Pick(random, _ages),
            Pick(random, _wbc),
            (CnsStatus)random.Next(1, 4),
            Pick(random, _mrd),
            DrawMarkers(random),
            random.Next(2) == 0,
            random.Next(2) == 0);
    }

    /// <summary>A KMT2A::AFF1 is a rearrangement of KMT2A.</summary>
    private static GeneticMarker[] DrawMarkers(Random random)
    {
        GeneticMarker[] drawn = [.. Enum.GetValues<GeneticMarker>().Skip(1).Where(_ => random.Next(4) == 0)];
        return drawn.Contains(GeneticMarker.Kmt2AAff1) ? [.. drawn.Append(GeneticMarker.Kmt2ARearranged).Distinct()] : drawn;
    }

    /// <summary>Diagnosis, end of therapy (none on treatment) and relapse, in this order, often a day or so from a threshold.</summary>
    public static (DateOnly Diagnosis, DateOnly? TherapyEnd, DateOnly Relapse) Dates(Random random)
    {
        var diagnosis = MonthEnd(random, new DateOnly(2010, 1, 1).AddDays(random.Next(1200)));
        var relapse = Near(random, diagnosis.AddMonths(Pick(random, [6, 17, 18, 30, 36, 40])));
        if (random.Next(4) == 0)
        {
            return (diagnosis, null, relapse);
        }
        var end = Near(random, relapse.AddMonths(-Pick(random, [0, 5, 6, 7, 20])));
        return (diagnosis, end < diagnosis ? diagnosis : end > relapse ? relapse : end, relapse);
    }

    private static DateOnly MonthEnd(Random random, DateOnly date) =>
        random.Next(3) == 0 ? new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month)) : date;

    private static DateOnly Near(Random random, DateOnly date) => date.AddDays(random.Next(3) == 0 ? random.Next(-40, 41) : random.Next(-1, 2));

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
