using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Assessment;

/// <summary>A receipt beside that of the answer as it comes out today.</summary>
internal static class ReceiptComparison
{
    public static VerifyReceiptResponse Of(Receipt then, Receipt now, string requestDigestNow, IEnumerable<Decision> decisions)
    {
        // It was asked with what a replay needs besides; the receipt is of the request as it was.
        now = new Receipt(now) { RequestDigest = requestDigestNow };
        ReceiptDifference[] differences = [.. Differences(then, now)];
        var state = differences.Any(difference => difference.Field == "digest") ? VerificationState.NotComputable
            : differences.All(difference => difference.Field == "engine_version") ? VerificationState.Equal
            : VerificationState.Differs;
        return new VerifyReceiptResponse
        {
            State = state,
            Detail = Words(state, differences),
            Differences = { differences },
            Recomputed = now,
            Decisions = { decisions },
        };
    }

    /// <summary>The request asks for no answer of the receipt's protocol: it is not the one that the receipt was given for.</summary>
    public static VerifyReceiptResponse OfAnother(Receipt then, string requestDigestNow)
    {
        var difference = then.RequestDigest != requestDigestNow
            ? RequestDigest(then.RequestDigest, requestDigestNow)
            : Difference("protocol", then.Protocol, "", "The request is the one that the receipt was given for, and asks for no answer of this protocol: the receipt is not as it was given.");
        return new VerifyReceiptResponse { State = VerificationState.Differs, Detail = Words(VerificationState.Differs, [difference]), Differences = { difference } };
    }

    private static IEnumerable<ReceiptDifference> Differences(Receipt then, Receipt now)
    {
        if (then.Digest != now.Digest)
        {
            yield return Difference("digest", then.Digest, now.Digest, "The document under this name is another one than the answer was given by.");
        }

        if (then.EngineVersion != now.EngineVersion)
        {
            yield return Difference("engine_version", then.EngineVersion, now.EngineVersion, "Another version of the engine answers today; by itself that is no difference of the answer.");
        }

        var names = then.References.Concat(now.References).Select(reference => reference.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (before, after) = (Named(then, name), Named(now, name));
            if (before != after)
            {
                yield return Difference($"references.{name}", before, after, "The answer rests on another edition of this than it did.");
            }
        }

        if (then.RequestDigest != now.RequestDigest)
        {
            yield return RequestDigest(then.RequestDigest, now.RequestDigest);
        }

        if (then.AnswerDigest != now.AnswerDigest)
        {
            yield return Difference("answer_digest", then.AnswerDigest, now.AnswerDigest, "What is concluded, or by which rules, is another.");
        }
    }

    private static ReceiptDifference RequestDigest(string then, string now) =>
        Difference("request_digest", then, now, "The request is not the one that the receipt was given for: a fact, a protocol, a reading or the request id is another.");

    private static string Named(Receipt receipt, string name) =>
        receipt.References.FirstOrDefault(reference => reference.Name == name) is { } found ? $"{found.Version} {found.Digest}" : "";

    private static ReceiptDifference Difference(string field, string then, string now, string detail) =>
        new() { Field = field, Receipt = then, Recomputed = now, Detail = detail };

    private static string Words(VerificationState state, ReceiptDifference[] differences) => state switch
    {
        VerificationState.Equal => "The answer comes out equal: the same request, the same documents, the same conclusions by the same rules.",
        VerificationState.NotComputable => "The answer cannot be computed again: the bytes of the version are not those that the receipt names.",
        _ => $"The answer does not come out equal; what differs: {string.Join(", ", differences.Where(difference => difference.Field != "engine_version").Select(difference => difference.Field))}.",
    };
}
