using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Asks for what would narrow an MRD level: the limit of an assay that was not stated, the specimen or the reinduction.</summary>
internal static class MrdQuestion
{
    /// <summary>The question; null when the level itself, or a new result, is to be asked for.</summary>
    public static Question? About(int input, ValueSet values, Bands bands, MrdLevelFact level)
    {
        var answers = ImmutableArray.CreateBuilder<Answer>();
        foreach (var (label, left) in level.Answers(bands.Thresholds))
        {
            var possible = bands.Cover(left) & values;
            if (!possible.IsEmpty)
            {
                answers.Add(new Answer(label, possible));
            }
        }
        return answers.Count > 0 ? new Question(level.Field, input, answers.ToImmutable()) : null;
    }
}
