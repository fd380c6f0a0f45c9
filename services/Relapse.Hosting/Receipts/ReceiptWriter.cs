using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Hosting.Receipts;

/// <summary>
/// Receipts: what the caller keeps so that an answer can be replayed and compared. Both digests can be recomputed in any
/// language; docs/decisions/2026-11-23-receipts.md shows how, and a test does it with code of its own.
/// <para><b>request_digest</b>: HMAC-SHA-256, key the UTF-8 bytes of request_id, over the request message without
/// request_id, publish and alongside in protobuf binary form, fields in order of number, as Google's libraries write it. A bare hash of a few
/// dates and counts could be searched; the random key is why it cannot.</para>
/// <para><b>answer_digest</b>: SHA-256 over UTF-8 text. Every line ends with one LF (0x0A), the last one too; a line is a
/// word, one space and a value:</para>
/// <code>
/// relapse-answer 1
/// protocol {digest of the version, lower-case hex}
/// decision {id}                        for each decision of this protocol, in the order of the answer
/// outcome {name, OUTCOME_DETERMINED}
/// possible {conclusion}                for each one, sorted by UTF-8 bytes, each once
/// rule {id}                            for each rule of `because`, sorted by UTF-8 bytes, each once
/// </code>
/// <para>Nothing else of the answer is covered, so a field added to the contract later breaks no old receipt.</para>
/// </summary>
public sealed class ReceiptWriter
{
    private static readonly FrozenDictionary<Outcome, string> OutcomeNames = DecisionReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(Outcome))
        .Values.ToFrozenDictionary(value => (Outcome)value.Number, value => value.Name);

    private readonly string _rpc;
    private readonly string _requestId;
    private readonly string _requestDigest;

    /// <summary>Begins the receipts of one call.</summary>
    /// <param name="method">Full name of the RPC, with or without the slash that gRPC puts before it.</param>
    /// <param name="requestId">The request id, checked.</param>
    /// <param name="canonicalRequest">The request message with its request_id, and publish and alongside where it has those, cleared.</param>
    public ReceiptWriter(string method, string requestId, IMessage canonicalRequest)
    {
        ArgumentNullException.ThrowIfNull(method);
        _rpc = method.TrimStart('/');
        _requestId = requestId;
        _requestDigest = RequestDigest(requestId, canonicalRequest);
    }

    /// <summary>The receipt for what one protocol version answered.</summary>
    /// <param name="protocol">The version.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="alongside">Documents whose modifiers may stand in the answer, or that may have decided what it requires; those that do are named.</param>
    public Receipt Write(CompiledProtocol protocol, ProtocolAnswer answer, ImmutableArray<ModifierSource> alongside)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var receipt = new Receipt
        {
            RequestId = _requestId,
            Rpc = _rpc,
            Protocol = protocol.Name,
            Digest = protocol.Digest,
            EngineVersion = EngineVersion.Current,
            RequestDigest = _requestDigest,
            // It covers nothing that cases answered alike do not share.
            AnswerDigest = answer.Alike is { } alike
                ? alike.Text((protocol.Digest, answer.Decisions), static of => AnswerDigest(of.Digest, of.Decisions))
                : AnswerDigest(protocol.Digest, answer.Decisions),
        };
        foreach (var source in alongside)
        {
            if (source.Protocol != protocol && Carry(answer.Decisions, source.Protocol))
            {
                receipt.References.Add(Reference(source.Protocol));
            }
        }

        return receipt;
    }

    /// <summary>The receipt for what one protocol version answered in several calls of other services.</summary>
    /// <param name="protocol">The version.</param>
    /// <param name="decisions">Its decisions, in the order of the answer.</param>
    /// <param name="references">The other documents that they rest on.</param>
    public Receipt Write(CompiledProtocol protocol, ImmutableArray<Decision> decisions, IEnumerable<ReferenceData> references)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return new Receipt
        {
            RequestId = _requestId,
            Rpc = _rpc,
            Protocol = protocol.Name,
            Digest = protocol.Digest,
            EngineVersion = EngineVersion.Current,
            References = { references },
            RequestDigest = _requestDigest,
            AnswerDigest = AnswerDigest(protocol.Digest, decisions),
        };
    }

    private static bool Carry(ImmutableArray<Decision> decisions, CompiledProtocol stating)
    {
        foreach (var decision in decisions)
        {
            for (var i = 0; i < decision.Modifiers.Count; i++)
            {
                if (string.Equals(decision.Modifiers[i].Protocol, stating.Name, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            for (var i = 0; i < decision.Requires.Count; i++)
            {
                if (string.Equals(decision.Requires[i].Protocol, stating.Name, StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A protocol version as reference data.</summary>
    public static ReferenceData Reference(CompiledProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return new ReferenceData { Name = "protocols/" + protocol.Id, Version = protocol.Version, Digest = protocol.Digest };
    }

    /// <summary>What a receipt has of a request: its keyed digest.</summary>
    /// <param name="requestId">The key.</param>
    /// <param name="canonicalRequest">The request message with its request_id, and publish and alongside where it has those, cleared.</param>
    public static string RequestDigest(string requestId, IMessage canonicalRequest)
    {
        ArgumentNullException.ThrowIfNull(canonicalRequest);
        var size = canonicalRequest.CalculateSize();
        var message = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            canonicalRequest.WriteTo(message.AsSpan(0, size));
            Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
            Span<byte> key = stackalloc byte[RequestId.MostBytes];
            HMACSHA256.HashData(key[..Encoding.UTF8.GetBytes(requestId, key)], message.AsSpan(0, size), digest);
            return Convert.ToHexStringLower(digest);
        }
        finally
        {
            // It holds a case, and the next to rent it may not know.
            ArrayPool<byte>.Shared.Return(message, clearArray: true);
        }
    }

    private static string AnswerDigest(string protocolDigest, ImmutableArray<Decision> decisions)
    {
        var text = new AnswerText();
        text.Line("relapse-answer", "1");
        text.Line("protocol", protocolDigest);
        foreach (var decision in decisions)
        {
            text.Line("decision", decision.Decision_);
            text.Line("outcome", OutcomeNames.GetValueOrDefault(decision.Outcome, "OUTCOME_UNSPECIFIED"));
            text.Lines("possible", decision.Possible);
            text.Lines("rule", decision.Because, because => because.Rule);
        }

        return text.Digest();
    }
}
