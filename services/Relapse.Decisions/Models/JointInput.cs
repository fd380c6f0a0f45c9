using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// One input whose values are tuples of values of several domains, so that uncertainty shared by the components stays exact. Tables refer
/// to the components by name. A tuple's index counts the last component fastest. Immutable.
/// </summary>
public sealed class JointInput
{
    private const char Separator = '|';

    private JointInput(Domain domain, ImmutableArray<Domain> components)
    {
        Domain = domain;
        Components = components;
    }

    /// <summary>The name of the input itself.</summary>
    public string Name => Domain.Name;

    /// <summary>The tuples; a tuple's label is its components' labels joined by <c>|</c>.</summary>
    public Domain Domain { get; }

    /// <summary>The components in order.</summary>
    public ImmutableArray<Domain> Components { get; }

    /// <summary>A joint input of at least one component.</summary>
    /// <exception cref="ArgumentException">
    /// There is no component, two have one name, a label holds <c>|</c>, or there are more than 64 tuples.
    /// </exception>
    public static JointInput Create(string name, params ImmutableArray<Domain> components)
    {
        var tuples = components.Aggregate(1L, (product, component) => Math.Min(product * component.Count, int.MaxValue));
        if (components.IsEmpty || tuples > Domain.MaximumValues)
        {
            throw new ArgumentException(
                $"The joint input '{name}' has {components.Length} components, {tuples} tuples; 1 to {Domain.MaximumValues} are allowed.",
                nameof(components));
        }

        if (components.Select(component => component.Name).Distinct(StringComparer.Ordinal).Count() < components.Length)
        {
            throw new ArgumentException($"The joint input '{name}' has two components of one name.", nameof(components));
        }

        if (components.Any(component => component.Values.Any(label => label.Contains(Separator, StringComparison.Ordinal))))
        {
            throw new ArgumentException($"The joint input '{name}' has a component with '{Separator}' in a label.", nameof(components));
        }

        IEnumerable<string> labels = [""];
        foreach (var component in components)
        {
            labels = [.. labels.SelectMany(label =>
                component.Values.Select(value => label.Length == 0 ? value : $"{label}{Separator}{value}"))];
        }

        return new JointInput(new Domain(name, labels), components);
    }

    /// <summary>The position of the component called <paramref name="component"/>; -1 if there is none.</summary>
    public int ComponentIndex(string component)
    {
        for (var index = 0; index < Components.Length; index++)
        {
            if (string.Equals(Components[index].Name, component, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The index of a tuple given the index of each component's value, in order.</summary>
    /// <exception cref="ArgumentException">There are not as many values as components.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its component.</exception>
    public int IndexOf(params ReadOnlySpan<int> values)
    {
        if (values.Length != Components.Length)
        {
            throw new ArgumentException($"'{Name}' has {Components.Length} components, not {values.Length}.", nameof(values));
        }

        var tuple = 0;
        for (var component = 0; component < values.Length; component++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(values[component]);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(values[component], Components[component].Count);
            tuple = (tuple * Components[component].Count) + values[component];
        }

        return tuple;
    }

    /// <summary>The value that a tuple has in a component.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component or tuple.</exception>
    public int ValueOf(int component, int tuple)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(component);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Components.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(tuple);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tuple, Domain.Count);
        for (var later = Components.Length - 1; later > component; later--)
        {
            tuple /= Components[later].Count;
        }

        return tuple % Components[component].Count;
    }

    /// <summary>The product of one set for each component: right only when their uncertainties are independent.</summary>
    /// <exception cref="ArgumentException">There are not as many sets as components.</exception>
    public ValueSet Tuples(params ReadOnlySpan<ValueSet> perComponent)
    {
        if (perComponent.Length != Components.Length)
        {
            throw new ArgumentException($"'{Name}' has {Components.Length} components, not {perComponent.Length}.", nameof(perComponent));
        }

        var tuples = Domain.All;
        for (var component = 0; component < perComponent.Length; component++)
        {
            tuples &= Where(component, perComponent[component]);
        }

        return tuples;
    }

    /// <summary>Every tuple whose component has a value in <paramref name="values"/>.</summary>
    public ValueSet Where(int component, ValueSet values)
    {
        var tuples = ValueSet.Empty;
        foreach (var tuple in Domain.All)
        {
            tuples |= values.Contains(ValueOf(component, tuple)) ? ValueSet.Of(tuple) : ValueSet.Empty;
        }

        return tuples;
    }
}
