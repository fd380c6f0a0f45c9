using Relapse.Clinical;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>The compiled diagrams held to the printed tables, read rule by rule.</summary>
public sealed class TableByTableTests
{

    public static TheoryData<string> Ids => [.. Shipped.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_table_concludes_over_its_own_inputs_what_its_one_rule_says(string id)
    {
        var (protocol, naive) = (Shipped.Protocol(id), new DocumentNaively(Shipped.Protocol(id).Document));
        foreach (var (decision, table) in protocol.Document.Decisions)
        {
            foreach (var cell in Cells(table.Inputs.Select(input => (input, InScope(table, input, naive.Words(input))))))
            {
                var rule = Assert.Single(DocumentNaively.Rules(table, cell));
                var facts = protocol.Model.AllUnknown();
                foreach (var scope in table.Scope.Where(scope => !table.Inputs.Contains(scope.Input)))
                {
                    Set(protocol, facts, scope.Input, scope.Within.Values_[0]);
                }
                foreach (var (input, word) in cell)
                {
                    Set(protocol, facts, input, word);
                }
                var diagram = protocol.Model.Decision(decision);
                Assert.True(
                    diagram.Conclusions.Labels(diagram.Possible(facts)).Order().SequenceEqual(rule.Then.Values_.Order())
                    && diagram.PossibleRules(facts).Select(index => diagram.RuleIds[index]).SequenceEqual([rule.Id]),
                    $"{id} {decision}: {string.Join(", ", cell)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_decision_follows_the_tables_from_raw_facts(string id) => Follows(id, 1_200);

    [Theory]
    [Trait("Long", "true")]
    [MemberData(nameof(Ids))]
    public void Every_decision_follows_the_tables_from_very_many_raw_facts(string id) => Follows(id, 200_000);

    private static void Follows(string id, int children)
    {
        var (protocol, naive) = (Shipped.Protocol(id), new DocumentNaively(Shipped.Protocol(id).Document));
        for (var seed = 0; seed < children; seed++)
        {
            var random = new Random(seed);
            var known = protocol.Model.Inputs.Select(input => (byte)(input.Role == InputRole.Override && random.Next(6) > 0 ? 0 : random.Next(input.Domain.Count))).ToArray();
            var words = Words(protocol, known);
            foreach (var diagram in protocol.Document.Decisions.Keys.Select(protocol.Model.Decision))
            {
                var expected = naive.Decide(diagram.Name, words);
                var conclusion = diagram.Conclusions.Values[diagram.Conclude(known)];
                var rule = diagram.RuleIds[diagram.RuleOf(known)];
                Assert.True(expected == (conclusion, rule), $"{id} seed {seed}: {diagram.Name} is {conclusion} by {rule}, printed {expected}: {string.Join(", ", words)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_is_possible_is_what_some_completion_of_the_open_facts_concludes(string id) => IsPossible(id, children: 12, mostCompletions: 800);

    [Theory]
    [Trait("Long", "true")]
    [MemberData(nameof(Ids))]
    public void What_is_possible_is_what_some_completion_of_very_many_open_facts_concludes(string id) => IsPossible(id, children: 200, mostCompletions: 5000);

    private static void IsPossible(string id, int children, int mostCompletions)
    {
        var (protocol, naive) = (Shipped.Protocol(id), new DocumentNaively(Shipped.Protocol(id).Document));
        for (var seed = 0; seed < children; seed++)
        {
            var random = new Random(seed);
            var facts = Open(protocol, random, mostCompletions);
            var completions = Completions(facts).Select(known => Words(protocol, known)).ToArray();
            foreach (var diagram in protocol.Document.Decisions.Keys.Select(protocol.Model.Decision))
            {
                var expected = completions.Select(words => naive.Decide(diagram.Name, words).Conclusion).Distinct().Order(StringComparer.Ordinal);
                var possible = diagram.Conclusions.Labels(diagram.Possible(facts)).Order(StringComparer.Ordinal);
                Assert.True(expected.SequenceEqual(possible), $"{id} seed {seed}: {diagram.Name} {string.Join(", ", possible)}, printed {string.Join(", ", expected)}");
            }
        }
    }

    /// <summary>One value known of each input, several of some, as long as there are not too many completions.</summary>
    private static ValueSet[] Open(CompiledProtocol protocol, Random random, int mostCompletions)
    {
        var facts = protocol.Model.Inputs.Select(input => ValueSet.Of(input.Role == InputRole.Override && random.Next(8) > 0 ? 0 : random.Next(input.Domain.Count))).ToArray();
        var completions = 1;
        foreach (var input in protocol.Model.Inputs.OrderBy(_ => random.Next()).Where(input => input.Role != InputRole.Override))
        {
            var more = facts[input.Index] | new ValueSet((ulong)random.NextInt64()) & input.Domain.All;
            if (completions * more.Count <= mostCompletions)
            {
                completions *= more.Count;
                facts[input.Index] = more;
            }
        }
        return facts;
    }

    private static IEnumerable<byte[]> Completions(ValueSet[] facts)
    {
        IEnumerable<byte[]> all = [[]];
        foreach (var fact in facts)
        {
            var values = new List<byte>();
            foreach (var value in fact)
            {
                values.Add((byte)value);
            }
            all = [.. all.SelectMany(head => values.Select(value => (byte[])[.. head, value]))];
        }
        return all;
    }

    /// <summary>The words of a known case, by the names that tables use.</summary>
    private static Dictionary<string, string> Words(CompiledProtocol protocol, byte[] known)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in protocol.Model.Inputs)
        {
            var value = known[input.Index];
            if (input.Joint is { } joint)
            {
                foreach (var (index, component) in joint.Components.Index())
                {
                    words[component.Name] = component.Values[joint.ValueOf(index, value)];
                }
            }
            else if (input.Overrides is { } decision)
            {
                if (value > 0)
                {
                    words[decision] = input.Domain.Values[value];
                }
            }
            else
            {
                words[input.Role == InputRole.Latent ? Latent(input.Name) : input.Name] = input.Domain.Values[value];
            }
        }
        return words;
    }

    /// <summary><c>open.decision.rule</c>, as printed: <c>decision/rule</c>.</summary>
    private static string Latent(string name)
    {
        // The id of a decision may have a dot; that of a rule that leaves something open has none.
        var rule = name.LastIndexOf('.');
        return $"{name["open.".Length..rule]}/{name[(rule + 1)..]}";
    }

    private static void Set(CompiledProtocol protocol, ValueSet[] facts, string name, string word)
    {
        var index = protocol.Model.InputIndex(protocol.Document.Decisions.ContainsKey(name) ? CompiledModel.OverrideName(name) : name);
        var input = protocol.Model.Inputs[index];
        facts[index] &= input.Joint is { } joint && joint.ComponentIndex(name) is >= 0 and var clock
            ? joint.Where(clock, joint.Components[clock].Of(word))
            : input.Domain.Of(word);
    }

    /// <summary>A table has no rules for what is outside its scope.</summary>
    private static IReadOnlyList<string> InScope(Relapse.Contracts.Protocol.V1.DecisionTable table, string input, IReadOnlyList<string> words) =>
        table.Scope.FirstOrDefault(scope => scope.Input == input) is { } own ? [.. words.Where(own.Within.Values_.Contains)] : words;

    private static IEnumerable<Dictionary<string, string>> Cells(IEnumerable<(string Input, IReadOnlyList<string> Words)> inputs)
    {
        IEnumerable<Dictionary<string, string>> cells = [[]];
        foreach (var (input, words) in inputs)
        {
            cells = cells.SelectMany(cell => words.Select(word => new Dictionary<string, string>(cell) { [input] = word }));
        }
        return cells;
    }
}
