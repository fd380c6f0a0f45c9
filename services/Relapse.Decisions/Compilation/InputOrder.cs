using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// The order of the inputs, which is also that of the diagrams' variables: depth first through the decisions, from those that feed none, in
/// the order in which tables name their inputs. What is asked together stays together, which keeps diagrams small.
/// </summary>
internal sealed class InputOrder
{
    private readonly ModelNames _names;
    private readonly ImmutableArray<ModelInput>.Builder _inputs = ImmutableArray.CreateBuilder<ModelInput>();
    private readonly ImmutableArray<DecisionTable>.Builder _decisions = ImmutableArray.CreateBuilder<DecisionTable>();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private InputOrder(ModelNames names) => _names = names;

    /// <summary>The inputs by index, and the decisions with every feeder before those it feeds. The structure must be sound.</summary>
    public static (ImmutableArray<ModelInput> Inputs, ImmutableArray<DecisionTable> Decisions) Of(DecisionModel model, ModelNames names)
    {
        var order = new InputOrder(names);
        var feeders = model.Decisions.SelectMany(ModelNames.Uses).ToHashSet(StringComparer.Ordinal);
        foreach (var decision in model.Decisions.Where(decision => !feeders.Contains(decision.Name)))
        {
            order.Visit(decision.Name);
        }

        foreach (var name in model.Inputs.Select(input => input.Domain.Name)
            .Concat(model.JointInputs.Select(joint => joint.Components[0].Name)))
        {
            order.Visit(name);
        }

        return (order._inputs.ToImmutable(), order._decisions.ToImmutable());
    }

    private void Visit(string name)
    {
        if (_names.Component(name) is var (joint, _))
        {
            if (_seen.Add(joint.Name))
            {
                Add(joint.Domain, InputRole.Fact, null, joint, null);
            }
        }
        else if (_seen.Add(name))
        {
            if (_names.Decision(name) is { } decision)
            {
                Visit(decision);
            }
            else if (_names.Input(name) is { } input)
            {
                Add(input.Domain, input.Role, input.Default, null, null);
            }
        }
    }

    private void Visit(DecisionTable decision)
    {
        if (decision.Overridable)
        {
            var domain = new Domain(CompiledModel.OverrideName(decision.Name), decision.Conclusions.Values.Prepend(CompiledModel.Derived));
            Add(domain, InputRole.Override, 0, null, decision.Name);
        }

        foreach (var used in ModelNames.Uses(decision))
        {
            Visit(used);
        }

        _decisions.Add(decision);
    }

    private void Add(Domain domain, InputRole role, int? defaultValue, JointInput? joint, string? overrides) =>
        _inputs.Add(new ModelInput(_inputs.Count, domain, role, defaultValue, joint, overrides));
}
