namespace Relapse.Transplant.Ranking;

/// <summary>Reasons for which a donor is blocked: the closed list.</summary>
internal static class BlockCode
{
    public const string Autologous = "AUTOLOGOUS";
    public const string DsaAboveLimit = "DSA_ABOVE_LIMIT";
    public const string MatchBelowMinimum = "MATCH_BELOW_MINIMUM";
    public const string TncBelowMinimum = "TNC_BELOW_MINIMUM";
    public const string Cd34BelowMinimum = "CD34_BELOW_MINIMUM";
    public const string NotFit = "NOT_FIT";
    public const string HlaNotConfirmed = "HLA_NOT_CONFIRMED";
    public const string DonorTooYoung = "DONOR_TOO_YOUNG";
    public const string GraftTooSmall = "GRAFT_TOO_SMALL";

    private static readonly string[] Known =
        [DsaAboveLimit, MatchBelowMinimum, TncBelowMinimum, Cd34BelowMinimum, NotFit, HlaNotConfirmed, DonorTooYoung, GraftTooSmall];

    /// <summary>Whether a centre may set a block aside; never that the patient is no donor.</summary>
    public static bool MayBeSetAside(string code) => Known.Contains(code, StringComparer.Ordinal);
}
