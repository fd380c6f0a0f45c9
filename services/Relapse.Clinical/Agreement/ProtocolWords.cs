using System.Collections.Immutable;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Clinical;

/// <summary>Says in words who concludes what. A conclusion never stands without its protocol, and no value of the case stands anywhere.</summary>
internal sealed class ProtocolWords
{
    private readonly Dictionary<string, CompiledProtocol> _protocols;
    private readonly Dictionary<string, string> _names;

    public ProtocolWords(ImmutableArray<CompiledProtocol> protocols)
    {
        _protocols = protocols.ToDictionary(protocol => protocol.Name, StringComparer.Ordinal);
        // The id is name enough, unless two versions of one protocol stand side by side.
        _names = protocols.ToDictionary(
            protocol => protocol.Name,
            protocol => protocols.Count(other => other.Id == protocol.Id) > 1 ? $"{protocol.Id} {protocol.Version}" : protocol.Id,
            StringComparer.Ordinal);
    }

    public string Name(string protocol) => _names[protocol];

    /// <summary>What a protocol calls a conclusion in the clinic; the word itself when it says nothing.</summary>
    public string Label(string protocol, string decision, string conclusion) =>
        _protocols[protocol].Document.Decisions[decision].Labels.TryGetValue(conclusion, out var label) ? label : Spoken(conclusion);

    /// <summary>The label as far as its first comma: the name without what explains it.</summary>
    public string ShortLabel(string protocol, string decision, string conclusion) => Label(protocol, decision, conclusion).Split(", ")[0];

    /// <summary>An id or a word, as it is spoken.</summary>
    public static string Spoken(string word) => word.Replace('_', ' ').ToLowerInvariant();

    public static string Or(IEnumerable<string> words) => Join(words, " or ");

    public static string And(IEnumerable<string> words) => Join(words, " and ");

    public string Summary(Agreement agreement)
    {
        var concluding = agreement.Positions.Where(position => position.Possible.Count > 0).ToList();
        var rest = Silent(agreement);
        return agreement.State switch
        {
            AgreementState.Agree => $"{All(agreement)} agree{Still(concluding)}: {Says(concluding)}{rest}.",
            AgreementState.SameWordOnly => $"The word is the same and the patients are not: {Says(concluding)}{rest}. {Meanings(agreement.Decision, concluding[0])}",
            AgreementState.Differ => $"They differ: {Says(concluding)}{rest}.{Only(agreement)}",
            AgreementState.Open => $"Whether they agree depends on what is not known: {Says(concluding)}{rest}.{Only(agreement)}",
            _ when concluding.Count > 1 => $"There is nothing to compare, because no case is covered by both: {Says(concluding)}{rest}.",
            _ when concluding.Count == 1 => $"There is nothing to compare: {Says(concluding)}{rest}.",
            _ => $"There is nothing to compare: {rest[2..]}.",
        };
    }

    /// <summary>That a centre made a conclusion, so that no fact parts it from the other.</summary>
    public string Given(Decision one, Decision other) =>
        $"In {And(new[] { one, other }.Where(answer => answer.Established).Select(answer => Name(answer.Protocol)))} the conclusion was established by the centre: {Or(one.Possible)} in {Name(one.Protocol)}, {Or(other.Possible)} in {Name(other.Protocol)}.";

    /// <summary>Why there are no facts on which two that cannot be compared part.</summary>
    public string NotComparable(ComparedPair pair) =>
        $"{Name(pair.One.Protocol.Name)} and {Name(pair.Other.Protocol.Name)} look at facts in words that are not each other's, so that on which of them they part cannot be said.";

    private static string Still(IEnumerable<Position> concluding) =>
        concluding.Any(position => position.Possible.Count > 1) ? ", whatever is still unknown" : "";

    private static string All(Agreement agreement) => agreement.Positions.Any(position => position.Possible.Count == 0) ? "Those that conclude" : agreement.Positions.Sum(position => position.Protocols.Count) == 2 ? "Both" : "All";

    private string Says(IEnumerable<Position> positions) =>
        string.Join("; ", positions.Select(position => $"{Or(position.Possible)} in {And(position.Protocols.Select(Name))}"));

    private string Silent(Agreement agreement) => string.Concat(agreement.Positions
        .Where(position => position.Possible.Count == 0)
        .Select(position => $"; {(position.Outcome == Outcome.Inconsistent ? "contradictory facts" : "out of scope")} in {And(position.Protocols.Select(Name))}"));

    // One parting is said in the summary itself; several are read where they stand.
    private static string Only(Agreement agreement) => agreement.Partings is [var only] ? " " + only.Detail : "";

    private string Meanings(string decision, Position position) => string.Join(
        " ",
        position.Possible.Select(word => $"{word} is {string.Join("; ", position.Protocols
            .GroupBy(protocol => Label(protocol, decision, word), StringComparer.Ordinal)
            .Select(same => $"{same.Key} in {And(same.Select(Name))}"))}."));

    private static string Join(IEnumerable<string> words, string last)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : string.Join(", ", all[..^1]) + last + all[^1];
    }
}
