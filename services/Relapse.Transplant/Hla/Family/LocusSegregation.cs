namespace Relapse.Transplant.Hla;

/// <summary>
/// Which transmissions explain what is typed at one locus. Vectors that begin alike are followed together, child by child, with every
/// different thing that the parents' haplotypes can still be: each child narrows it for the next.
/// </summary>
internal sealed class LocusSegregation
{
    private readonly (Inheritable First, Inheritable Second)[][] _copies;
    private readonly FamilyBudget _budget;
    private readonly bool[] _explained;

    private LocusSegregation((Inheritable First, Inheritable Second)[][] copies, FamilyBudget budget)
    {
        (_copies, _budget) = (copies, budget);
        _explained = new bool[Transmissions.Count(copies.Length - 1)];
    }

    /// <summary>For each vector, whether there are haplotypes of the parents with which it gives every child's typing. All of them are
    /// left possible where the budget does not suffice.</summary>
    /// <param name="locus">The locus.</param>
    /// <param name="mother">The mother; null if she is not typed.</param>
    /// <param name="father">The father; null if he is not typed.</param>
    /// <param name="children">The recipient, then the siblings.</param>
    /// <param name="budget">Bounds the work.</param>
    public static bool[] Explains(HlaLocus locus, HlaTyping? mother, HlaTyping? father, IReadOnlyList<HlaTyping> children, FamilyBudget budget)
    {
        budget.Begin();
        var search = new LocusSegregation([.. children.Select(child => Phases(child[locus]))], budget);
        var (mothers, fathers) = (Phases(mother?[locus]), Phases(father?[locus]));
        HashSet<Parents> parents = [.. mothers.SelectMany(_ => fathers, (one, other) => new Parents(one.First, one.Second, other.First, other.Second))];
        if (!search.TryFollow(0, 0, parents))
        {
            budget.GiveUp(locus);
            Array.Fill(search._explained, true);
        }

        return search._explained;
    }

    // Each genotype in both orders: a parent's first is then the haplotype called 0, a child's first the maternal copy.
    private static (Inheritable First, Inheritable Second)[] Phases(LocusTyping? typing)
    {
        var phases = new HashSet<(Inheritable, Inheritable)>();
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

    // False when the budget is spent.
    private bool TryFollow(int child, int vector, HashSet<Parents> parents)
    {
        if (child == _copies.Length)
        {
            _explained[vector] = true;
            return true;
        }

        var ways = child == 0 ? 1 : Transmissions.Count(1);
        for (var way = 0; way < ways; way++)
        {
            var longer = child == 0 ? 0 : vector | (way << (2 * (child - 1)));
            if (!TryNarrow(parents, child, longer, out var narrowed) || (narrowed.Count > 0 && !TryFollow(child + 1, longer, narrowed)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryNarrow(HashSet<Parents> parents, int child, int vector, out HashSet<Parents> narrowed)
    {
        narrowed = [];
        var (maternal, paternal) = (Transmissions.Got(vector, child, 0), Transmissions.Got(vector, child, 1));
        foreach (var one in parents)
        {
            var (hers, his) = (one.Maternal(maternal), one.Paternal(paternal));
            foreach (var (fromMother, fromFather) in _copies[child])
            {
                if (!_budget.TrySpend(hers.Steps + fromMother.Steps))
                {
                    return false;
                }

                if (!hers.TryMeet(fromMother, out var left))
                {
                    continue;
                }

                if (!_budget.TrySpend(his.Steps + fromFather.Steps))
                {
                    return false;
                }

                if (his.TryMeet(fromFather, out var right))
                {
                    narrowed.Add(one.With(maternal, left, paternal, right));

                    // After the last child one is enough.
                    if (child + 1 == _copies.Length)
                    {
                        return true;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>What the four haplotypes of the parents may carry.</summary>
    private readonly record struct Parents(Inheritable Mother0, Inheritable Mother1, Inheritable Father0, Inheritable Father1)
    {
        public Inheritable Maternal(int haplotype) => haplotype == 0 ? Mother0 : Mother1;

        public Inheritable Paternal(int haplotype) => haplotype == 0 ? Father0 : Father1;

        public Parents With(int maternal, Inheritable hers, int paternal, Inheritable his) => new(
            maternal == 0 ? hers : Mother0,
            maternal == 0 ? Mother1 : hers,
            paternal == 0 ? his : Father0,
            paternal == 0 ? Father1 : his);
    }
}
