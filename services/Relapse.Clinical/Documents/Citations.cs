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

    public static IEnumerable<Citation> Resolve(ProtocolDocument document, Values? because) =>
        (because?.Values_ ?? []).Select(citation =>
        {
            var (source, locator) = Split(citation);
            var found = document.Sources[source];
            return new Citation { Source = found.Title, Locator = locator.Length == 0 ? "" : found.Locators[locator] };
        });

    public static bool RestOnUnread(ProtocolDocument document, Values? because) =>
        (because?.Values_ ?? []).All(citation => document.Sources[Split(citation).Source].NotRead);
}
