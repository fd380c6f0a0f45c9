using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Protocols;

namespace Relapse.Assessment;

/// <summary>
/// A request as it is asked again for one of its receipts. A receipt is of one protocol's answer, which is the same whatever others stood
/// next to it and whatever became of those since: it rests on that version, on the documents beside it that the receipt names, and on the
/// readings chosen for these.
/// </summary>
internal static class ReplayedRequest
{
    /// <summary>Whether a request asks for an answer of the receipt's protocol: names the version, or its protocol by label, or leaves out which.</summary>
    public static bool Asks(IMessage request, Receipt receipt)
    {
        if (ProtocolName.Parse(receipt.Protocol) is not { Version: not null } own || Protocols(request) is not { Count: > 0 } protocols)
        {
            return true;
        }

        // Evidence is written in the words of protocols that need not be named.
        return protocols.Contains(receipt.Protocol) || protocols.Contains(Label(own)) || (request is EstimateOutcomeRequest && !protocols.Any(name => ProtocolName.Parse(name)?.Id == own.Id));
    }

    /// <summary>
    /// Whether the receipt's version was the one labelled `current`; null when neither the request nor the receipt says so. That matters
    /// where a reading is chosen by label in a request for several versions of one protocol.
    /// </summary>
    public static bool? WasCurrent(IMessage request, Receipt receipt)
    {
        if (ProtocolName.Parse(receipt.Protocol) is not { Version: not null } own || Protocols(request) is not { } protocols || !protocols.Contains(receipt.Protocol))
        {
            return true;
        }

        // One version is not answered twice, so that next to it the label stood on another.
        return protocols.Contains(Label(own)) ? false : protocols.Count(name => ProtocolName.Parse(name)?.Id == own.Id) == 1 ? true : null;
    }

    /// <summary>The request for the receipt's version alone, with everything as it was.</summary>
    /// <param name="request">The request, as it was sent.</param>
    /// <param name="receipt">The receipt.</param>
    /// <param name="wasCurrent">Whether the receipt's version was the one labelled `current`.</param>
    public static T Of<T>(T request, Receipt receipt, bool wasCurrent)
        where T : IMessage<T>
    {
        var again = request.Clone();
        Field(again, "request_id").SetValue(again, receipt.RequestId);
        Field(again, "replay").SetValue(again, AsItWas(receipt));
        if (ProtocolName.Parse(receipt.Protocol) is not { Version: not null } own)
        {
            return again;
        }

        var (protocols, readings) = (Protocols(again)!, (RepeatedField<ReadingChoice>)Field(again, "readings").GetValue(again));
        Dictionary<string, string> beside = new(StringComparer.Ordinal);
        foreach (var reference in receipt.References)
        {
            beside.TryAdd(reference.Name, $"{reference.Name}/versions/{reference.Version}");
        }

        ReadingChoice[] chosen = [.. readings.Select(choice => new ReadingChoice(choice) { Protocol = Meant(choice.Protocol) })
            .Where(choice => choice.Protocol == receipt.Protocol || beside.ContainsValue(choice.Protocol))];
        readings.Clear();
        readings.Add(chosen);
        protocols.Clear();
        protocols.Add(chosen.Select(choice => choice.Protocol).Prepend(receipt.Protocol).Distinct(StringComparer.Ordinal));
        return again;

        string Meant(string name) => beside.GetValueOrDefault(name) ?? (wasCurrent && name == Label(own) ? receipt.Protocol : name);
    }

    private static Replay AsItWas(Receipt receipt)
    {
        var replay = new Replay { References = { receipt.References } };
        if (ProtocolName.Parse(receipt.Protocol) is { Version: { } version } own)
        {
            replay.References.Add(new ReferenceData { Name = Label(own), Version = version, Digest = receipt.Digest });
        }

        return replay;
    }

    private static string Label(ProtocolName own) => "protocols/" + own.Id;

    private static RepeatedField<string>? Protocols(IMessage request) =>
        (RepeatedField<string>?)request.Descriptor.FindFieldByName("protocols")?.Accessor.GetValue(request);

    private static IFieldAccessor Field(IMessage message, string name) => message.Descriptor.FindFieldByName(name).Accessor;
}
