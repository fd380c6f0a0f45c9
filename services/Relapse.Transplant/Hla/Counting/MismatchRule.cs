namespace Relapse.Transplant.Hla;

/// <summary>The rule by which mismatches of one locus are counted, when both copies of both persons are known.</summary>
internal static class MismatchRule
{
    /// <summary>No protein.</summary>
    public const int Silent = 0;

    /// <summary>Counts one locus. A copy is its class, or <see cref="Silent"/>; nothing but equality is asked of the numbers.</summary>
    /// <returns>Mismatches graft versus host and host versus graft, 0 to 2 inclusive each.</returns>
    public static (int GvH, int HvG) Count(WmdaTable table, int recipient1, int recipient2, int donor1, int donor2)
    {
        var (recipientSilent, donorSilent) = (Silents(recipient1, recipient2), Silents(donor1, donor2));
        // A null allele on one side only: that person makes one protein, and counts as homozygous for it.
        if (recipientSilent == 1 && donorSilent == 0)
        {
            recipient1 = recipient2 = Other(recipient1, recipient2);
        }
        else if (donorSilent == 1 && recipientSilent == 0)
        {
            donor1 = donor2 = Other(donor1, donor2);
        }

        return table == WmdaTable.Consensus2016
            ? (Lacking(recipient1, donor1, donor2) + Lacking(recipient2, donor1, donor2),
                Lacking(donor1, recipient1, recipient2) + Lacking(donor2, recipient1, recipient2))
            : (LackingOnce(recipient1, recipient2, donor1, donor2), LackingOnce(donor1, donor2, recipient1, recipient2));
    }

    private static int Silents(int one, int other) => (one == Silent ? 1 : 0) + (other == Silent ? 1 : 0);

    private static int Other(int one, int other) => one == Silent ? other : one;

    private static int Lacking(int code, int one, int other) => code != Silent && code != one && code != other ? 1 : 0;

    private static int LackingOnce(int code1, int code2, int one, int other) =>
        Lacking(code1, one, other) + (code1 == code2 ? 0 : Lacking(code2, one, other));
}
