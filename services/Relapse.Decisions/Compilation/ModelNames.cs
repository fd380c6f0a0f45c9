namespace Relapse.Decisions;

/// <summary>What the names of a model stand for; of a name used twice, the first use.</summary>
internal sealed class ModelNames
{
    private readonly Dictionary<string, InputDefinition> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JointInput Joint, int Component)> _components = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecisionTable> _decisions = new(StringComparer.Ordinal);

    public ModelNames(DecisionModel model)
    {
        foreach (var input in model.Inputs)
        {
            _ = _inputs.TryAdd(input.Domain.Name, input);
        }

        foreach (var joint in model.JointInputs)
        {
            for (var component = 0; component < joint.Components.Length; component++)
            {
                _ = _components.TryAdd(joint.Components[component].Name, (joint, component));
            }
        }

        foreach (var decision in model.Decisions)
        {
            _ = _decisions.TryAdd(decision.Name, decision);
        }
    }

    public InputDefinition? Input(string name) => _inputs.GetValueOrDefault(name);

    public (JointInput Joint, int Component)? Component(string name) => _components.TryGetValue(name, out var component) ? component : null;

    public DecisionTable? Decision(string name) => _decisions.GetValueOrDefault(name);

    /// <summary>The values that tables may name; for a decision its own conclusions, without out of scope.</summary>
    public Domain? ValuesOf(string name) =>
        Input(name)?.Domain ?? (Component(name) is var (joint, component) ? joint.Components[component] : Decision(name)?.Conclusions);

    /// <summary>The names that a decision looks at: its guards' inputs, then its own.</summary>
    public static IEnumerable<string> Uses(DecisionTable decision) => decision.Guards.Select(guard => guard.Input).Concat(decision.Inputs);
}
