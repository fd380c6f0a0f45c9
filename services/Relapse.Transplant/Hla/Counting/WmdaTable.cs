namespace Relapse.Transplant.Hla;

/// <summary>How mismatches of one locus are counted.</summary>
internal enum WmdaTable
{
    /// <summary>The consensus of 2016 (Bochtler, HLA 2016;87:439): by positions. A homozygous mismatch counts twice.</summary>
    Consensus2016,

    /// <summary>The consensus of 2010: by different alleles. A homozygous mismatch counts once.</summary>
    Consensus2010,
}

/// <summary>Which loci a count adds up.</summary>
internal enum CountScheme
{
    /// <summary>A, B, DRB1: n/6, as cord blood is counted.</summary>
    Six,

    /// <summary>A, B, C, DRB1: n/8.</summary>
    Eight,

    /// <summary>A, B, C, DRB1, DQB1: n/10.</summary>
    Ten,

    /// <summary>A, B, C, DRB1, DQB1, DPB1: n/12.</summary>
    Twelve,
}

/// <summary>The loci of the schemes.</summary>
internal static class CountSchemes
{
    private static readonly HlaLocus[] Ordered =
        [HlaLocus.A, HlaLocus.B, HlaLocus.Drb1, HlaLocus.C, HlaLocus.Dqb1, HlaLocus.Dpb1];

    /// <summary>The loci that are added up.</summary>
    public static ReadOnlySpan<HlaLocus> Loci(this CountScheme scheme) => Ordered.AsSpan(0, scheme switch
    {
        CountScheme.Six => 3,
        CountScheme.Eight => 4,
        CountScheme.Ten => 5,
        _ => 6,
    });
}
