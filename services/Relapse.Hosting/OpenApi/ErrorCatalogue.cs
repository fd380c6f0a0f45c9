using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.OpenApi;

/// <summary>What an error can be, for every RPC alike: the codes of the contract, and the HTTP status of each.</summary>
internal static class ErrorCatalogue
{
    /// <summary>Every code with what it means.</summary>
    public static ImmutableArray<(StatusCode Code, string Name, string Meaning)> Codes { get; } =
    [
        (StatusCode.InvalidArgument, "INVALID_ARGUMENT", "Malformed, out of range, or an unknown key or value. BadRequest lists every fault with its path, in proto names from the request root."),
        (StatusCode.FailedPrecondition, "FAILED_PRECONDITION", "A protocol without a current label (its versions are listed), a label that was withdrawn, or a version that is not certified, is archived, or has labels on it and cannot be. An event asked for where none are published."),
        (StatusCode.Unauthenticated, "UNAUTHENTICATED", "No token, or one that is not accepted. A process that asks nobody for a token never says so."),
        (StatusCode.PermissionDenied, "PERMISSION_DENIED", "The token does not allow this."),
        (StatusCode.NotFound, "NOT_FOUND", "An unknown protocol, version, label or path."),
        (StatusCode.AlreadyExists, "ALREADY_EXISTS", "The name is taken by something else."),
        (StatusCode.Aborted, "ABORTED", "A label was moved by somebody else meanwhile."),
        (StatusCode.ResourceExhausted, "RESOURCE_EXHAUSTED", "Too many calls, or too much at once."),
        (StatusCode.Internal, "INTERNAL", "A bug of the service; the correlation id in it finds it in the log."),
        (StatusCode.DataLoss, "DATA_LOSS", "A document does not have the digest it is known by."),
        (StatusCode.Unimplemented, "UNIMPLEMENTED", "The process that answers does not have this RPC."),
        (StatusCode.Unavailable, "UNAVAILABLE", "Not now. The only code to try again on, after the delay in RetryInfo."),
        (StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "No answer in time."),
    ];

    /// <summary>HTTP statuses that are said before a message is known, besides those of the codes.</summary>
    private static ImmutableArray<(int Http, string Text)> AtTheEdge { get; } =
    [
        (405, "`UNIMPLEMENTED`: The path does not take this HTTP method."),
        (413, "`RESOURCE_EXHAUSTED`: The body is too large."),
        (415, "`INVALID_ARGUMENT`: The body is not application/json in UTF-8."),
    ];

    /// <summary>Every HTTP status of an error with the codes behind it, lowest first.</summary>
    public static ImmutableArray<(int Http, string Text)> ByHttpStatus { get; } =
    [
        .. Codes.GroupBy(entry => JsonStatus.HttpStatusOf(entry.Code))
            .Select(group => (Http: group.Key, Text: string.Join("\n\n", group.Select(entry => $"`{entry.Name}`: {entry.Meaning}"))))
            .Concat(AtTheEdge).OrderBy(entry => entry.Http),
    ];

    /// <summary>The responses that every operation refers to, by name.</summary>
    public static JsonObject Responses(JsonObject statusSchema) => new(
        ByHttpStatus.Select(entry => KeyValuePair.Create<string, JsonNode?>(NameOf(entry.Http), Response(entry.Text, statusSchema)))
            .Append(new("Error", Response("Any other error.", statusSchema))));

    /// <summary>References to them, by HTTP status.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> References =>
        ByHttpStatus.Select(entry => (Key: entry.Http.ToString(CultureInfo.InvariantCulture), Name: NameOf(entry.Http))).Append((Key: "default", Name: "Error"))
            .Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, new JsonObject { ["$ref"] = "#/components/responses/" + entry.Name }));

    private static string NameOf(int http) => "Error" + http.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Response(string text, JsonObject statusSchema) => new()
    {
        ["description"] = text,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = statusSchema.DeepClone() } },
    };
}
