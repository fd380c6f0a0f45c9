using System.Security.Cryptography;

namespace Relapse.Client.Cohorts;

/// <summary>The id that keys the receipts of a call: 128 random bits, because whoever guesses it can search for the case behind a receipt.</summary>
internal static class RandomRequestId
{
    private const int HexDigits = 32;

    public static string Next() => RandomNumberGenerator.GetHexString(HexDigits, lowercase: true);
}
