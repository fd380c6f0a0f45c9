using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>Finds what is wrong with the structure of a model, before any table is looked into. Lists every fault.</summary>
internal sealed class ModelCheck
{
    private readonly DecisionModel _model;
    private readonly ModelNames _names;
    private readonly ImmutableArray<Fault>.Builder _faults = ImmutableArray.CreateBuilder<Fault>();

    private ModelCheck(DecisionModel model)
    {
        _model = model;
        _names = new ModelNames(model);
    }

    public static ImmutableArray<Fault> Run(DecisionModel model)
    {
        var check = new ModelCheck(model);
        check.Names();
        check.Defaults();
        foreach (var decision in model.Decisions)
        {
            check.Inputs(decision);
            check.Conclusions(decision);
            check.RuleIds(decision);
            check.Rules(decision);
            check.Guards(decision);
        }

        check.Cycles();
        return check._faults.ToImmutable();
    }

    private void Names()
    {
        var names = _model.Inputs.Select(input => input.Domain.Name)
            .Concat(_model.JointInputs.SelectMany(joint => joint.Components.Select(component => component.Name).Prepend(joint.Name)))
            .Concat(_model.Decisions.Select(decision => decision.Name))
            .Concat(_model.Decisions.Where(decision => decision.Overridable).Select(decision => CompiledModel.OverrideName(decision.Name)));
        foreach (var group in names.GroupBy(name => name, StringComparer.Ordinal))
        {
            if (string.IsNullOrEmpty(group.Key) || group.Count() > 1)
            {
                Add("", $"The name '{group.Key}' is empty or stands for {group.Count()} things.");
            }
        }
    }

    private void Defaults()
    {
        foreach (var input in _model.Inputs)
        {
            if (input.Role == InputRole.Override)
            {
                Add("", $"The input '{input.Domain.Name}' is declared as an override; these are made by the compiler.");
            }

            if (input.Default is { } value && (input.Role != InputRole.Reading || !input.Domain.All.Contains(value)))
            {
                Add("", $"The input '{input.Domain.Name}' has the default {value}; only a reading has one, and within its values.");
            }
        }
    }

    private void Inputs(DecisionTable decision)
    {
        foreach (var group in decision.Inputs.GroupBy(name => name, StringComparer.Ordinal))
        {
            if (group.Count() > 1)
            {
                Add(decision.Name, $"The input '{group.Key}' is named {group.Count()} times.");
            }

            if (_names.ValuesOf(group.Key) is null)
            {
                Add(decision.Name, $"The input '{group.Key}' is unknown.");
            }
        }
    }

    private void Conclusions(DecisionTable decision)
    {
        foreach (var reserved in new[] { CompiledDecision.OutOfScope, CompiledModel.Derived })
        {
            if (decision.Conclusions.IndexOf(reserved) >= 0)
            {
                Add(decision.Name, $"The conclusion '{reserved}' is reserved.");
            }
        }

        // One place is kept for out of scope, which a feeding decision can bring, and for DERIVED.
        if (decision.Conclusions.Count == Domain.MaximumValues)
        {
            Add(decision.Name, $"There are {decision.Conclusions.Count} conclusions; at most {Domain.MaximumValues - 1} are allowed.");
        }
    }

    private void RuleIds(DecisionTable decision)
    {
        foreach (var rules in decision.Rules.GroupBy(rule => rule.Id, StringComparer.Ordinal))
        {
            if (string.IsNullOrEmpty(rules.Key) || rules.Select(rule => rule.Then).Distinct().Count() < rules.Count())
            {
                Add(decision.Name, $"The rule id '{rules.Key}' is empty, or shared by rules with one conclusion.", rules.Key);
            }
        }

        foreach (var guards in decision.Guards.GroupBy(guard => guard.Id, StringComparer.Ordinal))
        {
            if (string.IsNullOrEmpty(guards.Key) || guards.Count() > 1
                || decision.Rules.Any(rule => string.Equals(rule.Id, guards.Key, StringComparison.Ordinal)))
            {
                Add(decision.Name, $"The guard id '{guards.Key}' is empty, or also the id of another guard or rule.", guards.Key);
            }
        }
    }

    private void Rules(DecisionTable decision)
    {
        foreach (var rule in decision.Rules)
        {
            if (!decision.Conclusions.All.Contains(rule.Then))
            {
                Add(decision.Name,
                    $"The rule '{rule.Id}' concludes {rule.Then}, which is none of the {decision.Conclusions.Count} conclusions.", rule.Id);
            }

            foreach (var (input, values) in rule.When.OrderBy(condition => condition.Key, StringComparer.Ordinal))
            {
                if (!decision.Inputs.Contains(input, StringComparer.Ordinal))
                {
                    Add(decision.Name, $"The rule '{rule.Id}' asks '{input}', which is not an input of the table.", rule.Id);
                }

                Values(decision, rule.Id, input, values);
            }
        }
    }

    private void Guards(DecisionTable decision)
    {
        foreach (var guard in decision.Guards)
        {
            if (_names.ValuesOf(guard.Input) is null)
            {
                Add(decision.Name, $"The guard '{guard.Id}' asks the unknown input '{guard.Input}'.", guard.Id);
            }

            Values(decision, guard.Id, guard.Input, guard.InScope);
        }
    }

    private void Values(DecisionTable decision, string id, string input, ValueSet values)
    {
        if (_names.ValuesOf(input) is { } domain && (values.IsEmpty || !values.IsSubsetOf(domain.All)))
        {
            Add(decision.Name, $"'{id}' gives '{input}' the values {values}: none, or not within its {domain.Count}.", id);
        }
    }

    /// <summary>One fault for each set of decisions that feed each other in a circle.</summary>
    private void Cycles()
    {
        var reached = _model.Decisions.Select(decision => decision.Name).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, Reached, StringComparer.Ordinal);
        HashSet<string> listed = new(StringComparer.Ordinal);
        foreach (var (name, feeders) in reached)
        {
            if (feeders.Contains(name) && !listed.Contains(name))
            {
                var circle = feeders.Where(feeder => reached[feeder].Contains(name)).Order(StringComparer.Ordinal).ToList();
                listed.UnionWith(circle);
                Add(name, $"These decisions feed each other in a circle: {string.Join(", ", circle)}.");
            }
        }
    }

    private HashSet<string> Reached(string decision)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Stack<string> open = new([decision]);
        while (open.TryPop(out var name))
        {
            foreach (var feeder in ModelNames.Uses(_names.Decision(name)!).Where(used => _names.Decision(used) is not null))
            {
                if (seen.Add(feeder))
                {
                    open.Push(feeder);
                }
            }
        }

        return seen;
    }

    private void Add(string decision, string message, params ImmutableArray<string> ruleIds) =>
        _faults.Add(new Fault(FaultKind.Structure, decision, ruleIds, message, [], []));
}
