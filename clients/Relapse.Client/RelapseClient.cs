using Grpc.Core;
using Relapse.Client.Checking;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Client;

/// <summary>Every service of Relapse behind one address. Safe for use by several threads.</summary>
/// <remarks><see cref="RelapseClientRegistration.AddRelapseClient"/> makes one with everything that calls need.</remarks>
public sealed class RelapseClient
{
    private readonly TimeProvider _time;
    private readonly ServerInspection _inspection;

    /// <summary>A client over calls of the program's own, which then decide on tokens, deadlines and retries.</summary>
    /// <param name="calls">Makes the calls, e.g. a channel's.</param>
    /// <param name="time">The time by which a cohort waits; the system's unless given.</param>
    public RelapseClient(CallInvoker calls, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(calls);
        _time = time ?? TimeProvider.System;
        Assessment = new AssessmentService.AssessmentServiceClient(calls);
        Classification = new ClassificationService.ClassificationServiceClient(calls);
        Mrd = new MrdService.MrdServiceClient(calls);
        Outcome = new OutcomeService.OutcomeServiceClient(calls);
        Registry = new RegistryService.RegistryServiceClient(calls);
        Transplant = new TransplantService.TransplantServiceClient(calls);
        _inspection = new ServerInspection(calls, this, _time);
    }

    /// <summary>The whole case in one call; receipts computed again.</summary>
    public AssessmentService.AssessmentServiceClient Assessment { get; }

    /// <summary>Which kind of relapse is it?</summary>
    public ClassificationService.ClassificationServiceClient Classification { get; }

    /// <summary>How is it responding?</summary>
    public MrdService.MrdServiceClient Mrd { get; }

    /// <summary>What was published of children like this one?</summary>
    public OutcomeService.OutcomeServiceClient Outcome { get; }

    /// <summary>Which protocol versions are there?</summary>
    public RegistryService.RegistryServiceClient Registry { get; }

    /// <summary>Who should be transplanted, and from whom?</summary>
    public TransplantService.TransplantServiceClient Transplant { get; }

    /// <summary>
    /// Looks at every service: whether it serves, which version of the engine and of the protocols it has, and whether it understands
    /// everything that this client can ask. What goes wrong stands in the answer, which prints itself.
    /// </summary>
    /// <param name="cancellation">Ends the looking.</param>
    /// <exception cref="OperationCanceledException">The caller ended it.</exception>
    public Task<ServerCheck> CheckAsync(CancellationToken cancellation = default) => _inspection.RunAsync(cancellation);

    /// <summary>
    /// Classifies a cohort of any size. The cases are sent in chunks as the answers are read, so that no more than a few chunks are held
    /// here however long it is. A stream that breaks (UNAVAILABLE) is taken up again with the cases after the last one
    /// answered, under the same versions and the same request id. Where a label has moved meanwhile, the versions are named exactly from
    /// then on, and receipts are those of a request that names them so.
    /// </summary>
    /// <param name="items">The cases. Read once, and only as far as there is room for.</param>
    /// <param name="settings">What they share; without it, every current protocol.</param>
    /// <param name="options">How they are sent.</param>
    /// <param name="progress">Told after each message of answers, and each time the stream broke.</param>
    /// <returns>A result for each item, in order, to be read once; then the summary.</returns>
    public CohortAnswers<CohortItemResult, CohortSummary> ClassifyCohort(
        IAsyncEnumerable<CohortItem> items, CohortSettings? settings = null, CohortOptions? options = null, IProgress<CohortProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        var rpc = new ClassificationCohort(Classification, settings ?? new CohortSettings());
        return new(new CohortStream<CohortItem, ClassifyCohortRequest, ClassifyCohortResponse, CohortItemResult, CohortSummary>(
            rpc, items, options ?? new CohortOptions(), progress, _time).ReadAsync);
    }

    /// <summary>
    /// Assesses a cohort of any size: what every protocol concludes of each case, in all services, and which facts are missing. The whole answer
    /// to one case is AssessCase's. Sent, taken up again and pinned to its versions as in <see cref="ClassifyCohort"/>.
    /// </summary>
    /// <param name="items">The cases. Read once, and only as far as there is room for.</param>
    /// <param name="settings">What they share; without it, every current protocol and every part but outcome.</param>
    /// <param name="options">How they are sent.</param>
    /// <param name="progress">Told after each message of answers, and each time the stream broke.</param>
    /// <returns>A result for each item, in order, to be read once; then the summary.</returns>
    public CohortAnswers<AssessedItem, AssessCohortSummary> AssessCohort(
        IAsyncEnumerable<AssessItem> items, AssessCohortSettings? settings = null, CohortOptions? options = null, IProgress<CohortProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        var rpc = new AssessmentCohort(Assessment, settings ?? new AssessCohortSettings());
        return new(new CohortStream<AssessItem, AssessCohortRequest, AssessCohortResponse, AssessedItem, AssessCohortSummary>(
            rpc, items, options ?? new CohortOptions(), progress, _time).ReadAsync);
    }
}
