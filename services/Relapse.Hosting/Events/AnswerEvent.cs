using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Receipts;

namespace Relapse.Hosting.Events;

/// <summary>
/// An answer as a CloudEvent 1.0. Its data is the answer; its attributes, which brokers and sidecars write into logs and traces, have
/// nothing of a case, not even the caller's reference to it.
/// <para><b>id</b>: SHA-256, lower-case hex, over UTF-8 text of lines as in an answer's digest; docs/events.md has it line by line.
/// Of a case, the lines are the type, the request id, and the digest of each protocol in the order of the answer. So it is the same
/// whenever the same request is answered by the same versions, and nothing can be read out of it.</para>
/// </summary>
public sealed class AnswerEvent
{
    private AnswerEvent(EventType type, string id, string subject, IMessage data) => (Type, Id, Subject, Data) = (type, id, subject, data);

    internal EventType Type { get; }

    internal string Id { get; }

    /// <summary>The resource that it happened to; empty for an answer about a case.</summary>
    internal string Subject { get; }

    internal IMessage Data { get; }

    /// <summary>An answer about a case.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="requestId">The caller's request id.</param>
    /// <param name="receipts">The receipts of the answer.</param>
    /// <param name="answer">The answer.</param>
    public static AnswerEvent OfCase(EventType type, string requestId, IEnumerable<Receipt> receipts, IMessage answer) =>
        new(type, IdOf(type, receipts.Select(receipt => ("protocol", receipt.Digest)).Prepend(("request_id", requestId))), "", answer);

    /// <summary>Something that happened to a resource.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="subject">Name of the resource.</param>
    /// <param name="happened">What makes it another event than any other that happened to it, in words and values.</param>
    /// <param name="answer">The answer.</param>
    public static AnswerEvent OfResource(EventType type, string subject, IEnumerable<(string Word, string Value)> happened, IMessage answer) =>
        new(type, IdOf(type, happened.Prepend(("subject", subject))), subject, answer);

    /// <summary>The event in structured mode: application/cloudevents+json.</summary>
    /// <param name="time">When it is sent.</param>
    internal ReadOnlyMemory<byte> ToStructuredJson(DateTimeOffset time)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("type", Type.Name);
            json.WriteString("source", Type.Source);
            json.WriteString("id", Id);
            if (Subject.Length > 0)
            {
                json.WriteString("subject", Subject);
            }

            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            json.WriteRawValue(JsonFormatter.Default.Format(Data), skipInputValidation: true);
            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    // No value has a control character in it, so that no two sets of lines are one text.
    private static string IdOf(EventType type, IEnumerable<(string Word, string Value)> lines)
    {
        var text = new AnswerText();
        text.Line("relapse-event", "1");
        text.Line("type", type.Name);
        foreach (var (word, value) in lines)
        {
            text.Line(word, value);
        }

        return text.Digest();
    }
}
