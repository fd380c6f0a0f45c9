using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>Writes the cells of a cord graft for the recipient's present weight.</summary>
internal static class CordDoses
{
    /// <summary>All units, and the unit with fewest.</summary>
    public static CordDose Of(Donor donor, GraftSize size)
    {
        var dose = new CordDose { Units = donor.Units.Count };
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

    // Null unless it is known of every unit.
    private static List<decimal>? PerKg(Donor donor, Func<CordUnit, decimal?> cells, GraftSize size)
    {
        var doses = donor.Units.Select(unit => size.PerKg(cells(unit))).ToList();
        return doses.Contains(null) ? null : [.. doses.Select(dose => dose!.Value)];
    }
}
