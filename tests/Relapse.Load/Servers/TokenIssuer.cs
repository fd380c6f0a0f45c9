using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Relapse.Load.Servers;

/// <summary>An issuer of one token: its key in a file that the gateway is pointed at, and the token that every call carries.</summary>
internal sealed class TokenIssuer : IDisposable
{
    private const string Issuer = "https://load.invalid";
    private const string Audience = "relapse";

    private readonly string _keys = Path.GetTempFileName();

    /// <summary>Makes a key of the usual size and a token that outlives the run.</summary>
    public TokenIssuer()
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(false);
        File.WriteAllText(_keys, JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", kid = "load", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } },
        }));
        var now = DateTimeOffset.UtcNow;
        var head = Part(new { alg = "RS256", typ = "JWT", kid = "load" });
        var body = Part(new
        {
            iss = Issuer,
            aud = Audience,
            sub = "load",
            scope = "relapse.read",
            centre = "load",
            nbf = now.AddMinutes(-1).ToUnixTimeSeconds(),
            exp = now.AddHours(12).ToUnixTimeSeconds(),
        });
        var signature = rsa.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Bearer = $"Bearer {head}.{body}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The value of the authorization header.</summary>
    public string Bearer { get; }

    /// <summary>What a process is told to believe this issuer.</summary>
    public (string Name, string Value)[] Settings => [("RELAPSE_OIDC_ISSUER", Issuer), ("RELAPSE_OIDC_AUDIENCE", Audience), ("RELAPSE_OIDC_KEYS", _keys)];

    public void Dispose() => File.Delete(_keys);

    private static string Part(object content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));
}
