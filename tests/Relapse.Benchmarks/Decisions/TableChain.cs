using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Benchmarks.Decisions;

/// <summary>A chain of four tables over eight inputs with 9,216 raw cases, shaped like a published protocol: two clocks, a site, a group,
/// an advice.</summary>
internal static class TableChain
{
    public static DecisionModel Model => new(
        [
            Input("clock1", 4), Input("clock2", 4), Input("line", 2), Input("main", 4), Input("side1", 3), Input("side2", 3),
            Input("side3", 2), Input("level", 4),
        ],
        [],
        [Timing, Site, Group, Advice]);

    public static CompiledModel Compile()
    {
        var result = DecisionCompiler.Compile(Model);
        return result.Model ?? throw new InvalidOperationException(string.Join(" ", result.Faults.Select(fault => fault.Message)));
    }

    /// <summary>Every raw case, in the order of the compiled inputs.</summary>
    public static IEnumerable<byte[]> EveryCase(CompiledModel model)
    {
        var known = new byte[model.Inputs.Length];
        while (true)
        {
            yield return [.. known];
            var place = 0;
            while (place < known.Length && ++known[place] == model.Inputs[place].Domain.Count)
            {
                known[place++] = 0;
            }

            if (place == known.Length)
            {
                yield break;
            }
        }
    }

    private static DecisionTable Timing => Table("timing", ["clock1", "clock2"], 3,
        Rule(0, ("clock1", [0])),
        Rule(1, ("clock1", [1, 2]), ("clock2", [0, 1])),
        Rule(2, ("clock1", [1, 2]), ("clock2", [2, 3])),
        Rule(1, ("clock1", [3]), ("clock2", [0])),
        Rule(2, ("clock1", [3]), ("clock2", [1, 2, 3])));

    private static DecisionTable Site => Table("site", ["main", "side1", "side2", "side3"], 4,
        Rule(0, ("main", [3]), ("side1", [0]), ("side2", [0]), ("side3", [0])),
        Rule(1, ("main", [2, 3]), ("side1", [1, 2])),
        Rule(1, ("main", [2, 3]), ("side1", [0]), ("side2", [1, 2])),
        Rule(1, ("main", [2, 3]), ("side1", [0]), ("side2", [0]), ("side3", [1])),
        Rule(3, ("main", [2]), ("side1", [0]), ("side2", [0]), ("side3", [0])),
        Rule(2, ("main", [0, 1]), ("side1", [1, 2])),
        Rule(2, ("main", [0, 1]), ("side1", [0]), ("side2", [1, 2])),
        Rule(2, ("main", [0, 1]), ("side1", [0]), ("side2", [0]), ("side3", [1])),
        Rule(3, ("main", [0, 1]), ("side1", [0]), ("side2", [0]), ("side3", [0])));

    private static DecisionTable Group => Table("group", ["timing", "line", "site"], 4,
        Rule(3, ("site", [3])),
        Rule(2, ("line", [1]), ("site", [0, 1])),
        Rule(1, ("line", [1]), ("site", [2])),
        Rule(2, ("line", [0]), ("site", [0]), ("timing", [0, 1])),
        Rule(1, ("line", [0]), ("site", [0]), ("timing", [2])),
        Rule(2, ("line", [0]), ("site", [1]), ("timing", [0])),
        Rule(1, ("line", [0]), ("site", [1]), ("timing", [1, 2])),
        Rule(1, ("line", [0]), ("site", [2]), ("timing", [0, 1])),
        Rule(0, ("line", [0]), ("site", [2]), ("timing", [2])));

    private static DecisionTable Advice => Table("advice", ["group", "level"], 4,
        Rule(0, ("group", [2])),
        Rule(1, ("group", [0])),
        Rule(1, ("group", [1]), ("level", [0, 1])),
        Rule(0, ("group", [1]), ("level", [2])),
        Rule(2, ("group", [1]), ("level", [3])),
        Rule(3, ("group", [3])));

    private static InputDefinition Input(string name, int values) =>
        new(new Domain(name, Enumerable.Range(0, values).Select(value => $"{name}-{value}")), InputRole.Fact);

    private static DecisionTable Table(string name, ImmutableArray<string> inputs, int conclusions, params ReadOnlySpan<Rule> rules)
    {
        var named = rules.ToArray().Select((rule, index) => rule with { Id = $"{name}-{index}" });
        return new DecisionTable(name, inputs, new Domain(name, Enumerable.Range(0, conclusions).Select(value => $"{name}-{value}")),
            [.. named], [], false);
    }

    private static Rule Rule(int then, params ReadOnlySpan<(string Input, int[] Values)> when) =>
        new("", when.ToArray()
            .ToImmutableDictionary(condition => condition.Input, condition => ValueSet.Of(condition.Values), StringComparer.Ordinal), then);
}
