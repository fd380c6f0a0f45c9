using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using Relapse.Transplant.Ranking;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>
/// Small lists in which facts of the recipient, settings and facts of donors are missing together, held to every completion of all of them.
/// What is known moves all donors at once, so the answer is that of the completions and not of each donor by itself.
/// </summary>
public sealed class SharedOracleTests
{
    private const int MostCompletions = 800;
    private static readonly string[] Loci = ["A", "B", "C", "DRB1", "DPB1"];
    private static readonly double[] Weights = [0.1, 4, 10, 20, 30, 40, 45, 50, 60, 80, 99, 100, 110, 150, 300];
    private static readonly double[] Ages = [10, 20, 30, 35, 40, 50];
    private static readonly double[] Cells = [1, 25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 500, 3000];
    private static readonly string[] YesNo = ["YES", "NO"];
    private static readonly string[] Alleles = ["01:01", "02:01", "03:01", "04:01", "05:01", "NEW", "09:09N"];
    private static readonly string[] OfC = ["91:01", "91:02", "93:01", "95:01", "NEW", "94:01N"];
    private static readonly string[] Models = ["LIGAND_LIGAND", "MISSING_SELF", "RECEPTOR_LIGAND", "MISSING_LIGAND"];
    private static readonly MatchStatement[] OfRelatives = [MatchStatement.Unspecified, MatchStatement.Unspecified, MatchStatement.Haploidentical, MatchStatement.Mismatched, MatchStatement.Matched];
    private static readonly Func<Random, RankDonorsRequest>[] Draws = [Typed, Serology, Cords, Antibodies, Statements, Families, Kir];
    private static readonly HlaReference Synthetic = new(Releases.Synthetic, null);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void The_first_place_is_exactly_that_of_all_completions(int kind)
    {
        var (random, mattering, idle) = (new Random(100 + kind), 0, 0);
        var reference = Draws[kind] == Kir ? Synthetic : RankedCall.Bare;
        for (var round = 0; round < 20; round++)
        {
            var request = Draws[kind](random).WithLimits();
            var unknowns = Unknowns(request).ToList();
            var completions = Completions(request, unknowns, reference);
            if (completions is null)
            {
                continue;
            }

            var ranking = RankedCall.Rank(request, reference);
            var first = new FirstPlaceStudy(ranking).Study();
            Assert.Empty(ranking.TakenApart);
            // Every allele that is drawn has what the release can say of it.
            Assert.DoesNotContain(first.Missing, one => one.Field.StartsWith("reference", StringComparison.Ordinal));
            Assert.Equal(completions.SelectMany(one => one.Source).Distinct().Order(StringComparer.Ordinal), first.Possible.Order(StringComparer.Ordinal));
            foreach (var (inSource, outcome) in new (bool, Func<Completion, string>)[] { (true, one => one.InSource), (false, one => $"{one.InSource};{string.Join(',', one.Full)}") })
            {
                var reported = first.Missing.Where(one => !inSource || !one.NotInSource).SelectMany(one => Paths(one.Field)).ToHashSet(StringComparer.Ordinal);
                for (var index = 0; index < unknowns.Count; index++)
                {
                    var matters = completions.GroupBy(one => string.Join(',', one.Values.Select((value, at) => at == index ? -1 : value))).Any(group => group.Select(outcome).Distinct().Count() > 1);
                    // The list in words, because it was drawn.
                    if (matters != reported.Contains(unknowns[index].Path))
                    {
                        Assert.Fail($"{round} {inSource} {unknowns[index].Path} {matters}: {string.Join(' ', first.Missing.Select(one => one.Field + "/" + one.Criterion))}\n{string.Join(' ', request.Donors.Select(donor => donor.ToString().Replace("01:01", "", StringComparison.Ordinal)))}");
                    }

                    (mattering, idle) = matters ? (mattering + 1, idle) : (mattering, idle + 1);
                }

                if (inSource)
                {
                    Assert.Equal(completions.Select(outcome).Distinct().Count() == 1 && !completions.Exists(one => one.IsOpen), first.Certain);
                }
            }

            foreach (var listed in ranking.List)
            {
                var index = listed.Entry.Donor.Index;
                Assert.Equal((completions.Min(one => one.Ranks[index].Min), completions.Max(one => one.Ranks[index].Max)), (listed.Ranks.Min, listed.Ranks.Max));
            }
        }

        Assert.InRange(mattering, 8, int.MaxValue);
        Assert.InRange(idle, 2, int.MaxValue);
    }

    // Volunteers typed at six loci; DQB1 of the recipient or of one of them is not known.
    private static RankDonorsRequest Typed(Random random)
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

    // Cytomegalovirus of recipient and donors, and ages.
    private static RankDonorsRequest Serology(Random random)
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

    // Singles and doubles for a recipient of unknown weight, with or without a limit of cells, and the setting that puts one before two.
    private static RankDonorsRequest Cords(Random random)
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

    // Antibodies of unknown strength against relatives of several tiers.
    private static RankDonorsRequest Antibodies(Random random)
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

    // Stated to be matched, and unlike the recipient at three loci: of DQB1 the recipient's typing, or a donor's, is not known.
    private static RankDonorsRequest Statements(Random random)
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

    // Relatives who share haplotypes by descent or do not, as far as a locus of the recipient's, a donor's or the father's typing says.
    private static RankDonorsRequest Families(Random random)
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

    // T-cell-depleted parents by a model of NK alloreactivity; C of the recipient or of one of them, or genes of KIR, are not known.
    private static RankDonorsRequest Kir(Random random)
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

    private static LocusTyping Locus(string locus, string first, string second) => new() { Locus = locus, First = first, Second = second };

    // One allele, or one of two.
    private static string Ambiguous(Random random, int oneIn) => random.Next(oneIn) == 0 ? Alleles[0] + "/" + Alleles[1 + random.Next(2)] : Alleles[random.Next(3)];

    /// <summary>A field locus by locus.</summary>
    internal static IEnumerable<string> Paths(string field)
    {
        var at = field.IndexOf('(', StringComparison.Ordinal);
        return at < 0 ? [field] : field[(at + 1)..^1].Split(',').Select(locus => $"{field[..at]}({locus})");
    }

    // What is open in a request, and everything that it may be.
    private static IEnumerable<(string Path, Action<RankDonorsRequest>[] Values)> Unknowns(RankDonorsRequest request)
    {
        if (request.Recipient.Cmv == Serostatus.Unspecified)
        {
            yield return ("recipient.cmv", [one => one.Recipient.Cmv = Serostatus.Negative, one => one.Recipient.Cmv = Serostatus.Positive]);
        }

        if (!request.Recipient.HasWeightKg)
        {
            yield return ("recipient.weight_kg", [.. Weights.Select(weight => (Action<RankDonorsRequest>)(one => one.Recipient.WeightKg = weight))]);
        }

        foreach (var unknown in OfTyping(request.Recipient.Typing, "recipient.typing", request, one => one.Recipient.Typing)
            .Concat(request.Family.SelectMany((member, index) => OfTyping(member.Typing, $"family[{index}].typing", request, one => one.Family[index].Typing))))
        {
            yield return unknown;
        }

        for (var index = 0; index < request.Recipient.Antibodies.Count; index++)
        {
            var at = index;
            if (!request.Recipient.Antibodies[at].HasMfi)
            {
                yield return ($"recipient.antibodies[{at}].mfi", [one => one.Recipient.Antibodies[at].Mfi = 1000, one => one.Recipient.Antibodies[at].Mfi = 1001]);
            }
        }

        if (request.Donors.Any(donor => donor.Kind == DonorKind.Cord) && request.Settings.All(setting => setting.Id != "cord.single_before_double"))
        {
            yield return ("settings.cord.single_before_double", [.. YesNo.Select(word => (Action<RankDonorsRequest>)(one => one.Settings.Add(new PolicySetting { Id = "cord.single_before_double", Value = word })))]);
        }

        foreach (var unknown in request.Donors.SelectMany((donor, index) => OfDonor(donor, index, request)))
        {
            yield return unknown;
        }
    }

    private static IEnumerable<(string Path, Action<RankDonorsRequest>[] Values)> OfDonor(Donor donor, int index, RankDonorsRequest request)
    {
        if (donor.Kind == DonorKind.Unrelated && donor.Cmv == Serostatus.Unspecified)
        {
            yield return ($"donors[{index}].cmv", [one => one.Donors[index].Cmv = Serostatus.Negative, one => one.Donors[index].Cmv = Serostatus.Positive]);
        }

        if (donor.Kind == DonorKind.Unrelated && !donor.HasAgeYears)
        {
            yield return ($"donors[{index}].age_years", [.. Ages.Select(age => (Action<RankDonorsRequest>)(one => one.Donors[index].AgeYears = age))]);
        }

        if (donor is { Kind: DonorKind.Related, Relationship: Relationship.Unspecified })
        {
            yield return ($"donors[{index}].relationship", [one => one.Donors[index].Relationship = Relationship.Sibling, one => one.Donors[index].Relationship = Relationship.Other]);
        }

        if (donor.Typing is not null)
        {
            foreach (var unknown in OfTyping(donor.Typing, $"donors[{index}].typing", request, one => one.Donors[index].Typing))
            {
                yield return unknown;
            }
        }

        if (donor.Kir is { } kir && (!kir.HasKir2Dl1 || !kir.HasKir2Dl2))
        {
            yield return ($"donors[{index}].kir", [.. OfGenes(kir).Select(genes => (Action<RankDonorsRequest>)(one => one.Donors[index].Kir = genes.Clone()))]);
        }

        if (donor.Units.Any(unit => !unit.HasTncE7))
        {
            yield return ($"donors[{index}].units[0].tnc_e7", [.. Cells.Select(cells => (Action<RankDonorsRequest>)(one => one.Donors[index].Units[0].TncE7 = cells))]);
        }
    }

    // A locus that is not typed, of lists in which others are; or a copy that is one of two.
    private static IEnumerable<(string Path, Action<RankDonorsRequest>[] Values)> OfTyping(HlaTyping typing, string path, RankDonorsRequest request, Func<RankDonorsRequest, HlaTyping> of)
    {
        var isKir = request.Donors.Any(donor => donor.Kir is not null);
        var locus = isKir ? "C" : "DQB1";
        if (typing.Loci.All(one => one.Locus != locus))
        {
            yield return ($"{path}({locus})", [.. Genotypes(locus, isKir ? OfC : Alleles).Select(read => (Action<RankDonorsRequest>)(one => of(one).Loci.Add(read.Clone())))]);
        }
        else if (typing.Loci[^1] is { Second: var second } && second.Contains('/', StringComparison.Ordinal))
        {
            yield return ($"{path}({locus})", [.. second.Split('/').Select(allele => (Action<RankDonorsRequest>)(one => of(one).Loci[^1].Second = allele))]);
        }
    }

    private static IEnumerable<LocusTyping> Genotypes(string locus, string[] alleles) =>
        from first in Enumerable.Range(0, alleles.Length) from second in Enumerable.Range(first, alleles.Length - first) select Locus(locus, alleles[first], alleles[second]);

    private static IEnumerable<KirGenotype> OfGenes(KirGenotype kir) =>
        from first in Either(kir.HasKir2Dl1, kir.Kir2Dl1)
        from second in Either(kir.HasKir2Dl2, kir.Kir2Dl2)
        select new KirGenotype(kir) { Kir2Dl1 = first, Kir2Dl2 = second };

    private static IEnumerable<bool> Either(bool isTested, bool present) => isTested ? [present] : [false, true];

    private static List<Completion>? Completions(RankDonorsRequest request, List<(string Path, Action<RankDonorsRequest>[] Values)> unknowns, HlaReference reference)
    {
        if (unknowns.Aggregate(1L, (count, unknown) => count * unknown.Values.Length) > MostCompletions)
        {
            return null;
        }

        IEnumerable<int[]> choices = [[]];
        foreach (var (_, values) in unknowns)
        {
            choices = choices.SelectMany(chosen => Enumerable.Range(0, values.Length), (chosen, value) => (int[])[.. chosen, value]);
        }

        return [.. choices.Select(chosen =>
        {
            var known = request.Clone();
            for (var index = 0; index < chosen.Length; index++)
            {
                unknowns[index].Values[chosen[index]](known);
            }

            return Completion.Of(chosen, RankedCall.Rank(known, reference));
        })];
    }

    /// <summary>A list in which everything is known that was drawn.</summary>
    /// <param name="Values">What was chosen for each unknown.</param>
    /// <param name="Source">Who comes first by the source, ties included, or can.</param>
    /// <param name="InSource">The same, with who can also not: where a statement or a relationship cannot be true, or an allele says nothing.</param>
    /// <param name="IsOpen">Whether there is such a one.</param>
    /// <param name="Full">Who of them does by every criterion.</param>
    /// <param name="Ranks">By index.</param>
    private sealed record Completion(int[] Values, string[] Source, string InSource, bool IsOpen, string[] Full, RankRange[] Ranks)
    {
        public static Completion Of(int[] values, DonorRanking ranking)
        {
            List<Entry> source = [.. ranking.List.Where(listed => listed.Ranks.Min == 1 && listed.Entry.Best.Band < ranking.FirstWithoutTier).Select(listed => listed.Entry)];
            var full = source.Where(entry => !source.Exists(other => ranking.FullOrder.Precedes(other.Worst, entry.Best)));
            var inSource = source.Select(entry => (Id: entry.Donor.Message.DonorId, IsOpen: ranking.SourceOrder.Compare(entry.Best, entry.Worst) != 0)).OrderBy(entry => entry.Id, StringComparer.Ordinal).ToList();
            return new Completion(
                values,
                Ids(source),
                string.Join(',', inSource.Select(entry => entry.IsOpen ? entry.Id + "?" : entry.Id)),
                inSource.Exists(entry => entry.IsOpen),
                Ids(full),
                [.. ranking.List.OrderBy(listed => listed.Entry.Donor.Index).Select(listed => listed.Ranks)]);
        }

        private static string[] Ids(IEnumerable<Entry> entries) => [.. entries.Select(entry => entry.Donor.Message.DonorId).Order(StringComparer.Ordinal)];
    }
}
