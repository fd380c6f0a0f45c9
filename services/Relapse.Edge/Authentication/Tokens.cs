using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Relapse.Edge;

/// <summary>How bearer tokens are judged: signed by the issuer with a public key, for this audience, in their time.</summary>
internal static class Tokens
{
    // What a machine's clock may be off.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // How often keys are fetched at most because tokens name one that is not known: anybody can send such tokens.
    private static readonly TimeSpan KeysAgain = TimeSpan.FromSeconds(30);

    // Only signatures that need the issuer's private key: with the others a public key would do as a password.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    internal static void Add(IServiceCollection services, OidcOptions oidc)
    {
        var keys = ManagerOf(oidc);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<JudgedTokens>();
        services.AddSingleton(new IssuerKeys(keys));
        // No default: asked for by name, and by the gate alone.
        services.AddAuthentication().AddJwtBearer(bearer => Configure(bearer, oidc, keys));
    }

    private static void Configure(JwtBearerOptions bearer, OidcOptions oidc, ConfigurationManager<OpenIdConnectConfiguration> keys)
    {
        bearer.MapInboundClaims = false;
        bearer.RequireHttpsMetadata = oidc.Authority?.Scheme == Uri.UriSchemeHttps;
        bearer.IncludeErrorDetails = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidAudience = oidc.Audience,
            ValidIssuer = oidc.Issuer,
            ValidateIssuerSigningKey = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = Skew,
        };
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 });
        bearer.ConfigurationManager = keys;
        bearer.Events = new JwtBearerEvents { OnTokenValidated = RememberAsync };
    }

    // Only what a key of the current set made: a token may also be accepted by a key of the set before, for a while, which
    // nothing here would see the end of.
    private static async Task RememberAsync(TokenValidatedContext accepted)
    {
        var services = accepted.HttpContext.RequestServices;
        var current = await services.GetRequiredService<IssuerKeys>().CurrentAsync(accepted.HttpContext.RequestAborted);
        if (current is not null
            && accepted is { SecurityToken: JsonWebToken token, Principal: { } principal }
            && current.SigningKeys.Any(key => ReferenceEquals(key, token.SigningKey)))
        {
            services.GetRequiredService<JudgedTokens>().Remember(token.EncodedToken, current, Caller.Of(principal), token.ValidFrom, EndOf(token));
        }
    }

    // A key that comes with its certificate is good no longer than that.
    private static DateTimeOffset EndOf(JsonWebToken token) =>
        token.SigningKey is X509SecurityKey { Certificate.NotAfter: var end } && end.ToUniversalTime() < token.ValidTo ? end : token.ValidTo;

    private static ConfigurationManager<OpenIdConnectConfiguration> ManagerOf(OidcOptions oidc)
    {
        var http = new HttpDocumentRetriever { RequireHttps = false };
        if (oidc.Authority is { } authority)
        {
            var metadata = authority.ToString().TrimEnd('/') + "/.well-known/openid-configuration";
            http.RequireHttps = authority.Scheme == Uri.UriSchemeHttps;
            return Current(new ConfigurationManager<OpenIdConnectConfiguration>(metadata, new OpenIdConnectConfigurationRetriever(), http));
        }

        var keys = new KeySetRetriever();
        http.RequireHttps = oidc.Keys!.StartsWith(Uri.UriSchemeHttps + "://", StringComparison.Ordinal);
        IDocumentRetriever documents = oidc.Keys.Contains("://", StringComparison.Ordinal) ? http : keys;
        return Current(new ConfigurationManager<OpenIdConnectConfiguration>(oidc.Keys, keys, documents));
    }

    // A key that the issuer lists no more is not believed: the library would go on with the last ones for another hour.
    private static ConfigurationManager<OpenIdConnectConfiguration> Current(ConfigurationManager<OpenIdConnectConfiguration> manager)
    {
        (manager.RefreshInterval, manager.UseLastKnownGoodConfiguration) = (KeysAgain, false);
        return manager;
    }
}
