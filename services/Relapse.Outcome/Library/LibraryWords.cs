using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Checks what all rows share.</summary>
internal static class LibraryWords
{
    public static void Check(LibraryFile words, Action<string, string> fault)
    {
        Require(words.Version.Length > 0, "version", "required");
        Require(words.GeneralScheme.Length > 0, "general_scheme", "required");
        Require(words.Counted.Count > 0, "counted", "required");
        Require(words.SelectionBias.Length > 0, "selection_bias", "required");
        Require(words.Landmark.Length > 0, "landmark", "required");
        foreach (var (word, endpoint) in words.Endpoints)
        {
            Require(endpoint.Title.Length > 0, $"endpoints.{word}", "an endpoint has a title");
            Require(endpoint.Kind is EndpointKind.Outcome or EndpointKind.Descriptive, $"endpoints.{word}", "an endpoint is an outcome or descriptive");
        }
        foreach (var (word, family) in words.Families)
        {
            Require(family.Title.Length > 0, $"families.{word}", "a family has a title");
        }
        foreach (var (word, regimen) in words.Regimens)
        {
            Require(regimen.Title.Length > 0, $"regimens.{word}", "a regimen has a title");
        }
        Require(words.Conflicts.Select(conflict => conflict.Id).Distinct().Count() == words.Conflicts.Count, "conflicts", "a conflict has an id of its own");
        foreach (var (index, conflict) in words.Conflicts.Index())
        {
            Require(conflict is { Id.Length: > 0, Text.Length: > 0, Sides.Count: > 1, Rows.Count: 0 }, $"conflicts[{index}]", "a conflict has an id, words and two sides or more, which name its rows");
            Require(conflict.Sides.All(side => side is { Says.Length: > 0, Rows.Count: > 0 }), $"conflicts[{index}]", "a side says something and has rows");
            var named = conflict.Sides.SelectMany(side => side.Rows).ToArray();
            Require(named.Distinct().Count() == named.Length, $"conflicts[{index}]", "a row is on one side");
        }

        void Require(bool holds, string path, string message)
        {
            if (!holds)
            {
                fault(path, message);
            }
        }
    }
}
