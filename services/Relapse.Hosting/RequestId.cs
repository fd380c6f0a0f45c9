using System.Security.Cryptography;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting;

/// <summary>The caller's random request id, which keys the receipts of a call.</summary>
public static class RequestId
{
    private const int MaxLength = 64;
    private const int RandomBytes = 16;

    /// <summary>The most bytes that an id takes in UTF-8.</summary>
    internal const int MostBytes = MaxLength * 3;

    /// <summary>The caller's id if it is one, or 128 random bits in hex where none was given. A fault where it cannot be.</summary>
    public static string Check(string requestId, FaultList faults, string field = "request_id")
    {
        ArgumentNullException.ThrowIfNull(requestId);
        ArgumentNullException.ThrowIfNull(faults);
        if (requestId.Length == 0)
        {
            return Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        }

        if (requestId.Length > MaxLength)
        {
            faults.Invalid(field, $"must be at most {MaxLength} characters");
        }

        if (requestId.Any(char.IsControl))
        {
            faults.Invalid(field, "must not contain control characters");
        }

        return requestId;
    }
}
