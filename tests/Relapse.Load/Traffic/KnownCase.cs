using Relapse.Contracts.Case.V1;
using Date = Google.Type.Date;

namespace Relapse.Load.Traffic;

/// <summary>A first relapse with every finding made: marrow, central nervous system or both, on treatment or after it.</summary>
internal static class KnownCase
{
    /// <summary>Draws one.</summary>
    public static RelapseCase Draw(Random random)
    {
        var marrow = random.Next(5) > 0;
        var cns = !marrow || random.Next(4) == 0;
        var sex = random.Next(2) == 0 ? Sex.Male : Sex.Female;
        return new RelapseCase
        {
            RelapseNumber = 1,
            Lineage = random.Next(8) == 0 ? Lineage.TCell : Lineage.BCellPrecursor,
            Sex = sex,
            AgeAtRelapseYears = random.Next(5, 18),
            Timing = Timing(random),
            Marrow = new Marrow { BlastsPercent = marrow ? random.Next(260, 1000) / 10.0 : random.Next(0, 40) / 10.0 },
            Blood = new Blood { BlastsPresent = marrow },
            Csf = new CerebrospinalFluid { WbcPerUl = cns ? random.Next(6, 400) : random.Next(0, 5), BlastsPresent = cns, ErythrocytesPerUl = 0, ConsecutivePositiveSamples = cns ? 2 : 0 },
            Cns = new CentralNervousSystem { ClinicalSigns = false, ImagingMass = false },
            Testes = sex == Sex.Female ? null : new Testes { Enlarged = TesticularEnlargement.None },
            OtherSitesAssessed = true,
            History = new History { NoPriorTransplant = true },
        };
    }

    private static Timing Timing(Random random)
    {
        var diagnosis = new DateOnly(2009, 1, 1).AddDays(random.Next(1500));
        var end = diagnosis.AddDays(731 + random.Next(60));
        var timing = new Timing { DiagnosisDate = Day(diagnosis), PrimaryTherapyStatus = PrimaryTherapyStatus.Completed };
        if (random.Next(3) == 0)
        {
            timing.PrimaryTherapyStatus = PrimaryTherapyStatus.OnTreatment;
            timing.RelapseDate = Day(diagnosis.AddDays(random.Next(200, 700)));
            return timing;
        }

        timing.PrimaryTherapyEndDate = Day(end);
        timing.RelapseDate = Day(end.AddDays(random.Next(10, 1200)));
        return timing;
    }

    private static Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };
}
