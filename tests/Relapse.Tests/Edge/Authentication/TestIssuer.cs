using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Relapse.Tests.Edge.Authentication;

/// <summary>An issuer of tokens with a key of its own, which it serves on loopback as OpenID Connect has it.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "relapse";

    private readonly WebApplication _app;
    private RsaSecurityKey _key = NewKey();

    private TestIssuer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>What a process is told to believe this issuer.</summary>
    public string[] Arguments => ["--RELAPSE_OIDC_AUTHORITY=" + Address, "--RELAPSE_OIDC_AUDIENCE=" + Audience];

    public RsaSecurityKey Key => _key;

    /// <summary>How often the keys were fetched.</summary>
    public int Asked { get; private set; }

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var issuer = new TestIssuer(builder.Build());
        issuer._app.MapGet("/.well-known/openid-configuration", () => Results.Text(
            JsonSerializer.Serialize(new { issuer = issuer.Address, jwks_uri = issuer.Address + "/keys" }), "application/json"));
        issuer._app.MapGet("/keys", () =>
        {
            issuer.Asked++;
            return Results.Text(issuer.KeySet(), "application/json");
        });
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    public void Rotate() => _key = NewKey();

    public string KeySet()
    {
        var parameters = _key.Rsa.ExportParameters(false);
        var key = new { kty = "RSA", use = "sig", kid = _key.KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
        return JsonSerializer.Serialize(new { keys = new[] { key } });
    }

    /// <summary>A token for a centre, or for none, with scopes separated by spaces.</summary>
    public string Token(string? centre, string scope = "relapse.read relapse.publish relapse.label") => Token(claims =>
    {
        claims["scope"] = scope;
        if (centre is not null)
        {
            claims["centre"] = centre;
        }
    });

    public string Token(
        Action<Dictionary<string, object>> claim, SigningCredentials? signing = null, string? issuer = null, string audience = Audience, TimeSpan? from = null, TimeSpan? to = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "somebody" };
        claim(claims);
        var now = DateTime.UtcNow;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address,
            Audience = audience,
            NotBefore = now + (from ?? TimeSpan.FromMinutes(-1)),
            Expires = now + (to ?? TimeSpan.FromMinutes(10)),
            Claims = claims,
            SigningCredentials = signing ?? new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    /// <summary>A token that says it needs no signature.</summary>
    public string Unsigned()
    {
        var header = Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes("""{"alg":"none","typ":"JWT"}"""));
        return $"{header}.{Token("north").Split('.')[1]}.";
    }
}
