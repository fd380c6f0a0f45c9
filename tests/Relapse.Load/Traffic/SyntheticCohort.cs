using Relapse.Contracts.Case.V1;
using Date = Google.Type.Date;

namespace Relapse.Load.Traffic;

/// <summary>
/// Children with a first relapse, in the shares that the review prints: time of relapse 41 % very early, 22 % early, 37 % late (L676-690); site
/// 42.9 % isolated marrow, 19.6 % combined, 37.5 % isolated extramedullary (L757); one in eight of T lineage. Every fifth fact beside these is
/// not known, as in a registry. The same number is the same child, whatever was drawn before it.
/// </summary>
internal static class SyntheticCohort
{
    private const double NotKnown = 0.2;

    private static readonly string[] _levels = ["0.00002", "0.00008", "0.0003", "0.0008", "0.002", "0.02"];

    /// <summary>The child of a number.</summary>
    public static RelapseCase Child(long number)
    {
        var random = new Random(unchecked((int)(number * 2_654_435_761L)));
        var (marrow, beside) = random.NextDouble() switch
        {
            < 0.429 => (true, false),
            < 0.625 => (true, true),
            _ => (false, true),
        };
        var boy = random.Next(2) == 0;
        var testis = beside && boy && random.Next(4) == 0;
        var cns = beside && !testis;
        var @case = new RelapseCase
        {
            RelapseNumber = 1,
            Lineage = Known(random) ? random.Next(8) == 0 ? Lineage.TCell : Lineage.BCellPrecursor : Lineage.Unspecified,
            Sex = boy ? Sex.Male : Sex.Female,
            AgeAtRelapseYears = random.Next(2, 18),
            Timing = Timing(random),
            Marrow = new Marrow { BlastsPercent = marrow ? random.Next(26, 100) : random.Next(0, 5) },
            Blood = new Blood { BlastsPresent = marrow && random.Next(2) == 0 },
            Cns = new CentralNervousSystem { ClinicalSigns = false, ImagingMass = false },
            OtherSitesAssessed = true,
            History = new History { NoPriorTransplant = true },
            Treatment = new Treatment { Reinduction = (Reinduction)random.Next(1, 4), TransplantPlanned = random.Next(2) == 0 },
        };
        if (Known(random))
        {
            @case.Csf = new CerebrospinalFluid { WbcPerUl = cns ? random.Next(6, 400) : random.Next(0, 5), BlastsPresent = cns, ErythrocytesPerUl = 0 };
        }

        if (boy)
        {
            @case.Testes = testis ? new Testes { Enlarged = TesticularEnlargement.Unilateral, BiopsyPositive = true } : new Testes { Enlarged = TesticularEnlargement.None };
        }

        if (Known(random))
        {
            (@case.PhPositive, @case.DownSyndrome) = (random.Next(25) == 0, random.Next(30) == 0);
        }

        if (Known(random))
        {
            @case.Mrd.Add(Result(random));
        }

        if (Known(random))
        {
            @case.Responses.Add(Response(random, marrow));
        }

        return @case;
    }

    private static bool Known(Random random) => random.NextDouble() >= NotKnown;

    private static Timing Timing(Random random)
    {
        var diagnosis = new DateOnly(2009, 1, 1).AddDays(random.Next(3650));
        var end = diagnosis.AddDays(731 + random.Next(60));
        var timing = new Timing { DiagnosisDate = Day(diagnosis), PrimaryTherapyStatus = PrimaryTherapyStatus.Completed, PrimaryTherapyEndDate = Day(end) };
        switch (random.NextDouble())
        {
            case < 0.41:
                (timing.PrimaryTherapyStatus, timing.PrimaryTherapyEndDate, timing.RelapseDate) = (PrimaryTherapyStatus.OnTreatment, null, Day(diagnosis.AddDays(random.Next(120, 540))));
                break;
            case < 0.63:
                timing.RelapseDate = Day(end.AddDays(random.Next(1, 170)));
                break;
            default:
                timing.RelapseDate = Day(end.AddDays(random.Next(190, 1800)));
                break;
        }

        return timing;
    }

    private static MrdResult Result(Random random)
    {
        var result = new MrdResult
        {
            TimePoint = TimePoint.EndOfInduction, Method = random.Next(4) == 0 ? MrdMethod.Flow : MrdMethod.PcrIgTr, Unit = MrdUnit.Fraction, Specimen = Specimen.Marrow,
        };
        if (random.Next(3) == 0)
        {
            (result.BelowDetection, result.Sensitivity) = (true, random.Next(3) == 0 ? "0.001" : "0.0001");
        }
        else
        {
            result.Quantified = _levels[random.Next(_levels.Length)];
        }

        return result;
    }

    private static Response Response(Random random, bool marrow) => new()
    {
        TimePoint = TimePoint.EndOfInduction, MarrowBlastsPercent = marrow && random.Next(6) == 0 ? random.Next(5, 60) : 1, WbcPerUl = random.Next(1500, 5000),
        NeutrophilsPerUl = random.Next(400, 1500), PlateletsPerUl = random.Next(40, 200) * 1000, BloodBlastsPresent = false, CsfWbcPerUl = 1, CsfBlastsPresent = false,
        ClinicalSigns = false, OtherSitesClear = true, ReinductionCompleted = true,
    };

    private static Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };
}
