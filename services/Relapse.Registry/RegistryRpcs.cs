using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class RegistryRpcs(ProtocolSource protocols) : RegistryService.RegistryServiceBase;
