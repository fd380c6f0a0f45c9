using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>An answer to a question.</summary>
/// <param name="Label">The answer in the caller's words.</param>
/// <param name="Values">The values of the input which it leaves.</param>
public sealed record Answer(string Label, ValueSet Values);

/// <summary>Something open that the caller could find out about one input. The answers should together hold every value of the fact; they
/// may overlap.</summary>
/// <param name="Name">The name in the caller's words.</param>
/// <param name="Input">The index of the input concerned.</param>
/// <param name="Answers">The answers.</param>
public sealed record Question(string Name, int Input, ImmutableArray<Answer> Answers)
{
    /// <summary>The plain question for an input: one answer for each single value in <paramref name="fact"/>, under the input's
    /// names.</summary>
    public static Question About(ModelInput input, ValueSet fact)
    {
        ArgumentNullException.ThrowIfNull(input);
        var answers = ImmutableArray.CreateBuilder<Answer>(fact.Count);
        foreach (var value in fact)
        {
            answers.Add(new Answer(input.Domain.Values[value], ValueSet.Of(value)));
        }

        return new Question(input.Name, input.Index, answers.MoveToImmutable());
    }
}

/// <summary>An answer and what it would leave.</summary>
/// <param name="Answer">The answer, its values cut down to the fact.</param>
/// <param name="Possible">The conclusions that it would leave possible.</param>
public sealed record MissingAnswer(Answer Answer, ValueSet Possible);

/// <summary>A question that still matters.</summary>
/// <param name="Question">The question as given.</param>
/// <param name="Answers">Its answers that the fact allows, in order.</param>
public sealed record MissingFact(Question Question, ImmutableArray<MissingAnswer> Answers)
{
    /// <summary>How many of the answers leave exactly one conclusion.</summary>
    public int SettlingAnswers => Answers.Count(answer => answer.Possible.IsSingle);
}

/// <summary>What several answers about one input leave of it; empty when they contradict each other.</summary>
/// <param name="input">The index of the input.</param>
/// <param name="given">At least two questions about it, each with the answer given.</param>
public delegate ValueSet CombineAnswers(int input, IReadOnlyList<(Question Question, Answer Answer)> given);

/// <summary>A set of questions that can settle a decision.</summary>
/// <param name="Answers">The questions, in the order given, each with its answer in one assignment that settles; the answers' values are
/// cut down to the fact.</param>
/// <param name="Conclusion">The index of the conclusion that follows.</param>
public sealed record SettlingSet(ImmutableArray<(Question Question, Answer Answer)> Answers, int Conclusion);

/// <summary>The smallest sets of questions that can settle a decision.</summary>
/// <param name="Sets">
/// All sets of the smallest size, in the order of their questions; none when all questions together cannot settle it, or none up to the
/// maximum size does. When it is settled already, one set without questions.
/// </param>
/// <param name="SearchedTo">The largest size searched; -1 when not even that of no questions was.</param>
/// <param name="Complete">False when no set was found up to the maximum size, or up to where the search took too much work, though larger
/// ones may settle the decision.</param>
public sealed record Settling(ImmutableArray<SettlingSet> Sets, int SearchedTo, bool Complete);

/// <summary>A neighbouring band that would change what is possible.</summary>
/// <param name="Input">The index of the input.</param>
/// <param name="Neighbour">The index of the neighbouring band in the input's domain.</param>
/// <param name="Possible">The conclusions possible there.</param>
public sealed record Flip(int Input, int Neighbour, ValueSet Possible);
