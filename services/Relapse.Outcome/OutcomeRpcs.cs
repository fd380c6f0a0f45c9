using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Protocols;

namespace Relapse.Outcomes;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class OutcomeRpcs(ProtocolSource protocols) : OutcomeService.OutcomeServiceBase;
