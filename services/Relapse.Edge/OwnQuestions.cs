using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Relapse.Edge;

/// <summary>
/// What a process asks itself over its own port, where every service is in one process. The call that it is asked for is counted already: a part
/// of it that were turned away as one call too many would leave that call with half an answer. Known by a key that is made with the
/// process and goes nowhere else.
/// </summary>
public sealed class OwnQuestions
{
    private const int KeyDigits = 64;

    private readonly byte[] _key = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true));

    /// <summary>The header that such a question has.</summary>
    public static string Header => "relapse-own-question";

    /// <summary>Its value.</summary>
    public string Key => Encoding.ASCII.GetString(_key);

    /// <summary>Whether a request is one.</summary>
    public bool Is(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.TryGetValue(Header, out var given)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given.ToString()), _key);
    }
}
