using System.Numerics;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>Gaps, overlaps and dead rules, held to every raw case read naively.</summary>
public sealed class AnalysisTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Faults_are_exactly_the_cells_that_raw_cases_reach(int block)
    {
        Dictionary<FaultKind, int> found = [];
        for (var seed = block * 150; seed < (block + 1) * 150; seed++)
        {
            var random = new Random(seed);
            var declared = new RandomModel(random) { FaultRate = 0.2 }.Next(inputs: 4);
            var result = DecisionCompiler.Compile(declared);
            Assert.DoesNotContain(result.Faults, fault => fault.Kind == FaultKind.Structure);
            Assert.Equal(result.Faults.IsEmpty, result.Model is not null);
            foreach (var fault in result.Faults)
            {
                found[fault.Kind] = found.GetValueOrDefault(fault.Kind) + 1;
            }

            var (inputs, _) = InputsOf(declared);
            var naive = new NaiveModel(declared, inputs);
            var cases = NaiveModel.Completions([.. inputs.Select(input => input.Domain.All)]).ToList();
            foreach (var table in declared.Decisions)
            {
                Compare(declared, table, naive, cases, result, $"seed {seed}, {table.Name}");
            }
        }

        Assert.True(found.Count == 3 && found.Values.Min() > 20, $"The random models exercise too little: {string.Join(", ", found)}.");
    }

    /// <summary>The inputs in an order of their own: declared ones, joint ones, overrides.</summary>
    internal static (List<ModelInput> Inputs, List<string> Names) InputsOf(DecisionModel declared)
    {
        List<ModelInput> inputs = [];
        foreach (var input in declared.Inputs)
        {
            inputs.Add(new ModelInput(inputs.Count, input.Domain, input.Role, input.Default, null, null));
        }

        foreach (var joint in declared.JointInputs)
        {
            inputs.Add(new ModelInput(inputs.Count, joint.Domain, InputRole.Fact, null, joint, null));
        }

        foreach (var table in declared.Decisions.Where(table => table.Overridable))
        {
            var domain = new Domain($"established.{table.Name}", table.Conclusions.Values.Prepend("DERIVED"));
            inputs.Add(new ModelInput(inputs.Count, domain, InputRole.Override, 0, null, table.Name));
        }

        return (inputs, [.. inputs.Select(input => input.Name)]);
    }

    private static void Compare(
        DecisionModel declared, DecisionTable table, NaiveModel naive, List<int[]> cases, CompilationResult result, string context)
    {
        var counts = table.Inputs.Select(name => new ModelNamesForTests(declared.Inputs, declared.JointInputs, declared.Decisions)
            .ValuesOf(name).Count).ToList();
        HashSet<string> gaps = [], overlaps = [], reached = [];
        HashSet<int> alive = [];
        foreach (var known in cases.Where(known => naive.OutOfScope(table, known) is null))
        {
            var values = table.Inputs.Select(name => naive.Value(name, known)).ToList();
            if (values.Any(value => value.IsFaulty))
            {
                continue;
            }

            var cell = values.Select((value, position) => value.Reason is null ? value.Value : counts[position]).ToArray();
            reached.Add(string.Join(",", cell));
            if (RulesAt(table, cell, counts, 0) is { } rules)
            {
                alive.UnionWith(rules);
                (rules.Count == 0 ? gaps : rules.Count > 1 ? overlaps : [])
                    .Add($"{string.Join(",", cell)}: {string.Join(",", rules.Select(rule => table.Rules[rule].Id))}");
            }
        }

        Assert.Equal(gaps.Select(gap => gap.Split(':')[0]).Order(), Cells(result, table, FaultKind.Gap).Select(cell => cell.Split(':')[0])
            .Order());
        Assert.Equal(overlaps.Order(), Cells(result, table, FaultKind.Overlap).Order());
        var dead = result.Faults.Where(fault => fault.Kind == FaultKind.DeadRule && fault.Decision == table.Name)
            .Select(fault => fault.RuleIds.Single());
        Assert.Equal(table.Rules.Where((_, rule) => !alive.Contains(rule)).Select(rule => rule.Id).Order(), dead.Order());
        var certificate = result.Certificates.Single(each => each.Decision == table.Name);
        Assert.True(new BigInteger(reached.Count) == certificate.ReachableCells, context);
        Assert.True(certificate.GapCells == gaps.Count && certificate.OverlapCells == overlaps.Count, context);
        ExamplesReachTheirCells(declared, naive, table, result);
    }

    /// <summary>The rules of a cell; null where an input out of scope makes the table so too.</summary>
    private static List<int>? RulesAt(DecisionTable table, int[] cell, List<int> counts, int position)
    {
        if (position == cell.Length)
        {
            return NaiveModel.RulesAt(table, cell);
        }

        if (cell[position] < counts[position])
        {
            return RulesAt(table, cell, counts, position + 1);
        }

        var all = Enumerable.Range(0, counts[position])
            .Select(value => RulesAt(table, [.. cell[..position], value, .. cell[(position + 1)..]], counts, position + 1)).ToList();
        return all[0] is { Count: > 0 } first && all.All(rules => rules is not null && rules.SequenceEqual(first)) ? first : null;
    }

    private static IEnumerable<string> Cells(CompilationResult result, DecisionTable table, FaultKind kind) =>
        result.Faults.Where(fault => fault.Kind == kind && fault.Decision == table.Name).SelectMany(fault =>
            NaiveModel.Completions([.. fault.Cell.Select(condition => condition.Values)])
                .Select(cell => $"{string.Join(",", cell)}: {string.Join(",", fault.RuleIds)}"));

    private static void ExamplesReachTheirCells(DecisionModel declared, NaiveModel naive, DecisionTable table, CompilationResult result)
    {
        var (inputs, _) = InputsOf(declared);
        foreach (var fault in result.Faults.Where(fault => fault.Kind is FaultKind.Gap or FaultKind.Overlap
            && fault.Decision == table.Name))
        {
            int Value(string name) => fault.Example.Single(condition => condition.Input == name).Values.Single;
            var known = inputs.Select(input => input.Joint is { } joint
                ? joint.IndexOf([.. joint.Components.Select(component => Value(component.Name))])
                : Value(input.Name)).ToArray();
            Assert.Null(naive.OutOfScope(table, known));
            foreach (var condition in fault.Cell)
            {
                var value = naive.Value(condition.Input, known);
                Assert.Contains(value.Reason is null
                    ? condition.Labels.IndexOf(Label(declared, condition.Input, value.Value))
                        : condition.Labels.IndexOf("OUT_OF_SCOPE"), Enumerable.Range(0, 64));
            }
        }
    }

    private static string Label(DecisionModel declared, string name, int value) =>
        new ModelNamesForTests(declared.Inputs, declared.JointInputs, declared.Decisions).ValuesOf(name).Values[value];
}
