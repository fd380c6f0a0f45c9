using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>Writes the cells of a cord graft for the recipient's present weight.</summary>
internal static class CordDoses
{
    /// <summary>All units, and the unit with fewest.</summary>
    public static CordDose Of(DonorCase cord, GraftSize size, HlaContext context)
    {
        var donor = cord.Message;
        var dose = new CordDose { Units = donor.Units.Count };
        if (cord.Typings is [var first, var second])
        {
            (dose.UnitsAntigenSix, dose.UnitsEight) = (Match(first, second, CountScheme.Six, context), Match(first, second, CountScheme.Eight, context));
        }

        var (tnc, cd34) = (PerKg(donor, GraftSize.Tnc, size), PerKg(donor, GraftSize.Cd34, size));
        if (tnc is { Count: > 0 })
        {
            (dose.TncE7PerKg, dose.LeastTncE7PerKg) = ((double)tnc.Sum(), (double)tnc.Min());
        }

        if (cd34 is { Count: > 0 })
        {
            (dose.Cd34E5PerKg, dose.LeastCd34E5PerKg) = ((double)cd34.Sum(), (double)cd34.Min());
        }

        return dose;
    }

    // Of one unit with the other: neither of them is the recipient's, so nothing is said of directions.
    private static MatchCount Match(Hla.HlaTyping first, Hla.HlaTyping second, CountScheme scheme, HlaContext context)
    {
        var (sum, typed) = (default(Bounds), 0);
        foreach (var locus in scheme.Loci())
        {
            var comparison = context.Comparing(locus, first[locus]);
            sum += scheme == CountScheme.Six && locus is HlaLocus.A or HlaLocus.B ? comparison.AntigenMatches(second[locus]) : comparison.Count(second[locus]).Matches;
            typed += first[locus].IsTyped && second[locus].IsTyped ? 1 : 0;
        }

        return new MatchCount { OutOf = 2 * scheme.Loci().Length, Guaranteed = sum.Min, Possible = sum.Max, LociTyped = typed };
    }

    // Null unless it is known of every unit.
    private static List<decimal>? PerKg(Donor donor, Func<CordUnit, decimal?> cells, GraftSize size)
    {
        var doses = donor.Units.Select(unit => size.PerKg(cells(unit))).ToList();
        return doses.Contains(null) ? null : [.. doses.Select(dose => dose!.Value)];
    }
}
