using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Relapse.Edge;

/// <summary>Who calls: what the token allows, and for which centre.</summary>
/// <param name="Centre">The claim `centre`; null when the token has none, or one that cannot be a centre's id.</param>
/// <param name="Scopes">The scopes of the token, of those that the contract knows.</param>
public sealed record Caller(string? Centre, FrozenSet<string> Scopes)
{
    /// <summary>The claim that says for which centre a caller acts.</summary>
    public const string CentreClaim = "centre";

    /// <summary>The centre of everyone who calls a process that asks nobody for a token.</summary>
    public const string LocalCentre = "local";

    private const int MaxCentre = 64;

    /// <summary>Nobody: may nothing.</summary>
    public static Caller Nobody { get; } = new(null, []);

    /// <summary>Whoever calls a process that asks nobody for a token: may everything, for the centre `local`.</summary>
    public static Caller Local { get; } = new(LocalCentre, FrozenSet.Create(StringComparer.Ordinal, Scope.Read, Scope.Publish, Scope.Label));

    /// <summary>Who makes a call; nobody when no one asked.</summary>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? Nobody;
    }

    /// <summary>Whether the caller has a scope.</summary>
    public bool May(string scope) => Scopes.Contains(scope);

    /// <summary>
    /// What an accepted token says. Scopes stand in `scope`, separated by spaces (RFC 8693), or in `scp`, which some issuers
    /// write in its place, as a text or a list.
    /// </summary>
    internal static Caller Of(ClaimsPrincipal accepted)
    {
        var scopes = accepted.FindAll("scope").Concat(accepted.FindAll("scp"))
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        // Two centres in one token are none: it cannot be known for which the caller acts.
        var centre = accepted.FindAll(CentreClaim).Take(2).ToArray() is [var one] && IsCentre(one.Value) ? one.Value : null;
        // An issuer may write what it likes into its tokens; a caller is remembered and must stay small.
        return new Caller(centre, scopes.Where(Scope.All.Contains).ToFrozenSet(StringComparer.Ordinal));
    }

    private static bool IsCentre(string text) =>
        text.Length is > 0 and <= MaxCentre
        && char.IsAsciiLetterLower(text[0]) | char.IsAsciiDigit(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
}

/// <summary>The scopes of the contract.</summary>
public static class Scope
{
    /// <summary>To ask for answers and to read the registry.</summary>
    public const string Read = "relapse.read";

    /// <summary>To publish and to archive versions of the caller's centre.</summary>
    public const string Publish = "relapse.publish";

    /// <summary>To move labels.</summary>
    public const string Label = "relapse.label";

    /// <summary>To follow the registry as a service does, which answers callers of every centre.</summary>
    public const string Replicate = "relapse.replicate";

    internal static FrozenSet<string> All { get; } = FrozenSet.Create(StringComparer.Ordinal, Read, Publish, Label, Replicate);
}
