using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>Random sound models: complete, unambiguous tables made by splitting the space of a table's inputs into boxes.</summary>
internal sealed class RandomModel(Random random)
{
    private readonly List<InputDefinition> _inputs = [];
    private readonly List<JointInput> _joints = [];
    private readonly List<DecisionTable> _decisions = [];

    /// <summary>The chance that a rule is left out, doubled, widened or added; 0 for sound tables.</summary>
    public double FaultRate { get; init; }

    public DecisionModel Next(int inputs = 5, int decisions = 3)
    {
        var names = new List<string>();
        for (var index = random.Next(2, inputs + 1); index > 0; index--)
        {
            names.Add(AddInput($"i{index}"));
        }

        if (random.Next(2) == 0)
        {
            var joint = JointInput.Create("joint", Plain("ja", 3), Plain("jb", 3));
            _joints.Add(joint);
            names.AddRange(["ja", "jb"]);
        }

        for (var index = 1; index <= random.Next(1, decisions + 1); index++)
        {
            _decisions.Add(Decision($"d{index}", names));
            names.Add($"d{index}");
        }

        return new DecisionModel([.. _inputs], [.. _joints], [.. _decisions]);
    }

    /// <summary>Random facts: known, open, or partly known; joint tuples correlated at random.</summary>
    public static ValueSet[] Facts(Random random, CompiledModel model) => [.. model.Inputs.Select(input => random.Next(3) switch
    {
        0 => ValueSet.Of(random.Next(input.Domain.Count)),
        1 when input.Default is { } value => ValueSet.Of(value),
        1 => input.Domain.All,
        _ => Subset(random, input.Domain.Count),
    })];

    public static ValueSet Subset(Random random, int count)
    {
        var bits = (ulong)random.NextInt64() & ValueSet.All(count).Bits;
        return bits == 0 ? ValueSet.Of(random.Next(count)) : new ValueSet(bits);
    }

    private string AddInput(string name)
    {
        var role = random.Next(6);
        var definition = role switch
        {
            0 => new InputDefinition(Plain(name, 3), InputRole.Reading, random.Next(2) == 0 ? 0 : null),
            1 => new InputDefinition(Plain(name, 3), InputRole.Latent),
            2 or 3 => new InputDefinition(Banded(name), InputRole.Fact),
            _ => new InputDefinition(Plain(name, 4), InputRole.Fact),
        };
        _inputs.Add(definition);
        return name;
    }

    private Domain Plain(string name, int most) =>
        new(name, Enumerable.Range(0, random.Next(2, most + 1)).Select(value => $"{name}-{value}"));

    private Domain Banded(string name)
    {
        var ends = Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(1, 30)).Distinct().Order().ToList();
        var bands = ends.Append(int.MaxValue).Select((end, index) => (
            $"{name}-{index}",
            new Interval(index == 0 ? 0 : ends[index - 1], false, index == ends.Count ? null : end, true)));
        return Bands.Create(name, random.Next(2) == 0 ? [] : [$"{name}-special"], bands, new Interval(0, false, null, false)).Domain;
    }

    private DecisionTable Decision(string name, List<string> names)
    {
        var used = names.OrderBy(_ => random.Next()).Take(random.Next(1, 5)).ToImmutableArray();
        var guards = random.Next(3) > 0 ? [] : names.OrderBy(_ => random.Next()).Take(random.Next(1, 3))
            .Select((input, index) => new Guard($"{name}-g{index}", input, Subset(random, Values(input).Count))).ToImmutableArray();
        var conclusions = new Domain(name, Enumerable.Range(0, random.Next(2, 5)).Select(value => $"{name}-c{value}"));
        List<Rule> rules = [];
        Split(used.ToDictionary(input => input, input => Values(input).All), conclusions.Count, rules, 0);
        rules = [.. rules.Select((rule, index) => rule with { Id = $"{name}-r{index}" })];
        Share(rules);
        Spoil(rules, name);
        return new DecisionTable(name, used, conclusions, [.. rules], guards, random.Next(3) == 0);
    }

    private Domain Values(string name) => new ModelNamesForTests(_inputs, _joints, _decisions).ValuesOf(name);

    private void Split(Dictionary<string, ValueSet> box, int conclusions, List<Rule> rules, int depth)
    {
        var open = box.Where(side => side.Value.Count > 1).ToList();
        if (open.Count == 0 || (depth > 0 && random.Next(5) < depth))
        {
            var when = box.Where(side => side.Value != Values(side.Key).All).ToImmutableDictionary(StringComparer.Ordinal);
            rules.Add(new Rule("", when, random.Next(conclusions)));
            return;
        }

        var (input, values) = open[random.Next(open.Count)];
        var part = Subset(random, 64) & values;
        if (part.IsEmpty || part == values)
        {
            part = ValueSet.Of(values.First);
        }

        Split(new(box) { [input] = part }, conclusions, rules, depth + 1);
        Split(new(box) { [input] = values.Except(part) }, conclusions, rules, depth + 1);
    }

    private void Share(List<Rule> rules)
    {
        if (rules.Count > 1 && rules[0].Then != rules[1].Then && random.Next(2) == 0)
        {
            rules[1] = rules[1] with { Id = rules[0].Id };
        }
    }

    private void Spoil(List<Rule> rules, string name)
    {
        for (var index = rules.Count - 1; index >= 0; index--)
        {
            if (random.NextDouble() >= FaultRate)
            {
                continue;
            }

            switch (random.Next(3))
            {
                case 0 when rules.Count > 1:
                    rules.RemoveAt(index);
                    break;
                case 1 when rules[index].When.Count > 0:
                    rules[index] = rules[index] with { When = rules[index].When.Remove(rules[index].When.Keys.Order(StringComparer.Ordinal)
                        .First()) };
                    break;
                default:
                    rules.Add(rules[index] with { Id = $"{name}-x{index}" });
                    break;
            }
        }
    }
}

/// <summary>What a name stands for in a model, looked up plainly.</summary>
internal sealed record ModelNamesForTests(IReadOnlyList<InputDefinition> Inputs, IReadOnlyList<JointInput> Joints,
    IReadOnlyList<DecisionTable> Decisions)
{
    public Domain ValuesOf(string name) =>
        Inputs.Select(input => input.Domain)
            .Concat(Joints.SelectMany(joint => joint.Components))
            .Concat(Decisions.Select(decision => decision.Conclusions))
            .First(domain => string.Equals(domain.Name, name, StringComparison.Ordinal));
}
