using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A decision to be compared with others.</summary>
/// <param name="Model">The model.</param>
/// <param name="Decision">The decision of the model.</param>
public sealed record ComparedDecision(CompiledModel Model, string Decision)
{
    /// <summary>The index of the value at which a reading or an override is held, by the input's name; one that is not named is held at
    /// its default, and is free when it has none.</summary>
    public ImmutableDictionary<string, int> Held { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Inputs that are taken to be answered by nothing when differences are looked for, by the names they are compared under: what the
    /// decision concludes is then all that their values leave.</summary>
    public ImmutableHashSet<string> Open { get; init; } = [];

    /// <summary>The same decision with some inputs under other names: inputs of one name are one input in a comparison.</summary>
    /// <param name="names">For each input to be renamed its new name; none a component of a joint input.</param>
    public ComparedDecision Renamed(IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count == 0 ? this : this with { Model = RenamedModel.Of(Model, names) };
    }
}

/// <summary>An input of a comparison: what a case has to say of it.</summary>
/// <param name="Name">The name of the input or component.</param>
/// <param name="Values">Its values; facts are sets of their indices.</param>
public sealed record ComparedInput(string Name, ImmutableArray<ComparedValue> Values)
{
    internal static ComparedInput Of(CommonInput input) => new(input.Name, [.. input.Values.Select(value => new ComparedValue(value.Label, value.Interval, value.Indices))]);
}

/// <summary>A value of an input of a comparison.</summary>
/// <param name="Label">The label; that of the interval for a banded one.</param>
/// <param name="Interval">The interval; null for a plain value.</param>
/// <param name="Indices">For each side the index of the value, or of the band that holds it, in the domain of its own; -1 for a side without the input.</param>
public readonly record struct ComparedValue(string Label, Interval? Interval, ImmutableArray<int> Indices);
