using Relapse.Edge;

namespace Relapse.Hosting;

/// <summary>How large one message may be; a stream has as many as it likes. The defaults are here, the environment overrides them.</summary>
public sealed record MessageLimits
{
    private const int Least = 1024;
    private const int Most = 64 * 1024 * 1024;

    // A protobuf message cannot have 2 GiB.
    private const int MostAnswered = 1024 * 1024 * 1024;

    /// <summary>JSON body of a call for one case, in bytes. RELAPSE_MAX_UNARY_JSON_BYTES; default 1 MiB.</summary>
    public required int UnaryJsonBytes { get; init; }

    /// <summary>JSON body of a call for many cases or with documents, in bytes: whatever the edge takes.</summary>
    public required int BatchJsonBytes { get; init; }

    /// <summary>One gRPC message, in bytes. RELAPSE_MAX_MESSAGE_BYTES; default 4 MiB.</summary>
    public required int MessageBytes { get; init; }

    /// <summary>
    /// The answer to a batch, in bytes of protobuf; the first item's is given whatever it takes. RELAPSE_MAX_ANSWER_BYTES;
    /// default 32 MiB.
    /// </summary>
    public required int AnswerBytes { get; init; }

    /// <summary>Reads the limits; faults stay with <paramref name="settings"/> until it refuses.</summary>
    internal static MessageLimits Read(Settings settings, EdgeOptions edge) => new()
    {
        BatchJsonBytes = edge.MaxJsonBytes,
        UnaryJsonBytes = settings.Number("RELAPSE_MAX_UNARY_JSON_BYTES", 1024 * 1024, Least, Most),
        MessageBytes = settings.Number("RELAPSE_MAX_MESSAGE_BYTES", 4 * 1024 * 1024, Least, Most),
        AnswerBytes = settings.Number("RELAPSE_MAX_ANSWER_BYTES", 32 * 1024 * 1024, Least, MostAnswered),
    };
}
