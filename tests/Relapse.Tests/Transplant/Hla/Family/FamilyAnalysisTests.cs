using CsCheck;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class FamilyAnalysisTests
{
    [Fact]
    public void With_four_different_haplotypes_descent_is_proven()
    {
        var findings = FamilyAnalysis.Analyse(Pedigree.Distinct((0, 0), (0, 0), (1, 0), (0, 1), (1, 1)).Typings());
        Assert.True(findings.IsConsistent);
        Assert.Equal([Genoidentity.Proven, Genoidentity.Excluded, Genoidentity.Excluded, Genoidentity.Excluded], findings.Siblings.Select(one => one.Genoidentity));
        Assert.Equal(["2", "1", "1", "0"], findings.Siblings.Select(one => one.SharedHaplotypes.ToString()));
        // The second got the father's haplotype that the recipient has, and from the mother the one that the recipient has not.
        Assert.Equal([Truth.False, Truth.True, Truth.False, Truth.False], findings.Siblings.Select(one => one.UnsharedIsNima));
        Assert.Equal([Truth.False, Truth.False, Truth.True, Truth.False], findings.Siblings.Select(one => one.UnsharedIsNipa));
        Assert.DoesNotContain(findings.Siblings, one => one.Recombination);
        Assert.Equal(new RelativeFinding(true, Genoidentity.Excluded, Bounds.Of(1), Truth.True, Truth.False, false), findings.Mother);
        Assert.Equal(new RelativeFinding(true, Genoidentity.Excluded, Bounds.Of(1), Truth.False, Truth.True, false), findings.Father);
    }

    [Fact]
    public void Findings_are_what_every_phase_and_every_choice_says_when_all_are_tried() => Pedigree.Any(3).Sample(
        pedigree =>
        {
            var explanations = pedigree.Explanations().ToList();
            var findings = FamilyAnalysis.Analyse(pedigree.Typings());
            Assert.True(findings.IsConsistent);
            for (var sibling = 0; sibling < findings.Siblings.Length; sibling++)
            {
                var shared = explanations.Select(one => one[sibling]).ToList();
                Assert.Equal(new Bounds((byte)shared.Min(), (byte)shared.Max()), findings.Siblings[sibling].SharedHaplotypes);
                Assert.Equal(
                    shared.TrueForAll(count => count == 2) ? Genoidentity.Proven : shared.Contains(2) ? Genoidentity.Unproven : Genoidentity.Excluded,
                    findings.Siblings[sibling].Genoidentity);
            }
        },
        iter: 300);

    [Fact]
    public void The_truth_is_never_excluded_however_ambiguous_the_typings() => Gen.Select(Pedigree.Any(5), Gen.Int[0, int.MaxValue], Gen.Int[0, 3]).Sample(
        (pedigree, seed, missing) =>
        {
            var random = new Random(seed);
            var exact = pedigree.Typings();
            var blurred = new FamilyTypings(
                Blur(exact.Recipient, random),
                (missing & 1) == 0 ? Blur(exact.Mother!, random) : null,
                (missing & 2) == 0 ? Blur(exact.Father!, random) : null,
                [.. exact.Siblings.Select(sibling => Blur(sibling, random))]);
            var findings = FamilyAnalysis.Analyse(blurred);
            Assert.True(findings.IsConsistent);
            for (var sibling = 0; sibling < findings.Siblings.Length; sibling++)
            {
                var truth = pedigree.TrulyShared(sibling);
                var finding = findings.Siblings[sibling];
                Assert.InRange(truth, finding.SharedHaplotypes.Min, finding.SharedHaplotypes.Max);
                Assert.NotEqual(truth == 2 ? Genoidentity.Excluded : Genoidentity.Proven, finding.Genoidentity);
                Assert.False(finding.Recombination);
            }
        },
        iter: 500);

    [Fact]
    public void Parents_exchanged_exchange_what_is_said_of_them() => Pedigree.Any(4).Sample(
        pedigree =>
        {
            var family = pedigree.Typings();
            var one = FamilyAnalysis.Analyse(family);
            var other = FamilyAnalysis.Analyse(family with { Mother = family.Father, Father = family.Mother });
            Assert.Equal(one.Siblings.Select(Exchanged), other.Siblings);
            Assert.Equal(Exchanged(one.Mother!), other.Father);
            Assert.Equal(Exchanged(one.Father!), other.Mother);
        },
        iter: 300);

    [Fact]
    public void Without_the_parents_the_same_typing_is_not_the_same_descent()
    {
        var family = Pedigree.Distinct((0, 0), (0, 0), (1, 1)).Typings() with { Mother = null, Father = null };
        var findings = FamilyAnalysis.Analyse(family);
        Assert.Equal((Genoidentity.Unproven, Bounds.Of(2)), (findings.Siblings[0].Genoidentity, findings.Siblings[0].SharedHaplotypes));
        Assert.Equal((Genoidentity.Excluded, Bounds.Of(0)), (findings.Siblings[1].Genoidentity, findings.Siblings[1].SharedHaplotypes));
        Assert.Null(findings.Mother);
        // The third showed which haplotypes there are. Without it not even that is known.
        var two = FamilyAnalysis.Analyse(family with { Siblings = [family.Siblings[0]] });
        Assert.Equal((Genoidentity.Unproven, new Bounds(0, 2)), (two.Siblings[0].Genoidentity, two.Siblings[0].SharedHaplotypes));
    }

    [Fact]
    public void A_homozygous_parent_leaves_it_unproven_and_so_do_parents_who_share_a_haplotype()
    {
        int[] one = [1, 1, 1, 1, 1], two = [2, 2, 2, 2, 2], three = [3, 3, 3, 3, 3];
        var homozygous = FamilyAnalysis.Analyse(new Pedigree([one, one], [two, three], [(0, 0), (1, 0)]).Typings());
        Assert.Equal((Genoidentity.Unproven, new Bounds(1, 2)), (homozygous.Siblings[0].Genoidentity, homozygous.Siblings[0].SharedHaplotypes));
        // Both children are 1/2. Either parent may have given either.
        var sharing = FamilyAnalysis.Analyse(new Pedigree([one, two], [one, two], [(0, 1), (1, 0)]).Typings());
        Assert.Equal((Genoidentity.Unproven, new Bounds(0, 2)), (sharing.Siblings[0].Genoidentity, sharing.Siblings[0].SharedHaplotypes));
        Assert.Equal(Truth.False, sharing.Siblings[0].UnsharedIsNima);
    }

    [Fact]
    public void A_crossing_over_is_flagged_and_a_haplotype_shared_in_part_is_not_shared()
    {
        var family = Pedigree.Distinct((0, 0), (0, 0), (1, 0)).Typings();
        // From the mother: her first haplotype as far as HLA-B, then her second.
        var crossed = Pedigree.Typing([1, 1, 1, 2, 2], [3, 3, 3, 3, 3]);
        var findings = FamilyAnalysis.Analyse(family with { Siblings = [.. family.Siblings, crossed] });
        Assert.True(findings.IsConsistent);
        Assert.All(findings.Siblings, one => Assert.True(one.Recombination));
        Assert.Equal(Genoidentity.Excluded, findings.Siblings[2].Genoidentity);
        Assert.Equal(1, findings.Siblings[2].SharedHaplotypes.Max);
    }

    [Fact]
    public void A_relative_that_does_not_fit_is_reported_in_those_words_and_says_nothing_of_the_others()
    {
        var family = Pedigree.Distinct((0, 0), (0, 0)).Typings();
        var stranger = Pedigree.Typing([7, 7, 7, 7, 7], [8, 8, 8, 8, 8]);
        var sibling = FamilyAnalysis.Analyse(family with { Siblings = [stranger, .. family.Siblings] });
        Assert.Equal((false, false, true), (sibling.IsConsistent, sibling.Siblings[0].IsConsistent, sibling.Siblings[1].IsConsistent));
        Assert.Equal(Genoidentity.Proven, sibling.Siblings[1].Genoidentity);
        var father = FamilyAnalysis.Analyse(family with { Father = stranger });
        Assert.Equal((false, true, false), (father.IsConsistent, father.Mother!.IsConsistent, father.Father!.IsConsistent));
        Assert.Equal(Genoidentity.Unproven, father.Siblings[0].Genoidentity);
        Assert.Equal("typing inconsistent with stated relationship", FamilyFindings.Inconsistent);
    }

    [Fact]
    public void Parents_who_fit_each_alone_and_not_together_do_not_fit()
    {
        // The child is 1/3; either parent may have given the 1, and neither has the 3.
        int[] one = [1, 1], two = [2, 2], three = [3, 3], four = [4, 4];
        var family = new FamilyTypings(Pedigree.Typing(one, three), Pedigree.Typing(one, two), Pedigree.Typing(one, four), []);
        var findings = FamilyAnalysis.Analyse(family);
        Assert.Equal((false, false, false), (findings.IsConsistent, findings.Mother!.IsConsistent, findings.Father!.IsConsistent));
    }

    [Fact]
    public void More_siblings_than_are_looked_at_together_each_have_a_finding()
    {
        var children = Enumerable.Range(0, Transmissions.MostSiblings + 4).Select(child => (child / 2 % 2, child % 2)).ToArray();
        var pedigree = Pedigree.Distinct(children);
        var findings = FamilyAnalysis.Analyse(pedigree.Typings());
        Assert.True(findings.IsConsistent);
        Assert.Equal(Enumerable.Range(0, children.Length - 1).Select(pedigree.TrulyShared), findings.Siblings.Select(one => (int)one.SharedHaplotypes.Min));
        Assert.All(findings.Siblings, one => Assert.True(one.SharedHaplotypes.IsCertain));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(32, true)]
    public void A_family_of_lists_of_genotypes_costs_no_more_than_its_budget_and_says_what_was_given_up(int genotypes, bool givenUp)
    {
        var list = string.Join('|', Enumerable.Range(1, genotypes).Select(at => $"A*02:01/A*02:{at + 100}+A*03:01/A*03:{at + 200}"));
        var reader = new TypingReader(null);
        var listed = Told.Typing(reader, list);
        var budget = new FamilyBudget();
        var findings = FamilyAnalysis.Analyse(new FamilyTypings(listed, null, null, [listed, listed, listed, listed, Told.Typing(reader, "A*11:01+A*68:01")]), budget);
        Assert.Equal(givenUp ? [HlaLocus.A] : [], budget.GivenUp);
        Assert.All(findings.Siblings, sibling => Assert.True(sibling is { IsConsistent: true, SharedHaplotypes.Max: >= 0 }));
        // With the recipient alone it shares nothing, and that is not lost.
        Assert.Equal((Genoidentity.Excluded, Bounds.Of(0)), (findings.Siblings[4].Genoidentity, findings.Siblings[4].SharedHaplotypes));
    }

    [Fact]
    public void What_takes_two_crossings_over_is_no_contradiction_and_proves_nothing()
    {
        // Each of two siblings has a maternal haplotype crossed at another place.
        var family = Pedigree.Distinct((0, 0), (0, 0), (1, 0)).Typings();
        HlaTyping one = Pedigree.Typing([1, 1, 1, 1, 2], [3, 3, 3, 3, 3]), other = Pedigree.Typing([1, 2, 2, 2, 2], [3, 3, 3, 3, 3]);
        var findings = FamilyAnalysis.Analyse(family with { Siblings = [.. family.Siblings, one, other] });
        Assert.False(findings.IsConsistent);
        Assert.All(findings.Siblings, sibling => Assert.True(sibling is { IsConsistent: true, Recombination: true, Genoidentity: not Genoidentity.Proven }));
    }

    [Fact]
    public void A_family_is_not_followed_for_a_caller_who_has_gone() => Assert.Throws<OperationCanceledException>(
        () => FamilyAnalysis.Analyse(Pedigree.Distinct((0, 0), (0, 0)).Typings(), new FamilyBudget(cancellation: new CancellationToken(true))));

    [Theory]
    // A null allele that the child's typing hides; one that serology cannot show; a missing gene; a new allele.
    [InlineData("A*91:03N+A*92:01", "A*91:01:01G+A*94:01")]
    [InlineData("A*91:03N+A*92:01", "A*91:XX+A*94:01")]
    [InlineData("A*91:03N+A*92:01", "A*91:01+A*94:01|A*91:03N+A*94:01")]
    [InlineData("A*91:03N+A*92:01", "A93+A93")]
    [InlineData("DRB3*91:01+DRBX*NNNN", "DRB3*92:01+DRBX*NNNN")]
    [InlineData("A*NEW+A*92:01", "A*NEW+A*94:01")]
    [InlineData("A*91:01+A*92:01", "A*91:02+A*94:01")]
    [InlineData("A*91:01", "A*94:01+A*95:01")]
    public void What_a_child_may_have_from_a_parent_is_not_inconsistent(string parent, string child) => Assert.All(
        [(Child: child, Parent: parent), (Child: parent, Parent: child)],
        pair => Assert.True(FamilyAnalysis.Analyse(new FamilyTypings(Told.Synthetic(pair.Child), Told.Synthetic(pair.Parent), null, [])).IsConsistent));

    [Theory]
    [InlineData("A*91:03N+A*92:01", "A*91:01+A*94:01")]
    [InlineData("A*91:01+A*92:01", "A*94:01+A*95:01")]
    [InlineData("DRB3*91:01+DRB3*91:01", "DRBX*NNNN+DRBX*NNNN")]
    [InlineData("A*NEW+A*92:01", "A*91:01+A*94:01")]
    public void What_a_child_cannot_have_from_a_parent_is(string parent, string child)
    {
        Assert.False(FamilyAnalysis.Analyse(new FamilyTypings(Told.Synthetic(child), Told.Synthetic(parent), null, [])).IsConsistent);
        Assert.Equal(Truth.False, FamilyAnalysis.MayShareHaplotype(Told.Synthetic(child), Told.Synthetic(parent)));
    }

    [Fact]
    public void Another_relative_may_share_a_haplotype_and_never_surely_does()
    {
        var typing = Told.Synthetic("A*91:01+A*92:01^B*91:01+B*92:01");
        Assert.Equal(Truth.Open, FamilyAnalysis.MayShareHaplotype(typing, typing));
        Assert.Equal(Truth.Open, FamilyAnalysis.MayShareHaplotype(typing, HlaTyping.Untyped));
    }

    private static RelativeFinding Exchanged(RelativeFinding finding) => finding with { UnsharedIsNima = finding.UnsharedIsNipa, UnsharedIsNipa = finding.UnsharedIsNima };

    // Some copies may be one more allele, some are not typed at all.
    private static HlaTyping Blur(HlaTyping typing, Random random)
    {
        var loci = new Dictionary<HlaLocus, LocusTyping>();
        foreach (var locus in HlaLoci.All.Where(locus => typing[locus].IsTyped))
        {
            var genotype = typing[locus].Genotypes[0];
            loci[locus] = LocusTyping.Of(Blur(genotype.First, random), Blur(genotype.Second, random));
        }

        return new HlaTyping(loci);
    }

    private static AllelePosition Blur(AllelePosition copy, Random random) => random.Next(6) switch
    {
        0 => AllelePosition.Unknown,
        1 => AllelePosition.Expressed([copy.Proteins[0], random.Next(1, 5)], protein => protein),
        _ => copy,
    };
}
