using System.Collections;
using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>One dimension of a population, with what it is restricted to. Populations that restrict it alike share one, so that a question is put to it once.</summary>
/// <param name="Index">Counted from 0 over the library.</param>
/// <param name="Dimension">The dimension.</param>
/// <param name="Of">A population that is restricted so.</param>
internal sealed record Restriction(int Index, string Dimension, EvidencePopulation Of);

/// <summary>Every restriction that the populations of a library have, each once.</summary>
internal sealed class RestrictionTable
{
    private static readonly ImmutableArray<FieldDescriptor> _fields = [.. Dimension.Restricted.Select(Population.Descriptor.FindFieldByName)];

    private readonly Dictionary<(string Dimension, Population Alone), Restriction> _known = [];

    public int Count => _known.Count;

    /// <summary>The restrictions of a population, without those of its alternatives, in the order in which answers show them.</summary>
    public ImmutableArray<Restriction> Of(EvidencePopulation population)
    {
        var found = ImmutableArray.CreateBuilder<Restriction>();
        foreach (var field in _fields.Where(field => IsRestricted(population.When, field)))
        {
            var key = (field.Name, Alone(population.When, field));
            if (!_known.TryGetValue(key, out var known))
            {
                known = new Restriction(_known.Count, field.Name, population);
                _known.Add(key, known);
            }
            found.Add(known);
        }
        return found.ToImmutable();
    }

    private static bool IsRestricted(Population when, FieldDescriptor field) => field switch
    {
        { IsRepeated: true } => ((IList)field.Accessor.GetValue(when)).Count > 0,
        { HasPresence: true } => field.Accessor.HasValue(when),
        _ => ((string)field.Accessor.GetValue(when)).Length > 0,
    };

    /// <summary>A population that is restricted in one field only, and there like another.</summary>
    private static Population Alone(Population when, FieldDescriptor kept)
    {
        var alone = when.Clone();
        foreach (var field in Population.Descriptor.Fields.InFieldNumberOrder().Where(field => field != kept))
        {
            field.Accessor.Clear(alone);
        }
        return alone;
    }
}
