using System.Text.RegularExpressions;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using DecisionTable = Relapse.Contracts.Protocol.V1.DecisionTable;

namespace Relapse.Clinical.Documents;

/// <summary>What must hold for advice to be acted on, and what is shown beside it.</summary>
internal sealed partial class DocumentChecker
{
    private void CheckRequirements(string path, string id, DecisionTable table)
    {
        CheckUnique($"{path}.requires", table.Requires.Select(required => required.Decision));
        for (var i = 0; i < table.Requires.Count; i++)
        {
            var (place, required) = ($"{path}.requires[{i}]", table.Requires[i]);
            var needed = required.Needed?.Values_ ?? [];
            Require(
                WellKnownDecisions.All.Contains(required.Decision, StringComparer.Ordinal) && required.Decision != id && !table.Inputs.Contains(required.Decision),
                $"{place}.decision",
                "must be another well-known decision that is no input of this table");
            Require(needed.Count > 0, $"{place}.needed", "required");
            CheckConclusions($"{place}.needed", required.Decision, needed);
            CheckConclusions($"{place}.undecided", required.Decision, required.Undecided?.Values_ ?? []);
            Require(!needed.Intersect(required.Undecided?.Values_ ?? [], StringComparer.Ordinal).Any(), $"{place}.undecided", "none of those needed");
            CheckRequirementWarning(place, required);
        }
    }

    private void CheckConclusions(string path, string decision, IList<string> conclusions)
    {
        CheckUnique(path, conclusions);
        foreach (var conclusion in conclusions)
        {
            Require(WordPattern().IsMatch(conclusion), path, "a conclusion is upper-case letters, digits and underscores");
            RequireOf(
                $"decisions.{decision}.conclusions",
                !Document.Decisions.TryGetValue(decision, out var own) || own.Conclusions.Contains(conclusion),
                path,
                $"'{conclusion}' is not a conclusion of {decision}");
        }
    }

    private void CheckRequirementWarning(string place, RequiredDecision required)
    {
        if (required.Warning.Length == 0)
        {
            RequireInPrint(required.Detail.Length == 0, place, "detail goes with warning");
            if (required.Outside.Length == 0)
            {
                RequireInPrint(required.Because is null, place, "because goes with warning or outside");
                return;
            }
        }
        else
        {
            Require(WordPattern().IsMatch(required.Warning), $"{place}.warning", "upper-case letters, digits and underscores");
            Require(required.Detail.Length > 0, $"{place}.detail", "required");
        }
        CheckCitations($"{place}.because", required.Because);
    }

    private void CheckContext()
    {
        CheckUnique("context", Document.Context.Select(statement => statement.Id));
        for (var i = 0; i < Document.Context.Count; i++)
        {
            var (path, statement) = ($"context[{i}]", Document.Context[i]);
            Require(IdPattern().IsMatch(statement.Id), $"{path}.id", "required; lower-case letters, digits, dots and hyphens");
            Require(statement.Kind != ContextKind.Unspecified, $"{path}.kind", "required");
            Require(statement.Text.Length > 0, $"{path}.text", "required");
            foreach (var (input, words) in statement.When)
            {
                CheckWords($"{path}.when.{input}", input, words);
            }
            CheckAgent(path, statement);
            CheckCitations($"{path}.because", statement.Because);
        }
    }

    private void CheckAgent(string path, ContextRule statement)
    {
        var isAgent = statement.Kind == ContextKind.Agent;
        foreach (var (name, text) in new[] { ("agent", statement.Agent), ("status", statement.Status), ("as_of", statement.AsOf) })
        {
            Require(text.Length > 0 == isAgent, $"{path}.{name}", isAgent ? "required for an agent" : "only for an agent");
        }
        Require(!isAgent || AsOfPattern().IsMatch(statement.AsOf), $"{path}.as_of", "a year, a month or a day: 2014, 2014-02, 2014-02-17");
    }

    [GeneratedRegex(@"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?\z")]
    private static partial Regex AsOfPattern();
}
