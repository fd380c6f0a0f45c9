using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>Missing facts, shortest sets and flips, held to every completion read naively.</summary>
public sealed class QuestionTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Questions_that_matter_and_shortest_sets_are_exact(int block)
    {
        var (several, flips) = (0, 0);
        for (var seed = block * 200; seed < (block + 1) * 200; seed++)
        {
            var random = new Random(seed);
            var declared = new RandomModel(random).Next(inputs: 4);
            declared = PossibleTests.WithoutDeadRules(declared, DecisionCompiler.Compile(declared));
            var model = DecisionCompiler.Compile(declared).Model!;
            var decision = model.Decision(model.DecisionNames[^1]);
            var facts = RandomModel.Facts(random, model);
            var questions = Questions(random, model, facts);
            var world = new World(new NaiveModel(declared, model.Inputs), decision, facts, questions);
            Missing(world, $"seed {seed}");
            Shortest(world, $"seed {seed}");
            Flips(world, model, $"seed {seed}");
            several += decision.Shortest(facts, questions).SearchedTo > 1 ? 1 : 0;
            flips += decision.Flips(facts).Length;
        }

        Assert.True(several > 1 && flips > 5, $"The random models exercise too little: {several} sets of several, {flips} flips.");
    }

    private static ImmutableArray<Question> Questions(Random random, CompiledModel model, ValueSet[] facts)
    {
        var questions = ImmutableArray.CreateBuilder<Question>();
        foreach (var input in model.Inputs.Where(input => facts[input.Index].Count > 1))
        {
            if (input.Joint is { } joint)
            {
                questions.AddRange(joint.Components.Select((component, index) => new Question(
                    component.Name,
                    input.Index,
                    [.. component.Values.Select((label, value) => new Answer(label, joint.Where(index, ValueSet.Of(value))))])));
            }
            else if (random.Next(3) == 0)
            {
                var part = RandomModel.Subset(random, input.Domain.Count);
                questions.Add(
                    new Question($"{input.Name}?", input.Index,
                        [new Answer("yes", part), new Answer("no", input.Domain.All.Except(part) | ValueSet.Of(part.First))]));
            }
            else
            {
                questions.Add(Question.About(input, facts[input.Index]));
            }
        }

        return questions.ToImmutable();
    }

    private static void Missing(World world, string context)
    {
        var missing = world.Decision.Missing(world.Facts, world.Questions);
        var expected = world.Questions.Where(world.Matters).Select(question => question.Name).Order(StringComparer.Ordinal);
        Assert.True(expected.SequenceEqual(missing.Select(fact => fact.Question.Name).Order(StringComparer.Ordinal)), context);
        foreach (var fact in missing)
        {
            var answers = world.Answers(fact.Question).ToList();
            Assert.Equal(answers.Select(answer => answer.Label), fact.Answers.Select(answer => answer.Answer.Label));
            Assert.Equal(answers.Select(answer => world.Conclusions([(fact.Question, answer)])),
                fact.Answers.Select(answer => answer.Possible));
        }

        for (var next = 1; next < missing.Length; next++)
        {
            var (before, after) = (missing[next - 1], missing[next]);
            var order = after.SettlingAnswers.CompareTo(before.SettlingAnswers);
            order = order != 0 ? order : Average(before).CompareTo(Average(after));
            Assert.True(order < 0
                || (order == 0 && world.Questions.IndexOf(before.Question) < world.Questions.IndexOf(after.Question)), context);
        }
    }

    private static decimal Average(MissingFact fact) => fact.Answers.Average(answer => (decimal)answer.Possible.Count);

    private static void Shortest(World world, string context)
    {
        var settling = world.Decision.Shortest(world.Facts, world.Questions);
        var expected = new List<string>();
        for (var size = 0; size <= world.Questions.Length && expected.Count == 0; size++)
        {
            expected = [.. Choose(world.Questions, 0, size)
                .Where(set => world.Assignments(set).Any(assignment => world.Conclusions(assignment).IsSingle))
                .Select(set => string.Join(" ", set.Select(question => question.Name)))];
        }

        Assert.True(settling.Complete, context);
        Assert.True(expected.SequenceEqual(settling.Sets.Select(set => string.Join(" ", set.Answers.Select(given => given.Question.Name)))),
            context);
        foreach (var set in settling.Sets)
        {
            Assert.True(world.Conclusions(set.Answers) == ValueSet.Of(set.Conclusion), context);
        }

        if (settling.Sets.Length > 0 && settling.SearchedTo > 0)
        {
            var less = world.Decision.Shortest(world.Facts, world.Questions, maximumSize: settling.SearchedTo - 1);
            Assert.True(less is { Complete: false, Sets.Length: 0 }, context);
        }
    }

    private static void Flips(World world, CompiledModel model, string context)
    {
        List<Flip> expected = [];
        foreach (var input in model.Inputs.Where(input => input.Domain.Bands is not null && world.Facts[input.Index].IsSingle))
        {
            var bands = input.Domain.Bands!;
            var here = world.Facts[input.Index].Single;
            foreach (var there in new[] { here - 1, here + 1 }.Where(there => there >= 0 && there < input.Domain.Count))
            {
                if (bands.IntervalOf(here) is not null && bands.IntervalOf(there) is not null)
                {
                    var moved = world with { Facts = [.. world.Facts.Select((fact, index) => index == input.Index
                        ? ValueSet.Of(there) : fact)] };
                    if (moved.Conclusions([]) != world.Conclusions([]))
                    {
                        expected.Add(new Flip(input.Index, there, moved.Conclusions([])));
                    }
                }
            }
        }

        Assert.True(expected.SequenceEqual(world.Decision.Flips(world.Facts)), context);
    }

    private static IEnumerable<ImmutableArray<Question>> Choose(ImmutableArray<Question> questions, int from, int size) => size == 0
        ? [[]]
        : Enumerable.Range(from, questions.Length - from).SelectMany(first =>
            Choose(questions, first + 1, size - 1).Select(rest => rest.Insert(0, questions[first])));

    /// <summary>What completions say, without diagrams.</summary>
    private sealed record World(NaiveModel Naive, CompiledDecision Decision, ValueSet[] Facts, ImmutableArray<Question> Questions)
    {
        private readonly Dictionary<string, int> _decided = [];

        public IEnumerable<Answer> Answers(Question question) =>
            question.Answers.Where(answer => answer.Values.Overlaps(Facts[question.Input]));

        /// <summary>The conclusions when the answers are given; empty when they contradict each other.</summary>
        public ValueSet Conclusions(IEnumerable<(Question Question, Answer Answer)> given)
        {
            var facts = Facts.ToArray();
            foreach (var (question, answer) in given)
            {
                facts[question.Input] &= answer.Values;
            }

            return facts.Any(fact => fact.IsEmpty)
                ? ValueSet.Empty
                : NaiveModel.Completions(facts).Aggregate(ValueSet.Empty, (all, known) => all | ValueSet.Of(Decide(known)));
        }

        public IEnumerable<ImmutableArray<(Question, Answer)>> Assignments(ImmutableArray<Question> set) => set.IsEmpty
            ? [[]]
            : Assignments(set[1..]).SelectMany(rest => Answers(set[0]).Select(answer => rest.Insert(0, (set[0], answer))));

        /// <summary>Under some answers to the other questions about its input, two answers leave different functions of the other
        /// inputs.</summary>
        public bool Matters(Question question)
        {
            var others = Questions.Where(other => other.Input == question.Input && other.Name != question.Name).ToImmutableArray();
            var subsets = Enumerable.Range(0, others.Length + 1).SelectMany(size => Choose(others, 0, size));
            return subsets.SelectMany(Assignments).Any(context =>
            {
                var left = context.Aggregate(Facts[question.Input], (values, given) => values & given.Item2.Values);
                return Answers(question).Select(answer => answer.Values & left).Where(values => !values.IsEmpty)
                    .Select(values => Functions(question.Input, values)).Distinct().Count() > 1;
            });
        }

        /// <summary>The set of functions of the other inputs that the values lead to, written out.</summary>
        private string Functions(int input, ValueSet values)
        {
            SortedSet<string> functions = new(StringComparer.Ordinal);
            foreach (var value in values)
            {
                var facts = Facts.ToArray();
                facts[input] = ValueSet.Of(value);
                functions.Add(string.Concat(NaiveModel.Completions(facts).Select(known => (char)('a' + Decide(known)))));
            }

            return string.Join(" ", functions);
        }

        private int Decide(int[] known)
        {
            var key = string.Join(",", known);
            if (!_decided.TryGetValue(key, out var conclusion))
            {
                var result = Naive.Decide(Decision.Name, known);
                conclusion = result.Reason is null ? result.Value : Decision.ExcludedIndex;
                _decided.Add(key, conclusion);
            }

            return conclusion;
        }
    }
}
