using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>One immutable version of a protocol: parsed, compiled and certified. Safe for use by many threads.</summary>
public sealed class CompiledProtocol
{
    internal CompiledProtocol(
        ProtocolDocument document,
        ReadOnlyMemory<byte> yaml,
        string digest,
        string casesDigest,
        Certificate certificate,
        CompiledModel model,
        ImmutableArray<InputBinding> bindings)
    {
        Document = document;
        Name = $"protocols/{document.Id}/versions/{document.Version}";
        Yaml = yaml;
        Digest = digest;
        CasesDigest = casesDigest;
        Certificate = certificate;
        Model = model;
        Bindings = bindings;
        Decisions = document.Decisions
            .Select((entry, index) => new ProtocolDecision(this, entry.Key, index, entry.Value))
            .ToFrozenDictionary(decision => decision.Id, StringComparer.Ordinal);
        Modifiers = [.. document.Modifiers.Select((rule, index) => new ProtocolModifier(this, rule, index))];
        Context = [.. document.Context.Select((rule, index) => new ProtocolContext(this, rule, index))];
        Unsaid = new UnsaidValues(model, bindings);
        ImmutableArray<FactDefinition> given = [.. Modifiers.SelectMany(modifier => modifier.GivenFacts).Distinct()];
        WholeKey = new PackedKey(model, Enumerable.Range(0, bindings.Length), given);
        ModifierKey = new PackedKey(model, Modifiers.SelectMany(modifier => modifier.Inputs).Distinct().Order(), given);
        NamedInputs = [.. Decisions.Values.SelectMany(decision => decision.InputsOfAnswer).Where(entry => entry.IsNamed).Select(entry => entry.Input).Distinct().Order()];
        RestsOnUnread = Decisions.Values.Any(decision => decision.Rules.Any(rule => rule.NotRead));
        Historical = document.Period == Period.Historical
            ? new Warning
            {
                Code = "HISTORICAL_PROTOCOL",
                Detail = $"{document.Title.Split(": ")[0]} is historical: it says what was practice then{(document.SupersededBy.Count == 0 ? "" : $"; followed, each within its own scope, by {string.Join(", ", document.SupersededBy)}")}",
            }
            : null;
    }

    /// <summary><c>protocols/{id}/versions/{version}</c>.</summary>
    public string Name { get; }

    /// <summary>Id of the protocol.</summary>
    public string Id => Document.Id;

    /// <summary>Version within the protocol.</summary>
    public string Version => Document.Version;

    /// <summary>SHA-256 of <see cref="Yaml"/>, lower-case hex, as <c>sha256sum</c> prints it.</summary>
    public string Digest { get; }

    /// <summary>SHA-256 of the cases.yaml it was certified with, lower-case hex.</summary>
    public string CasesDigest { get; }

    /// <summary>The bytes of protocol.yaml.</summary>
    public ReadOnlyMemory<byte> Yaml { get; }

    /// <summary>The document. Not to be changed.</summary>
    public ProtocolDocument Document { get; }

    /// <summary>What certification found.</summary>
    public Certificate Certificate { get; }

    /// <summary>Whether its modifiers stand beside the answers of every other protocol.</summary>
    public bool HasModifiersForAll => Document.ModifiersForAll;

    /// <summary>A fact as the document looks at it: which results of a series a measurement is of is the document's. Null: there is none.</summary>
    internal FactDefinition? FactOf(string id) => Model.InputIndex(id) is >= 0 and var input
        ? Bindings[input] switch
        {
            WordInput word => word.Definition,
            NumberInput number => number.Fact,
            _ => FactCatalogue.Find(id),
        }
        : FactCatalogue.Find(id);

    /// <summary>Its prognostic features, in the document's order.</summary>
    internal ImmutableArray<ProtocolModifier> Modifiers { get; }

    /// <summary>Its statements shown beside the answers, in the document's order.</summary>
    internal ImmutableArray<ProtocolContext> Context { get; }

    /// <summary>The decision diagrams, over the inputs of <see cref="Bindings"/> in the same order.</summary>
    internal CompiledModel Model { get; }

    internal ImmutableArray<InputBinding> Bindings { get; }

    /// <summary>Whether any rule rests on a source known only second-hand.</summary>
    internal bool RestsOnUnread { get; }

    /// <summary>The warning that the protocol is history; null for one in use.</summary>
    internal Warning? Historical { get; }

    internal FrozenDictionary<string, ProtocolDecision> Decisions { get; }

    /// <summary>What a case leaves possible that says nothing.</summary>
    internal UnsaidValues Unsaid { get; }

    /// <summary>What everything that is answered of a case hangs on, but its own dates, numbers and words.</summary>
    internal PackedKey WholeKey { get; }

    /// <summary>What the modifiers hang on.</summary>
    internal PackedKey ModifierKey { get; }

    /// <summary>The inputs that some answer may name as open.</summary>
    internal ImmutableArray<int> NamedInputs { get; }

    /// <summary>What no decision looks at as long as no reading is chosen. Worked out when first asked for.</summary>
    internal LeftOutInputs LeftOut => field ??= new LeftOutInputs(this, Unsaid.Copy(), Unsaid.LiveReadings);

    /// <summary>What its MRD inputs are called in a comparison, whatever the case. Worked out when first asked for.</summary>
    internal ImmutableSortedDictionary<string, string> MeasuredNames => field ??= MeasuredInputs.ByMeasure(this);

    /// <summary>The diagrams with these names.</summary>
    internal CompiledModel ComparedModel => field ??= new ComparedDecision(Model, Model.DecisionNames[0]).Renamed(MeasuredNames).Model;

    /// <summary>What earlier cases were answered.</summary>
    internal AnswerMemory Answers { get; } = new();

    /// <summary>Whether a reading may be chosen so.</summary>
    /// <returns>What is wrong with the choice; null when it stands.</returns>
    public string? CheckReading(string reading, string value)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(value);
        if (!Document.Readings.TryGetValue(reading, out var found))
        {
            return Document.Readings.Count == 0
                ? $"{Name} has no readings"
                : $"{Name} has no such reading; its readings are {string.Join(", ", Document.Readings.Keys)}";
        }
        return found.Values.ContainsKey(value) ? null : $"this reading can be {string.Join(", ", found.Values.Keys)}";
    }
}
