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
    private bool _pinned;

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

    public override void Count(IReadOnlyList<CohortItemResult> results)
    {
        _stream.Add(results);
        if (!_pinned && results.FirstOrDefault(result => result.Classification is not null)?.Classification is { } answer)
        {
            Pin([.. answer.Receipts.Select(receipt => receipt.Protocol)]);
            _pinned = true;
        }
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

    // A label is resolved once for each stream and may have moved when the next begins: the versions that answered go on answering, in
    // the readings chosen for them.
    private void Pin(string[] versions)
    {
        foreach (var choice in _settings.Readings)
        {
            choice.Protocol = VersionOf(choice, versions);
        }

        _settings.Protocols.Clear();
        _settings.Protocols.Add(versions);
    }

    private string VersionOf(ReadingChoice choice, string[] versions)
    {
        var named = _settings.Protocols.IndexOf(choice.Protocol);
        return named >= 0 && named < versions.Length
            ? versions[named]
            : versions.FirstOrDefault(version => version.StartsWith(choice.Protocol + "/versions/", StringComparison.Ordinal), choice.Protocol);
    }
}
