using System.Text.Json;
using Dapr;

namespace Relapse.Dashboard;

/// <summary>
/// Another team's service: it subscribes to what Relapse publishes and shows how many relapses were classified, by protocol and group.
/// It knows the events by their JSON alone and has nothing of Relapse in it.
/// </summary>
internal static class DashboardApp
{
    private const string Classified = "relapse.classification.classified.v1";

    private static readonly string[] Types =
        [Classified, "relapse.mrd.interpreted.v1", "relapse.transplant.assessed.v1", "relapse.registry.published.v1", "relapse.registry.label-moved.v1"];

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddSingleton<EventCounts>();
        var app = builder.Build();
        // The middleware gives the handler the data, and what it is known by only on request.
        app.UseCloudEvents(new CloudEventsMiddlewareOptions
        {
            ForwardCloudEventPropertiesAsHeaders = true,
            IncludedCloudEventPropertiesAsHeaders = ["id", "source", "type"],
        });
        app.MapSubscribeHandler();
        var pubsub = app.Configuration["DASHBOARD_PUBSUB"] ?? "pubsub";
        foreach (var type in Types)
        {
            app.MapPost("/events/" + type, (HttpRequest request, JsonElement data, EventCounts counts) => Received(request, data, counts)).WithTopic(pubsub, type);
        }

        app.MapGet("/", (EventCounts counts) => counts.Show());
        return app;
    }

    // An empty 200 is success; what can never be read is dropped, or the sidecar would bring it again and again.
    private static IResult Received(HttpRequest request, JsonElement data, EventCounts counts)
    {
        var (id, source, type) = (Attribute("id"), Attribute("source"), Attribute("type"));
        if (id.Length == 0 || source.Length == 0 || type.Length == 0 || data.ValueKind != JsonValueKind.Object)
        {
            return Results.Json(new { status = "DROP" });
        }

        // An id says that it is the same event only within its source.
        counts.Add($"{source} {id}", type, type == Classified ? ClassifiedRelapse.GroupsOf(data) : [], ClassifiedRelapse.RequestOf(data));
        return Results.Ok();

        string Attribute(string name) => request.Headers["Cloudevent." + name] is { Count: 1 } value ? value.ToString() : "";
    }
}
