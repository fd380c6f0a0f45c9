using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Dashboard;
using Relapse.Tests.Hosting.Events;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Examples;

/// <summary>The other team's dashboard, end to end: service, sidecar, subscriber, count.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private readonly EventHouse _house = new();
    private readonly WebApplication _dashboard = DashboardApp.Build(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);
    private HttpClient _http = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _house.InitializeAsync();
        await _dashboard.StartAsync(Cancel);
        _http = new HttpClient { BaseAddress = new Uri(_dashboard.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _dashboard.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Each_classification_counts_once_by_protocol_and_group_however_often_it_comes()
    {
        var high = Classify(new RelapseCase { RelapseNumber = 1, Lineage = Lineage.TCell, Marrow = new Marrow { BlastsPercent = 80 }, History = new History { NoPriorTransplant = true } });
        var open = Classify(new RelapseCase { RelapseNumber = 1 });
        foreach (var request in new[] { high, high, open })
        {
            await CaseEventTests.Client(_house.Server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
        }

        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await _house.Sidecar.DeliverAsync(_http));
        await _house.Sidecar.DeliverAsync(_http);

        var page = (await Shown()).RootElement;
        Assert.Equal(2, page.GetProperty("events").GetProperty("relapse.classification.classified.v1").GetInt32());
        Assert.Equal((4, 0), (page.GetProperty("duplicates").GetInt32(), page.GetProperty("conflicts").GetInt32()));
        var groups = page.GetProperty("groups").EnumerateArray()
            .Select(row => (row.GetProperty("protocol").GetString()!, row.GetProperty("group").GetString()!, row.GetProperty("count").GetInt32())).ToArray();
        Assert.Contains(("protocols/all-rez-bfm/versions/2002.1", "HIGH", 1), groups);
        Assert.Equal(2, groups.Where(row => row.Item1 == "protocols/all-rez-bfm/versions/2002.1").Sum(row => row.Item3));
    }

    [Fact]
    public async Task A_request_id_used_for_two_cases_is_noticed_and_events_of_every_type_are_received()
    {
        var first = Classify(new RelapseCase { RelapseNumber = 1 });
        await CaseEventTests.Client(_house.Server).ClassifyRelapseAsync(first, cancellationToken: Cancel);
        await CaseEventTests.Client(_house.Server).ClassifyRelapseAsync(new ClassifyRelapseRequest(first) { Case = new RelapseCase { RelapseNumber = 2 } }, cancellationToken: Cancel);
        var (registry, small) = (RegistryFace.Of(_house.Server, "JSON", null), RegistryHouse.Fresh());
        var publish = small.Publish();
        publish.Publish = true;
        await registry.Publish(publish);
        await registry.Move(new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/current", Version = small.Name, Publish = true });

        Assert.All(await _house.Sidecar.DeliverAsync(_http), answer => Assert.Equal("SUCCESS", answer));

        var page = (await Shown()).RootElement;
        Assert.Equal((0, 1), (page.GetProperty("duplicates").GetInt32(), page.GetProperty("conflicts").GetInt32()));
        Assert.Equal(
            ["relapse.classification.classified.v1", "relapse.registry.label-moved.v1", "relapse.registry.published.v1"],
            page.GetProperty("events").EnumerateObject().Select(type => type.Name));
    }

    [Theory]
    [InlineData("""{"specversion": "1.0", "type": "relapse.classification.classified.v1", "source": "x", "data": {}}""")]
    [InlineData("""{"specversion": "1.0", "type": "relapse.classification.classified.v1", "source": "x", "id": "1", "datacontenttype": "application/json", "data": [1]}""")]
    public async Task What_can_never_be_counted_is_dropped(string cloudEvent)
    {
        using var content = new StringContent(cloudEvent, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        using var answer = await _http.PostAsync("/events/relapse.classification.classified.v1", content, Cancel);
        Assert.Equal("""{"status":"DROP"}""", await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static ClassifyRelapseRequest Classify(RelapseCase @case) =>
        new() { Case = @case, Protocols = { "protocols/all-rez-bfm", "protocols/ukall-r3" }, RequestId = CaseEventTests.NewId(), Publish = true };

    private async Task<System.Text.Json.JsonDocument> Shown() => System.Text.Json.JsonDocument.Parse(await _http.GetStringAsync("/", Cancel));
}
