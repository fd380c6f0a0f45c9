namespace Relapse.Edge;

/// <summary>
/// Whose tokens are believed. Either discovery by the issuer's own metadata (an authority), or an issuer and its keys said
/// here, for a place where the issuer's metadata cannot be reached. None at all: nobody is asked for a token.
/// </summary>
public sealed record OidcOptions
{
    private const string AuthorityName = "RELAPSE_OIDC_AUTHORITY";
    private const string IssuerName = "RELAPSE_OIDC_ISSUER";
    private const string AudienceName = "RELAPSE_OIDC_AUDIENCE";
    private const string KeysName = "RELAPSE_OIDC_KEYS";

    /// <summary>
    /// Where <c>/.well-known/openid-configuration</c> is found, a URL; https, or http on this machine. RELAPSE_OIDC_AUTHORITY;
    /// null when keys are given.
    /// </summary>
    public required Uri? Authority { get; init; }

    /// <summary>The <c>iss</c> of accepted tokens. RELAPSE_OIDC_ISSUER; null: what the authority's metadata says.</summary>
    public required string? Issuer { get; init; }

    /// <summary>The <c>aud</c> that accepted tokens have, among others or alone. RELAPSE_OIDC_AUDIENCE.</summary>
    public required string Audience { get; init; }

    /// <summary>
    /// A JSON Web Key Set: a URL (https, or http on this machine), or the path of a file. RELAPSE_OIDC_KEYS; null: what the
    /// authority's metadata names.
    /// </summary>
    public required string? Keys { get; init; }

    /// <summary>Reads the options; null when none is set. Faults stay with <paramref name="settings"/> until it refuses.</summary>
    internal static OidcOptions? Read(Settings settings)
    {
        string? Given(string name) => settings.Text(name, "") is { Length: > 0 } text ? text : null;
        var (authority, issuer, audience, keys) = (Given(AuthorityName), Given(IssuerName), Given(AudienceName), Given(KeysName));
        if (authority is null && issuer is null && audience is null && keys is null)
        {
            return null;
        }

        if (audience is null)
        {
            settings.Fault(AudienceName, "is missing: a token for somebody else must not be accepted here");
        }

        if ((authority is null) == (keys is null))
        {
            settings.Fault(AuthorityName, $"one of this and {KeysName} is needed, and not both: where the keys of the issuer are");
        }

        if (keys is not null && issuer is null)
        {
            settings.Fault(IssuerName, $"is missing: {KeysName} does not say whose keys they are");
        }

        return new OidcOptions
        {
            Authority = authority is null ? null : Url(settings, AuthorityName, authority),
            Issuer = issuer,
            Audience = audience ?? "",
            Keys = keys is null || !keys.Contains("://", StringComparison.Ordinal) ? File(settings, keys) : Url(settings, KeysName, keys)?.ToString(),
        };
    }

    // Keys over cleartext from another machine are whoever's keys stand in between.
    private static Uri? Url(Settings settings, string name, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && EdgeOptions.IsLoopbackHost(url.Host)))
            && url.UserInfo.Length == 0)
        {
            return url;
        }

        settings.Fault(name, "is not an https:// address (http:// only on this machine)");
        return null;
    }

    private static string? File(Settings settings, string? path)
    {
        if (path is not null && !System.IO.File.Exists(path))
        {
            settings.Fault(KeysName, "names a file that is not there");
        }

        return path;
    }
}
