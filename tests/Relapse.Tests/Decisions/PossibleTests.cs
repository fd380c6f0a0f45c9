using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>Conclusions, rules and support, held to every completion read naively.</summary>
public sealed class PossibleTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Conclusions_rules_and_support_are_those_of_all_completions(int block)
    {
        for (var seed = block * 400; seed < (block + 1) * 400; seed++)
        {
            var random = new Random(seed);
            var declared = new RandomModel(random).Next();
            var result = DecisionCompiler.Compile(declared);
            var dead = result.Faults.FirstOrDefault(fault => fault.Kind != FaultKind.DeadRule);
            Assert.True(dead is null, $"seed {seed}: {dead?.Message}");
            declared = WithoutDeadRules(declared, result);
            if (DecisionCompiler.Compile(declared).Model is not { } model)
            {
                continue;
            }

            var naive = new NaiveModel(declared, model.Inputs);
            foreach (var decision in model.DecisionNames.Select(model.Decision))
            {
                Compare(decision, naive, RandomModel.Facts(random, model), $"seed {seed}, {decision.Name}");
            }
        }
    }

    /// <summary>A random table may have rules that no raw case reaches; without them it is sound.</summary>
    internal static DecisionModel WithoutDeadRules(DecisionModel model, CompilationResult result)
    {
        while (result.Faults.Length > 0)
        {
            var dead = result.Faults.Select(fault => (fault.Decision, fault.RuleIds[0], fault.Message)).ToHashSet();
            model = model with
            {
                Decisions = [.. model.Decisions.Select(table => table with
                {
                    Rules = [.. table.Rules.Where(rule => !dead.Any(fault =>
                        fault.Decision == table.Name && fault.Item2 == rule.Id
                            && fault.Message.Contains($" {table.Conclusions.Values[rule.Then]},", StringComparison.Ordinal)))],
                })],
            };
            result = DecisionCompiler.Compile(model);
        }

        return model;
    }

    private static void Compare(CompiledDecision decision, NaiveModel naive, ValueSet[] facts, string context)
    {
        var conclusions = ValueSet.Empty;
        var rules = new HashSet<int>();
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var known in NaiveModel.Completions(facts))
        {
            var expected = naive.Decide(decision.Name, known);
            var conclusion = expected.Reason is null ? expected.Value : decision.ExcludedIndex;
            var rule = IndexOfReason(decision, expected);
            var bytes = known.Select(value => (byte)value).ToArray();
            Assert.True(conclusion == decision.Conclude(bytes), $"{context}: {string.Join(",", known)} {expected}");
            Assert.True(rule == decision.RuleOf(bytes), $"{context}: {string.Join(",", known)} {expected}");
            conclusions |= ValueSet.Of(conclusion);
            rules.Add(rule);
            all.Add(string.Join(",", known), conclusion);
        }

        Assert.True(conclusions == decision.Possible(facts), context);
        Assert.True(rules.Order().SequenceEqual(decision.PossibleRules(facts)), context);
        var restricted = decision.Restrict(facts);
        Assert.True(conclusions == restricted.Possible, context);
        Assert.True(Essential(facts, all).SequenceEqual(restricted.Support), context);
    }

    // Guards stand behind the rules, and may be called as one of them is.
    private static int IndexOfReason(CompiledDecision decision, NaiveModel.Result result) =>
        result.Reason is { } reason ? decision.RuleIds.LastIndexOf(reason) : decision.RuleIds.IndexOf(result.Rule!);

    private static IEnumerable<int> Essential(ValueSet[] facts, Dictionary<string, int> all) =>
        Enumerable.Range(0, facts.Length).Where(input => all
            .GroupBy(entry => string.Join(",", entry.Key.Split(',').Select((value, index) => index == input ? "*" : value)))
            .Any(group => group.Select(entry => entry.Value).Distinct().Count() > 1));
}
