using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Client.Cohorts;

/// <summary>ClassifyCohort.</summary>
internal sealed class ClassificationCohort : CohortRpc<CohortItem, ClassifyCohortRequest, ClassifyCohortResponse, CohortItemResult, CohortSummary>
{
    private readonly ClassificationService.ClassificationServiceClient _client;
    private readonly CohortSettings _settings;
    private readonly CohortTally _broken = new();
    private CohortTally _stream = new();
    private string[]? _versions;

    public ClassificationCohort(ClassificationService.ClassificationServiceClient client, CohortSettings settings)
    {
        (_client, _settings) = (client, settings.Clone());
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

    public override bool IsUnderSameVersions(IReadOnlyList<CohortItemResult> results) =>
        _versions is null || VersionsOf(results) is not { } versions || versions.SequenceEqual(_versions, StringComparer.Ordinal);

    public override void PinVersions()
    {
        if (_versions is null)
        {
            return;
        }

        foreach (var choice in _settings.Readings)
        {
            choice.Protocol = VersionOf(choice, _versions);
        }

        _settings.Protocols.Clear();
        _settings.Protocols.Add(_versions);
    }

    public override void Count(IReadOnlyList<CohortItemResult> results)
    {
        _stream.Add(results);
        _versions ??= VersionsOf(results);
    }

    public override void Break()
    {
        _broken.Add(_stream.Summary());
        _stream = new CohortTally();
    }

    public override bool TrySum(CohortSummary last, out CohortSummary sum)
    {
        sum = last;
        if (last.Items != _stream.Items || last.Refused != _stream.Refused)
        {
            return false;
        }

        if (_broken.Items > 0)
        {
            // The last first: its tallies stand in the protocol's order.
            var all = new CohortTally();
            all.Add(last);
            all.Add(_broken.Summary());
            sum = all.Summary();
            sum.RequestId = last.RequestId;
        }

        return true;
    }

    /// <summary>The versions of a message, which are one and the same for all its results; null where all were refused.</summary>
    private static string[]? VersionsOf(IReadOnlyList<CohortItemResult> results) =>
        results.FirstOrDefault(result => result.Classification is not null)?.Classification.Receipts.Select(receipt => receipt.Protocol).ToArray();

    private string VersionOf(ReadingChoice choice, string[] versions)
    {
        var named = _settings.Protocols.IndexOf(choice.Protocol);
        return named >= 0 && named < versions.Length
            ? versions[named]
            : versions.FirstOrDefault(version => version.StartsWith(choice.Protocol + "/versions/", StringComparison.Ordinal), choice.Protocol);
    }
}
