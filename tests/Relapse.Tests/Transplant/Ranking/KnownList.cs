using Relapse.Contracts.Transplant.V1;
using Sex = Relapse.Contracts.Case.V1.Sex;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>
/// The order of a list in which everything is known, written down a second time: from the facts sheet and the document of the policy, with
/// nothing of the engine. Alleles, antigens, groups and ligands of the invented release stand here as a table.
/// </summary>
/// <param name="policy">The document.</param>
/// <param name="request">The request; every setting that the policy has is set in one of the two.</param>
internal sealed class KnownList(DonorPolicy policy, RankDonorsRequest request)
{
    private const string Null = "N";
    private static readonly string[] Six = ["A", "B", "DRB1"];
    private static readonly string[] Eight = ["A", "B", "C", "DRB1"];
    private static readonly string[] Ten = ["A", "B", "C", "DRB1", "DQB1"];
    private static readonly string[] Twelve = [.. Ten, "DPB1"];
    private static readonly string[] Ligands = ["C1", "C2", "BW4"];
    private static readonly string[] Serostates = ["NEGATIVE", "POSITIVE"];
    private readonly Dictionary<string, (int? Tier, PolicyGroup? Group, bool IsBlocked)> _places = new(StringComparer.Ordinal);

    /// <summary>What a donor is to the policy.</summary>
    public DonorClass ClassOf(Donor donor) => donor.Kind switch
    {
        DonorKind.Related => OfRelative(donor),
        DonorKind.Unrelated => IsMatched(donor, "matched.unrelated") ? DonorClass.MatchedUnrelated : DonorClass.MismatchedUnrelated,
        DonorKind.Cord => IsSuitable(donor) ? DonorClass.Cord : DonorClass.UnsuitableCord,
        _ => DonorClass.Autologous,
    };

    /// <summary>Whether the laboratory's statement, or the relationship, cannot be true: then it is no known list.</summary>
    public bool IsContradicted(Donor donor) => donor.Kind == DonorKind.Related && SharedHaplotypes(donor) is not { } shared
        || donor.MatchStatement == MatchStatement.Matched && Ten.All(locus => Matches(donor.Typing, locus) == 0)
        || donor is { Kind: DonorKind.Related, MatchStatement: MatchStatement.Mismatched } && SharedHaplotypes(donor)!.Min() > 0
        || donor.MatchStatement == MatchStatement.Haploidentical && (SharedHaplotypes(donor)!.Min() == 2 || SharedHaplotypes(donor)!.Max() == 0);

    /// <summary>Whether a donor is blocked.</summary>
    public bool IsBlocked(Donor donor) => Blocks(donor).Except(donor.Overrides.Select(one => one.Code), StringComparer.Ordinal).Any();

    /// <summary>Where a donor stands: the tier, as many as there are for none, and from there on again for who is blocked.</summary>
    public int BandOf(Donor donor) => (PlaceOf(donor).Tier ?? policy.Tiers.Count) + (PlaceOf(donor).IsBlocked ? policy.Tiers.Count + 1 : 0);

    /// <summary>How one stands to another: -1 before it, 1 after it, 0 as the other; by what, and whether the source has it.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public (int Sign, string By, bool InSource, bool IsOrdered) Compare(Donor one, Donor other)
    {
        if (BandOf(one) != BandOf(other))
        {
            var isBlock = PlaceOf(one).IsBlocked != PlaceOf(other).IsBlocked;
            return (BandOf(one).CompareTo(BandOf(other)), isBlock ? "blocked" : "tier", isBlock || (PlaceOf(one).Tier is not null && PlaceOf(other).Tier is not null), true);
        }

        if (PlaceOf(one).Group is not { } group || group != PlaceOf(other).Group)
        {
            return (0, "", true, false);
        }

        foreach (var id in group.Criteria)
        {
            var criterion = policy.Criteria[id];
            var sign = Value(criterion, one).CompareTo(Value(criterion, other));
            if (sign != 0)
            {
                return (sign, id, !criterion.NotInSource, true);
            }
        }

        return (0, "", true, true);
    }

    private (int? Tier, PolicyGroup? Group, bool IsBlocked) PlaceOf(Donor donor)
    {
        if (!_places.TryGetValue(donor.DonorId, out var place))
        {
            var (donorClass, tiers) = (ClassOf(donor), policy.Tiers.SelectMany((tier, index) => tier.Groups.Select(group => (Tier: (int?)index, Group: (PolicyGroup?)group))));
            var (tier, group) = tiers.FirstOrDefault(one => one.Group!.Classes.Contains(donorClass));
            _places[donor.DonorId] = place = (tier, group, IsBlocked(donor));
        }

        return place;
    }

    private string? Setting(string id) => request.Settings.FirstOrDefault(setting => setting.Id == id)?.Value ?? (policy.Settings[id].HasValue ? policy.Settings[id].Value : null);

    private decimal Number(string id) => decimal.Parse(Setting(id)!, System.Globalization.CultureInfo.InvariantCulture);

    private DonorClass OfRelative(Donor donor)
    {
        if (IsMatched(donor, "matched.family"))
        {
            return donor.Relationship == Relationship.Sibling ? DonorClass.MatchedSibling : DonorClass.MatchedFamily;
        }

        if (donor.MatchStatement == MatchStatement.Mismatched || (donor.MatchStatement == MatchStatement.Unspecified && SharedHaplotypes(donor)!.Max() == 0))
        {
            return DonorClass.FamilyWithoutSharedHaplotype;
        }

        return donor.Manipulation switch
        {
            GraftManipulation.TCellDepleted => DonorClass.HaploTCellDepleted,
            GraftManipulation.AlphaBetaDepleted => DonorClass.HaploAlphaBetaDepleted,
            GraftManipulation.Unmanipulated => DonorClass.HaploUnmanipulated,
            _ => DonorClass.HaploPostTransplantCyclophosphamide,
        };
    }

    private bool IsMatched(Donor donor, string setting) => donor.MatchStatement == MatchStatement.Matched
        || (donor.MatchStatement == MatchStatement.Unspecified && Reaches(setting, loci => loci.Sum(locus => Matches(donor.Typing, locus))));

    private bool IsSuitable(Donor donor) => donor.Units.All(unit => Reaches("cord.suitable", loci => loci.Sum(locus =>
        loci.Length == Six.Length && locus is "A" or "B" ? Matches(unit.Typing, locus, allele => AntigenOf(locus, allele)) : Matches(unit.Typing, locus))));

    private bool Reaches(string setting, Func<string[], int> matches)
    {
        var parts = Setting(setting)!.Split('/');
        return matches(parts[1] switch { "6" => Six, "8" => Eight, "10" => Ten, _ => Twelve }) >= int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    // B3: what replaces a null, what is absent from the other side, and the greater of both directions.
    private int Matches(HlaTyping donor, string locus, Func<string, string>? read = null) => 2 - Math.Max(Mismatches(Pair(donor, locus, read)).GvH, Mismatches(Pair(donor, locus, read)).HvG);

    private (string[] Recipient, string[] Donor) Pair(HlaTyping donor, string locus, Func<string, string>? read = null)
    {
        var (own, other) = (Copies(request.Recipient.Typing, locus, read), Copies(donor, locus, read));
        var (nulls, othersNulls) = (own.Count(copy => copy == Null), other.Count(copy => copy == Null));
        return (nulls == 1 && othersNulls == 0 ? Expressed(own) : own, othersNulls == 1 && nulls == 0 ? Expressed(other) : other);

        static string[] Expressed(string[] copies) => [.. copies.Select(copy => copy == Null ? copies.First(partner => partner != Null) : copy)];
    }

    private static (int GvH, int HvG) Mismatches((string[] Recipient, string[] Donor) pair) =>
        (pair.Recipient.Count(copy => copy != Null && !pair.Donor.Contains(copy)), pair.Donor.Count(copy => copy != Null && !pair.Recipient.Contains(copy)));

    private static string[] Copies(HlaTyping typing, string locus, Func<string, string>? read = null)
    {
        var found = typing.Loci.Single(one => one.Locus == locus);
        return [.. new[] { found.First, found.Second }.Select(allele => allele.EndsWith('N') ? Null : (read ?? (name => ClassOf(locus, name)))(allele))];
    }

    // Of one P group in the invented release.
    private static string ClassOf(string locus, string allele) => (locus, allele) switch
    {
        ("A" or "B", "91:02") => "91:01",
        ("DPB1", "93:02") => "93:01",
        _ => allele,
    };

    // Broad antigens: A91 and A92 are splits of A90.
    private static string AntigenOf(string locus, string allele) => (locus, allele[..2]) switch
    {
        ("A", "91" or "92" or "95") => "90",
        ("A", "94") => "93",
        var (_, family) => family,
    };

    // B11: in how many of the ways in which the family can have come by its haplotypes a relative shares none, one or both.
    private HashSet<int>? SharedHaplotypes(Donor donor)
    {
        if (donor.Relationship == Relationship.Other)
        {
            var canShare = Twelve.All(locus => Copies(request.Recipient.Typing, locus).Intersect(Copies(donor.Typing, locus)).Any());
            return canShare ? [0, 1] : [0];
        }

        List<Donor> siblings = [.. request.Donors.Where(one => one.Relationship == Relationship.Sibling)];
        var ways = Enumerable.Range(0, 1 << (2 * siblings.Count)).Where(way => Twelve.All(locus => Explains(way, locus, siblings))).ToList();
        if (ways.Count == 0)
        {
            return null;
        }

        var place = 2 * siblings.IndexOf(donor);
        return donor.Relationship != Relationship.Sibling ? [1] : [.. ways.Select(way => 2 - (way >> place & 1) - (way >> (place + 1) & 1))];
    }

    // Two bits for each sibling: whether it has the mother's other haplotype, and the father's.
    private bool Explains(int way, string locus, List<Donor> siblings)
    {
        var (mothers, fathers) = (Parents(Relationship.Mother, locus), Parents(Relationship.Father, locus));
        return mothers.Any(mother => fathers.Any(father =>
            IsChild(request.Recipient.Typing, mother[0], father[0], locus)
            && siblings.Select((sibling, index) => IsChild(sibling.Typing, mother[way >> (2 * index) & 1], father[way >> (2 * index + 1) & 1], locus)).All(fits => fits)));
    }

    private List<string[]> Parents(Relationship parent, string locus)
    {
        if (request.Donors.FirstOrDefault(donor => donor.Relationship == parent) is { } typed)
        {
            var copies = Copies(typed.Typing, locus);
            return [copies, [copies[1], copies[0]]];
        }

        List<string> all = [.. request.Donors.Where(donor => donor.Kind == DonorKind.Related).Select(donor => donor.Typing).Append(request.Recipient.Typing).SelectMany(typing => Copies(typing, locus)).Distinct()];
        return [.. all.SelectMany(_ => all, (one, other) => new[] { one, other })];
    }

    private static bool IsChild(HlaTyping child, string maternal, string paternal, string locus) =>
        Copies(child, locus) is var copies && ((copies[0] == maternal && copies[1] == paternal) || (copies[1] == maternal && copies[0] == paternal));

    private IEnumerable<string> Blocks(Donor donor)
    {
        if (donor.Kind == DonorKind.Autologous)
        {
            yield return "AUTOLOGOUS";
            yield break;
        }

        // B12: against what the donor has and the recipient has not.
        if (request.Recipient.Antibodies.Any(antibody => (decimal)antibody.Mfi > Number("dsa.block_above_mfi")
            && !Has(request.Recipient.Typing, antibody.Specificity) && Typings(donor).Any(typing => Has(typing, antibody.Specificity))))
        {
            yield return "DSA_ABOVE_LIMIT";
        }

        if (donor is { HasFitToDonate: true, FitToDonate: false })
        {
            yield return "NOT_FIT";
        }

        if (Setting("hla.confirmation") == "REQUIRED" && !donor.HlaConfirmed)
        {
            yield return "HLA_NOT_CONFIRMED";
        }

        if (donor.Kind == DonorKind.Unrelated && (decimal)donor.AgeYears < Number("donor.unrelated_min_age_years"))
        {
            yield return "DONOR_TOO_YOUNG";
        }

        if (donor.Kind == DonorKind.Cord)
        {
            var limits = donor.Units.Count == 1 ? "cord.single.min" : "cord.double.each_unit_min";
            if (donor.Units.Any(unit => (decimal)unit.TncE7 < Number($"{limits}_tnc_e7_per_kg") * (decimal)request.Recipient.WeightKg))
            {
                yield return "TNC_BELOW_MINIMUM";
            }

            if (donor.Units.Any(unit => (decimal)unit.Cd34E5 < Number($"{limits}_cd34_e5_per_kg") * (decimal)request.Recipient.WeightKg))
            {
                yield return "CD34_BELOW_MINIMUM";
            }

            if (!IsSuitable(donor))
            {
                yield return "MATCH_BELOW_MINIMUM";
            }
        }
        else if (Setting("harvest.below_target") == "BLOCK" && donor.GraftSource == GraftSource.BoneMarrow
            && (decimal)donor.WeightKg * Number("harvest.max_ml_per_kg") * Number("harvest.tnc_e7_per_ml") < Number("harvest.target_tnc_e8_per_kg") * 10 * (decimal)request.Recipient.WeightKg)
        {
            yield return "GRAFT_TOO_SMALL";
        }
    }

    private static IEnumerable<HlaTyping> Typings(Donor donor) => donor.Kind == DonorKind.Cord ? donor.Units.Select(unit => unit.Typing) : [donor.Typing];

    private static bool Has(HlaTyping typing, string specificity) =>
        specificity.Split('*') is [var locus, var allele] && Copies(typing, locus, name => name).Any(copy => ClassOf(locus, copy) == ClassOf(locus, allele));

    // Lower is better.
    private double Value(PolicyCriterion criterion, Donor donor)
    {
        if (criterion.Setting.Length > 0 && Setting(criterion.Setting) != "YES")
        {
            return 0;
        }

        double? number = criterion.Measure switch
        {
            Measure.MatchesOfEight => Eight.Sum(locus => Matches(donor.Typing, locus)),
            Measure.MatchesOfTen => Ten.Sum(locus => Matches(donor.Typing, locus)),
            Measure.AgeYears => donor.AgeYears,
            Measure.CordTncPerKg => donor.Units.Sum(unit => unit.TncE7) / request.Recipient.WeightKg,
            _ => null,
        };
        if (number is { } value)
        {
            return criterion.Prefer == Preference.Higher ? -value : value;
        }

        var word = criterion.Measure switch
        {
            Measure.NkAlloreactivity => IsAlloreactive(donor) ? "YES" : "NO",
            Measure.Cmv => $"{Serostates[(int)request.Recipient.Cmv - 1]}_{Serostates[(int)donor.Cmv - 1]}",
            Measure.Sex => request.Recipient.Sex == Sex.Male && donor.Sex == Sex.Female ? "FEMALE_TO_MALE" : "OTHER",
            Measure.Abo => Abo(donor.BloodGroup),
            Measure.Dpb1Tce => Dpb1(donor.Typing),
            Measure.Relationship => donor.Relationship.ToString().ToUpperInvariant(),
            Measure.CordUnits => donor.Units.Count == 1 ? "SINGLE" : "DOUBLE",
            _ => donor.GraftSource == GraftSource.BoneMarrow ? "BONE_MARROW" : "PERIPHERAL_BLOOD",
        };
        return criterion.Order.Select((words, rank) => (words, rank)).Single(one => one.words.Values_.Contains(word)).rank;
    }

    private string Abo(BloodGroup group)
    {
        var (own, other) = (request.Recipient.BloodGroup.ToString().ToUpperInvariant(), group.ToString().ToUpperInvariant());
        var (major, minor) = ("AB".Any(antigen => other.Contains(antigen) && !own.Contains(antigen)), "AB".Any(antigen => own.Contains(antigen) && !other.Contains(antigen)));
        return major && minor ? "BIDIRECTIONAL" : major ? "MAJOR" : minor ? "MINOR" : "MATCHED";
    }

    // B8: matched, or whose lowest group is the lower.
    private string Dpb1(HlaTyping donor)
    {
        var (own, other) = Pair(donor, "DPB1");
        if (Mismatches((own, other)) is (0, 0))
        {
            return "MATCHED";
        }

        var sign = own.Min(Group).CompareTo(other.Min(Group));
        return sign == 0 ? "PERMISSIVE" : sign < 0 ? "NON_PERMISSIVE_GVH" : "NON_PERMISSIVE_HVG";

        static int Group(string allele) => allele switch { "91:01" => 1, "93:01" => 3, _ => 2 };
    }

    // B10: a ligand that the recipient lacks, and what each model asks of the donor.
    private bool IsAlloreactive(Donor donor)
    {
        if (donor.HasNkAlloreactive)
        {
            return donor.NkAlloreactive;
        }

        return Ligands.Any(ligand => !Carries(request.Recipient.Typing, ligand) && Setting("nk_alloreactivity.model") switch
        {
            "LIGAND_LIGAND" => Carries(donor.Typing, ligand),
            "MISSING_SELF" => Carries(donor.Typing, ligand) && HasReceptor(donor.Kir, ligand),
            "RECEPTOR_LIGAND" => HasReceptor(donor.Kir, ligand),
            _ => true,
        });
    }

    private static bool Carries(HlaTyping typing, string ligand) => ligand switch
    {
        "C1" => Copies(typing, "C").Any(copy => copy is "91:01" or "93:01"),
        "C2" => Copies(typing, "C").Any(copy => copy is "91:02" or "92:01"),
        _ => Copies(typing, "B").Contains("92:01"),
    };

    private static bool HasReceptor(KirGenotype kir, string ligand) => ligand switch { "C1" => kir.Kir2Dl2 || kir.Kir2Dl3, "C2" => kir.Kir2Dl1, _ => kir.Kir3Dl1 };
}
