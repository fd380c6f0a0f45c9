using Relapse.Contracts.Case.V1;
using Date = Google.Type.Date;

namespace Relapse.Tests.Clinical;

/// <summary>Cases that examples start from: nothing open unless a test opens it.</summary>
internal static class SoundCase
{
    /// <summary>A boy's late isolated marrow relapse of B-cell precursor leukaemia, everything known.</summary>
    public static RelapseCase LateIsolatedMarrow() => new()
    {
        RelapseNumber = 1,
        Lineage = Lineage.BCellPrecursor,
        Sex = Sex.Male,
        Timing = new Timing
        {
            DiagnosisDate = Day(2010, 3, 12),
            PrimaryTherapyEndDate = Day(2012, 3, 12),
            RelapseDate = Day(2013, 6, 20),
            PrimaryTherapyStatus = PrimaryTherapyStatus.Completed,
        },
        Marrow = new Marrow { BlastsPercent = 80 },
        Blood = new Blood { BlastsPresent = true },
        Csf = new CerebrospinalFluid { WbcPerUl = 1, BlastsPresent = false, ErythrocytesPerUl = 0 },
        Cns = new CentralNervousSystem { ClinicalSigns = false, ImagingMass = false },
        Testes = new Testes { Enlarged = TesticularEnlargement.None },
        OtherSitesAssessed = true,
        History = new History { NoPriorTransplant = true },
    };

    /// <summary>The same child, the leukaemia also in the cerebrospinal fluid.</summary>
    public static RelapseCase LateCombined() => LateIsolatedMarrow().With(@case =>
        @case.Csf = new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true, ErythrocytesPerUl = 2, ConsecutivePositiveSamples = 2 });

    /// <summary>Very early: the relapse comes eleven months after diagnosis, on treatment.</summary>
    public static RelapseCase VeryEarly(this RelapseCase @case) => @case.With(changed => changed.Timing = new Timing
    {
        DiagnosisDate = Day(2010, 3, 12),
        RelapseDate = Day(2011, 2, 20),
        PrimaryTherapyStatus = PrimaryTherapyStatus.OnTreatment,
    });

    public static RelapseCase With(this RelapseCase @case, Action<RelapseCase> change)
    {
        var copy = @case.Clone();
        change(copy);
        return copy;
    }

    public static Date Day(int year, int month = 0, int day = 0) => new() { Year = year, Month = month, Day = day };

    public static Date Day(DateOnly date) => Day(date.Year, date.Month, date.Day);
}
