using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Client.Cohorts;

/// <summary>ClassifyCohort.</summary>
internal sealed class ClassificationCohort : CohortRpc<CohortItem, ClassifyCohortRequest, ClassifyCohortResponse, CohortItemResult, CohortSummary>
{
    private readonly ClassificationService.ClassificationServiceClient _client;
    private readonly CohortSettings _settings;
    private readonly CohortVersions _versions;
    private readonly CohortSum _sum = new();

    public ClassificationCohort(ClassificationService.ClassificationServiceClient client, CohortSettings settings)
    {
        (_client, _settings) = (client, settings.Clone());
        _versions = new CohortVersions(_settings.Protocols, _settings.Readings);
        if (_settings.RequestId.Length == 0)
        {
            // One that the server made would be another in each stream, and with it the receipts of one cohort.
            _settings.RequestId = RandomRequestId.Next();
        }
    }

    public override AsyncDuplexStreamingCall<ClassifyCohortRequest, ClassifyCohortResponse> Open(CancellationToken cancellation) =>
        _client.ClassifyCohort(cancellationToken: cancellation);

    public override ClassifyCohortRequest Settings() => new() { Settings = _settings };

    public override ClassifyCohortRequest Chunk(IEnumerable<CohortItem> items) => new() { Items = { items } };

    public override IReadOnlyList<CohortItemResult> Results(ClassifyCohortResponse response) => response.Results;

    public override CohortSummary? Summary(ClassifyCohortResponse response) => response.Summary;

    public override bool IsAnswer(CohortItemResult result, CohortItem to) => result.ItemId == to.ItemId;

    public override bool IsRefused(CohortItemResult result) => result.Classification is null;

    public override bool IsUnderSameVersions(IReadOnlyList<CohortItemResult> results) => _versions.AreThose(VersionsOf(results));

    public override void PinVersions() => _versions.Pin();

    public override void Count(IReadOnlyList<CohortItemResult> results)
    {
        foreach (var result in results)
        {
            _sum.Add(result.Classification?.Decisions.Select(decision => new CountedConclusion(decision.Protocol, decision.Decision_, decision.Outcome, decision.Possible)));
        }

        _versions.Note(VersionsOf(results));
    }

    public override void Break() => _sum.Break();

    public override bool TrySum(CohortSummary last, out CohortSummary sum)
    {
        var all = _sum.With(last.Items, last.Refused, last.Tallies);
        sum = all is null || !_sum.IsOfSeveral
            ? last
            : new CohortSummary { Items = all.Items, Classified = all.Items - all.Refused, Refused = all.Refused, Tallies = { all.Tallies }, RequestId = last.RequestId };
        return all is not null;
    }

    /// <summary>The versions of a message, which are one and the same for all its results; null where all were refused.</summary>
    private static string[]? VersionsOf(IReadOnlyList<CohortItemResult> results) =>
        results.FirstOrDefault(result => result.Classification is not null)?.Classification.Receipts.Select(receipt => receipt.Protocol).ToArray();
}
