using System.Collections.Immutable;
using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using DecisionTable = Relapse.Decisions.DecisionTable;
using Rule = Relapse.Decisions.Rule;

namespace Relapse.Clinical;

/// <summary>
/// Turns a checked document into the kernel's model: facts become domains, clocks one joint input, a rule that leaves
/// several conclusions open one rule for each over a latent input, a warning, modifier or context statement a decision of its own.
/// </summary>
internal sealed class ProtocolModel
{
    private const string Raised = "RAISED";
    private const string NotRaised = "NOT_RAISED";

    private readonly ProtocolDocument _document;
    private readonly Dictionary<string, Domain> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InputBinding> _bindings = new(StringComparer.Ordinal);
    private readonly List<InputDefinition> _inputs = [];
    private readonly List<JointInput> _joints = [];
    private readonly List<DecisionTable> _tables = [];

    private ProtocolModel(ProtocolDocument document) => _document = document;

    /// <summary>Name of the decision that says whether a warning holds.</summary>
    public static string WarningName(int index) => string.Create(CultureInfo.InvariantCulture, $"warning.{index}");

    /// <summary>Name of the decision that says whether a modifier holds.</summary>
    public static string ModifierName(int index) => string.Create(CultureInfo.InvariantCulture, $"modifier.{index}");

    /// <summary>Name of the decision that says whether a context statement fits.</summary>
    public static string ContextName(int index) => string.Create(CultureInfo.InvariantCulture, $"context.{index}");

    /// <summary>For a decision that the engine made of what stands beside the tables: the place of that in the document; null for one of the document's own.</summary>
    public static string? PathBeside(string decision) => decision.Split('.') switch
    {
        ["warning", var index] => $"warnings[{index}]",
        ["modifier", var index] => $"modifiers[{index}]",
        ["context", var index] => $"context[{index}]",
        _ => null,
    };

    /// <summary>The model, and for each of its inputs by name how a case fills it.</summary>
    public static (DecisionModel Model, IReadOnlyDictionary<string, InputBinding> Bindings) Build(ProtocolDocument document)
    {
        var builder = new ProtocolModel(document);
        builder.AddFacts();
        builder.AddClocks();
        builder.AddReadings();
        foreach (var (id, table) in document.Decisions)
        {
            builder._domains[id] = new Domain(id, table.Conclusions);
        }
        foreach (var (id, table) in document.Decisions)
        {
            builder.AddTable(id, table);
        }
        for (var i = 0; i < document.Warnings.Count; i++)
        {
            builder.AddCondition(WarningName(i), document.Warnings[i].When);
        }
        for (var i = 0; i < document.Modifiers.Count; i++)
        {
            // One that hangs on what is given alone has no facts to look at.
            if (document.Modifiers[i].When.Count > 0)
            {
                builder.AddCondition(ModifierName(i), document.Modifiers[i].When);
            }
        }
        for (var i = 0; i < document.Context.Count; i++)
        {
            // One without conditions fits every case.
            if (document.Context[i].When.Count > 0)
            {
                builder.AddCondition(ContextName(i), document.Context[i].When);
            }
        }
        return (new DecisionModel([.. builder._inputs], [.. builder._joints], [.. builder._tables]), builder._bindings);
    }

    private void AddFacts()
    {
        foreach (var (id, input) in _document.Inputs)
        {
            var fact = FactOf(_document, id);
            if (fact.Group.Length > 0)
            {
                continue;
            }
            if (fact.IsNumber)
            {
                var bands = BandsOf(fact, input);
                Add(new InputDefinition(bands.Domain, InputRole.Fact), new NumberInput(fact, bands));
            }
            else
            {
                Add(new InputDefinition(new Domain(id, fact.Words), InputRole.Fact), new WordInput(id) { Definition = fact });
            }
        }
    }

    /// <summary>A fact of the catalogue; one of a measurement with the results that count in this document.</summary>
    private static FactDefinition FactOf(ProtocolDocument document, string id)
    {
        var fact = FactCatalogue.Find(id)!;
        return fact.Measurement.Length == 0 ? fact : fact with { Measure = MrdMeasure.Of(fact.Measurement, document.Measurements[fact.Measurement]) };
    }

    private void AddClocks()
    {
        var hasDiagnosis = _document.Inputs.TryGetValue(FactId.MonthsFromDiagnosis, out var sinceDiagnosis);
        var hasEnd = _document.Inputs.TryGetValue(FactId.MonthsFromTherapyEnd, out var sinceEnd);
        if (!hasDiagnosis && !hasEnd)
        {
            return;
        }
        // A clock that the document does not look at still has one band: that it runs at all bounds the other.
        var diagnosis = BandsOf(FactCatalogue.Find(FactId.MonthsFromDiagnosis)!, sinceDiagnosis);
        var end = BandsOf(FactCatalogue.Find(FactId.MonthsFromTherapyEnd)!, sinceEnd);
        var joint = JointInput.Create(FactCatalogue.TimingGroup, diagnosis.Domain, end.Domain);
        _joints.Add(joint);
        _bindings[joint.Name] = new ClocksInput(joint, new ClockScales(new ClockBands(diagnosis), new ClockBands(end)));
        _domains[FactId.MonthsFromDiagnosis] = diagnosis.Domain;
        _domains[FactId.MonthsFromTherapyEnd] = end.Domain;
    }

    private void AddReadings()
    {
        foreach (var (id, reading) in _document.Readings)
        {
            var domain = new Domain(id, reading.Values.Keys);
            int? chosen = reading.Default.Length == 0 ? null : domain.IndexOf(reading.Default);
            Add(new InputDefinition(domain, InputRole.Reading, chosen), new ReadingInput(id, reading, chosen));
        }
    }

    private void AddTable(string id, Contracts.Protocol.V1.DecisionTable table)
    {
        var inputs = table.Inputs.ToList();
        var rules = new List<Rule>();
        foreach (var rule in table.Rules)
        {
            var when = rule.When.ToImmutableDictionary(entry => entry.Key, entry => _domains[entry.Key].Of([.. entry.Value.Values_]));
            if (rule.Then.Values_ is [var only])
            {
                rules.Add(new Rule(rule.Id, when, _domains[id].IndexOf(only)));
                continue;
            }
            var open = new Domain($"open.{id}.{rule.Id}", rule.Then.Values_);
            Add(new InputDefinition(open, InputRole.Latent), new OpenInput(rule.SettledBy));
            inputs.Add(open.Name);
            rules.AddRange(open.Values.Select((conclusion, index) =>
                new Rule(rule.Id, when.Add(open.Name, ValueSet.Of(index)), _domains[id].IndexOf(conclusion))));
        }
        var guards = table.Scope.Select(scope => new Guard(scope.Id, scope.Input, _domains[scope.Input].Of([.. scope.Within.Values_])));
        var overridable = WellKnownDecisions.MayBeEstablished(id);
        _tables.Add(new DecisionTable(id, [.. inputs], _domains[id], [.. rules], [.. guards], overridable));
        if (overridable)
        {
            _bindings[$"established.{id}"] = new OverrideInput(id);
        }
    }

    /// <summary>What stands beside the tables holds when all its conditions do; the n-th rule against it is that its n-th condition is the first to fail.</summary>
    private void AddCondition(string name, IReadOnlyDictionary<string, Values> when)
    {
        var conditions = when.Select(entry => (Input: entry.Key, Words: _domains[entry.Key].Of([.. entry.Value.Values_]))).ToArray();
        var outcome = new Domain(name, Raised, NotRaised);
        var holds = ImmutableDictionary<string, ValueSet>.Empty;
        var rules = new List<Rule>();
        foreach (var (input, words) in conditions)
        {
            var fails = _domains[input].All.Except(words);
            if (!fails.IsEmpty)
            {
                rules.Add(new Rule($"not-{input}", holds.Add(input, fails), 1, MayBeDead: true));
            }
            holds = holds.Add(input, words);
        }
        rules.Insert(0, new Rule("raised", holds, 0));
        _tables.Add(new DecisionTable(name, [.. when.Keys], outcome, [.. rules], [], Overridable: false));
    }

    private static Bands BandsOf(FactDefinition fact, Input? input)
    {
        IEnumerable<(string, Interval)> bands = input is null
            ? [("ANY", fact.Range!.Value)]
            : input.Bands.Select(band => (band.Key, Interval.TryParse(band.Value, out var interval, out _) ? interval : throw new InvalidOperationException("A checked document has sound bands.")));
        return Bands.Create(fact.Id, fact.Words, bands, fact.Range!.Value);
    }

    private void Add(InputDefinition input, InputBinding binding)
    {
        _inputs.Add(input);
        _domains[input.Domain.Name] = input.Domain;
        _bindings[input.Domain.Name] = binding;
    }
}
