using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Documents;

/// <summary>Citations as documents write them: <c>source</c> or <c>source.locator</c>.</summary>
internal static class Citations
{
    /// <summary>Splits at the first dot; source ids have none in citations with a locator.</summary>
    public static (string Source, string Locator) Split(string citation)
    {
        var dot = citation.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (citation, "") : (citation[..dot], citation[(dot + 1)..]);
    }

    /// <summary>What citations say in print. One that does not resolve, in a document that is looked at for its faults, says nothing.</summary>
    public static IEnumerable<Citation> Resolve(ProtocolDocument document, Values? because) => Resolve(document.Sources, because);

    /// <summary>What citations of some sources say in print.</summary>
    public static IEnumerable<Citation> Resolve(IReadOnlyDictionary<string, Source> sources, Values? because) =>
        (because?.Values_ ?? []).Where(citation => Resolves(sources, citation)).Select(citation =>
        {
            var (source, locator) = Split(citation);
            var found = sources[source];
            return new Citation { Source = found.Title, Locator = locator.Length == 0 ? "" : found.Locators[locator] };
        });

    /// <summary>Whether a citation is of a declared source, and of a place in it that is declared.</summary>
    public static bool Resolves(ProtocolDocument document, string citation) => Resolves(document.Sources, citation);

    /// <summary>Whether a citation is of one of these sources, and of a place in it that is declared.</summary>
    public static bool Resolves(IReadOnlyDictionary<string, Source> sources, string citation)
    {
        var (source, locator) = Split(citation);
        return sources.TryGetValue(source, out var found) && (locator.Length == 0 || found.Locators.ContainsKey(locator));
    }

    public static bool RestOnUnread(ProtocolDocument document, Values? because) =>
        (because?.Values_ ?? []).All(citation => document.Sources.TryGetValue(Split(citation).Source, out var source) && source.NotRead);

    /// <summary>Whether it is not known what rests on unread sources alone, because nothing is cited or something that does not resolve.</summary>
    public static bool MayRestOnUnread(ProtocolDocument document, Values? because) =>
        because is null or { Values_.Count: 0 }
        || (because.Values_.Any(citation => !Resolves(document, citation))
            && !because.Values_.Any(citation => Resolves(document, citation) && !document.Sources[Split(citation).Source].NotRead));
}
