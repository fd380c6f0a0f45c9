using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>Supplies a fact that an answer asked for, as a caller would: the field set, and no longer listed as unknown or bounded.</summary>
internal static class Supplied
{
    private const string NewFinding = "new finding";
    private const string Tests = " marrow, in percent, ";

    private static readonly MrdMethod[] _methods = [MrdMethod.Flow, MrdMethod.PcrIgTr, MrdMethod.Ngs];

    /// <summary>Whether a caller can supply it: a new finding is a finding still to be made, not a value of the field.</summary>
    public static bool CanBe(string value) => !value.StartsWith(NewFinding, StringComparison.Ordinal) && !IsLackOfTests(value);

    /// <summary>That tests found less can be said only of all of them at once: that none was made.</summary>
    private static bool IsLackOfTests(string value) => value.Contains(Tests, StringComparison.Ordinal) && value.EndsWith("[0, 1)", StringComparison.Ordinal);

    /// <summary>Cases that each supply the value; where it is an interval, its ends and what lies between.</summary>
    public static IEnumerable<RelapseCase> To(RelapseCase @case, string field, string value) => field switch
    {
        "case.timing.primary_therapy_status" => value == "ON_TREATMENT"
            ? [Set(@case, field, PrimaryTherapyStatus.OnTreatment)]
            : [Set(@case, field, PrimaryTherapyStatus.Completed), Set(@case, field, PrimaryTherapyStatus.StoppedEarly)],
        "case.timing.months_from_diagnosis" or "case.timing.months_from_therapy_end" => [Bounded(@case, field, value)],
        "case.timing.diagnosis_date" or "case.timing.primary_therapy_end_date" or "case.timing.relapse_date" =>
            Days(value).Select(day => Set(@case, field, SoundCase.Day(day))),
        "case.other_sites_assessed" => [Set(@case, field, value == "true")],
        "case.other_sites" when value == "no other site" => [Set(@case, "case.other_sites_assessed", true)],
        "case.other_sites" => [WithAnotherSite(@case)],
        _ when field.StartsWith("case.other_sites[", StringComparison.Ordinal) => [WithBiopsy(@case, field, value == "POSITIVE")],
        "case.relapse_number" or "case.csf.consecutive_positive_samples" => Counts(value).Select(count => Set(@case, field, (int)count)),
        "case.history.no_prior_transplant" => [Set(@case, field, value == "NONE")],
        "case.lineage" => [Set(@case, field, value == "T_CELL" ? Lineage.TCell : Lineage.BCellPrecursor)],
        "case.treatment.arm" => [Set(@case, field, value == "OTHER" ? "C" : value)],
        "case.treatment.reinduction" => [Set(@case, field, Enum.Parse<Reinduction>(value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true))],
        "case.sex" => [Set(@case, field, value == "MALE" ? Sex.Male : Sex.Female)],
        "case.primary_disease.cns_status" => [Set(@case, field, Enum.Parse<CnsStatus>("_" + value[^1]))],
        "case.primary_disease.prednisone_response" => [Set(@case, field, Enum.Parse<PrednisoneResponse>(value, ignoreCase: true))],
        "case.primary_disease.mrd_day_33" or "case.primary_disease.mrd_day_78" =>
            Numbers(value).Select(number => Set(@case, field, number.ToString(CultureInfo.InvariantCulture))).Append(Bounded(@case, field, value)),
        "case.treatment.transplant_planned" => [Set(@case, field, value == "YES")],
        "case.history.prior_agents" or "case.history.prior_irradiation" or "case.antigens" => [WithListed(@case, field, value.Split(' '))],
        "case.history.prior_regimens" => Counts(value).Select(count => Set(@case, field, (int)count)),
        "case.genetics" => [WithMarker(@case, value.Split(' '))],
        "case.mrd" => [WithTests(@case, value)],
        "case.testes.enlarged" => [Set(@case, field, Enum.Parse<TesticularEnlargement>(value, ignoreCase: true))],
        _ when value is "PRESENT" or "POSITIVE" or "ACHIEVED" => [Set(@case, field, true)],
        _ when value is "ABSENT" or "NEGATIVE" or "NOT_ACHIEVED" => [Set(@case, field, false)],
        _ => Numbers(value).Select(number => Set(@case, field, (double)number)).Append(Bounded(@case, field, value)),
    };

    private static RelapseCase Set(RelapseCase @case, string field, object value) => Free(@case, field).With(changed =>
    {
        IMessage message = changed;
        var names = field.Split('.')[1..];
        foreach (var name in names[..^1])
        {
            var inner = message.Descriptor.FindFieldByName(name);
            if (inner.Accessor.GetValue(message) is null)
            {
                inner.Accessor.SetValue(message, inner.MessageType.Parser.ParseFrom(ByteString.Empty));
            }
            message = (IMessage)inner.Accessor.GetValue(message);
        }
        message.Descriptor.FindFieldByName(names[^1]).Accessor.SetValue(message, value);
    });

    private static RelapseCase Free(RelapseCase @case, string field) => @case.With(changed =>
    {
        foreach (var unknown in changed.Unknown.Where(unknown => unknown.Field == field).ToArray())
        {
            changed.Unknown.Remove(unknown);
        }
        foreach (var bounded in changed.Bounded.Where(bounded => bounded.Field == field).ToArray())
        {
            changed.Bounded.Remove(bounded);
        }
    });

    private static RelapseCase Bounded(RelapseCase @case, string field, string value) => Free(@case, field).With(changed =>
    {
        if (field == "case.timing.months_from_diagnosis")
        {
            changed.Timing?.ClearMonthsFromDiagnosis();
        }
        else if (field == "case.timing.months_from_therapy_end")
        {
            changed.Timing?.ClearMonthsFromTherapyEnd();
        }
        var interval = Parse(value);
        var bound = new BoundedFact { Field = field, MinExclusive = interval.MinExclusive, MaxExclusive = interval.MaxExclusive };
        if (interval.Min is { } min)
        {
            bound.Min = (double)min;
        }
        if (interval.Max is { } max)
        {
            bound.Max = (double)max;
        }
        changed.Bounded.Add(bound);
    });

    private static RelapseCase WithAnotherSite(RelapseCase @case) => @case.With(changed =>
    {
        var free = new[] { Site.Skin, Site.Bone, Site.Orbit, Site.Kidney, Site.Tonsil }.Except(changed.OtherSites.Select(site => site.Site)).First();
        changed.OtherSites.Add(new OtherSite { Site = free, BiopsyPositive = true });
    });

    private static RelapseCase WithBiopsy(RelapseCase @case, string field, bool positive) => @case.With(changed =>
        changed.OtherSites[int.Parse(field["case.other_sites[".Length..field.IndexOf(']', StringComparison.Ordinal)], CultureInfo.InvariantCulture)].BiopsyPositive = positive);

    private static RelapseCase WithMarker(RelapseCase @case, string[] words) => @case.With(changed => changed.Genetics.Add(new GeneticFinding
    {
        Marker = (GeneticMarker)CaseReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(GeneticMarker)).FindValueByName($"GENETIC_MARKER_{words[0]}").Number,
        Status = words[1] == "PRESENT" ? FindingStatus.Present : FindingStatus.Absent,
    }));

    /// <summary>An agent or irradiation that was not given can be said only of a list that is whole.</summary>
    private static RelapseCase WithListed(RelapseCase @case, string field, string[] words) => Free(@case, field).With(changed =>
    {
        var history = changed.History ??= new History();
        switch (field)
        {
            case "case.history.prior_agents" when words[1] == "PRESENT":
                history.PriorAgents.Add(Enum.Parse<PriorAgent>(words[0].Replace("_", "", StringComparison.Ordinal), ignoreCase: true));
                break;
            case "case.history.prior_agents":
                history.PriorAgentsComplete = true;
                break;
            case "case.history.prior_irradiation" when words[1] == "ANY":
                history.PriorIrradiation.Add(new Irradiation { Site = words[0] == "CNS" ? IrradiationSite.Cranium : IrradiationSite.Testes });
                break;
            case "case.history.prior_irradiation":
                history.PriorIrradiationComplete = true;
                break;
            default:
                changed.Antigens.Add(new AntigenFinding
                {
                    Antigen = Enum.Parse<Antigen>(words[0], ignoreCase: true),
                    Status = words[1] == "PRESENT" ? FindingStatus.Present : FindingStatus.Absent,
                });
                break;
        }
    });

    /// <summary>Tests of the least percentage: as many as it takes, each by a method of its own, on the first marrow, or on a second one the day after.</summary>
    private static RelapseCase WithTests(RelapseCase @case, string value) => Free(@case, "case.mrd").With(changed =>
    {
        var relapse = changed.Timing?.RelapseDate;
        var day = relapse is { Day: > 0 } ? new DateOnly(relapse.Year, relapse.Month, relapse.Day) : new DateOnly((relapse?.Year ?? 2013) + 1, 1, 1);
        var second = value.Contains("of one second marrow", StringComparison.Ordinal);
        var percent = Parse(value[(value.IndexOf(Tests, StringComparison.Ordinal) + Tests.Length)..]).Min!.Value.ToString(CultureInfo.InvariantCulture);
        if (second && relapse is null)
        {
            changed.Mrd.Add(Test("0", SoundCase.Day(day), 0));
        }
        for (var test = value.StartsWith("highest", StringComparison.Ordinal) ? 1 : 2; test > 0; test--)
        {
            changed.Mrd.Add(Test(percent, second ? SoundCase.Day(day.AddDays(1)) : null, changed.Mrd.Count));
        }
    });

    private static MrdResult Test(string percent, Google.Type.Date? date, int index) =>
        new() { Method = _methods[index], TimePoint = TimePoint.AtRelapse, Specimen = Specimen.Marrow, Unit = MrdUnit.Percent, Quantified = percent, CollectDate = date };

    private static Interval Parse(string text)
    {
        Assert.True(Interval.TryParse(text, out var interval, out var error), $"'{text}': {error}");
        return interval;
    }

    private static IEnumerable<decimal> Numbers(string text)
    {
        var interval = Parse(text);
        var (low, high) = (interval.Min ?? 0, interval.Max ?? (interval.Min + 1000) ?? 1000);
        return new[] { low, (low + high) / 2, high }.Where(interval.Contains).Distinct();
    }

    /// <summary><c>3</c>, <c>1 to 3</c>, <c>2 or more</c>.</summary>
    private static IEnumerable<decimal> Counts(string text)
    {
        var words = text.Split(' ');
        var least = decimal.Parse(words[0], CultureInfo.InvariantCulture);
        var most = words is [_, "to", var last] ? decimal.Parse(last, CultureInfo.InvariantCulture) : words.Length > 1 ? least + 1 : least;
        return new[] { least, most }.Distinct();
    }

    /// <summary>The first day, the last, and one between; a year beyond an end that is open.</summary>
    private static IEnumerable<DateOnly> Days(string text)
    {
        var words = text.Split(' ');
        var (first, last) = words switch
        {
            ["any", "date"] => (new DateOnly(2011, 1, 31), new DateOnly(2014, 2, 28)),
            ["up", "to", var end] => (Date(end).AddYears(-1), Date(end)),
            ["from", var start] => (Date(start), Date(start).AddYears(1)),
            [var start, "to", var end] => (Date(start), Date(end)),
            _ => (Date(text), Date(text)),
        };
        return new[] { first, DateOnly.FromDayNumber((first.DayNumber + last.DayNumber) / 2), last }.Distinct();

        static DateOnly Date(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
