using System.Collections.Immutable;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>The disagreements that an answer has to announce: those of which it has rows of two sides or more.</summary>
internal static class AnswerConflicts
{
    /// <summary>The disagreements, each with the sides and rows that are in the answer.</summary>
    public static ImmutableArray<Conflict> Among(IEnumerable<string> rows, LibraryFile words)
    {
        var ids = rows.ToHashSet(StringComparer.Ordinal);
        return [.. words.Conflicts.Select(conflict => Of(conflict, ids)).Where(conflict => conflict.Sides.Count > 1)];
    }

    private static Conflict Of(Conflict conflict, HashSet<string> ids)
    {
        var found = new Conflict { Id = conflict.Id, Text = conflict.Text, MixesEndpoints = conflict.MixesEndpoints };
        foreach (var side in conflict.Sides.Where(side => side.Rows.Any(ids.Contains)))
        {
            found.Sides.Add(new ConflictSide { Says = side.Says, Rows = { side.Rows.Where(ids.Contains) } });
        }
        found.Rows.AddRange(found.Sides.SelectMany(side => side.Rows));
        return found;
    }
}
