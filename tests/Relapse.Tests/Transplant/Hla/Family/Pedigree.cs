using CsCheck;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>A family whose haplotypes are known: allele numbers locus by locus, and which of each parent's two every child got.</summary>
internal sealed record Pedigree(int[][] Mother, int[][] Father, (int Maternal, int Paternal)[] Children)
{
    private static readonly HlaLocus[] Loci = [HlaLocus.A, HlaLocus.C, HlaLocus.B, HlaLocus.Drb1, HlaLocus.Dqb1];

    /// <summary>Families of up to four children, with few alleles, so that parents are often homozygous and share haplotypes.</summary>
    public static Gen<Pedigree> Any(int loci) => Gen.Select(
        Gen.Int[1, 4].Array[loci].Array[2],
        Gen.Int[1, 4].Array[loci].Array[2],
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1]).Array[1, 4],
        (mother, father, children) => new Pedigree(mother, father, children));

    /// <summary>Four haplotypes without an allele in common.</summary>
    public static Pedigree Distinct(params (int Maternal, int Paternal)[] children) =>
        new([[1, 1, 1, 1, 1], [2, 2, 2, 2, 2]], [[3, 3, 3, 3, 3], [4, 4, 4, 4, 4]], children);

    /// <summary>The typing of two haplotypes.</summary>
    public static HlaTyping Typing(int[] one, int[] other) => new(Enumerable.Range(0, one.Length).ToDictionary(
        locus => Loci[locus], locus => LocusTyping.Of(Copy(one[locus]), Copy(other[locus]))));

    /// <summary>A copy of one allele.</summary>
    public static AllelePosition Copy(int allele) => AllelePosition.Expressed([allele], protein => protein);

    /// <summary>Everybody's typing; the first child is the recipient.</summary>
    public FamilyTypings Typings() => new(
        Child(0), Typing(Mother[0], Mother[1]), Typing(Father[0], Father[1]), [.. Enumerable.Range(1, Children.Length - 1).Select(Child)]);

    /// <summary>How many haplotypes a sibling truly shares with the recipient by descent.</summary>
    public int TrulyShared(int sibling) =>
        (Children[sibling + 1].Maternal == Children[0].Maternal ? 1 : 0) + (Children[sibling + 1].Paternal == Children[0].Paternal ? 1 : 0);

    /// <summary>
    /// Every inheritance that explains the typings without crossing-over, found the long way: every phase of each parent, every choice of
    /// haplotypes for every child. Of each, how many haplotypes every sibling shares.
    /// </summary>
    public IEnumerable<int[]> Explanations()
    {
        var typings = Enumerable.Range(0, Children.Length).Select(child => (Mother[Children[child].Maternal], Father[Children[child].Paternal])).ToArray();
        return from mother in Phases(Mother)
               from father in Phases(Father)
               from choice in Choices(Children.Length)
               where Enumerable.Range(0, Children.Length).All(child => Same(typings[child], (mother[choice[child] & 1], father[choice[child] >> 1])))
               select Enumerable.Range(1, Children.Length - 1)
                   .Select(child => ((choice[child] & 1) == (choice[0] & 1) ? 1 : 0) + (choice[child] >> 1 == choice[0] >> 1 ? 1 : 0)).ToArray();
    }

    private static IEnumerable<int[][]> Phases(int[][] parent) => Enumerable.Range(0, 1 << parent[0].Length).Select(swaps => new[]
    {
        parent[0].Select((_, locus) => parent[swaps >> locus & 1][locus]).ToArray(),
        parent[0].Select((_, locus) => parent[1 - (swaps >> locus & 1)][locus]).ToArray(),
    });

    private static IEnumerable<int[]> Choices(int children) => Enumerable.Range(0, 1 << (2 * children))
        .Select(bits => Enumerable.Range(0, children).Select(child => bits >> (2 * child) & 3).ToArray());

    private static bool Same((int[] One, int[] Other) typing, (int[] One, int[] Other) made) => Enumerable.Range(0, made.One.Length).All(locus =>
        (typing.One[locus] == made.One[locus] && typing.Other[locus] == made.Other[locus])
        || (typing.One[locus] == made.Other[locus] && typing.Other[locus] == made.One[locus]));

    private HlaTyping Child(int child) => Typing(Mother[Children[child].Maternal], Father[Children[child].Paternal]);
}
