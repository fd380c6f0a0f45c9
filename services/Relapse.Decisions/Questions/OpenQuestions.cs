using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>Which open questions still matter.</summary>
internal static class OpenQuestions
{
    public static ImmutableArray<MissingFact> Missing(
        CompiledDecision decision, ReadOnlySpan<ValueSet> facts, IReadOnlyList<Question> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var restricted = decision.Restrict(facts);
        List<MissingFact> missing = [];
        var moved = facts.ToArray();
        foreach (var about in questions.GroupBy(question => question.Input).Where(about => restricted.Support.Contains(about.Key)))
        {
            var input = about.Key;
            var fact = moved[input];
            var alike = restricted.Alike(input);
            foreach (var question in about.Where(question => Matters(question, [.. about], fact, alike)))
            {
                var answers = ImmutableArray.CreateBuilder<MissingAnswer>();
                foreach (var answer in Allowed(question, fact))
                {
                    moved[input] = answer.Values;
                    answers.Add(new MissingAnswer(answer, decision.Possible(moved)));
                }

                missing.Add(new MissingFact(question, answers.ToImmutable()));
            }

            moved[input] = fact;
        }

        return Ranked(missing, questions);
    }

    /// <summary>The answers, cut down to the fact, that it allows.</summary>
    public static IEnumerable<Answer> Allowed(Question question, ValueSet fact) =>
        question.Answers.Select(answer => answer with { Values = answer.Values & fact }).Where(answer => !answer.Values.IsEmpty);

    private static bool Matters(Question question, ImmutableArray<Question> about, ValueSet fact, ImmutableArray<ValueSet> alike)
    {
        // What answers to the other questions may have left: two answers may differ under these though not under the fact alone.
        HashSet<ValueSet> left = [fact];
        foreach (var other in about.Where(other => !ReferenceEquals(other, question)))
        {
            left.UnionWith(left.SelectMany(values => Allowed(other, values).Select(answer => answer.Values)).ToList());
        }

        return left.Any(values => Allowed(question, values).Select(answer => Parts(answer.Values, alike)).Distinct().Skip(1).Any());
    }

    private static ValueSet Parts(ValueSet values, ImmutableArray<ValueSet> alike)
    {
        var parts = ValueSet.Empty;
        for (var part = 0; part < alike.Length; part++)
        {
            parts |= alike[part].Overlaps(values) ? ValueSet.Of(part) : ValueSet.Empty;
        }

        return parts;
    }

    private static ImmutableArray<MissingFact> Ranked(List<MissingFact> missing, IReadOnlyList<Question> questions)
    {
        var positions = new Dictionary<Question, int>(ReferenceEqualityComparer.Instance);
        for (var position = 0; position < questions.Count; position++)
        {
            _ = positions.TryAdd(questions[position], position);
        }

        // An average is compared as a decimal quotient: counts are far too small for two different ones to meet.
        return
        [
            .. missing.OrderByDescending(fact => fact.SettlingAnswers)
                .ThenBy(fact => (decimal)fact.Answers.Sum(answer => answer.Possible.Count) / fact.Answers.Length)
                .ThenBy(fact => positions[fact.Question]),
        ];
    }
}
