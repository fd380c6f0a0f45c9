using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

public sealed class CompilerTests
{
    private static readonly Domain X = new("x", "0", "1");
    private static readonly Domain Y = new("y", "0", "1");
    private static readonly Domain Out = new("d", "A", "B");

    [Fact]
    public void One_function_is_one_diagram_however_its_table_is_cut()
    {
        var two = Decision("d", ["x", "y"], When("1", 1, ("x", 1)), When("2", 0, ("x", 0)));
        var four = Decision("e", ["y", "x"], When("1", 1, ("x", 1), ("y", 0)), When("2", 1, ("x", 1), ("y", 1)),
            When("3", 0, ("x", 0), ("y", 1)), When("4", 0, ("x", 0), ("y", 0)));
        var model = Sound(Plain(two, four));
        Assert.Equal(1, model.Decision("d").NodeCount);
        Assert.Equal(1, model.Decision("e").NodeCount);
        Assert.Equal([model.InputIndex("x")], model.Decision("e").SupportInputs);
        Assert.Equal(3, model.Decision("e").RuleNodeCount);
    }

    [Fact]
    public void Each_answer_may_leave_the_same_though_the_question_matters()
    {
        var model = Sound(Plain(Xor));
        var decision = model.Decision("d");
        var missing = decision.Missing(model.AllUnknown(), model.Questions(model.AllUnknown()));
        Assert.Equal(["x", "y"], missing.Select(fact => fact.Question.Name));
        Assert.All(missing.SelectMany(fact => fact.Answers), answer => Assert.Equal(Out.All, answer.Possible));
        var settling = decision.Shortest(model.AllUnknown(), model.Questions(model.AllUnknown()));
        Assert.Equal(["x", "y"], Assert.Single(settling.Sets).Answers.Select(given => given.Question.Name));
    }

    [Fact]
    public void Joint_facts_are_exact_where_the_product_of_the_margins_is_not()
    {
        var joint = JointInput.Create("xy", X, Y);
        var model = Sound(new DecisionModel([], [joint], [Xor]));
        var decision = model.Decision("d");
        var equal = ValueSet.Of(joint.IndexOf(0, 0), joint.IndexOf(1, 1));
        Assert.Equal(ValueSet.Of(0), decision.Possible([equal]));
        Assert.Equal(Out.All, decision.Possible([joint.Tuples(ValueSet.Of(0, 1), ValueSet.Of(0, 1))]));
        var questions = joint.Components.Select((component, index) => new Question(
            component.Name, 0, [.. component.Values.Select((label, value) => new Answer(label, joint.Where(index, ValueSet.Of(value))))]))
                .ToList();
        Assert.Equal(2, decision.Missing([joint.Domain.All], questions).Length);
        Assert.Equal(2, Assert.Single(decision.Shortest([joint.Domain.All], questions).Sets).Answers.Length);
        Assert.Empty(decision.Missing([equal], questions));
        // The caller knows better than the intersection: together the two answers say nothing.
        var deaf = decision.Shortest([joint.Domain.All], questions, (_, _) => joint.Domain.All);
        Assert.True(deaf is { Complete: true, Sets.Length: 0 });
    }

    [Fact]
    public void An_established_conclusion_stands_in_where_the_decision_feeds_another()
    {
        var feeder = Xor with { Overridable = true };
        var fed = new DecisionTable("e", ["d"], new Domain("e", "LOW", "HIGH"), [When("low", 0, ("d", 0)), When("high", 1, ("d", 1))], [],
            false);
        var model = Sound(Plain(feeder, fed));
        Assert.Equal(["established.d", "x", "y"], model.Inputs.Select(input => input.Name));
        Assert.Equal(["DERIVED", "A", "B"], model.Inputs[0].Domain.Values);
        Assert.Equal(0, model.Decision("e").Conclude([0, 1, 1]));
        Assert.Equal(1, model.Decision("e").Conclude([2, 1, 1]));
        Assert.Equal(0, model.Decision("d").Conclude([2, 1, 1]));
        Assert.Equal(ValueSet.Of(0), model.DefaultFacts()[0]);
        Assert.Equal([1, 2], model.Decision("d").SupportInputs);
    }

    [Fact]
    public void A_rule_that_leaves_two_conclusions_open_is_reported_once()
    {
        var latent = new InputDefinition(new Domain("open", "first", "second"), InputRole.Latent);
        var table = Decision("d", ["x", "open"], When("both", 0, ("x", 0), ("open", 0)), When("both", 1, ("x", 0), ("open", 1)),
            When("one", 1, ("x", 1)));
        var model = Sound(new DecisionModel([new InputDefinition(X, InputRole.Fact), latent], [], [table]));
        var decision = model.Decision("d");
        var facts = model.AllUnknown();
        facts[model.InputIndex("x")] = ValueSet.Of(0);
        Assert.Equal(["both", "one"], decision.RuleIds);
        Assert.Equal([0], decision.PossibleRules(facts));
        Assert.Equal(Out.All, decision.Possible(facts));
    }

    [Fact]
    public void Out_of_scope_names_the_first_failing_guard_and_passes_on_only_where_it_is_needed()
    {
        var guarded = Xor with { Guards = [new Guard("g1", "x", ValueSet.Of(0)), new Guard("g2", "y", ValueSet.Of(0))] };
        guarded = guarded with { Rules = [When("only", 0)] };
        var fed = new DecisionTable("e", ["z", "d"], new Domain("e", "LOW", "HIGH"),
            [When("low", 0, ("z", 0)), When("high", 1, ("z", 1), ("d", 0, 1))], [], false);
        var needing = fed with { Name = "f", Conclusions = new Domain("f", "LOW", "HIGH"),
            Rules = [When("low", 0, ("z", 0)), When("high", 1, ("z", 1), ("d", 0))] };
        var model = Sound(
            new DecisionModel([.. new[] { X, Y, new Domain("z", "0", "1") }.Select(domain => new InputDefinition(domain, InputRole.Fact))],
                [], [guarded, fed, needing]));
        byte[] Known(int x, int y, int z) => [.. model.Inputs.Select(input => (byte)(input.Name switch { "x" => x, "y" => y, _ => z }))];
        var (first, second, third) = (model.Decision("d"), model.Decision("e"), model.Decision("f"));
        Assert.Equal(["A", "B", "OUT_OF_SCOPE"], first.Conclusions.Values);
        Assert.Equal("g1", first.RuleIds[first.RuleOf(Known(1, 1, 0))]);
        Assert.Equal("g2", first.RuleIds[first.RuleOf(Known(0, 1, 0))]);
        Assert.Equal(first.ExcludedIndex, first.Conclude(Known(0, 1, 0)));
        Assert.Equal(-1, second.ExcludedIndex);
        Assert.Equal(0, third.Conclude(Known(1, 0, 0)));
        Assert.Equal(third.ExcludedIndex, third.Conclude(Known(1, 0, 1)));
        Assert.Equal("g1", third.RuleIds[third.RuleOf(Known(1, 0, 1))]);
    }

    [Fact]
    public void More_than_64_rules_are_told_apart()
    {
        var inputs = Enumerable.Range(0, 3).Select(index => new Domain($"i{index}", "0", "1", "2", "3", "4")).ToList();
        var rules = Enumerable.Range(0, 125)
            .Select(cell => When($"r{cell}", cell % 2, ("i0", cell / 25), ("i1", cell / 5 % 5), ("i2", cell % 5)));
        var model = Sound(
            new DecisionModel([.. inputs.Select(domain => new InputDefinition(domain, InputRole.Fact))], [],
                [Decision("d", ["i0", "i1", "i2"], [.. rules])]));
        Assert.Equal(Enumerable.Range(0, 125), model.Decision("d").PossibleRules(model.AllUnknown()));
        Assert.Equal([124], model.Decision("d").PossibleRules([ValueSet.Of(4), ValueSet.Of(4), ValueSet.Of(4)]));
        Assert.Throws<ArgumentException>(() => model.Decision("d").PossibleRules(model.AllUnknown(), new ulong[1]));
    }

    [Fact]
    public void Facts_that_are_empty_missing_or_outside_are_refused()
    {
        var decision = Sound(Plain(Xor)).Decision("d");
        Assert.Throws<ArgumentException>(() => decision.Possible([ValueSet.Of(0), ValueSet.Empty]));
        Assert.Throws<ArgumentException>(() => decision.Possible([ValueSet.Of(0), ValueSet.Of(2)]));
        Assert.Throws<ArgumentException>(() => decision.Possible([ValueSet.Of(0)]));
        Assert.Throws<ArgumentException>(() => decision.Restrict([ValueSet.Of(0), ValueSet.Empty]));
        Assert.Throws<ArgumentException>(() => decision.Conclude([0, 2]));
        Assert.Throws<ArgumentException>(() => decision.Conclude([0]));
    }

    [Fact]
    public void Every_structural_fault_is_listed()
    {
        var model = new DecisionModel(
            [new InputDefinition(X, InputRole.Fact, 0), new InputDefinition(X, InputRole.Fact), new InputDefinition(Y, InputRole.Override)],
            [],
            [
                Decision("d", ["x", "x", "nowhere", "e"], When("r", 7, ("y", 0)), When("r", 7, ("x", 5)), When("", 0)),
                Decision("e", ["d"],
                    When("r", 0)) with { Guards = [new Guard("r", "nowhere", ValueSet.Of(0)), new Guard("g", "x", ValueSet.Empty)] },
                Decision("f", ["f"]) with { Conclusions = new Domain("f", "OUT_OF_SCOPE", "DERIVED") },
            ]);
        var result = DecisionCompiler.Compile(model);
        Assert.Null(result.Model);
        Assert.All(result.Faults, fault => Assert.Equal(FaultKind.Structure, fault.Kind));
        string[] expected =
        [
            "'x' is empty or stands for 2", "'x' has the default 0", "'y' is declared as an override", "'x' is named 2 times",
                "'nowhere' is unknown", "'r' concludes 7",
            "'r' is empty, or shared", "'' is empty, or", "asks 'y', which is not", "gives 'x' the values {5}", "unknown input 'nowhere'",
                "gives 'x' the values {}", "guard id 'r' is empty, or",
            "circle: d, e", "circle: f", "'OUT_OF_SCOPE' is reserved", "'DERIVED' is reserved",
        ];
        Assert.All(expected, part => Assert.Contains(result.Faults, fault => fault.Message.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_gap_and_an_overlap_are_written_as_cases()
    {
        var result = DecisionCompiler.Compile(Plain(Decision("d", ["x", "y"], When("a", 0, ("x", 0)), When("b", 1, ("x", 0), ("y", 1)))));
        Assert.Equal(2, result.Faults.Length);
        var gap = result.Faults.Single(fault => fault.Kind == FaultKind.Gap);
        Assert.Equal("x: 1; y: 0 | 1", string.Join("; ", gap.Cell));
        Assert.Equal("x: 1; y: 0", string.Join("; ", gap.Example));
        var overlap = result.Faults.Single(fault => fault.Kind == FaultKind.Overlap);
        Assert.Equal(["a", "b"], overlap.RuleIds);
        Assert.Equal("x: 0; y: 1", string.Join("; ", overlap.Cell));
        Assert.Equal(new TableCertificate("d", 4, 4, 2, 1, 0), Assert.Single(result.Certificates));
    }

    private static DecisionTable Xor =>
        Decision("d", ["x", "y"], When("same0", 0, ("x", 0), ("y", 0)), When("same1", 0, ("x", 1), ("y", 1)),
            When("01", 1, ("x", 0), ("y", 1)), When("10", 1, ("x", 1), ("y", 0)));

    private static DecisionTable Decision(string name, ImmutableArray<string> inputs, params ImmutableArray<Rule> rules) =>
        new(name, inputs, new Domain(name, Out.Values), rules, [], false);

    private static Rule When(string id, int then, params (string Input, int Value)[] conditions) =>
        new(id, conditions.ToImmutableDictionary(condition => condition.Input, condition => ValueSet.Of(condition.Value)), then);

    private static Rule When(string id, int then, (string Input, int Value) one, (string Input, int Value, int Or) other) =>
        new(id, ImmutableDictionary<string, ValueSet>.Empty.Add(one.Input, ValueSet.Of(one.Value))
            .Add(other.Input, ValueSet.Of(other.Value, other.Or)), then);

    private static DecisionModel Plain(params ImmutableArray<DecisionTable> decisions) =>
        new([new InputDefinition(X, InputRole.Fact), new InputDefinition(Y, InputRole.Fact)], [], decisions);

    private static CompiledModel Sound(DecisionModel model)
    {
        var result = DecisionCompiler.Compile(model);
        Assert.True(result.Model is not null, string.Join(" ", result.Faults.Select(fault => fault.Message)));
        return result.Model!;
    }
}
