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
    private readonly Dictionary<(string Criterion, int Donor), ImmutableArray<double>> _cases = [];

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
            Measure.CordTncPerKg => CordTnc(criterion, donor.Message),
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
        Measure.CordTncPerKg => [.. donor.Message.Units.Select((unit, index) => (unit, index)).Where(one => !one.unit.HasTncE7).Select(one => donor.Path($"units[{one.index}].tnc_e7"))],
        Measure.GraftSource => [donor.Path("graft_source")],
        _ => [],
    };

    /// <summary>The criteria of a group by which two donors are alike whatever is not known, as bits: they have the same facts, and what is
    /// not known is the recipient's, or the reference data's.</summary>
    public static int Alike(CompiledGroup group, DonorCase one, DonorCase other)
    {
        var alike = 0;
        for (var index = 0; index < group.Criteria.Length; index++)
        {
            alike |= IsAlike(group.Criteria[index].Document.Measure, one, other) ? 1 << index : 0;
        }

        return alike;
    }

    private static bool IsAlike(Measure measure, DonorCase one, DonorCase other)
    {
        var (first, second) = (one.Message, other.Message);
        return measure switch
        {
            Measure.MatchesOfEight => SameLoci(CountScheme.Eight.Loci()),
            Measure.MatchesOfTen => SameLoci(CountScheme.Ten.Loci()),
            Measure.Dpb1Tce => SameLoci([HlaLocus.Dpb1]),
            Measure.NkAlloreactivity => !first.HasNkAlloreactive && !second.HasNkAlloreactive && IsTested(first.Kir) && first.Kir.Equals(second.Kir) && SameLoci([HlaLocus.A, HlaLocus.B, HlaLocus.C]),
            Measure.Cmv => first.Cmv == second.Cmv && first.Cmv != Serostatus.Unspecified,
            Measure.Sex => first.Sex == second.Sex && first.Sex != Sex.Unspecified,
            Measure.Abo => first.BloodGroup == second.BloodGroup && first.BloodGroup != BloodGroup.Unspecified,
            _ => false,
        };

        bool SameLoci(ReadOnlySpan<HlaLocus> loci)
        {
            foreach (var locus in loci)
            {
                if (!one.Typings[0][locus].IsSameAndCertain(other.Typings[0][locus]))
                {
                    return false;
                }
            }

            return true;
        }
    }

    // Two who are untested of a gene have each a fact of their own that nobody knows.
    internal static bool IsTested(KirGenotype? kir) => kir is { HasKir2Dl1: true, HasKir2Dl2: true, HasKir2Dl3: true, HasKir3Dl1: true };

    /// <summary>The measure of a donor for each value that its own fact may have, in an order that is the same for every question; empty
    /// where that has no end.</summary>
    public ImmutableArray<double> Cases(CompiledCriterion criterion, DonorCase donor)
    {
        if (!_cases.TryGetValue((criterion.Id, donor.Index), out var cases))
        {
            _cases[(criterion.Id, donor.Index)] = cases = CasesOf(criterion, donor);
        }

        return cases;
    }

    private ImmutableArray<double> CasesOf(CompiledCriterion criterion, DonorCase donor)
    {
        var message = donor.Message;
        return criterion.Document.Measure switch
        {
            Measure.Cmv => Of([Serostatus.Negative, Serostatus.Positive], message.Cmv, (one, value) => one.Cmv = value),
            Measure.Sex => Of([Sex.Female, Sex.Male], message.Sex, (one, value) => one.Sex = value),
            Measure.Abo => Of([BloodGroup.O, BloodGroup.A, BloodGroup.B, BloodGroup.Ab], message.BloodGroup, (one, value) => one.BloodGroup = value),
            Measure.NkAlloreactivity when nk.IsUsed => [.. nk.Cases(donor).Select(isAlloreactive => (double)criterion.Ranks[isAlloreactive ? "YES" : "NO"])],
            _ => [],
        };

        ImmutableArray<double> Of<T>(T[] values, T known, Action<Donor, T> set)
            where T : struct, Enum => [.. (EqualityComparer<T>.Default.Equals(known, default) ? values : [known]).Select(value =>
            {
                var completed = message.Clone();
                set(completed, value);
                return this.Of(criterion, donor with { Message = completed }).Best;
            })];
    }

    private static ImmutableArray<string> Both(bool recipient, bool donor, string field, DonorCase of) =>
        [.. recipient ? [$"recipient.{field}"] : Array.Empty<string>(), .. donor ? [of.Path(field)] : Array.Empty<string>()];

    // All are for one weight: who has more cells has more per kg, whatever it is.
    private Measured CordTnc(CompiledCriterion criterion, Donor donor) =>
        Total(donor) is { } total
            ? Number(criterion, (double)total) with { Text = Written((double?)size.PerKg(total)) }
            : AtLeast(criterion, donor.Units.Sum(unit => GraftSize.Tnc(unit) ?? 0));

    // More than the units have of which the cells are known.
    private static Measured AtLeast(CompiledCriterion criterion, decimal cells)
    {
        var least = Math.BitIncrement((double)cells);
        return criterion.Document.Prefer == Preference.Higher ? new Measured(double.NegativeInfinity, -least, "") : new Measured(least, double.PositiveInfinity, "");
    }

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
        return new Measured(place, place, Written(number));
    }

    private static string Written(double? number) => number?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";

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
