using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>
/// Reads the tables of a model as they are written, one raw case at a time. Knows nothing of diagrams; takes only the order of the inputs
/// from the compiled model. Independent of what it is held against.
/// </summary>
internal sealed class NaiveModel(DecisionModel model, IReadOnlyList<ModelInput> inputs)
{
    public const int None = -1;

    private readonly Dictionary<string, DecisionTable> _tables = model.Decisions.ToDictionary(table => table.Name, StringComparer.Ordinal);

    /// <summary>What a decision, or any name, is in one case. Value: index of value or conclusion. Reason: the guard that put it out of
    /// scope.</summary>
    public readonly record struct Result(int Value, string? Rule, string? Reason)
    {
        public bool IsFaulty => Value == None && Reason is null;
    }

    /// <summary>Every case that the facts allow.</summary>
    public static IEnumerable<int[]> Completions(IReadOnlyList<ValueSet> facts)
    {
        var values = facts.Select(fact => fact.First).ToArray();
        while (true)
        {
            yield return [.. values];
            var input = values.Length - 1;
            for (; input >= 0; input--)
            {
                do
                {
                    values[input]++;
                }
                while (values[input] < 64 && !facts[input].Contains(values[input]));
                if (values[input] < 64)
                {
                    break;
                }

                values[input] = facts[input].First;
            }

            if (input < 0)
            {
                yield break;
            }
        }
    }

    /// <summary>The derived result of a decision.</summary>
    public Result Decide(string decision, int[] known)
    {
        var table = _tables[decision];
        return OutOfScope(table, known) ?? Rules(table, known, 0, []);
    }

    /// <summary>The guard, own or a feeder's, that keeps a decision from applying at all; null when it applies. Faulty when a guard's
    /// input is.</summary>
    public Result? OutOfScope(DecisionTable table, int[] known)
    {
        foreach (var guard in table.Guards)
        {
            var value = Value(guard.Input, known);
            if (value.Reason is not null || value.IsFaulty)
            {
                return new Result(None, null, value.Reason);
            }

            if (!guard.InScope.Contains(value.Value))
            {
                return new Result(None, null, guard.Id);
            }
        }

        return null;
    }

    /// <summary>What a table sees under a name.</summary>
    public Result Value(string name, int[] known)
    {
        foreach (var input in inputs)
        {
            if (string.Equals(input.Name, name, StringComparison.Ordinal))
            {
                return new Result(known[input.Index], null, null);
            }

            var component = input.Joint?.ComponentIndex(name) ?? -1;
            if (component >= 0)
            {
                return new Result(input.Joint!.ValueOf(component, known[input.Index]), null, null);
            }
        }

        var established = inputs.FirstOrDefault(input => string.Equals(input.Overrides, name, StringComparison.Ordinal));
        return established is not null && known[established.Index] > 0
            ? new Result(known[established.Index] - 1, null, null)
            : Decide(name, known);
    }

    /// <summary>The rules, by index, that apply to one cell of a table.</summary>
    public static List<int> RulesAt(DecisionTable table, IReadOnlyList<int> cell) =>
        [.. Enumerable.Range(0, table.Rules.Length).Where(rule => !table.Inputs.Where((input, position) =>
            table.Rules[rule].When.TryGetValue(input, out var values) && !values.Contains(cell[position])).Any())];

    /// <summary>Out-of-scope inputs are tried with every value: when the rule, or the reason, is the same for all, it stands; no rule is
    /// none.</summary>
    private Result Rules(DecisionTable table, int[] known, int position, List<int> cell)
    {
        if (position == table.Inputs.Length)
        {
            var rules = RulesAt(table, cell);
            return rules.Count == 1
                ? new Result(table.Rules[rules[0]].Then, table.Rules[rules[0]].Id, null) : new Result(None, string.Join(",", rules), null);
        }

        var value = Value(table.Inputs[position], known);
        if (value.IsFaulty)
        {
            return value;
        }

        if (value.Reason is null)
        {
            return Rules(table, known, position + 1, [.. cell, value.Value]);
        }

        var count = new ModelNamesForTests(model.Inputs, model.JointInputs, model.Decisions).ValuesOf(table.Inputs[position]).Count;
        var results = Enumerable.Range(0, count).Select(each => Rules(table, known, position + 1, [.. cell, each])).Distinct().ToList();
        return results.Count == 1 && results[0].Rule != "" ? results[0] : new Result(None, null, value.Reason);
    }
}
