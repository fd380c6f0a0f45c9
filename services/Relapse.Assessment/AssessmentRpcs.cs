using Relapse.Contracts.Assessment.V1;
using Relapse.Hosting.Protocols;

namespace Relapse.Assessment;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class AssessmentRpcs(ProtocolSource protocols, ClinicalLines lines) : AssessmentService.AssessmentServiceBase;
