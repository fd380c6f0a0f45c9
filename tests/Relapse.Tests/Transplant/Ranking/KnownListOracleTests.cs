using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using Relapse.Transplant.Policies;
using Sex = Relapse.Contracts.Case.V1.Sex;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>Random lists in which everything is known, under every shipped policy, held to the order that <see cref="KnownList"/> has of them.</summary>
public sealed class KnownListOracleTests
{
    private const int Rounds = 80;
    private static readonly HlaReference Synthetic = new(Releases.Synthetic, null);

    private static readonly (string Locus, string[] Alleles)[] Loci =
    [
        ("A", ["91:01", "91:02", "92:01", "94:01", "91:03N"]), ("B", ["91:01", "91:02", "92:01", "93:01"]), ("C", ["91:01", "91:02", "93:01"]),
        ("DRB1", ["91:01", "92:01"]), ("DQB1", ["91:01", "92:01"]), ("DPB1", ["91:01", "92:01", "93:01", "93:02"]),
    ];

    private static readonly string[] Models = ["LIGAND_LIGAND", "MISSING_SELF", "RECEPTOR_LIGAND", "MISSING_LIGAND"];
    private static readonly string[] Minima = ["9/10", "10/10", "8/8", "11/12"];
    private static readonly string[] Specificities = ["A*91:01", "A*92:01", "B*93:01", "DRB1*92:01"];
    private static readonly string[] Overridden = ["NOT_FIT", "DSA_ABOVE_LIMIT", "MATCH_BELOW_MINIMUM"];

    public static TheoryData<int> Policies => [.. Enumerable.Range(0, PolicyLibrary.Shipped.Policies.Count)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_list_in_which_everything_is_known_is_ordered_as_the_policy_says(int index)
    {
        var policy = PolicyLibrary.Shipped.Policies[index];
        var (random, by) = (new Random(300 + index), new HashSet<string>(StringComparer.Ordinal));
        for (var round = 0; round < Rounds; round++)
        {
            var request = Draw(random, policy.Name);
            var known = new KnownList(policy.Document, request);
            foreach (var donor in request.Donors.Where(known.IsContradicted).ToList())
            {
                // Nothing is concluded of it, so it is not known what it is.
                request.Donors.Remove(donor);
            }

            if (request.Donors.Count > 1)
            {
                by.UnionWith(Check(request, known));
            }
        }

        // Blocks, tiers, and three criteria at least.
        Assert.InRange(by.Count(one => one.Length > 0), 5, int.MaxValue);
    }

    private static IEnumerable<string> Check(RankDonorsRequest request, KnownList known)
    {
        var donors = request.Donors;
        request.Compare.AddRange(from one in donors from other in donors where one != other select new DonorPair { First = one.DonorId, Second = other.DonorId });
        var answer = RankedCall.Answer(request, Synthetic);
        foreach (var found in answer.Summary.Comparisons)
        {
            var (sign, by, inSource, isOrdered) = known.Compare(Of(found.First), Of(found.Second));
            var state = sign < 0 ? ComparisonState.First : sign > 0 ? ComparisonState.Second : isOrdered ? ComparisonState.Tied : ComparisonState.NotOrdered;
            if ((state, by, !inSource) != (found.State, found.DecidedBy, found.NotInSource))
            {
                Assert.Fail($"{(state, by, !inSource)} is {found} in {request}");
            }

            yield return by;
        }

        foreach (var ranked in answer.Ranked)
        {
            var donor = Of(ranked.DonorId);
            Assert.Equal(known.ClassOf(donor), Assert.Single(ranked.Classes));
            Assert.Equal(known.IsBlocked(donor), ranked.Blocked == BlockState.Blocked);
            Assert.Equal((1 + donors.Count(other => IsAhead(other, donor)), donors.Count - donors.Count(other => IsAhead(donor, other))), (ranked.RankMin, ranked.RankMax));
        }

        var first = donors.Where(donor => IsFirst(donor)).Select(donor => donor.DonorId).Order(StringComparer.Ordinal);
        Assert.Equal(first, answer.Summary.FirstPlace.Possible.Order(StringComparer.Ordinal));
        Assert.Empty(answer.Summary.FirstPlace.Missing);
        Assert.True(answer.Summary.FirstPlace.Certain);

        Donor Of(string id) => donors.Single(donor => donor.DonorId == id);
        bool IsAhead(Donor one, Donor other) => one != other && known.Compare(one, other) is { Sign: < 0, By: var by, InSource: var inSource } && (inSource || by is "tier" or "blocked");
        bool IsFirst(Donor donor) => !known.IsBlocked(donor) && answer.Ranked.Single(ranked => ranked.DonorId == donor.DonorId).Tier.Length > 0 && !donors.Any(other => IsAhead(other, donor));
    }

    // A family by its haplotypes, volunteers and cord blood; every fact and setting is there.
    private static RankDonorsRequest Draw(Random random, string policy)
    {
        var haplotypes = Enumerable.Range(0, 4).Select(_ => Loci.Select(locus => locus.Alleles[random.Next(locus.Alleles.Length)]).ToArray()).ToArray();
        // Bw4 is on B: of A the release has no sequence.
        haplotypes[0][1] = "92:01";
        var request = new RankDonorsRequest
        {
            Policy = policy,
            Recipient = new Recipient
            {
                Typing = Typed(haplotypes[0], haplotypes[1]),
                WeightKg = random.Next(1, 5) * 10,
                Cmv = (Serostatus)random.Next(1, 3),
                Sex = (Sex)random.Next(1, 3),
                BloodGroup = (BloodGroup)random.Next(1, 5),
                AntibodiesAssessed = true,
            },
        };
        if (random.Next(2) == 0)
        {
            request.Recipient.Antibodies.Add(new HlaAntibody { Specificity = Pick(random, Specificities), Mfi = random.Next(3) * 1000 });
        }

        AddDonors(random, haplotypes, request);
        AddSettings(random, request);
        return request;
    }

    private static void AddDonors(Random random, string[][] haplotypes, RankDonorsRequest request)
    {
        (Relationship Relationship, int[] Haplotypes)[] relatives =
        [
            (Relationship.Mother, [0, 2]), (Relationship.Father, [1, 3]), (Relationship.Sibling, [2 * random.Next(2), 1 + 2 * random.Next(2)]), (Relationship.Sibling, [2 * random.Next(2), 1 + 2 * random.Next(2)]), (Relationship.Other, [random.Next(4), random.Next(4)]),
        ];
        foreach (var (relationship, has) in relatives.Where(_ => random.Next(3) == 0))
        {
            var donor = With(random, RankedCall.Relative($"d{request.Donors.Count}", relationship, random.Next(3) == 0 ? (MatchStatement)random.Next(4) : MatchStatement.Unspecified, (GraftManipulation)random.Next(1, 5)));
            donor.Typing = Typed(haplotypes[has[0]], haplotypes[has[1]]);
            donor.Kir = new KirGenotype { Kir2Dl1 = random.Next(2) == 0, Kir2Dl2 = random.Next(2) == 0, Kir2Dl3 = random.Next(2) == 0, Kir3Dl1 = random.Next(2) == 0 };
            request.Donors.Add(donor);
        }

        for (var index = random.Next(3); index > 0; index--)
        {
            var donor = With(random, RankedCall.Unrelated($"d{request.Donors.Count}", random.Next(4) == 0 ? (MatchStatement)random.Next(1, 3) : MatchStatement.Unspecified));
            donor.Typing = Like(random, request.Recipient.Typing);
            request.Donors.Add(donor);
        }

        for (var index = random.Next(3); index > 0; index--)
        {
            var donor = new Donor { DonorId = $"d{request.Donors.Count}", Kind = DonorKind.Cord, HlaConfirmed = random.Next(4) > 0 };
            for (var unit = random.Next(1, 3); unit > 0; unit--)
            {
                donor.Units.Add(new CordUnit { Typing = Like(random, request.Recipient.Typing), TncE7 = 25 * random.Next(1, 8), Cd34E5 = 20 * random.Next(1, 5) });
            }

            request.Donors.Add(donor);
        }

        if (random.Next(8) == 0)
        {
            request.Donors.Add(new Donor { DonorId = "self", Kind = DonorKind.Autologous });
        }
    }

    private static Donor With(Random random, Donor donor)
    {
        (donor.AgeYears, donor.WeightKg, donor.Cmv, donor.Sex) = (15 + 5 * random.Next(4), random.Next(1, 4) * 20, (Serostatus)random.Next(1, 3), (Sex)random.Next(1, 3));
        (donor.BloodGroup, donor.GraftSource, donor.HlaConfirmed, donor.FitToDonate) = ((BloodGroup)random.Next(1, 5), (GraftSource)random.Next(1, 3), random.Next(4) > 0, random.Next(8) > 0);
        if (random.Next(6) == 0)
        {
            donor.NkAlloreactive = random.Next(2) == 0;
        }

        if (donor.Kind == DonorKind.Unrelated)
        {
            donor.ClearNkAlloreactive();
        }

        if (random.Next(6) == 0)
        {
            donor.Overrides.Add(new BlockOverride { Code = Pick(random, Overridden), Reason = "agreed", Author = "transplant lead" });
        }

        return donor;
    }

    private static void AddSettings(Random random, RankDonorsRequest request)
    {
        (string Id, string Value)[] settings =
        [
            ("matched.family", Pick(random, Minima)), ("matched.unrelated", Pick(random, Minima)), ("cord.suitable", random.Next(2) == 0 ? "4/6" : "6/8"), ("nk_alloreactivity.model", Pick(random, Models)),
            ("cord.single.min_tnc_e7_per_kg", "2.5"), ("cord.single.min_cd34_e5_per_kg", "1.5"), ("cord.double.each_unit_min_tnc_e7_per_kg", "1.5"), ("cord.double.each_unit_min_cd34_e5_per_kg", "1"),
            ("cord.single_before_double", random.Next(2) == 0 ? "YES" : "NO"), ("dsa.block_above_mfi", "1000"), ("hla.confirmation", random.Next(2) == 0 ? "REQUIRED" : "NOT_REQUIRED"),
            ("harvest.tnc_e7_per_ml", "1"), ("harvest.below_target", random.Next(2) == 0 ? "BLOCK" : "WARN"),
        ];
        request.Settings.AddRange(settings.Select(setting => new PolicySetting { Id = setting.Id, Value = setting.Value }));
    }

    // The recipient's typing with some copies changed.
    private static HlaTyping Like(Random random, HlaTyping recipient)
    {
        var typing = recipient.Clone();
        for (var change = random.Next(4); change > 0; change--)
        {
            var at = random.Next(Loci.Length);
            typing.Loci[at].Second = Pick(random, Loci[at].Alleles);
        }

        return typing;
    }

    private static HlaTyping Typed(string[] one, string[] other) => new() { Loci = { Loci.Select((locus, at) => new LocusTyping { Locus = locus.Locus, First = one[at], Second = other[at] }) } };

    private static string Pick(Random random, string[] of) => of[random.Next(of.Length)];
}
