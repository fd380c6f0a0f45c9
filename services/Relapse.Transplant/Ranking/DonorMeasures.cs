using System.Collections.Immutable;
using System.Globalization;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Measures donors by the criteria of a policy. What is not known is an interval, never a value.</summary>
/// <param name="question">The question.</param>
/// <param name="context">Compares typings.</param>
/// <param name="nk">Judges NK alloreactivity.</param>
/// <param name="size">How large grafts are.</param>
internal sealed class DonorMeasures(RankingQuestion question, HlaContext context, NkJudgement nk, GraftSize size)
{
    private readonly Recipient _recipient = question.Recipient.Message;
    private readonly OpenTypings _typings = new(context);

    /// <summary>Measures one donor.</summary>
    public Measured Of(CompiledCriterion criterion, DonorCase donor)
    {
        if (criterion.Document.Setting.Length > 0 && question.Settings.Word(criterion.Document.Setting) != SettingWord.Yes)
        {
            return Measured.NotUsed;
        }

        return criterion.Document.Measure switch
        {
            Measure.NkAlloreactivity => nk.IsUsed ? Word(criterion, nk.Of(donor) switch { Truth.True => ["YES"], Truth.False => ["NO"], _ => ["YES", "NO"] }) : Measured.NotUsed,
            Measure.MatchesOfEight => Count(criterion, new HlaPair(context, donor.Typings[0]).Count(CountScheme.Eight).PerLocus),
            Measure.MatchesOfTen => Count(criterion, new HlaPair(context, donor.Typings[0]).Count(CountScheme.Ten).PerLocus),
            Measure.AgeYears => Number(criterion, donor.Message.HasAgeYears ? donor.Message.AgeYears : null),
            Measure.Cmv => Word(criterion, Cmv(donor.Message)),
            Measure.Sex => Word(criterion, Sexes(donor.Message)),
            Measure.Abo => Word(criterion, BloodGroups.Words(_recipient.BloodGroup, donor.Message.BloodGroup)),
            Measure.Dpb1Tce => Word(criterion, Tce(donor)),
            Measure.Relationship => Word(criterion, Relationships(donor.Message.Relationship)),
            Measure.CordUnits => Word(criterion, donor.Message.Units.Count == 1 ? ["SINGLE"] : ["DOUBLE"]),
            Measure.CordTncPerKg => Number(criterion, (double?)size.PerKg(Total(donor.Message))),
            Measure.GraftSource => Word(criterion, Sources(donor.Message.GraftSource)),
            _ => Measured.NotUsed,
        };
    }

    /// <summary>Paths of what would make a measure known.</summary>
    public ImmutableArray<string> Missing(CompiledCriterion criterion, DonorCase donor) => criterion.Document.Measure switch
    {
        Measure.NkAlloreactivity => nk.Missing(donor),
        Measure.MatchesOfEight => _typings.Of(donor, 0, new HlaPair(context, donor.Typings[0]).Open(CountScheme.Eight)),
        Measure.MatchesOfTen => _typings.Of(donor, 0, new HlaPair(context, donor.Typings[0]).Open(CountScheme.Ten)),
        Measure.Dpb1Tce => _typings.Of(donor, 0, [HlaLocus.Dpb1]),
        Measure.AgeYears => [donor.Path("age_years")],
        Measure.Cmv => Both(_recipient.Cmv == Serostatus.Unspecified, donor.Message.Cmv == Serostatus.Unspecified, "cmv", donor),
        Measure.Sex => Both(_recipient.Sex == Sex.Unspecified, donor.Message.Sex == Sex.Unspecified, "sex", donor),
        Measure.Abo => Both(_recipient.BloodGroup == BloodGroup.Unspecified, donor.Message.BloodGroup == BloodGroup.Unspecified, "blood_group", donor),
        Measure.Relationship => [donor.Path("relationship")],
        Measure.CordTncPerKg => Both(question.Recipient.WeightKg is null, false, "weight_kg", donor).AddRange(
            donor.Message.Units.Select((unit, index) => (unit, index)).Where(one => !one.unit.HasTncE7).Select(one => donor.Path($"units[{one.index}].tnc_e7"))),
        Measure.GraftSource => [donor.Path("graft_source")],
        _ => [],
    };

    private static ImmutableArray<string> Both(bool recipient, bool donor, string field, DonorCase of) =>
        [.. recipient ? [$"recipient.{field}"] : Array.Empty<string>(), .. donor ? [of.Path(field)] : Array.Empty<string>()];

    private static decimal? Total(Donor donor) => donor.Units.Select(GraftSize.Tnc).Aggregate((decimal?)0, (sum, cells) => sum + cells);

    private static Measured Word(CompiledCriterion criterion, string[] words)
    {
        var (best, worst) = (words[0], words[0]);
        foreach (var word in words)
        {
            best = criterion.Ranks[word] < criterion.Ranks[best] ? word : best;
            worst = criterion.Ranks[word] > criterion.Ranks[worst] ? word : worst;
        }

        var (first, last) = (criterion.Ranks[best], criterion.Ranks[worst]);
        return new Measured(first, last, first == last ? best : $"{best}..{worst}");
    }

    private static Measured Number(CompiledCriterion criterion, double? value)
    {
        if (value is not { } number)
        {
            return new Measured(double.NegativeInfinity, double.PositiveInfinity, "");
        }

        var place = criterion.Document.Prefer == Preference.Higher ? -number : number;
        return new Measured(place, place, number.ToString("0.###", CultureInfo.InvariantCulture));
    }

    private static Measured Count(CompiledCriterion criterion, Bounds matches) => criterion.Document.Prefer == Preference.Higher
        ? new Measured(-matches.Max, -matches.Min, matches.ToString())
        : new Measured(matches.Min, matches.Max, matches.ToString());

    private string[] Cmv(Donor donor) =>
        [.. from recipient in States(_recipient.Cmv) from other in States(donor.Cmv) select $"{recipient}_{other}"];

    private static string[] States(Serostatus status) => status switch
    {
        Serostatus.Negative => ["NEGATIVE"],
        Serostatus.Positive => ["POSITIVE"],
        _ => ["NEGATIVE", "POSITIVE"],
    };

    private string[] Sexes(Donor donor) => (_recipient.Sex, donor.Sex) switch
    {
        (Sex.Female, _) or (_, Sex.Male) => ["OTHER"],
        (Sex.Male, Sex.Female) => ["FEMALE_TO_MALE"],
        _ => ["OTHER", "FEMALE_TO_MALE"],
    };

    // Without a group or an allele nothing is known of the verdict but what is possible.
    private string[] Tce(DonorCase donor)
    {
        var verdicts = new HlaPair(context, donor.Typings[0]).Tce();
        var words = new List<string>();
        Add(TceVerdicts.Matched, "MATCHED");
        Add(TceVerdicts.Permissive | TceVerdicts.Unknown, "PERMISSIVE");
        Add(TceVerdicts.NonPermissiveGvH | TceVerdicts.Unknown, "NON_PERMISSIVE_GVH");
        Add(TceVerdicts.NonPermissiveHvG | TceVerdicts.Unknown, "NON_PERMISSIVE_HVG");
        return [.. words];

        void Add(TceVerdicts any, string word)
        {
            if ((verdicts & any) != TceVerdicts.None)
            {
                words.Add(word);
            }
        }
    }

    private static string[] Relationships(Relationship relationship) => relationship switch
    {
        Relationship.Mother => ["MOTHER"],
        Relationship.Father => ["FATHER"],
        Relationship.Sibling => ["SIBLING"],
        Relationship.Other => ["OTHER"],
        _ => ["MOTHER", "FATHER", "SIBLING", "OTHER"],
    };

    private static string[] Sources(GraftSource source) => source switch
    {
        GraftSource.BoneMarrow => ["BONE_MARROW"],
        GraftSource.PeripheralBlood => ["PERIPHERAL_BLOOD"],
        _ => ["BONE_MARROW", "PERIPHERAL_BLOOD"],
    };
}
