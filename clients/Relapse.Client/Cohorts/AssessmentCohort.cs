using Google.Protobuf.Collections;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;

namespace Relapse.Client.Cohorts;

/// <summary>AssessCohort.</summary>
internal sealed class AssessmentCohort : CohortRpc<AssessItem, AssessCohortRequest, AssessCohortResponse, AssessedItem, AssessCohortSummary>
{
    private readonly AssessmentService.AssessmentServiceClient _client;
    private readonly AssessCohortSettings _settings;
    private readonly CohortVersions _versions;
    private readonly CohortSum _sum = new();
    private RepeatedField<ProtocolDecision> _decisions = [];

    public AssessmentCohort(AssessmentService.AssessmentServiceClient client, AssessCohortSettings settings)
    {
        (_client, _settings) = (client, settings.Clone());
        _versions = new CohortVersions(_settings.Protocols, _settings.Readings);
        if (_settings.RequestId.Length == 0)
        {
            _settings.RequestId = RandomRequestId.Next();
        }
    }

    public override AsyncDuplexStreamingCall<AssessCohortRequest, AssessCohortResponse> Open(CancellationToken cancellation) =>
        _client.AssessCohort(cancellationToken: cancellation);

    public override AssessCohortRequest Settings() => new() { Settings = _settings };

    public override AssessCohortRequest Chunk(IEnumerable<AssessItem> items) => new() { Items = { items } };

    public override IReadOnlyList<AssessedItem> Results(AssessCohortResponse response)
    {
        if (response.Decisions.Count > 0)
        {
            _decisions = response.Decisions;
        }

        if (response.Results.Any(result => result.Conclusions?.Conclusions.Any(one => one.Decision < 0 || one.Decision >= _decisions.Count) == true))
        {
            throw new RpcException(new Status(StatusCode.DataLoss, "A conclusion of the cohort is of no decision that its first message names."));
        }

        return [.. response.Results.Select(result => AssessedItem.Of(result, _decisions))];
    }

    public override AssessCohortSummary? Summary(AssessCohortResponse response) => response.Summary;

    public override bool IsAnswer(AssessedItem result, AssessItem to) => result.ItemId == to.ItemId;

    public override bool IsRefused(AssessedItem result) => result.Error is not null;

    /// <summary>Each stream says its versions in its first message, which has no results.</summary>
    public override bool IsUnderSameVersions(IReadOnlyList<AssessedItem> results) => _versions.AreThose(Named());

    public override void PinVersions() => _versions.Pin();

    public override void Count(IReadOnlyList<AssessedItem> results)
    {
        foreach (var result in results)
        {
            _sum.Add(result.Error is null ? result.Conclusions.Select(one => new CountedConclusion(one.Protocol, one.Decision, one.Outcome, one.Possible)) : null);
        }

        _versions.Note(Named());
    }

    public override void Break() => _sum.Break();

    public override bool TrySum(AssessCohortSummary last, out AssessCohortSummary sum)
    {
        var all = _sum.With(last.Items, last.Refused, last.Tallies);
        sum = all is null || !_sum.IsOfSeveral
            ? last
            : new AssessCohortSummary { Items = all.Items, Assessed = all.Items - all.Refused, Refused = all.Refused, Tallies = { all.Tallies } };
        return all is not null;
    }

    private string[] Named() => [.. _decisions.Select(decision => decision.Protocol).Distinct(StringComparer.Ordinal)];
}
