using System.Net;
using System.Text.Json;

namespace Relapse.Tests.Hosting;

/// <summary>An answer over HTTP, and when it is an error, the parts of its Status object.</summary>
internal sealed record JsonAnswer(HttpStatusCode Http, string? ContentType, string Body)
{
    public static async Task<JsonAnswer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public int Code => Json.GetProperty("code").GetInt32();

    public string Reason => Detail("google.rpc.ErrorInfo").GetProperty("reason").GetString()!;

    public string[] Fields => [.. Violations.Select(violation => violation.Field)];

    public (string Field, string Description)[] Violations =>
    [
        .. Detail("google.rpc.BadRequest").GetProperty("fieldViolations").EnumerateArray()
            .Select(violation => (violation.GetProperty("field").GetString()!, violation.GetProperty("description").GetString()!)),
    ];

    public JsonElement Detail(string type) => Json.GetProperty("details").EnumerateArray()
        .Single(detail => detail.GetProperty("@type").GetString() == "type.googleapis.com/" + type);

    /// <summary>An error has the Status shape, our domain, and is not our bug.</summary>
    public void AssertError(HttpStatusCode http, int code, string reason)
    {
        Assert.Equal((http, code, reason, "application/json"), (Http, Code, Reason, ContentType));
        Assert.Equal("relapse", Detail("google.rpc.ErrorInfo").GetProperty("domain").GetString());
        Assert.NotEmpty(Json.GetProperty("message").GetString()!);
    }
}
