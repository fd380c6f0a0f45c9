using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Protocols;

/// <summary>One protocol version to evaluate, and the readings chosen for it.</summary>
public sealed record ProtocolToEvaluate(CompiledProtocol Protocol, ImmutableArray<ChosenReading> Readings);

/// <summary>Turns the `protocols` and `readings` of a clinical request into exact versions, once for the call.</summary>
public static class ProtocolRequest
{
    private const int MaxProtocols = 32;
    private const int MaxAlongside = 1000;

    /// <summary>
    /// The versions asked for, in the order asked for; when none is named, every one that is shipped or the caller's own and has a current
    /// label and one of the call's decisions, by id, unless those are too many to be compared with each other. What cannot be resolved is
    /// added to <paramref name="faults"/> and left out of the result.
    /// </summary>
    public static ImmutableArray<ProtocolToEvaluate> Resolve(
        ProtocolCatalog catalog, IReadOnlyList<string> names, IReadOnlyList<ReadingChoice> choices, ImmutableArray<string> decisions, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var lacking in catalog.LackingUnasked)
        {
            faults.NotEvaluated(new UnusableVersion(lacking, "protocols", NotEvaluated.NotHeld));
        }

        return WithReadings(catalog, names.Count == 0 ? Unnamed(catalog, decisions, faults) : Named(catalog, names, faults), choices, faults);
    }

    /// <summary>The versions named, in the order named. What cannot be resolved is added to <paramref name="faults"/> and left out.</summary>
    public static ImmutableArray<CompiledProtocol> Resolve(ProtocolCatalog catalog, IReadOnlyList<string> names, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(faults);
        return [.. Named(catalog, names, faults)];
    }

    /// <summary>Versions that are evaluated whoever asks, each in the readings chosen for it. What is wrong with a choice is added to <paramref name="faults"/>.</summary>
    public static ImmutableArray<ProtocolToEvaluate> WithReadings(
        ProtocolCatalog catalog, IReadOnlyCollection<CompiledProtocol> versions, IReadOnlyList<ReadingChoice> choices, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(faults);
        // Most calls choose none.
        if (choices.Count == 0)
        {
            return [.. versions.Select(static version => new ProtocolToEvaluate(version, []))];
        }

        var readings = Chosen(catalog, versions, choices, faults);
        return [.. versions.Select(version => new ProtocolToEvaluate(version, [.. readings[version.Name]]))];
    }

    /// <summary>
    /// The documents whose modifiers stand beside every answer, in the readings chosen for them if they are among those
    /// evaluated.
    /// </summary>
    public static ImmutableArray<ModifierSource> Alongside(ProtocolCatalog catalog, ImmutableArray<ProtocolToEvaluate> versions)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return AsRead(catalog.Alongside, versions);
    }

    /// <summary>
    /// The same of a request that may say under which versions; null: it does not. Those that it does not name stand there all the same, or who asks could
    /// leave out what advice requires and nobody would see it in the receipt. What cannot be resolved is added to <paramref name="faults"/> and left out.
    /// </summary>
    public static ImmutableArray<ModifierSource> Alongside(ProtocolCatalog catalog, ImmutableArray<ProtocolToEvaluate> versions, Alongside? asked, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(faults);
        if (asked is null)
        {
            return Alongside(catalog, versions);
        }

        FaultList.ThrowIfTooMany("alongside.documents", asked.Documents.Count, MaxAlongside);
        var documents = new List<CompiledProtocol>();
        foreach (var (index, name) in asked.Documents.Index())
        {
            var field = $"alongside.documents[{index}]";
            if (ProtocolLookup.Asked(catalog, name, field, faults) is not { } document)
            {
                continue;
            }

            if (!document.HasModifiersForAll)
            {
                faults.Invalid(field, "stands beside no other, it has no modifiers_for_all");
            }
            else if (documents.Any(other => other.Id == document.Id))
            {
                faults.Invalid(field, "of the same protocol as an entry before it");
            }
            else
            {
                documents.Add(document);
            }
        }

        // In the order of the catalog, in which they stand when an answer is asked again.
        return AsRead(documents.UnionBy(catalog.Alongside, document => document.Id).OrderBy(document => document.Id, StringComparer.Ordinal), versions);
    }

    private static ImmutableArray<ModifierSource> AsRead(IEnumerable<CompiledProtocol> documents, ImmutableArray<ProtocolToEvaluate> versions) =>
        [.. documents.Select(document => new ModifierSource(document, versions.FirstOrDefault(version => version.Protocol == document)?.Readings ?? []))];

    private static List<CompiledProtocol> Unnamed(ProtocolCatalog catalog, ImmutableArray<string> decisions, FaultList faults)
    {
        List<CompiledProtocol> versions =
        [
            .. catalog.Protocols.Where(entry => entry.UsedUnasked).Select(entry => entry.Current).OfType<CompiledProtocol>()
                .Where(current => decisions.Any(current.Document.Decisions.ContainsKey)),
        ];
        if (versions.Count > MaxProtocols)
        {
            faults.Invalid("protocols", $"none is named and {versions.Count} are current; name those meant, at most {MaxProtocols}");
            return [];
        }

        return versions;
    }

    private static List<CompiledProtocol> Named(ProtocolCatalog catalog, IReadOnlyList<string> names, FaultList faults)
    {
        var versions = new List<CompiledProtocol>();
        if (names.Count > MaxProtocols)
        {
            faults.Invalid("protocols", $"at most {MaxProtocols} protocols");
        }

        for (var i = 0; i < Math.Min(names.Count, MaxProtocols); i++)
        {
            if ((catalog.Evaluated(names[i]) ?? ProtocolLookup.Asked(catalog, names[i], $"protocols[{i}]", faults)) is not { } version)
            {
                continue;
            }

            if (versions.Contains(version))
            {
                faults.Invalid($"protocols[{i}]", "the same protocol version as an entry before it");
                continue;
            }

            versions.Add(version);
        }

        return versions;
    }

    private static ILookup<string, ChosenReading> Chosen(
        ProtocolCatalog catalog, IReadOnlyCollection<CompiledProtocol> versions, IReadOnlyList<ReadingChoice> choices, FaultList faults)
    {
        var chosen = new List<(string Protocol, ChosenReading Reading)>();
        for (var i = 0; i < choices.Count; i++)
        {
            var (choice, field) = (choices[i], $"readings[{i}]");
            if (ProtocolLookup.Asked(catalog, choice.Protocol, field + ".protocol", faults) is not { } protocol)
            {
                continue;
            }

            if (!versions.Contains(protocol))
            {
                faults.Invalid(field + ".protocol", "this protocol version is not among those evaluated");
            }
            else if (chosen.Any(other => other.Protocol == protocol.Name && other.Reading.Id == choice.Reading))
            {
                faults.Invalid(field + ".reading", "the same reading as an entry before it");
            }
            else if (protocol.CheckReading(choice.Reading, choice.Value) is { } description)
            {
                faults.Invalid(field + (protocol.Document.Readings.ContainsKey(choice.Reading) ? ".value" : ".reading"), description);
            }
            else
            {
                chosen.Add((protocol.Name, new ChosenReading(choice.Reading, choice.Value)));
            }
        }

        return chosen.ToLookup(entry => entry.Protocol, entry => entry.Reading, StringComparer.Ordinal);
    }
}
