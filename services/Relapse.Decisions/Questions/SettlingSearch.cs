using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Finds the smallest sets of questions that can settle a decision. For each conclusion there is a truth function "this is concluded". An
/// input that is not asked must leave it true for every value of the fact; one that is asked, for every value that the answers leave. So a
/// state is a truth function, and asking or not asking about its first input leads to the next.
/// </summary>
internal sealed class SettlingSearch
{
    private readonly DiagramStore _store;
    private readonly int _root;
    private readonly ValueSet[] _facts;
    private readonly IReadOnlyList<Question> _questions;
    private readonly CombineAnswers _combine;
    private readonly Dictionary<int, ImmutableArray<Option>> _options = [];
    private readonly Dictionary<int, bool> _feasible = [];
    private readonly Dictionary<int, (int Least, bool Exact)> _least = [];
    private readonly Dictionary<int, ImmutableArray<Option>> _smallest = [];

    public SettlingSearch(
        DiagramStore store, int root, ReadOnlySpan<ValueSet> facts, IReadOnlyList<Question> questions, CombineAnswers? combine)
    {
        (_store, _root, _facts, _questions) = (store, root, facts.ToArray(), questions);
        _combine = combine ?? ((_, given) => given.Aggregate(new ValueSet(ulong.MaxValue), (values, one) => values & one.Answer.Values));
    }

    public Settling Run(int maximumSize)
    {
        var searched = -1;
        try
        {
            return Run(maximumSize, ref searched);
        }
        catch (TooMuchWorkException)
        {
            return new Settling([], searched, false);
        }
    }

    private Settling Run(int maximumSize, ref int searched)
    {
        var terminals = _store.Terminals(_root);
        var goals = terminals
            .Select(conclusion => (conclusion, states: _store.Where(_root, terminals[^1] + 1, terminal => terminal == conclusion)))
            .Where(goal => Feasible(goal.states))
            .ToList();
        if (goals.Count == 0)
        {
            return new Settling([], Math.Min(maximumSize, _questions.Count), true);
        }

        for (var size = 0; size <= Math.Min(maximumSize, _questions.Count); size++)
        {
            var found = goals.Where(goal => Least(goal.states, size) <= size).ToList();
            if (found.Count > 0)
            {
                return new Settling(Sets(found), size, true);
            }

            searched = size;
        }

        return new Settling([], maximumSize, false);
    }

    private ImmutableArray<SettlingSet> Sets(List<(int Conclusion, int States)> goals)
    {
        var sets = goals.SelectMany(goal => Smallest(goal.States).Select(option => (goal.Conclusion, option)))
            .DistinctBy(set => set.option.Questions, IntegersComparer.Instance)
            .OrderBy(set => set.option.Questions, Comparer<int[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)));
        return [.. sets.Select(set => new SettlingSet(Given(set.option), set.Conclusion))];
    }

    /// <summary>Whether some assignment of answers makes the state true: with every question asked, only the narrowest outcomes need a
    /// look.</summary>
    private bool Feasible(int state)
    {
        if (state < 0)
        {
            return state == DiagramStore.True;
        }

        if (!_feasible.TryGetValue(state, out var feasible))
        {
            var options = Options(_store.Level(state));
            var narrowest = options.Where(option => !options.Any(other => other.Left != option.Left && other.Left.IsSubsetOf(option.Left)));
            feasible = narrowest.Any(option => Feasible(After(state, option)));
            _feasible.Add(state, feasible);
        }

        return feasible;
    }

    /// <summary>The fewest questions that make the state true; more than <paramref name="limit"/> when it takes more than that.</summary>
    private int Least(int state, int limit)
    {
        if (state < 0)
        {
            return state == DiagramStore.True ? 0 : limit + 1;
        }

        if (_least.TryGetValue(state, out var known) && (known.Exact || known.Least > limit))
        {
            return known.Least;
        }

        var least = limit + 1;
        foreach (var option in Options(_store.Level(state)))
        {
            _store.Budget?.Spend(1);
            var rest = least - 1 - option.Questions.Length;
            if (rest >= 0)
            {
                least = Math.Min(least, option.Questions.Length + Least(After(state, option), rest));
            }
        }

        _least[state] = (least, least <= limit);
        return least;
    }

    /// <summary>Every set of the fewest questions that make the state true, one assignment for each.</summary>
    private ImmutableArray<Option> Smallest(int state)
    {
        if (state == DiagramStore.True)
        {
            return [Option.None(default)];
        }

        if (_smallest.TryGetValue(state, out var known))
        {
            return known;
        }

        var least = _least[state].Least;
        Dictionary<int[], Option> found = new(IntegersComparer.Instance);
        foreach (var option in Options(_store.Level(state)).Where(option => option.Questions.Length <= least))
        {
            var next = After(state, option);
            var rest = least - option.Questions.Length;
            if (Least(next, rest) == rest)
            {
                foreach (var tail in Smallest(next))
                {
                    _store.Budget?.Spend(least);
                    var whole = option.With(tail);
                    _ = found.TryAdd(whole.Questions, whole);
                }
            }
        }

        _smallest[state] = [.. found.Values];
        return _smallest[state];
    }

    private int After(int state, Option option)
    {
        var level = _store.Level(state);
        var after = DiagramStore.True;
        foreach (var value in option.Left)
        {
            after = _store.And(after, _store.Cofactor(state, level, value));
        }

        return after;
    }

    /// <summary>The ways to ask about an input, not asking first: for each set of questions, the answers that leave least.</summary>
    private ImmutableArray<Option> Options(int input)
    {
        if (_options.TryGetValue(input, out var known))
        {
            return known;
        }

        List<Option> options = [Option.None(_facts[input])];
        for (var position = 0; position < _questions.Count; position++)
        {
            if (_questions[position].Input == input)
            {
                var answers = OpenQuestions.Allowed(_questions[position], _facts[input]).ToList();
                options.AddRange([.. options.SelectMany(option => answers.Select(answer => option.Asking(position, answer)))]);
            }
        }

        _options[input] =
        [
            .. options.Select(option => option with { Left = Left(input, option) & _facts[input] })
                .Where(option => !option.Left.IsEmpty && (option.Questions.Length == 0 || option.Left != _facts[input]))
                .GroupBy(option => option.Questions, IntegersComparer.Instance)
                .SelectMany(same =>
                    same.Where(option => !same.Any(other => other.Left != option.Left && other.Left.IsSubsetOf(option.Left))))
                .OrderBy(option => option.Questions.Length),
        ];
        return _options[input];
    }

    private ValueSet Left(int input, Option option) => option.Questions.Length switch
    {
        0 => _facts[input],
        1 => option.Answers[0].Values,
        _ => _combine(input, Given(option)),
    };

    private ImmutableArray<(Question Question, Answer Answer)> Given(Option option) =>
        [.. option.Answers.Select((answer, index) => (_questions[option.Questions[index]], answer))];

    /// <summary>Questions, by ascending position, with an answer each, and what they leave of the input they concern.</summary>
    private sealed record Option(int[] Questions, Answer[] Answers, ValueSet Left)
    {
        public static Option None(ValueSet fact) => new([], [], fact);

        public Option Asking(int question, Answer answer) => new([.. Questions, question], [.. Answers, answer], default);

        public Option With(Option other)
        {
            int[] questions = [.. Questions, .. other.Questions];
            Answer[] answers = [.. Answers, .. other.Answers];
            Array.Sort(questions, answers);
            return new Option(questions, answers, default);
        }
    }
}
