using System.Collections.Immutable;
using Relapse.Clinical.Documents;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using DecisionTable = Relapse.Contracts.Protocol.V1.DecisionTable;
using Rule = Relapse.Contracts.Protocol.V1.Rule;

namespace Relapse.Clinical;

/// <summary>
/// One decision of a protocol: its diagrams, and what its rules say in print. The messages are made once and shared by all
/// answers; nothing changes a message after it stands in an answer.
/// </summary>
internal sealed class ProtocolDecision
{
    public ProtocolDecision(CompiledProtocol protocol, string id, int index, DecisionTable table)
    {
        (Id, Index, Table) = (id, index, table);
        Diagram = protocol.Model.Decision(id);
        var document = protocol.Document;
        Feeders = [.. FeedersOf(document, id).Distinct(StringComparer.Ordinal)];
        var printed = table.Rules.Select(rule => Print(document, rule))
            .Concat(((string[])[id, .. Feeders]).SelectMany(decision => document.Decisions[decision].Scope).Select(scope => Print(document, scope)))
            .GroupBy(rule => rule.Because.Rule, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        Rules = [.. Diagram.RuleIds.Select(rule => printed[rule])];
        Warnings =
        [
            .. document.Warnings.Index()
                .Where(entry => entry.Item.Decisions.Values_.Contains(id))
                .Select(entry => new PrintedWarning(
                    entry.Item,
                    Print(document, entry.Item),
                    protocol.Model.Decision(ProtocolModel.WarningName(entry.Index)),
                    [.. (entry.Item.Open?.Values_ ?? []).Select(protocol.Model.InputIndex)],
                    [.. entry.Item.Instead.Select(fact => InsteadOf(protocol.Model, fact.Key, fact.Value.Values_))],
                    About(protocol, entry.Item),
                    About(protocol, entry.Item).Conclusions.Of([.. entry.Item.Gives?.Values_ ?? []]))),
        ];
        Guards = [.. GuardsOf(protocol, [id, .. Feeders])];
        GuardedInputs = [.. Guards.DistinctBy(guard => guard.Input)];
        Requirements = [.. table.Requires.Select(required => new PrintedRequirement(required, PrintWarning(document, required), PrintOutside(document, required)))];
        RestsOnUnread = Rules.Any(rule => rule.NotRead);
        HasRuleConditions = HasConditions(table);
        FeedersWithConditions = [.. Feeders.Where(feeder => HasConditions(document.Decisions[feeder]))];
        Numbers = [.. Diagram.SupportInputs.Where(input => protocol.Bindings[input] is NumberInput { Fact.IsCount: false })];
        InputsOfAnswer = [.. FindInputsOfAnswer(protocol)];
        LooksAtMeasurements = Diagram.SupportInputs.Any(input => protocol.Bindings[input] is WordInput { Definition.Measure: not null } or NumberInput { Fact.Measure: not null });
        OwnOverride = protocol.Model.InputIndex(CompiledModel.OverrideName(id));
    }

    public string Id { get; }

    /// <summary>Tells it from the other decisions of its protocol.</summary>
    public int Index { get; }

    public DecisionTable Table { get; }

    public CompiledDecision Diagram { get; }

    /// <summary>What is printed of each rule and guard, in the order of the diagram's rule ids.</summary>
    public ImmutableArray<PrintedRule> Rules { get; }

    public ImmutableArray<PrintedWarning> Warnings { get; }

    /// <summary>What must hold for its advice to be acted on.</summary>
    public ImmutableArray<PrintedRequirement> Requirements { get; }

    /// <summary>Decisions on the way to this one, nearest the facts first.</summary>
    public ImmutableArray<string> Feeders { get; }

    /// <summary>Facts that must hold for this decision, or one on the way to it, to be covered.</summary>
    public ImmutableArray<ScopeGuard> Guards { get; }

    /// <summary>The first of the guards of each input.</summary>
    public ImmutableArray<ScopeGuard> GuardedInputs { get; }

    /// <summary>The inputs, of those that the decision looks at, that are numbers with a boundary that could be near.</summary>
    public ImmutableArray<int> Numbers { get; }

    /// <summary>
    /// Every input that anything of an answer looks at, whether the centre established something aside, and whether the
    /// answer may name its fact as open.
    /// </summary>
    public ImmutableArray<(int Input, bool IsNamed)> InputsOfAnswer { get; }

    /// <summary>Whether a rule of this decision rests on a source known only second-hand.</summary>
    public bool RestsOnUnread { get; }

    /// <summary>Whether the conclusion of a rule of this decision stands on something.</summary>
    public bool HasRuleConditions { get; }

    /// <summary>The decisions on the way of which that is so.</summary>
    public ImmutableArray<string> FeedersWithConditions { get; }

    /// <summary>Whether it looks at an MRD measurement, itself or on the way.</summary>
    public bool LooksAtMeasurements { get; }

    /// <summary>The input that says what the centre established of this decision; -1 for none.</summary>
    public int OwnOverride { get; }

    /// <summary>The input of the fact whose field would settle what a rule leaves open; null when no fact of that field exists.</summary>
    public static int? FactBehind(CompiledProtocol protocol, int input)
    {
        for (var fact = 0; protocol.Bindings[input] is OpenInput open && fact < protocol.Bindings.Length; fact++)
        {
            if (protocol.Bindings[fact] is WordInput { Definition.Measurement: "" } word && string.Equals(CaseFacts.Nothing[word.Fact].Field, open.SettledBy, StringComparison.Ordinal))
            {
                return fact;
            }
        }
        return null;
    }

    private static bool HasConditions(DecisionTable table) => table.Rules.Any(rule => rule.Condition is not null);

    private IEnumerable<(int Input, bool IsNamed)> FindInputsOfAnswer(CompiledProtocol protocol)
    {
        var findings = Diagram.SupportInputs.Select(input => FactBehind(protocol, input)).OfType<int>();
        HashSet<int> named = [.. Diagram.SupportInputs, .. Guards.Select(guard => guard.Input), .. findings];
        var others = Feeders.Append(Id).Select(protocol.Model.Decision).Concat(Warnings.Select(warning => warning.Diagram))
            .SelectMany(diagram => diagram.SupportInputs.Concat(diagram.RuleInputs))
            .Concat(Warnings.SelectMany(warning => warning.Open.Concat(warning.Instead.Select(instead => instead.Input))))
            .Concat(Warnings.Where(warning => !warning.Instead.IsEmpty).SelectMany(warning => warning.About.SupportInputs));
        return named.Concat(others).Distinct().Order().Select(input => (input, named.Contains(input)));
    }

    private static PrintedRule Print(ProtocolDocument document, Rule rule) => new(
        new Because { Rule = rule.Id, Citations = { Citations.Resolve(document, rule.Because) }, Note = rule.Note, Conclusions = { rule.Then.Values_ } },
        Citations.RestOnUnread(document, rule.Because),
        rule);

    private static PrintedRule Print(ProtocolDocument document, ScopeRule scope) => new(
        new Because { Rule = scope.Id, Citations = { Citations.Resolve(document, scope.Because) }, Note = scope.Outside },
        Citations.RestOnUnread(document, scope.Because),
        null);

    private static Warning Print(ProtocolDocument document, WarningRule warning) =>
        new() { Code = warning.Code, Detail = warning.Detail, Citations = { Citations.Resolve(document, warning.Because) } };

    private static Warning? PrintWarning(ProtocolDocument document, RequiredDecision required) => required.Warning.Length == 0
        ? null
        : new() { Code = required.Warning, Detail = required.Detail, Citations = { Citations.Resolve(document, required.Because) } };

    private static Because? PrintOutside(ProtocolDocument document, RequiredDecision required) => required.Outside.Length == 0
        ? null
        : new() { Rule = $"requires-{required.Decision.Replace('_', '-')}", Note = required.Outside, Citations = { Citations.Resolve(document, required.Because) } };

    /// <summary>The decision that a warning is about, the first of those that carry it.</summary>
    private static CompiledDecision About(CompiledProtocol protocol, WarningRule warning) => protocol.Model.Decision(warning.Decisions.Values_[0]);

    private static (int, ValueSet) InsteadOf(CompiledModel model, string fact, IEnumerable<string> words)
    {
        var input = model.InputIndex(fact);
        return (input, model.Inputs[input].Domain.Of([.. words]));
    }

    private static IEnumerable<string> FeedersOf(ProtocolDocument document, string id) =>
        document.Decisions[id].Inputs
            .Where(document.Decisions.ContainsKey)
            .SelectMany(feeder => FeedersOf(document, feeder).Append(feeder));

    private static IEnumerable<ScopeGuard> GuardsOf(CompiledProtocol protocol, IEnumerable<string> decisions) =>
        from decision in decisions
        from scope in protocol.Document.Decisions[decision].Scope
        let input = protocol.Model.InputIndex(scope.Input)
        select new ScopeGuard(scope, input, InScope(protocol.Model.Inputs[input], scope));

    /// <summary>A clock is one component of a joint input.</summary>
    private static ValueSet InScope(ModelInput input, ScopeRule scope) => input.Joint is { } joint && joint.ComponentIndex(scope.Input) is >= 0 and var clock
        ? joint.Where(clock, joint.Components[clock].Of([.. scope.Within.Values_]))
        : input.Domain.Of([.. scope.Within.Values_]);
}

/// <summary>What a rule says in print; a scope rule has no <paramref name="Rule"/>.</summary>
internal sealed record PrintedRule(Because Because, bool NotRead, Rule? Rule);

/// <summary>A warning, and the diagram that says whether it holds.</summary>
/// <param name="Rule">As the document has it.</param>
/// <param name="Warning">As it is printed.</param>
/// <param name="Diagram">Its first conclusion is that it is raised.</param>
/// <param name="Open">The inputs that must be open.</param>
/// <param name="Instead">For a counterfactual warning, the inputs to change and their values.</param>
/// <param name="About">The decision that it is about; those that rest on it may carry the warning too.</param>
/// <param name="Gives">The conclusions of that decision that a counterfactual warning warns of.</param>
internal sealed record PrintedWarning(
    WarningRule Rule,
    Warning Warning,
    CompiledDecision Diagram,
    ImmutableArray<int> Open,
    ImmutableArray<(int Input, ValueSet Values)> Instead,
    CompiledDecision About,
    ValueSet Gives);

/// <summary>What must hold for advice to be acted on.</summary>
/// <param name="Required">As the document has it.</param>
/// <param name="Warning">The warning while it does not hold; null for none.</param>
/// <param name="Outside">Why the case is not covered while it does not hold; null when it is covered all the same.</param>
internal sealed record PrintedRequirement(RequiredDecision Required, Warning? Warning, Because? Outside);

/// <summary>A fact that must hold for a decision to be covered.</summary>
internal sealed record ScopeGuard(ScopeRule Scope, int Input, ValueSet InScope);
