namespace Relapse.Transplant.Hla;

/// <summary>Which transmissions explain what is typed at one locus.</summary>
internal static class LocusSegregation
{
    /// <summary>For each vector, whether there are haplotypes of the parents with which it gives every child's typing.</summary>
    /// <param name="locus">The locus.</param>
    /// <param name="mother">The mother; null if she is not typed.</param>
    /// <param name="father">The father; null if he is not typed.</param>
    /// <param name="children">The recipient, then the siblings.</param>
    public static bool[] Explains(HlaLocus locus, HlaTyping? mother, HlaTyping? father, IReadOnlyList<HlaTyping> children)
    {
        var (mothers, fathers) = (Phases(mother?[locus]), Phases(father?[locus]));
        (Inheritable, Inheritable)[][] copies = [.. children.Select(child => Phases(child[locus]))];
        var explained = new bool[Transmissions.Count(children.Count - 1)];
        for (var vector = 0; vector < explained.Length; vector++)
        {
            explained[vector] = Explains(vector, mothers, fathers, copies);
        }

        return explained;
    }

    // Each genotype in both orders: a parent's first is then the haplotype called 0, a child's first the maternal copy.
    private static (Inheritable First, Inheritable Second)[] Phases(LocusTyping? typing)
    {
        var phases = new List<(Inheritable, Inheritable)>();
        foreach (var genotype in (typing ?? LocusTyping.Untyped).Genotypes)
        {
            var isBlank = genotype.First.Antigen != AllelePosition.NoAntigen && genotype.First.Equals(genotype.Second);
            var (first, second) = (Inheritable.Of(genotype.First, false), Inheritable.Of(genotype.Second, isBlank));
            phases.Add((first, second));
            if (isBlank || !genotype.First.SameClasses(genotype.Second) || genotype.First.MayBeNull != genotype.Second.MayBeNull)
            {
                phases.Add((second, first));
            }
        }

        return [.. phases];
    }

    private static bool Explains(
        int vector, (Inheritable, Inheritable)[] mothers, (Inheritable, Inheritable)[] fathers, (Inheritable, Inheritable)[][] children)
    {
        foreach (var mother in mothers)
        {
            foreach (var father in fathers)
            {
                if (Explains(vector, mother, father, children, 0))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // What a child shows narrows what the haplotypes can be for the next.
    private static bool Explains(
        int vector,
        (Inheritable First, Inheritable Second) mother,
        (Inheritable First, Inheritable Second) father,
        (Inheritable First, Inheritable Second)[][] children,
        int child)
    {
        if (child == children.Length)
        {
            return true;
        }

        var (maternal, paternal) = (Transmissions.Got(vector, child, 0), Transmissions.Got(vector, child, 1));
        foreach (var (fromMother, fromFather) in children[child])
        {
            if ((maternal == 0 ? mother.First : mother.Second).TryMeet(fromMother, out var left)
                && (paternal == 0 ? father.First : father.Second).TryMeet(fromFather, out var right)
                && Explains(
                    vector,
                    maternal == 0 ? (left, mother.Second) : (mother.First, left),
                    paternal == 0 ? (right, father.Second) : (father.First, right),
                    children,
                    child + 1))
            {
                return true;
            }
        }

        return false;
    }
}
