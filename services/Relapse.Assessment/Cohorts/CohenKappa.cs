using Relapse.Contracts.Assessment.V1;

namespace Relapse.Assessment.Cohorts;

/// <summary>
/// Cohen's kappa of two raters over the same items, unweighted, with its 95 % confidence interval by the large-sample standard error of Fleiss,
/// Cohen and Everitt (Psychological Bulletin 1969; 72: 323-327).
/// </summary>
internal static class CohenKappa
{
    /// <summary>The 97.5th percentile of the standard normal distribution.</summary>
    private const double Normal975 = 1.959963984540054;

    /// <summary>How far two agree beyond chance; null when no item is settled by both.</summary>
    /// <param name="table">How many items the one calls the first word and the other the second.</param>
    public static AgreementBeyondChance? Of(IReadOnlyDictionary<(string One, string Other), long> table)
    {
        var items = table.Values.Sum();
        if (items == 0)
        {
            return null;
        }

        string[] words = [.. table.Keys.SelectMany(cell => new[] { cell.One, cell.Other }).Distinct().Order(StringComparer.Ordinal)];
        double Share(string one, string other) => table.GetValueOrDefault((one, other)) / (double)items;
        var rows = words.ToDictionary(word => word, word => words.Sum(other => Share(word, other)), StringComparer.Ordinal);
        var columns = words.ToDictionary(word => word, word => words.Sum(one => Share(one, word)), StringComparer.Ordinal);
        var observed = words.Sum(word => Share(word, word));
        var expected = words.Sum(word => rows[word] * columns[word]);
        var agreement = new AgreementBeyondChance { Items = items, Observed = observed, Expected = expected };
        // Both say one and the same word of everybody: there is no chance to compare with.
        if (words.Length == 1)
        {
            return agreement;
        }

        var kappa = (observed - expected) / (1 - expected);
        var alike = words.Sum(word => Share(word, word) * Square(1 - ((rows[word] + columns[word]) * (1 - kappa))));
        var apart = Square(1 - kappa) * (from one in words from other in words where one != other select Share(one, other) * Square(columns[one] + rows[other])).Sum();
        var variance = (alike + apart - Square(kappa - (expected * (1 - kappa)))) / (items * Square(1 - expected));
        var margin = Normal975 * Math.Sqrt(Math.Max(0, variance));
        (agreement.Kappa, agreement.Lower, agreement.Upper) = (kappa, Math.Max(-1, kappa - margin), Math.Min(1, kappa + margin));
        return agreement;
    }

    private static double Square(double value) => value * value;
}
