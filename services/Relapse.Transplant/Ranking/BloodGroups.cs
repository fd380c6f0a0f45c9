using Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Ranking;

/// <summary>ABO of recipient and donor, by definition: a major mismatch where the donor has an antigen that the recipient lacks, a minor
/// one where the recipient has an antigen that the donor lacks, both together bidirectional.</summary>
internal static class BloodGroups
{
    private static readonly BloodGroup[] All = [BloodGroup.O, BloodGroup.A, BloodGroup.B, BloodGroup.Ab];

    /// <summary>Every word that is possible.</summary>
    public static string[] Words(BloodGroup recipient, BloodGroup donor) =>
        [.. (from own in Possible(recipient) from other in Possible(donor) select Word(own, other)).Distinct(StringComparer.Ordinal)];

    private static BloodGroup[] Possible(BloodGroup group) => group == BloodGroup.Unspecified ? All : [group];

    private static string Word(BloodGroup recipient, BloodGroup donor)
    {
        var (own, other) = (Antigens(recipient), Antigens(donor));
        return ((other & ~own) != 0, (own & ~other) != 0) switch
        {
            (true, true) => "BIDIRECTIONAL",
            (true, false) => "MAJOR",
            (false, true) => "MINOR",
            _ => "MATCHED",
        };
    }

    // A and B as bits.
    private static int Antigens(BloodGroup group) => group switch
    {
        BloodGroup.A => 1,
        BloodGroup.B => 2,
        BloodGroup.Ab => 3,
        _ => 0,
    };
}
