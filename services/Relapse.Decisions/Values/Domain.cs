using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A named finite set of 1 to 64 distinct labels, in order. Immutable.</summary>
public sealed class Domain
{
    /// <summary>The most values a domain may have.</summary>
    public const int MaximumValues = 64;

    private readonly Dictionary<string, int> _indices;

    /// <summary>A domain of plain labels.</summary>
    /// <param name="name">The name by which tables refer to it; not empty.</param>
    /// <param name="values">1 to 64 labels, none empty, all distinct (compared ordinally).</param>
    /// <exception cref="ArgumentException">The name is empty, or the labels are none, too many, empty or repeated.</exception>
    public Domain(string name, params IEnumerable<string> values)
        : this(name, [.. values], null)
    {
    }

    internal Domain(string name, ImmutableArray<string> values, Bands? bands)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (values.Length is 0 or > MaximumValues)
        {
            throw new ArgumentException($"'{name}' has {values.Length} values; a domain has 1 to {MaximumValues}.", nameof(values));
        }

        _indices = new Dictionary<string, int>(values.Length, StringComparer.Ordinal);
        for (var index = 0; index < values.Length; index++)
        {
            if (string.IsNullOrEmpty(values[index]) || !_indices.TryAdd(values[index], index))
            {
                throw new ArgumentException($"'{name}' has the empty or repeated label '{values[index]}'.", nameof(values));
            }
        }

        Name = name;
        Values = values;
        Bands = bands;
    }

    /// <summary>The name by which tables refer to it.</summary>
    public string Name { get; }

    /// <summary>The labels in order; the position of a label is its index.</summary>
    public ImmutableArray<string> Values { get; }

    /// <summary>The intervals behind the labels, or null for a domain of plain labels.</summary>
    public Bands? Bands { get; }

    /// <summary>How many values, 1 to 64 inclusive.</summary>
    public int Count => Values.Length;

    /// <summary>Every value.</summary>
    public ValueSet All => ValueSet.All(Values.Length);

    /// <summary>The index of <paramref name="label"/>, compared ordinally; -1 if absent.</summary>
    public int IndexOf(string label) => _indices.GetValueOrDefault(label, -1);

    /// <summary>The set of the given labels.</summary>
    /// <exception cref="ArgumentException">A label is not in the domain.</exception>
    public ValueSet Of(params ReadOnlySpan<string> labels)
    {
        var set = ValueSet.Empty;
        foreach (var label in labels)
        {
            var index = IndexOf(label);
            set |= index >= 0 ? ValueSet.Of(index) : throw new ArgumentException($"'{Name}' has no value '{label}'.", nameof(labels));
        }

        return set;
    }

    /// <summary>The labels of <paramref name="set"/> in order.</summary>
    /// <exception cref="ArgumentException">The set has a member outside the domain.</exception>
    public ImmutableArray<string> Labels(ValueSet set)
    {
        if (!set.IsSubsetOf(All))
        {
            throw new ArgumentException($"{set} is not within the {Count} values of '{Name}'.", nameof(set));
        }

        var labels = ImmutableArray.CreateBuilder<string>(set.Count);
        foreach (var index in set)
        {
            labels.Add(Values[index]);
        }

        return labels.MoveToImmutable();
    }

    /// <summary>The name and the labels.</summary>
    public override string ToString() => $"{Name}: {string.Join(" | ", Values)}";
}
