using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;

namespace Relapse.Classification;

/// <summary>The RPCs of the service; each stands in the file of its name.</summary>
[BindServiceMethod(typeof(ClassificationBinding), nameof(ClassificationBinding.BindService))]
internal sealed partial class ClassificationRpcs(
    ProtocolSource protocols, AnswerEvents events, MessageLimits limits, CohortWorkers workers, ILogger<ClassificationRpcs> logger) : ClassificationService.ClassificationServiceBase;
