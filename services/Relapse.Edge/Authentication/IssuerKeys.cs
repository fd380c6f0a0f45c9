using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Relapse.Edge;

/// <summary>The keys of the issuer as they are now. Asking also has them fetched again when it is time.</summary>
internal sealed class IssuerKeys(IConfigurationManager<OpenIdConnectConfiguration> source)
{
    /// <summary>The same object until they are fetched again; null when they were never had.</summary>
    public async Task<OpenIdConnectConfiguration?> CurrentAsync(CancellationToken cancel)
    {
        try
        {
            return await source.GetConfigurationAsync(cancel);
        }
        catch (Exception unreachable) when (unreachable is InvalidOperationException or IOException or ArgumentException)
        {
            return null;
        }
    }
}
