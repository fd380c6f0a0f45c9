using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using Relapse.Transplant.Ranking;
using static Relapse.Tests.Transplant.Ranking.SharedDraws;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>
/// Small lists in which facts of the recipient, settings and facts of donors are missing together, held to every completion of all of them.
/// What is known moves all donors at once, so the answer is that of the completions and not of each donor by itself.
/// </summary>
public sealed class SharedOracleTests
{
    private const int MostCompletions = 800;
    private const int Rounds = 20;
    private static readonly double[] Weights = [0.1, 4, 10, 20, 30, 40, 45, 50, 60, 80, 99, 100, 110, 150, 300];
    private static readonly double[] Ages = [10, 20, 30, 35, 40, 50];
    private static readonly double[] Cells = [1, 25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 500, 3000];
    private static readonly string[] YesNo = ["YES", "NO"];
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
    public void The_first_place_is_exactly_that_of_all_completions(int kind) => Hold(kind, 100, isExact: true, (request, _) => request);

    /// <summary>A locus of the recipient can decide only together with another of a donor's or of a relative's. Nothing that matters is left
    /// out; what is named beside it is little.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void With_a_second_locus_open_nothing_that_matters_is_left_out(int kind) => Hold(kind, 300, isExact: false, OpenSecond);

    /// <summary>In which donors of several groups share a tier that the review keeps apart.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void So_it_is_by_the_other_policies(int kind) =>
        Hold(kind, 500, isExact: kind != 5, (request, random) => ByAnother(kind == 5 ? OpenSecond(request, random) : request, random));

    private static void Hold(int kind, int seed, bool isExact, Func<RankDonorsRequest, Random, RankDonorsRequest> change)
    {
        var (random, mattering, idle) = (new Random(seed + kind), 0, 0);
        var reference = Draws[kind] == Kir ? Synthetic : RankedCall.Bare;
        var over = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var request = change(Draws[kind](random).WithLimits(), random);
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
                if (!inSource && completions.Exists(one => one.IsSplit))
                {
                    // Nobody knows in which of two groups of a tier one is: what the two would say is not one answer.
                    continue;
                }

                var reported = first.Missing.Where(one => !inSource || !one.NotInSource).SelectMany(one => Paths(one.Field)).ToHashSet(StringComparer.Ordinal);
                for (var index = 0; index < unknowns.Count; index++)
                {
                    var matters = completions.GroupBy(one => string.Join(',', one.Values.Select((value, at) => at == index ? -1 : value))).Any(group => group.Select(outcome).Distinct().Count() > 1);
                    // The list in words, because it was drawn.
                    if (matters != reported.Contains(unknowns[index].Path))
                    {
                        if (!matters && !isExact)
                        {
                            over++;
                            continue;
                        }

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
                var (least, most) = (completions.Min(one => one.Ranks[index].Min), completions.Max(one => one.Ranks[index].Max));
                Assert.Equal((least, most), isExact ? (listed.Ranks.Min, listed.Ranks.Max) : (Math.Max(least, listed.Ranks.Min), Math.Min(most, listed.Ranks.Max)));
            }
        }

        Assert.InRange(mattering, 2, int.MaxValue);
        Assert.InRange(idle, 2, int.MaxValue);
        Assert.InRange(over, 0, idle / 20);
    }

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

    // A locus that is not typed, of lists in which others are; and copies that are one of two.
    private static IEnumerable<(string Path, Action<RankDonorsRequest>[] Values)> OfTyping(HlaTyping typing, string path, RankDonorsRequest request, Func<RankDonorsRequest, HlaTyping> of)
    {
        var isKir = request.Donors.Any(donor => donor.Kir is not null);
        var locus = isKir ? "C" : "DQB1";
        if (typing.Loci.All(one => one.Locus != locus))
        {
            yield return ($"{path}({locus})", [.. Genotypes(locus, isKir ? OfC : Alleles).Select(read => (Action<RankDonorsRequest>)(one => of(one).Loci.Add(read.Clone())))]);
        }

        for (var index = 0; index < typing.Loci.Count; index++)
        {
            var (at, open) = (index, typing.Loci[index]);
            if (open.First.Contains('/', StringComparison.Ordinal) || open.Second.Contains('/', StringComparison.Ordinal))
            {
                yield return ($"{path}({open.Locus})", [.. from first in open.First.Split('/') from second in open.Second.Split('/') select (Action<RankDonorsRequest>)(one => (of(one).Loci[at].First, of(one).Loci[at].Second) = (first, second))]);
            }
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
    /// <param name="IsSplit">Whether somebody may be in one of two groups of a tier.</param>
    /// <param name="Full">Who of them does by every criterion.</param>
    /// <param name="Ranks">By index.</param>
    private sealed record Completion(int[] Values, string[] Source, string InSource, bool IsOpen, bool IsSplit, string[] Full, RankRange[] Ranks)
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
                source.Exists(entry => entry.Branches.Length > 1),
                Ids(full),
                [.. ranking.List.OrderBy(listed => listed.Entry.Donor.Index).Select(listed => listed.Ranks)]);
        }

        private static string[] Ids(IEnumerable<Entry> entries) => [.. entries.Select(entry => entry.Donor.Message.DonorId).Order(StringComparer.Ordinal)];
    }
}
