using Relapse.Contracts.Transplant.V1;
using Sex = Relapse.Contracts.Case.V1.Sex;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>Small random lists in which facts of the recipient, of donors and of relatives are missing together.</summary>
internal static class SharedDraws
{
    /// <summary>What DQB1 can be where it is not known, and beyond the drawn ones two that stand for all others, a new one and a null.</summary>
    public static readonly string[] Alleles = ["01:01", "02:01", "03:01", "04:01", "05:01", "NEW", "09:09N"];

    /// <summary>The same of C in the invented release: C1, C2, C1, no sequence, a new one and a null.</summary>
    public static readonly string[] OfC = ["91:01", "91:02", "93:01", "95:01", "NEW", "94:01N"];

    private static readonly string[] Loci = ["A", "B", "C", "DRB1", "DPB1"];
    private static readonly string[] Policies = ["alpha-beta-depleted", "concurrent-haplo", "ptcy"];
    private static readonly string[] Models = ["LIGAND_LIGAND", "MISSING_SELF", "RECEPTOR_LIGAND", "MISSING_LIGAND"];
    private static readonly MatchStatement[] OfRelatives = [MatchStatement.Unspecified, MatchStatement.Unspecified, MatchStatement.Haploidentical, MatchStatement.Mismatched, MatchStatement.Matched];

    /// <summary>Volunteers typed at six loci; DQB1 of the recipient or of one of them is not known.</summary>
    public static RankDonorsRequest Typed(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { WeightKg = 20, Typing = Typing(random, random.Next(3) == 0) }, Convention = (MismatchConvention)random.Next(3) };
        var isStated = random.Next(2) == 0;
        for (var index = random.Next(2, 5); index > 0; index--)
        {
            var donor = RankedCall.Unrelated($"u{index}", isStated ? MatchStatement.Matched : MatchStatement.Unspecified);
            donor.Typing = Typing(random, index != 1 || random.Next(3) > 0);
            if (donor.Typing.Loci.Count > Loci.Length)
            {
                donor.Typing.Loci[^1].Second = Ambiguous(random, 3);
            }

            (donor.AgeYears, donor.Cmv) = (30 + 10 * random.Next(2), Serostatus.Negative);
            request.Donors.Add(donor);
        }

        request.Recipient.Cmv = Serostatus.Negative;
        request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = random.Next(2) == 0 ? "10/10" : "9/10" });
        return request;
    }

    private static HlaTyping Typing(Random random, bool hasDqb1)
    {
        var typing = new HlaTyping { Loci = { Loci.Select(locus => new LocusTyping { Locus = locus, First = "01:01", Second = "01:01" }) } };
        if (hasDqb1)
        {
            typing.Loci.Add(new LocusTyping { Locus = "DQB1", First = Alleles[random.Next(3)], Second = Alleles[random.Next(3)] });
        }

        return typing;
    }

    /// <summary>Cytomegalovirus of recipient and donors, and ages.</summary>
    public static RankDonorsRequest Serology(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { WeightKg = 20, Cmv = (Serostatus)random.Next(2), Typing = Typing(random, true) } };
        for (var index = random.Next(2, 5); index > 0; index--)
        {
            var donor = RankedCall.Unrelated($"u{index}");
            (donor.Typing, donor.AgeYears, donor.Cmv) = (request.Recipient.Typing.Clone(), 30 + 10 * random.Next(2), (Serostatus)random.Next(3));
            if (random.Next(6) == 0)
            {
                donor.ClearAgeYears();
            }

            request.Donors.Add(donor);
        }

        return request;
    }

    /// <summary>Singles and doubles for a recipient of unknown weight, with or without a limit of cells, and the setting that puts one before two.</summary>
    public static RankDonorsRequest Cords(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { Typing = Typing(random, true) } };
        for (var index = random.Next(2, 5); index > 0; index--)
        {
            var donor = new Donor { DonorId = $"c{index}", Kind = DonorKind.Cord };
            for (var unit = random.Next(1, 3); unit > 0; unit--)
            {
                donor.Units.Add(new CordUnit { Typing = request.Recipient.Typing.Clone(), TncE7 = 50 * random.Next(1, 4) });
            }

            if (random.Next(5) == 0)
            {
                donor.Units[0].ClearTncE7();
            }

            request.Donors.Add(donor);
        }

        if (random.Next(3) == 0)
        {
            request.Recipient.WeightKg = 20;
        }

        if (random.Next(2) == 0)
        {
            request.Settings.Add(new PolicySetting { Id = "cord.single.min_tnc_e7_per_kg", Value = "2.5" });
        }

        if (random.Next(2) == 0)
        {
            request.Settings.Add(new PolicySetting { Id = "cord.double.each_unit_min_tnc_e7_per_kg", Value = "1" });
        }

        if (random.Next(2) == 0)
        {
            request.Settings.Add(new PolicySetting { Id = "cord.single_before_double", Value = random.Next(2) == 0 ? "YES" : "NO" });
        }

        request.Settings.Add(new PolicySetting { Id = "cord.suitable", Value = "4/6" });
        return request;
    }

    /// <summary>Antibodies of unknown strength against relatives of several tiers.</summary>
    public static RankDonorsRequest Antibodies(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { WeightKg = 20, Typing = Typing(random, true) } };
        foreach (var allele in Alleles.Take(3).Skip(1))
        {
            request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = $"A*{allele}" });
            if (random.Next(3) == 0)
            {
                request.Recipient.Antibodies[^1].Mfi = random.Next(2) == 0 ? 500 : 5000;
            }
        }

        for (var index = random.Next(2, 5); index > 0; index--)
        {
            var donor = RankedCall.Relative($"r{index}", random.Next(2) == 0 ? Relationship.Other : Relationship.Unspecified, MatchStatement.Matched);
            donor.Typing = Typing(random, true);
            donor.Typing.Loci[0].Second = Alleles[random.Next(3)];
            request.Donors.Add(donor);
        }

        request.Settings.Add(new PolicySetting { Id = "dsa.block_above_mfi", Value = "1000" });
        return request;
    }

    /// <summary>Stated to be matched, and unlike the recipient at three loci: of DQB1 the recipient's typing, or a donor's, is not known.</summary>
    public static RankDonorsRequest Statements(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { WeightKg = 20, Cmv = Serostatus.Negative, Typing = Typing(random, false) } };
        if (random.Next(3) == 0)
        {
            request.Recipient.Typing.Loci.Add(Locus("DQB1", Alleles[random.Next(3)], Ambiguous(random, 2)));
        }

        for (var index = random.Next(2, 5); index > 0; index--)
        {
            var donor = random.Next(3) switch
            {
                0 => RankedCall.Relative($"r{index}", Relationship.Sibling, MatchStatement.Matched),
                1 => RankedCall.Relative($"r{index}", Relationship.Other, MatchStatement.Matched),
                _ => RankedCall.Unrelated($"u{index}"),
            };
            var a = random.Next(4) == 0 ? "01:01" : "02:01";
            donor.Typing = new HlaTyping { Loci = { Loci.SkipLast(1).Select((locus, at) => Locus(locus, at == 0 ? a : "02:01", at == 0 ? a : "02:01")), Locus("DPB1", "01:01", "01:01"), Locus("DQB1", Alleles[random.Next(3)], Ambiguous(random, 5)) } };
            donor.Cmv = Serostatus.Negative;
            request.Donors.Add(donor);
        }

        return request;
    }

    /// <summary>Relatives who share haplotypes by descent or do not, as far as a locus of the recipient's, a donor's or the father's typing says.</summary>
    public static RankDonorsRequest Families(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { WeightKg = 20, Typing = Typing(random, false) } };
        if (random.Next(3) == 0)
        {
            request.Recipient.Typing.Loci.Add(Locus("DQB1", Alleles[random.Next(3)], random.Next(2) == 0 ? Alleles[random.Next(3)] : Ambiguous(random, 2)));
        }

        if (random.Next(2) == 0)
        {
            request.Family.Add(new FamilyMember { Relationship = Relationship.Father, Typing = Typing(random, true) });
        }

        foreach (var relationship in new[] { Relationship.Mother, Relationship.Sibling, Relationship.Other }.Where(_ => random.Next(3) > 0))
        {
            var donor = RankedCall.Relative($"{relationship}", relationship, OfRelatives[random.Next(OfRelatives.Length)], GraftManipulation.Unmanipulated);
            donor.Typing = Typing(random, true);
            request.Donors.Add(donor);
        }

        if (request.Donors.Count > 0 && random.Next(2) == 0)
        {
            request.Donors[0].Typing.Loci[^1].Second = Ambiguous(random, 1);
        }

        if (request.Donors.Count == 0 || random.Next(3) == 0)
        {
            request.Donors.Add(RankedCall.Relative("last", Relationship.Other, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted));
        }

        request.Settings.Add(new PolicySetting { Id = "matched.family", Value = random.Next(2) == 0 ? "12/12" : "9/10" });
        return request;
    }

    /// <summary>T-cell-depleted parents by a model of NK alloreactivity; C of the recipient or of one of them, or genes of KIR, are not known.</summary>
    public static RankDonorsRequest Kir(Random random)
    {
        var request = new RankDonorsRequest { Recipient = new Recipient { WeightKg = 20, Typing = OfKir(random, random.Next(2) == 0) } };
        foreach (var parent in new[] { Relationship.Mother, Relationship.Father })
        {
            var donor = RankedCall.Relative($"{parent}", parent, MatchStatement.Haploidentical, GraftManipulation.TCellDepleted);
            donor.Typing = OfKir(random, parent == Relationship.Mother || random.Next(2) > 0);
            donor.Kir = new KirGenotype { Kir2Dl1 = random.Next(2) == 0, Kir2Dl2 = random.Next(2) == 0, Kir2Dl3 = false, Kir3Dl1 = random.Next(2) == 0 };
            if (random.Next(3) == 0)
            {
                donor.Kir.ClearKir2Dl1();
            }

            if (random.Next(4) == 0)
            {
                donor.Kir.ClearKir2Dl2();
            }

            request.Donors.Add(donor);
        }

        request.Settings.Add(new PolicySetting { Id = "nk_alloreactivity.model", Value = Models[random.Next(Models.Length)] });
        return request;
    }

    // Bw4 of everybody on B, because of A there is no sequence.
    private static HlaTyping OfKir(Random random, bool hasC)
    {
        var typing = new HlaTyping { Loci = { Locus("A", "91:01", "91:01"), Locus("B", "92:01", "91:01") } };
        if (hasC)
        {
            typing.Loci.Add(Locus("C", OfC[random.Next(3)], OfC[random.Next(3)]));
        }

        return typing;
    }

    /// <summary>The same with another locus open, of the recipient, of donors or of relatives: one copy, or both.</summary>
    public static RankDonorsRequest OpenSecond(RankDonorsRequest request, Random random)
    {
        var isKir = request.Donors.Any(donor => donor.Kir is not null);
        var typings = request.Donors.Select(donor => donor.Typing).Concat(request.Family.Select(member => member.Typing)).Append(request.Recipient.Typing);
        foreach (var typing in typings.Where(typing => typing is not null && random.Next(3) == 0))
        {
            // Of the invented release 95:01 has the C1 of B.
            var locus = typing.Loci.Single(one => one.Locus == (isKir ? "B" : "DRB1"));
            locus.Second = isKir ? "91:01/95:01" : "01:01/02:01";
            locus.First = isKir || random.Next(2) == 0 ? locus.First : locus.Second;
        }

        // With nothing known of DQB1 there is a typing of it by which no donor reaches what it has to: then it decides by itself.
        if (!isKir && request.Recipient.Typing.Loci.All(one => one.Locus != "DQB1") && random.Next(3) > 0)
        {
            request.Recipient.Typing.Loci.Add(Locus("DQB1", Alleles[random.Next(3)], Alleles[0] + "/" + Alleles[1 + random.Next(2)]));
        }

        return request;
    }

    /// <summary>The same by another policy than the review's, with what it asks for known.</summary>
    public static RankDonorsRequest ByAnother(RankDonorsRequest request, Random random)
    {
        request.Policy = "policies/" + Policies[random.Next(Policies.Length)];
        request.Recipient.Sex = Sex.Male;
        foreach (var donor in request.Donors)
        {
            donor.Manipulation = donor.Kind != DonorKind.Related ? GraftManipulation.Unspecified
                : request.Policy == "policies/ptcy" ? GraftManipulation.PostTransplantCyclophosphamide
                : GraftManipulation.AlphaBetaDepleted;
            donor.GraftSource = donor.Kind == DonorKind.Cord ? GraftSource.Unspecified : (GraftSource)random.Next(1, 3);
            donor.Sex = donor.Kind == DonorKind.Cord ? Sex.Unspecified : random.Next(2) == 0 ? Sex.Female : Sex.Male;
            if (donor.Kind == DonorKind.Related)
            {
                donor.AgeYears = 30 + 10 * random.Next(2);
            }
        }

        return request;
    }

    public static LocusTyping Locus(string locus, string first, string second) => new() { Locus = locus, First = first, Second = second };

    // One allele, or one of two.
    private static string Ambiguous(Random random, int oneIn) => random.Next(oneIn) == 0 ? Alleles[0] + "/" + Alleles[1 + random.Next(2)] : Alleles[random.Next(3)];
}
