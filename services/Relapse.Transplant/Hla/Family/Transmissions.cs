namespace Relapse.Transplant.Hla;

/// <summary>
/// Who got which haplotype. Each parent's two are called 0 and 1, and 0 is the one the recipient got, so a vector has two bits for each
/// sibling: bit 2i says which maternal one sibling i got, bit 2i + 1 which paternal one.
/// </summary>
internal static class Transmissions
{
    /// <summary>How many siblings are looked at together, inclusive.</summary>
    public const int MostSiblings = 5;

    /// <summary>How many vectors there are.</summary>
    public static int Count(int siblings) => 1 << (2 * siblings);

    /// <summary>Which haplotype a child got.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="child">0 for the recipient, then the siblings.</param>
    /// <param name="paternal">1 for the father's, 0 for the mother's.</param>
    public static int Got(int vector, int child, int paternal) => child == 0 ? 0 : vector >> (2 * (child - 1) + paternal) & 1;

    /// <summary>What a crossing-over in the gamete that became a child changes of a vector, from that place on.</summary>
    public static int Crossing(int child, int paternal, int siblings)
    {
        if (child > 0)
        {
            return 1 << (2 * (child - 1) + paternal);
        }

        // The recipient's haplotypes are the ones called 0: when they change over, everybody else's change instead.
        var all = 0;
        for (var sibling = 0; sibling < siblings; sibling++)
        {
            all |= 1 << (2 * sibling + paternal);
        }

        return all;
    }
}
