namespace Relapse.Transplant.Hla;

/// <summary>The HLA loci that are typed and compared, in their order along the chromosome.</summary>
internal enum HlaLocus
{
    A,
    C,
    B,
    Drb3,
    Drb4,
    Drb5,
    Drb1,
    Dqa1,
    Dqb1,
    Dpa1,
    Dpb1,
}

/// <summary>Names of loci.</summary>
internal static class HlaLoci
{
    private static readonly string[] Names = ["A", "C", "B", "DRB3", "DRB4", "DRB5", "DRB1", "DQA1", "DQB1", "DPA1", "DPB1"];

    /// <summary>How many loci there are; a locus is an index below it.</summary>
    public static int Count => Names.Length;

    /// <summary>Every locus, in chromosomal order.</summary>
    public static IReadOnlyList<HlaLocus> All { get; } = [.. Enum.GetValues<HlaLocus>()];

    /// <summary>The name in an allele name, such as <c>DRB1</c>.</summary>
    public static string Name(this HlaLocus locus) => Names[(int)locus];

    /// <summary>Whether a chromosome may lack the gene: DRB3, DRB4, DRB5, of which it has at most one.</summary>
    public static bool MayBeAbsent(this HlaLocus locus) => locus is HlaLocus.Drb3 or HlaLocus.Drb4 or HlaLocus.Drb5;

    /// <summary>The locus of that exact name, without <c>HLA-</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out HlaLocus locus)
    {
        for (var index = 0; index < Names.Length; index++)
        {
            if (name.SequenceEqual(Names[index]))
            {
                locus = (HlaLocus)index;
                return true;
            }
        }

        locus = default;
        return false;
    }
}
