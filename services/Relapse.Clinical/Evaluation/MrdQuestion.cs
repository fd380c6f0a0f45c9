using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Asks for what would narrow the MRD level of the one result that counts: the limit of an assay that was not stated.</summary>
internal static class MrdQuestion
{
    /// <summary>The question; null when the level itself, or a new result, is to be asked for.</summary>
    public static Question? About(int input, ValueSet values, Bands bands, MrdLevelFact level)
    {
        ImmutableArray<Answer> answers =
        [
            .. level.Answers(bands.Thresholds).Select(answer => new Answer(answer.Label, bands.Cover(answer.Level) & values)).Where(answer => !answer.Values.IsEmpty),
        ];
        return answers.IsEmpty ? null : new Question(level.Field, input, answers);
    }
}
