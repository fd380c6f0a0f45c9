using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Names of protocols and of what they conclude. A conclusion never stands without its protocol, and no value of the case stands anywhere.</summary>
internal sealed partial class ProtocolWords
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

    /// <summary>Also of a protocol that is none of those whose words these are.</summary>
    public string Name(CompiledProtocol protocol) => _names.GetValueOrDefault(protocol.Name, protocol.Id);

    /// <summary>What a protocol calls a conclusion in the clinic; the word itself when it says nothing.</summary>
    public string Label(string protocol, string decision, string conclusion) =>
        _protocols[protocol].Document.Decisions[decision].Labels.TryGetValue(conclusion, out var label) ? label : Spoken(conclusion);

    /// <summary>Whether the label says more than a name: what follows its first comma.</summary>
    public bool IsExplained(string protocol, string decision, string conclusion) => Label(protocol, decision, conclusion).Contains(", ", StringComparison.Ordinal);

    /// <summary>The name in a label, for use inside a sentence: without what explains it, and without what stands in brackets.</summary>
    public string PlainLabel(string protocol, string decision, string conclusion)
    {
        var label = Label(protocol, decision, conclusion).Split(", ")[0];
        while (label.IndexOf(" (", StringComparison.Ordinal) is >= 0 and var start && label.IndexOf(')', start) is >= 0 and var end)
        {
            label = label.Remove(start, end + 1 - start);
        }

        return label;
    }

    /// <summary>A conclusion in its protocol, and what that means there.</summary>
    public string Explained(string protocol, string decision, string conclusion)
    {
        if (conclusion == CompiledDecision.OutOfScope)
        {
            return $"{Spoken(conclusion)} in {Name(protocol)}";
        }

        var label = Label(protocol, decision, conclusion);
        return $"{conclusion} in {Name(protocol)}{(label == Spoken(conclusion) ? "" : $" is {label}")}";
    }

    /// <summary>An id or a word, as it is spoken; M1 and what else holds a digit is an abbreviation.</summary>
    public static string Spoken(string word) => string.Join(' ', Level().Replace(word, level => $"0.{new string('0', int.Parse(level.Groups["power"].Value, CultureInfo.InvariantCulture) - 1)}1")
        .Replace("cut_off", "cut-off", StringComparison.OrdinalIgnoreCase)
        .Split('_')
        .Select(Part));

    private static string Part(string part) => Exhibit().Match(part) is { Success: true } exhibit ? $"{Sentence(exhibit.Groups["kind"].Value.ToLowerInvariant())} {exhibit.Groups["number"].Value}"
        : IsAbbreviation(part) ? part.ToUpperInvariant()
        : part.ToLowerInvariant();

    /// <summary>An arm, <c>A</c>, is a name and no article.</summary>
    private static bool IsAbbreviation(string part) => part.Any(char.IsAsciiDigit) || part is [>= 'A' and <= 'Z'] || part.ToUpperInvariant() is "CNS" or "MRD" or "NCI" or "CSF";

    /// <summary>A level in the words of a reading: <c>CUT_1E_4</c>.</summary>
    [GeneratedRegex("(CUT_)?1E_(?<power>[1-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Level();

    [GeneratedRegex("^(?<kind>figure|table)(?<number>[0-9]+)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Exhibit();

    public static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";

    public static string Or(IEnumerable<string> words) => Join(words, " or ");

    public static string And(IEnumerable<string> words) => Join(words, " and ");

    /// <summary>That a centre made a conclusion, so that no fact parts it from the other.</summary>
    public string Given(Decision one, Decision other) =>
        $"The conclusion is established by the centre for {And(new[] { one, other }.Where(answer => answer.Established).Select(answer => Name(answer.Protocol)))}";

    public string Concluded(Decision one, Decision other) => $": {Or(one.Possible)} in {Name(one.Protocol)}; {Or(other.Possible)} in {Name(other.Protocol)}";

    /// <summary>Why there are no facts on which two that cannot be compared part.</summary>
    public string NotComparable(ComparedPair pair) =>
        $"{Name(pair.One.Protocol.Name)} and {Name(pair.Other.Protocol.Name)} {(pair.Result.IsTooLarge ? "have tables that are too large together to be compared" : "look at facts in words that are not each other's")}, so that on which of them they part cannot be said";

    private static string Join(IEnumerable<string> words, string last)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : string.Join(", ", all[..^1]) + last + all[^1];
    }
}
