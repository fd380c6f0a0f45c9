using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Relapse.Edge;

/// <summary>Takes a JSON Web Key Set for the whole of an issuer's metadata, where only its keys are to be had.</summary>
internal sealed class KeySetRetriever : IConfigurationRetriever<OpenIdConnectConfiguration>, IDocumentRetriever
{
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        var keys = new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel));
        var configuration = new OpenIdConnectConfiguration { JsonWebKeySet = keys };
        foreach (var key in keys.GetSigningKeys())
        {
            configuration.SigningKeys.Add(key);
        }

        return configuration;
    }

    /// <summary>A file, read anew each time, so that a new key needs no restart.</summary>
    public Task<string> GetDocumentAsync(string address, CancellationToken cancel) => File.ReadAllTextAsync(address, cancel);
}
