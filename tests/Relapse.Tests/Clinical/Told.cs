using Relapse.Contracts.Case.V1;
using Relapse.Decisions;
using Date = Google.Type.Date;

namespace Relapse.Tests.Clinical;

/// <summary>
/// What is told of a true child: for each thing how much, from 0 (nothing) up. More is always told of the same child, so that
/// a case made with higher levels adds facts to one made with lower levels and contradicts none.
/// </summary>
internal sealed record Told(TrueChild Child, int[] Levels)
{
    private enum Thing
    {
        RelapseNumber, FirstRemission, Transplant, Lineage, Sex, Diagnosis, TherapyEnd, Relapse, Status, MonthsFromDiagnosis,
        MonthsFromTherapyEnd, Marrow, Blood, CsfWbc, CsfBlasts, Erythrocytes, Consecutive, Signs, Mass, Enlargement, Biopsy, Contralateral, OtherSites,
        AgeAtDiagnosis, WbcAtDiagnosis, CnsAtDiagnosis, MrdDay33, Markers, Response, EarlyTPrecursor,
    }

    private static readonly int[] _most = [2, 1, 1, 1, 1, 3, 3, 3, 1, 2, 2, 2, 1, 2, 1, 2, 2, 1, 1, 1, 1, 1, 3, 2, 2, 1, 1, 2, 1, 1];

    private static readonly Site[] _sites = [Site.Skin, Site.Bone, Site.Orbit, Site.Kidney];

    /// <summary>Each thing is told whole with the chance given, else to a lower level at random; months only now and then.</summary>
    public static Told Next(Random random, TrueChild child, double whole) => new(child, [.. _most.Select((most, thing) =>
        (Thing)thing is Thing.MonthsFromDiagnosis or Thing.MonthsFromTherapyEnd && random.Next(3) > 0 ? 0
        : random.NextDouble() < whole ? most
        : random.Next(most + 1))]);

    /// <summary>The same and more.</summary>
    public Told More(Random random, int things)
    {
        int[] levels = [.. Levels];
        for (; things > 0; things--)
        {
            var thing = random.Next(levels.Length);
            levels[thing] = Math.Min(levels[thing] + random.Next(1, 3), _most[thing]);
        }
        return this with { Levels = levels };
    }

    public RelapseCase Case()
    {
        var told = new RelapseCase
        {
            Timing = new Timing { MonthsPrecision = MonthsPrecision.CompletedMonths },
            Csf = new CerebrospinalFluid(),
            Cns = new CentralNervousSystem(),
            Testes = new Testes(),
        };
        TellHistory(told);
        TellTiming(told);
        TellMarrowAndFluid(told);
        TellTestes(told);
        TellOtherSites(told);
        TellPrimaryDisease(told);
        return told;
    }

    public override string ToString() => $"{Child} told {string.Join(",", Levels)}: {Case()}";

    private int this[Thing thing] => Levels[(int)thing];

    private bool Tells(Thing thing) => this[thing] > 0;

    private void TellHistory(RelapseCase told)
    {
        Number(Thing.RelapseNumber, "case.relapse_number", Child.RelapseNumber, 1, told, number => told.RelapseNumber = (int)number);
        if (Tells(Thing.FirstRemission) && (Child.FirstRemission || Child.RelapseNumber == 1))
        {
            told.FirstRemissionAchieved = Child.FirstRemission;
        }
        if (Tells(Thing.Transplant))
        {
            told.History = new History { NoPriorTransplant = !Child.Transplanted };
        }
        told.Lineage = Tells(Thing.Lineage) ? Child.Lineage : Lineage.Unspecified;
        told.Sex = Tells(Thing.Sex) ? Child.Sex : Sex.Unspecified;
    }

    private void TellTiming(RelapseCase told)
    {
        told.Timing.DiagnosisDate = Part(Child.Diagnosis, this[Thing.Diagnosis]);
        told.Timing.RelapseDate = Part(Child.Relapse, this[Thing.Relapse]);
        Number(Thing.MonthsFromDiagnosis, "case.timing.months_from_diagnosis", CalendarMonths.Completed(Child.Diagnosis, Child.Relapse), 0, told, months => told.Timing.MonthsFromDiagnosis = $"{months}", width: 1);
        if (Tells(Thing.Status))
        {
            told.Timing.PrimaryTherapyStatus = Child.TherapyEnd is null ? PrimaryTherapyStatus.OnTreatment
                : Child.StoppedEarly ? PrimaryTherapyStatus.StoppedEarly
                : PrimaryTherapyStatus.Completed;
        }
        if (Child.TherapyEnd is { } end)
        {
            told.Timing.PrimaryTherapyEndDate = Part(end, this[Thing.TherapyEnd]);
            Number(Thing.MonthsFromTherapyEnd, "case.timing.months_from_therapy_end", CalendarMonths.Completed(end, Child.Relapse), 0, told, months => told.Timing.MonthsFromTherapyEnd = $"{months}", width: 1);
        }
    }

    private void TellMarrowAndFluid(RelapseCase told)
    {
        Number(Thing.Marrow, "case.marrow.blasts_percent", Child.MarrowBlasts, 0, told, percent => told.Marrow = new Marrow { BlastsPercent = percent }, most: 100);
        if (Tells(Thing.Blood))
        {
            told.Blood = new Blood { BlastsPresent = Child.BloodBlasts };
        }
        Number(Thing.CsfWbc, "case.csf.wbc_per_ul", Child.CsfWbc, 0, told, cells => told.Csf.WbcPerUl = cells);
        Number(Thing.Erythrocytes, "case.csf.erythrocytes_per_ul", Child.CsfErythrocytes, 0, told, cells => told.Csf.ErythrocytesPerUl = cells);
        Number(Thing.Consecutive, "case.csf.consecutive_positive_samples", Child.CsfConsecutive, 0, told, samples => told.Csf.ConsecutivePositiveSamples = (int)samples);
        if (Tells(Thing.CsfBlasts))
        {
            told.Csf.BlastsPresent = Child.CsfBlasts;
        }
        if (Tells(Thing.Signs))
        {
            told.Cns.ClinicalSigns = Child.CnsSigns;
        }
        if (Tells(Thing.Mass))
        {
            told.Cns.ImagingMass = Child.CnsMass;
        }
    }

    /// <summary>A biopsy that is not told is listed as pending: one that is merely absent says that none was done.</summary>
    private void TellTestes(RelapseCase told)
    {
        if (Child.Sex != Sex.Male)
        {
            return;
        }
        told.Testes.Enlarged = Tells(Thing.Enlargement) ? Child.Enlargement : TesticularEnlargement.Unspecified;
        Biopsy(Child.Biopsy, Thing.Biopsy, "case.testes.biopsy_positive", positive => told.Testes.BiopsyPositive = positive);
        Biopsy(Child.Contralateral, Thing.Contralateral, "case.testes.contralateral_biopsy_positive", positive => told.Testes.ContralateralBiopsyPositive = positive);

        void Biopsy(bool? result, Thing thing, string field, Action<bool> tell)
        {
            if (result is { } positive && Tells(thing))
            {
                tell(positive);
            }
            else if (result is not null)
            {
                told.Unknown.Add(new UnknownFact { Field = field, Reason = UnknownReason.Pending });
            }
        }
    }

    /// <summary>Sites first without results, then with the word that there are no more, then with results.</summary>
    private void TellOtherSites(RelapseCase told)
    {
        if (this[Thing.OtherSites] == 0)
        {
            return;
        }
        foreach (var (index, result) in Child.OtherSites.Index())
        {
            var site = new OtherSite { Site = _sites[index] };
            if (result is { } positive && this[Thing.OtherSites] == 3)
            {
                site.BiopsyPositive = positive;
            }
            told.OtherSites.Add(site);
        }
        if (this[Thing.OtherSites] > 1)
        {
            told.OtherSitesAssessed = true;
        }
    }

    /// <summary>Of the markers first every second one, then all of them.</summary>
    private void TellPrimaryDisease(RelapseCase told)
    {
        told.PrimaryDisease = new PrimaryDisease();
        Number(Thing.AgeAtDiagnosis, "case.primary_disease.age_years", Child.AgeAtDiagnosis, 0, told, years => told.PrimaryDisease.AgeYears = years, most: 130);
        Number(Thing.WbcAtDiagnosis, "case.primary_disease.wbc_per_ul", Child.WbcAtDiagnosis, 0, told, cells => told.PrimaryDisease.WbcPerUl = cells);
        told.PrimaryDisease.CnsStatus = Tells(Thing.CnsAtDiagnosis) ? Child.CnsAtDiagnosis : CnsStatus.Unspecified;
        if (Tells(Thing.MrdDay33))
        {
            (told.PrimaryDisease.MrdDay33, told.PrimaryDisease.MrdDay78) = (Child.MrdDay33, Child.MrdDay33);
        }
        if (Tells(Thing.Response))
        {
            told.PrimaryDisease.PrednisoneResponse = Child.PoorResponse ? PrednisoneResponse.Poor : PrednisoneResponse.Good;
            told.PrimaryDisease.InductionFailure = Child.PoorResponse || !Child.FirstRemission;
        }
        if (Tells(Thing.EarlyTPrecursor))
        {
            told.EarlyTPrecursor = Child.EarlyTPrecursor && Child.Lineage is Lineage.TCell;
        }
        var markers = Enum.GetValues<GeneticMarker>().Skip(1).Where(marker => (int)marker % 2 < this[Thing.Markers]);
        told.Genetics.Add(markers.Select(marker => new GeneticFinding
        {
            Marker = marker,
            Status = Child.Markers.Contains(marker) ? FindingStatus.Present : FindingStatus.Absent,
            Time = FindingTime.Diagnosis,
        }));
    }

    private void Number(Thing thing, string field, double value, double least, RelapseCase told, Action<double> tell, double most = 1e6, double width = 0)
    {
        if (this[thing] == 2)
        {
            tell(value);
        }
        else if (this[thing] == 1)
        {
            // Which end is given, and how wide, hangs on the value so that it is the same whatever else is told.
            var bound = new BoundedFact { Field = field };
            var span = 1 + (Math.Abs(value.GetHashCode() ^ Child.Diagnosis.DayNumber) % 7);
            if (span % 3 != 0)
            {
                bound.Min = Math.Max(least, value - span);
            }
            if (span % 3 != 1)
            {
                bound.Max = Math.Min(most, value + width + span);
            }
            told.Bounded.Add(bound);
        }
    }

    private static Date? Part(DateOnly date, int level) => level switch
    {
        0 => null,
        1 => SoundCase.Day(date.Year),
        2 => SoundCase.Day(date.Year, date.Month),
        _ => SoundCase.Day(date),
    };
}
