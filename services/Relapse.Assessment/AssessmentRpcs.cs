using Relapse.Contracts.Assessment.V1;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;

namespace Relapse.Assessment;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
internal sealed partial class AssessmentRpcs(ProtocolSource protocols, ClinicalLines lines, MessageLimits limits) : AssessmentService.AssessmentServiceBase
{
    // Clients take 4 MiB unless told otherwise.
    private const int ClientsTake = 3 * 1024 * 1024;

    /// <summary>How long a message of a stream of ours becomes, but for one item alone that is longer, in bytes.</summary>
    private int MostInOneMessage => Math.Min(ClientsTake, limits.AnswerBytes);
}
