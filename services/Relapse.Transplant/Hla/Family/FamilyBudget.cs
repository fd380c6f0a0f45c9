namespace Relapse.Transplant.Hla;

/// <summary>
/// Bounds what following the haplotypes of one family may cost: lists of genotypes multiply with every relative. Work is counted and not
/// timed, so an answer is the same on every machine. A locus that is given up says nothing of descent, which leaves more inheritances
/// possible and so less proven, never the other way; who asked says which.
/// </summary>
/// <param name="steps">Steps for all sets of relatives that are followed with it.</param>
/// <param name="cancellation">Ends the work when nobody waits for it.</param>
internal sealed class FamilyBudget(long steps = FamilyBudget.OfCall, CancellationToken cancellation = default)
{
    /// <summary>Steps for one locus of one set of relatives: a few tenths of a second. A step is one copy met with one other.</summary>
    public const int OfLocus = 1_000_000;

    /// <summary>Steps for all sets of relatives of one call.</summary>
    public const long OfCall = 6_000_000;

    private readonly SortedSet<HlaLocus> _givenUp = [];
    private long _left = steps;
    private long _leftOfLocus;

    /// <summary>Loci given up for one set of relatives at least.</summary>
    public IReadOnlyCollection<HlaLocus> GivenUp => _givenUp;

    /// <summary>Begins a locus.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public void Begin()
    {
        cancellation.ThrowIfCancellationRequested();
        _leftOfLocus = Math.Min(OfLocus, _left);
    }

    /// <summary>Takes steps; false when they are more than are left.</summary>
    public bool TrySpend(int steps)
    {
        _left -= steps;
        _leftOfLocus -= steps;
        return _leftOfLocus >= 0;
    }

    /// <summary>Notes a locus whose steps did not suffice.</summary>
    public void GiveUp(HlaLocus locus) => _givenUp.Add(locus);
}
