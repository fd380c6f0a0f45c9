using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;

namespace Relapse.Mrd;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class MrdRpcs(
    ProtocolSource protocols, AnswerEvents events, MessageLimits limits, CohortWorkers workers, ILogger<MrdRpcs> logger) : MrdService.MrdServiceBase;
