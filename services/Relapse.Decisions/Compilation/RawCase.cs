using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>Examples: one value for each raw input.</summary>
internal static class RawCase
{
    /// <summary>A case where <paramref name="cases"/>, which must not be empty, holds; each value is the preferred one where that is
    /// possible, else the next.</summary>
    public static int[] In(DiagramStore raw, int cases, IEnumerable<int> preferred)
    {
        int[] values = [.. preferred];
        for (var node = cases; node >= 0;)
        {
            var level = raw.Level(node);
            // In a reduced diagram everything but the terminal itself can still come true.
            while (raw.Cofactor(node, level, values[level]) == DiagramStore.False)
            {
                values[level] = (values[level] + 1) % raw.ValueCount(level);
            }

            node = raw.Cofactor(node, level, values[level]);
        }

        return values;
    }

    /// <summary>The cases among these that no established conclusion brought about, if there are any; a person expects facts, not conclusions.</summary>
    public static int Derived(DiagramStore raw, int cases, ImmutableArray<ModelInput> inputs)
    {
        foreach (var input in inputs.Where(input => input.Role == InputRole.Override))
        {
            var derived = raw.And(cases, raw.Select(raw.Literal(input.Index), [DiagramStore.True, .. Enumerable.Repeat(DiagramStore.False, input.Domain.Count - 1)]));
            cases = derived == DiagramStore.False ? cases : derived;
        }

        return cases;
    }

    /// <summary>The case written out, a joint input by its components.</summary>
    public static ImmutableArray<Condition> Conditions(ImmutableArray<ModelInput> inputs, int[] values) =>
        [.. inputs.SelectMany(input => Conditions(input, values[input.Index]))];

    private static IEnumerable<Condition> Conditions(ModelInput input, int value) => input.Joint is { } joint
        ? joint.Components.Select((domain, component) => One(domain, joint.ValueOf(component, value)))
        : [One(input.Domain, value)];

    private static Condition One(Domain domain, int value) => new(domain.Name, ValueSet.Of(value), [domain.Values[value]]);
}
