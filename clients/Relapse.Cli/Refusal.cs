using System.Text.Json;

namespace Relapse.Cli;

/// <summary>A google.rpc.Status: the message, and each fault of the request with its path.</summary>
internal sealed record Refusal(string Message = "")
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IReadOnlyList<Detail> Details { get; init; } = [];

    /// <exception cref="JsonException">It is not a Status.</exception>
    public static Refusal Parse(string json) => JsonSerializer.Deserialize<Refusal>(json, Json) ?? throw new JsonException();

    public override string ToString() => string.Join(
        '\n',
        [Message, .. Details.SelectMany(detail => detail.FieldViolations).Select(fault => $"  {fault.Field}: {fault.Description}")]);

    internal sealed record Detail
    {
        public IReadOnlyList<Fault> FieldViolations { get; init; } = [];
    }

    internal sealed record Fault(string Field = "", string Description = "");
}
