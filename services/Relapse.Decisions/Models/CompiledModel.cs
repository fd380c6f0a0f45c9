using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A model whose every case has exactly one conclusion and rule. Immutable and safe for concurrent use.</summary>
public sealed class CompiledModel
{
    /// <summary>The value of an override input that leaves the derived conclusion standing; always index 0.</summary>
    public const string Derived = "DERIVED";

    private readonly Dictionary<string, int> _inputIndices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CompiledDecision> _decisions;
    private readonly ImmutableArray<ValueSet> _defaults;

    internal CompiledModel(ImmutableArray<ModelInput> inputs, DiagramStore store, ImmutableArray<CompiledTable> tables)
        : this(inputs, store, tables, tables.ToDictionary(table => table.Table.Name, table => new CompiledDecision(inputs, store, table), StringComparer.Ordinal))
    {
    }

    private CompiledModel(ImmutableArray<ModelInput> inputs, DiagramStore store, ImmutableArray<CompiledTable> tables, Dictionary<string, CompiledDecision> decisions)
    {
        _decisions = decisions;
        Inputs = inputs;
        Store = store;
        Tables = tables;
        DecisionNames = [.. tables.Select(table => table.Table.Name)];
        foreach (var input in inputs)
        {
            _inputIndices.Add(input.Name, input.Index);
            foreach (var component in input.Joint?.Components ?? [])
            {
                _inputIndices.Add(component.Name, input.Index);
            }
        }

        _defaults = [.. inputs.Select(input => input.Default is { } value ? ValueSet.Of(value) : input.Domain.All)];
    }

    /// <summary>The raw inputs; facts are arrays in this order. The order is that of the diagrams, not that of declaration.</summary>
    public ImmutableArray<ModelInput> Inputs { get; }

    /// <summary>The decisions, every one after those that feed it.</summary>
    public ImmutableArray<string> DecisionNames { get; }

    internal DiagramStore Store { get; }

    internal ImmutableArray<CompiledTable> Tables { get; }

    /// <summary>The name of the input that gives an overridable decision's conclusion as established.</summary>
    public static string OverrideName(string decision) => $"established.{decision}";

    /// <summary>The index of the input called <paramref name="name"/>, or of the joint input with a component of that name; -1 if there is
    /// none.</summary>
    public int InputIndex(string name) => _inputIndices.GetValueOrDefault(name, -1);

    /// <summary>The decision called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is no such decision.</exception>
    public CompiledDecision Decision(string name) => FindDecision(name)
        ?? throw new ArgumentException($"There is no decision '{name}'.", nameof(name));

    /// <summary>The decision called <paramref name="name"/>; null if there is none.</summary>
    public CompiledDecision? FindDecision(string name) => _decisions.GetValueOrDefault(name);

    /// <summary>The same functions over inputs under other names.</summary>
    internal CompiledModel Renamed(ImmutableArray<ModelInput> inputs, ImmutableArray<CompiledTable> tables) => new(inputs, Store, tables, _decisions);

    /// <summary>New facts that leave every input open, readings and overrides too.</summary>
    public ValueSet[] AllUnknown() => [.. Inputs.Select(input => input.Domain.All)];

    /// <summary>New facts that leave every input open, but readings that have a default at it and overrides at derived.</summary>
    public ValueSet[] DefaultFacts() => [.. _defaults];

    /// <summary>
    /// One question, whose answers are the single values, for each input with more than one value left: the questions of a caller
    /// who has nothing better to ask of a joint input than its tuples.
    /// </summary>
    public ImmutableArray<Question> Questions(ReadOnlySpan<ValueSet> facts)
    {
        var questions = ImmutableArray.CreateBuilder<Question>();
        foreach (var input in Inputs)
        {
            if (facts[input.Index].Count > 1)
            {
                questions.Add(Question.About(input, facts[input.Index]));
            }
        }

        return questions.ToImmutable();
    }
}
