using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Asks for what would narrow an MRD level: the limit of an assay that was not stated, or what says which of several results counts.</summary>
internal static class MrdQuestion
{
    /// <summary>
    /// The most fields of results that are looked at together for the fewest that settle a decision: the sets of them grow with every one.
    /// Each field is missing all the same.
    /// </summary>
    public const int MostTogether = 4;

    /// <summary>The most fields that are named of results none of which need count: the next are asked for when these are stated.</summary>
    public const int MostOfOpen = 12;

    /// <summary>The questions; whether the level itself, or a new result, is to be asked for too.</summary>
    public static (ImmutableArray<Question> Questions, bool AsksForLevel) About(int input, ValueSet values, Bands bands, MrdLevelFact level)
    {
        var questions = ImmutableArray.CreateBuilder<Question>();
        if (level.Open is { } open)
        {
            foreach (var (field, answers) in open.Fields(bands))
            {
                Add(questions, input, field, answers.Select(answer => (answer.Label, answer.Levels.Aggregate(ValueSet.Empty, (covered, left) => covered | bands.Cover(left)) & values)));
            }
        }
        else
        {
            Add(questions, input, level.Field, level.Answers(bands.Thresholds).Select(answer => (answer.Label, bands.Cover(answer.Level) & values)));
        }
        return (questions.ToImmutable(), questions.Count == 0 || level.Open is { AsksForNew: true });
    }

    private static void Add(ImmutableArray<Question>.Builder questions, int input, string field, IEnumerable<(string Label, ValueSet Possible)> answers)
    {
        ImmutableArray<Answer> allowed = [.. answers.Where(answer => !answer.Possible.IsEmpty).Select(answer => new Answer(answer.Label, answer.Possible))];
        if (!allowed.IsEmpty)
        {
            questions.Add(new Question(field, input, allowed));
        }
    }
}
