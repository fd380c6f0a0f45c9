using Google.Protobuf;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.House;

namespace Relapse.Tests.Classification;

/// <summary>Items for batches and cohorts.</summary>
internal static class Cohort
{
    private static readonly string[] _withheld = ["case.down_syndrome", "case.ph_positive", "case.age_at_relapse_years"];

    /// <summary>Every example, then random children told in part, then cases that cannot be.</summary>
    public static List<CohortItem> Mixed(int random) =>
    [
        .. Repository.Files.Where(file => Path.GetDirectoryName(file) == "examples" && file.EndsWith(".json", StringComparison.Ordinal)
            && !file.StartsWith("examples/donors-", StringComparison.Ordinal))
            .Select(file => new CohortItem { ItemId = file, Case = JsonParser.Default.Parse<ClassifyRelapseRequest>(Repository.Read(file)).Case }),
        .. Children(random),
        new CohortItem { ItemId = "no case" },
        new CohortItem { ItemId = "two faults", Case = Faulty() },
        new CohortItem { ItemId = "nowhere", Case = new RelapseCase { Established = { new EstablishedConclusion { Decision = "timing", Protocol = "protocols/nowhere", Conclusion = "LATE" } } } },
        new CohortItem { Case = new RelapseCase { CaseRef = "without an id" } },
        new CohortItem { Case = new RelapseCase() },
    ];

    public static IEnumerable<CohortItem> Children(int count) => Enumerable.Range(0, count).Select(seed =>
    {
        var random = new Random(seed);
        var @case = Told.Next(random, TrueChild.Next(random), 0.8).Case();
        @case.CaseRef = $"ref-{seed}";
        return new CohortItem { ItemId = $"child-{seed}", Case = @case };
    });

    public static RelapseCase Faulty() => new()
    {
        Marrow = new Marrow { BlastsPercent = 140 },
        Timing = new Timing { RelapseDate = new Google.Type.Date { Year = 2014, Month = 2, Day = 30 } },
    };

    /// <summary>What a thorough centre would know: genetics at both times, four results of MRD, two of response, and what is not known.</summary>
    public static RelapseCase Rich(int number) => SoundCase.LateCombined().With(changed =>
    {
        changed.CaseRef = $"centre-17-child-{number:D6}-0123456789abcdef";
        changed.PrimaryDisease = new PrimaryDisease { AgeYears = 7.5, WbcPerUl = 62_500, CnsStatus = CnsStatus._2, InductionFailure = false, MrdDay33 = "0.0005", MrdDay78 = "0.00005" };
        foreach (var marker in Enum.GetValues<GeneticMarker>().Where(marker => marker != GeneticMarker.Unspecified))
        {
            changed.Genetics.Add(new GeneticFinding { Marker = marker, Status = FindingStatus.NotDone, Time = FindingTime.Diagnosis });
            changed.Genetics.Add(new GeneticFinding { Marker = marker, Status = FindingStatus.Absent, Time = FindingTime.Relapse });
        }

        foreach (var time in new[] { TimePoint.AtRelapse, TimePoint.EndOfBlock1, TimePoint.EndOfBlock2, TimePoint.EndOfBlock3 })
        {
            changed.Mrd.Add(new MrdResult
            {
                TimePoint = time, Method = MrdMethod.PcrIgTr, Unit = MrdUnit.Fraction, Quantified = "0.00075", Sensitivity = "0.00001", QuantifiableFrom = "0.0001", Specimen = Specimen.Marrow, CollectDate = SoundCase.Day(2013, 7, 20),
            });
        }

        foreach (var time in new[] { TimePoint.EndOfBlock1, TimePoint.EndOfBlock2 })
        {
            changed.Responses.Add(new Response
            {
                TimePoint = time, AssessDate = SoundCase.Day(2013, 7, 20), MarrowBlastsPercent = 1.5, WbcPerUl = 2_500, NeutrophilsPerUl = 1_200, PlateletsPerUl = 110_000, BloodBlastsPresent = false, CsfWbcPerUl = 1, CsfBlastsPresent = false, TestesNormal = true, ClinicalSigns = false, OtherSitesClear = true,
            });
        }

        changed.Unknown.AddRange(_withheld.Select(field => new UnknownFact { Field = field, Reason = UnknownReason.NotShared }));
    });
}
