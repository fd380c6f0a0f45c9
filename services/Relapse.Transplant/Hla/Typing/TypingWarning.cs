namespace Relapse.Transplant.Hla;

/// <summary>What to know about a typing that could be read.</summary>
internal enum TypingWarningKind
{
    /// <summary>There is no reference data: names are compared by two fields, and P groups were not loaded. Proteins that are one to
    /// matching but differ in name count as mismatched, and names are not checked.</summary>
    PGroupsNotLoaded,

    /// <summary>What was written cannot be compared without reference data, and counts as untyped.</summary>
    NeedsRelease,

    /// <summary>The name is no longer in use; it was read as what it is called now.</summary>
    Renamed,

    /// <summary>Null alleles are among those that it may be. They are left out of counting, the expressed reading being likelier; were
    /// it one of them, the counts would be others.</summary>
    HiddenNull,

    /// <summary>The allele's expression is low, secreted, cytoplasmic, aberrant or questionable: it counts as expressed, and somebody
    /// should look.</summary>
    ExpressionToReview,

    /// <summary>One copy is given. Nothing says that the other is the same: it counts as unknown.</summary>
    SecondCopyNotStated,

    /// <summary>There are more genotypes than are kept apart: bounds are wider than the typing itself.</summary>
    AmbiguityWidened,

    /// <summary>The typing says which alleles lie on one chromosome, or ties the readings of several loci together. Counting takes each
    /// locus by itself.</summary>
    PhaseNotUsed,
}

/// <summary>One thing to know about a typing.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Locus">The locus concerned; null when it is the whole typing.</param>
/// <param name="Token">The part of the typing concerned, as written; empty when it is more than a part.</param>
/// <param name="Detail">The present name, or the null alleles (at most <see cref="MostNames"/> of them); otherwise empty.</param>
internal sealed record TypingWarning(TypingWarningKind Kind, HlaLocus? Locus, string Token, string Detail)
{
    /// <summary>How many alleles are named.</summary>
    public const int MostNames = 5;
}
