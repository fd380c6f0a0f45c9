using System.Collections.Frozen;
using System.Globalization;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Policies;

/// <summary>Ids of the settings that the engine reads. A policy declares those it has; a value is in the policy, comes from the centre, or
/// is unset.</summary>
internal static class SettingId
{
    public const string MatchedFamily = "matched.family";
    public const string MatchedUnrelated = "matched.unrelated";
    public const string SuitableCord = "cord.suitable";
    public const string NkModel = "nk_alloreactivity.model";
    public const string SingleTnc = "cord.single.min_tnc_e7_per_kg";
    public const string SingleCd34 = "cord.single.min_cd34_e5_per_kg";
    public const string DoubleTnc = "cord.double.each_unit_min_tnc_e7_per_kg";
    public const string DoubleCd34 = "cord.double.each_unit_min_cd34_e5_per_kg";
    public const string SingleBeforeDouble = "cord.single_before_double";
    public const string DsaLimit = "dsa.block_above_mfi";
    public const string Confirmation = "hla.confirmation";
    public const string UnrelatedAge = "donor.unrelated_min_age_years";
    public const string AllotransfusionAge = "donor.allotransfusion_below_years";
    public const string HarvestVolume = "harvest.max_ml_per_kg";
    public const string HarvestTarget = "harvest.target_tnc_e8_per_kg";
    public const string HarvestYield = "harvest.tnc_e7_per_ml";
    public const string HarvestBelowTarget = "harvest.below_target";
    public const string UsualMonths = "time.usual_months_to_transplant";
}

/// <summary>Words that settings may have.</summary>
internal static class SettingWord
{
    public const string Yes = "YES";
    public const string No = "NO";
    public const string Required = "REQUIRED";
    public const string NotRequired = "NOT_REQUIRED";
    public const string Block = "BLOCK";
    public const string Warn = "WARN";
    public const string LigandLigand = "LIGAND_LIGAND";
    public const string MissingSelf = "MISSING_SELF";
    public const string ReceptorLigand = "RECEPTOR_LIGAND";
    public const string MissingLigand = "MISSING_LIGAND";
}

/// <summary>At least so many guaranteed matches of a scheme.</summary>
/// <param name="Scheme">Which loci.</param>
/// <param name="Least">How many, inclusive.</param>
internal readonly record struct MatchMinimum(CountScheme Scheme, int Least)
{
    /// <summary>Whether a count reaches it.</summary>
    public Truth Reached(Bounds matches) => matches.Min >= Least ? Truth.True : matches.Max < Least ? Truth.False : Truth.Open;
}

/// <summary>Which settings there are, and what may stand in each: the closed list.</summary>
internal static class SettingCatalogue
{
    // What reckoning with them stays exact; no limit of medicine.
    private const decimal Highest = 1_000_000_000;
    private const decimal MostMonths = 120;
    private const int MostDecimals = 9;

    private static readonly FrozenDictionary<string, Func<string, string?>> Checks = new Dictionary<string, Func<string, string?>>
    {
        [SettingId.MatchedFamily] = CheckMatch,
        [SettingId.MatchedUnrelated] = CheckMatch,
        [SettingId.SuitableCord] = CheckCordMatch,
        [SettingId.NkModel] = Words(SettingWord.LigandLigand, SettingWord.MissingSelf, SettingWord.ReceptorLigand, SettingWord.MissingLigand),
        [SettingId.SingleTnc] = CheckNumber,
        [SettingId.SingleCd34] = CheckNumber,
        [SettingId.DoubleTnc] = CheckNumber,
        [SettingId.DoubleCd34] = CheckNumber,
        [SettingId.SingleBeforeDouble] = Words(SettingWord.Yes, SettingWord.No),
        [SettingId.DsaLimit] = CheckNumber,
        [SettingId.Confirmation] = Words(SettingWord.Required, SettingWord.NotRequired),
        [SettingId.UnrelatedAge] = CheckNumber,
        [SettingId.AllotransfusionAge] = CheckNumber,
        [SettingId.HarvestVolume] = CheckNumber,
        [SettingId.HarvestTarget] = CheckNumber,
        [SettingId.HarvestYield] = CheckNumber,
        [SettingId.HarvestBelowTarget] = Words(SettingWord.Block, SettingWord.Warn),
        [SettingId.UsualMonths] = CheckMonths,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether there is such a setting.</summary>
    public static bool Has(string id) => Checks.ContainsKey(id);

    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public static string? Fault(string id, string value) => Checks[id](value);

    /// <summary>Reads <c>9/10</c>.</summary>
    public static bool TryMatch(string value, out MatchMinimum minimum)
    {
        minimum = default;
        var parts = value.Split('/');
        if (parts.Length != 2 || !TryWhole(parts[0], out var least) || !TryWhole(parts[1], out var outOf) || least < 1 || least > outOf)
        {
            return false;
        }

        foreach (var scheme in Enum.GetValues<CountScheme>())
        {
            if (2 * scheme.Loci().Length == outOf)
            {
                minimum = new MatchMinimum(scheme, least);
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a decimal number of 0 or more.</summary>
    public static bool TryNumber(string value, out decimal number) =>
        decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number <= Highest && number.Scale <= MostDecimals;

    private static bool TryWhole(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string? CheckMatch(string value) =>
        TryMatch(value, out _) ? null : "must be a count of matches as 9/10: at least 1, and of 6, 8, 10 or 12";

    private static string? CheckCordMatch(string value) =>
        TryMatch(value, out var minimum) && minimum.Scheme is CountScheme.Six or CountScheme.Eight ? null : "must be a count of matches as 4/6: at least 1, and of 6 or 8";

    private static string? CheckNumber(string value) => TryNumber(value, out _) ? null : "must be a decimal number from 0 to 1000000000, with 9 decimals at most";

    private static string? CheckMonths(string value) => TryNumber(value, out var months) && months <= MostMonths && months.Scale == 0 ? null : "must be a whole number of months, 120 at most";

    private static Func<string, string?> Words(params string[] words) =>
        value => words.Contains(value, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", words)}";
}
