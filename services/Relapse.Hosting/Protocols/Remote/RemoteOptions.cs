using Relapse.Edge;

namespace Relapse.Hosting.Protocols;

/// <summary>Where the registry is, for a process that does not have it inside. Neither set: the shipped library is all there is.</summary>
internal sealed record RemoteOptions
{
    /// <summary>Name of the setting that says where it is; a process that has it inside refuses it.</summary>
    internal const string AddressName = "RELAPSE_REGISTRY_ADDRESS";

    private const string TokenFileName = "RELAPSE_REGISTRY_TOKEN_FILE";

    /// <summary>The registry's gRPC port, http or https. RELAPSE_REGISTRY_ADDRESS.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// Path of a file with the bearer token of this service, read again for each call since tokens are renewed.
    /// RELAPSE_REGISTRY_TOKEN_FILE; null: calls are made without one.
    /// </summary>
    public required string? TokenFile { get; init; }

    /// <summary>Reads the options; null when there is no registry to follow. Faults stay with <paramref name="settings"/> until it refuses.</summary>
    internal static RemoteOptions? Read(Settings settings)
    {
        var (address, token) = (settings.Text(AddressName, ""), settings.Text(TokenFileName, ""));
        if (address.Length == 0)
        {
            if (token.Length > 0)
            {
                settings.Fault(TokenFileName, $"is set and {AddressName} is not; there is nobody to show the token to");
            }

            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.UserInfo.Length > 0 || url.PathAndQuery != "/")
        {
            settings.Fault(AddressName, "is not http://host:port or https://host:port of a registry's gRPC port");
            return null;
        }

        if (token.Length > 0 && !File.Exists(token))
        {
            settings.Fault(TokenFileName, "names a file that is not there");
        }

        return new RemoteOptions { Address = url, TokenFile = token.Length > 0 ? token : null };
    }
}
