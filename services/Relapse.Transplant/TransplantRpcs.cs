using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;

namespace Relapse.Transplant;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class TransplantRpcs(
    ProtocolSource protocols, AnswerEvents events, MessageLimits limits, CohortWorkers workers, HlaReference reference, ILogger<TransplantRpcs> logger)
    : TransplantService.TransplantServiceBase;
