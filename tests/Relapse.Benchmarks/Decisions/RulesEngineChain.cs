using System.Globalization;
using Relapse.Decisions;
using RulesEngine.Models;
using Engine = RulesEngine.RulesEngine;

namespace Relapse.Benchmarks.Decisions;

/// <summary>
/// The table chain in Microsoft RulesEngine, as quick as its documentation makes it: each table a workflow whose rules are
/// compiled before anything is measured, over one object of a known type, without parameters of scope or formatted
/// messages. The rules are made from the same model that ours are compiled from.
/// </summary>
internal sealed class RulesEngineChain
{
    private const string Input = "facts";

    private readonly Engine _engine;
    private readonly (string Name, int[] Conclusions, Action<ChainFacts, int> Keep)[] _tables;

    public RulesEngineChain(DecisionModel model)
    {
        _engine = new Engine(
            [.. model.Decisions.Select(Workflow)],
            new ReSettings { EnableScopedParams = false, EnableFormattedErrorMessage = false });
        _tables = [.. model.Decisions.Select(table => (table.Name, table.Rules.Select(rule => rule.Then).ToArray(), Keeper(table.Name)))];
    }

    /// <summary>The conclusion of the last table; each table's conclusion is a fact of the next.</summary>
    public async ValueTask<int> ConcludeAsync(ChainFacts facts)
    {
        var conclusion = -1;
        foreach (var (name, conclusions, keep) in _tables)
        {
            var results = await _engine.ExecuteAllRulesAsync(name, new RuleParameter(Input, facts));
            conclusion = conclusions[results.FindIndex(result => result.IsSuccess)];
            keep(facts, conclusion);
        }

        return conclusion;
    }

    private static Workflow Workflow(DecisionTable table) => new()
    {
        WorkflowName = table.Name,
        Rules = table.Rules.Select(rule => new RulesEngine.Models.Rule
        {
            RuleName = rule.Id,
            RuleExpressionType = RuleExpressionType.LambdaExpression,
            Expression = string.Join(" && ", rule.When.Select(condition => Condition(condition.Key, condition.Value))),
        }),
    };

    private static string Condition(string input, ValueSet values)
    {
        var any = new List<string>();
        foreach (var value in values)
        {
            any.Add(string.Create(CultureInfo.InvariantCulture, $"{Input}.{input} == {value}"));
        }

        return $"({string.Join(" || ", any)})";
    }

    private static Action<ChainFacts, int> Keeper(string table) => table switch
    {
        "timing" => (facts, conclusion) => facts.Timing = conclusion,
        "site" => (facts, conclusion) => facts.Site = conclusion,
        "group" => (facts, conclusion) => facts.Group = conclusion,
        _ => (_, _) => { },
    };
}

/// <summary>What the rules look at: the inputs, and the conclusions of the tables before.</summary>
public sealed class ChainFacts
{
    /// <summary>Facts of one case.</summary>
    /// <param name="value">The value of the input of a name.</param>
    internal static ChainFacts Of(Func<string, int> value) => new()
    {
        Clock1 = value("clock1"),
        Clock2 = value("clock2"),
        Line = value("line"),
        Main = value("main"),
        Side1 = value("side1"),
        Side2 = value("side2"),
        Side3 = value("side3"),
        Level = value("level"),
    };

    public int Clock1 { get; init; }

    public int Clock2 { get; init; }

    public int Line { get; init; }

    public int Main { get; init; }

    public int Side1 { get; init; }

    public int Side2 { get; init; }

    public int Side3 { get; init; }

    public int Level { get; init; }

    public int Timing { get; set; }

    public int Site { get; set; }

    public int Group { get; set; }
}
