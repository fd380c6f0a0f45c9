namespace Relapse.Transplant.Hla;

/// <summary>A whole number that is not known exactly: from <paramref name="Min"/> to <paramref name="Max"/>, both inclusive. What it is
/// lies within; whether both ends can be reached is said where it is counted.</summary>
internal readonly record struct Bounds(byte Min, byte Max)
{
    /// <summary>Whether there is only one possibility.</summary>
    public bool IsCertain => Min == Max;

    /// <summary>The sum of two that do not depend on each other.</summary>
    public static Bounds operator +(Bounds left, Bounds right) => new((byte)(left.Min + right.Min), (byte)(left.Max + right.Max));

    /// <summary>A number given.</summary>
    public static Bounds Of(int value) => new((byte)value, (byte)value);

    /// <summary>Widened to reach the value.</summary>
    public Bounds Reaching(int value) => new((byte)Math.Min(Min, value), (byte)Math.Max(Max, value));

    /// <summary>How many are left of a total.</summary>
    public Bounds From(int total) => new((byte)(total - Max), (byte)(total - Min));

    /// <inheritdoc/>
    public override string ToString() => IsCertain ? $"{Min}" : $"{Min}..{Max}";
}

/// <summary>Mismatches of one locus, in both directions. Each number stands by itself: the extremes need not occur together.</summary>
/// <param name="GvH">Of the recipient's copies, those that the donor lacks: what the graft can turn against.</param>
/// <param name="HvG">Of the donor's copies, those that the recipient lacks: what the host can turn against.</param>
/// <param name="Max">The greater of the two, in each possible case.</param>
internal readonly record struct LocusCount(Bounds GvH, Bounds HvG, Bounds Max)
{
    /// <summary>Matches, guaranteed to possible: 2 less <see cref="Max"/>.</summary>
    public Bounds Matches => Max.From(2);

    /// <summary>The same with recipient and donor exchanged.</summary>
    public LocusCount Swapped => new(HvG, GvH, Max);
}

/// <summary>A count over several loci. Three totals are in use, and differ where the directions differ from locus to locus.</summary>
/// <param name="Scheme">Which loci.</param>
/// <param name="PerLocus">Matches locus by locus, added up: the count that is meant where nothing else is said.</param>
/// <param name="GvH">Matches in the graft-versus-host direction.</param>
/// <param name="HvG">Matches in the host-versus-graft direction.</param>
/// <param name="LociTyped">How many of the loci are typed in both, in part at least.</param>
internal readonly record struct SchemeCount(CountScheme Scheme, Bounds PerLocus, Bounds GvH, Bounds HvG, int LociTyped)
{
    /// <summary>The n of n/6, n/8, n/10, n/12: what a full match counts.</summary>
    public int OutOf => 2 * Scheme.Loci().Length;
}
