using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Documents;

/// <summary>Sources and what is cited of them, and that what is declared is used.</summary>
internal sealed partial class DocumentChecker
{
    private void CheckSources()
    {
        var cited = _used.Where(used => used.StartsWith("source:", StringComparison.Ordinal)).Select(used => Citations.Split(used["source:".Length..]).Source).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, source) in Document.Sources)
        {
            RequireInPrint(IdPattern().IsMatch(id), $"sources.{id}", "lower-case letters, digits, dots and hyphens");
            RequireInPrint(source.Title.Length > 0, $"sources.{id}.title", "required");
            RequireUsed(cited.Contains(id), $"sources.{id}", "never cited");
            foreach (var locator in source.Locators.Keys)
            {
                RequireUsed(_used.Contains($"source:{id}.{locator}"), $"sources.{id}.locators.{locator}", "never cited");
            }
        }
        foreach (var id in Document.Inputs.Keys.Concat(Document.Readings.Keys))
        {
            RequireUsed(_used.Contains($"word:{id}"), Document.Inputs.ContainsKey(id) ? $"inputs.{id}" : $"readings.{id}", "declared and never used");
        }
        foreach (var (id, table) in Document.Decisions)
        {
            var concluded = table.Rules.SelectMany(rule => rule.Then?.Values_ ?? []).ToHashSet(StringComparer.Ordinal);
            // A word that is none may be meant for one that is.
            for (var i = 0; i < table.Conclusions.Count && concluded.IsSubsetOf(table.Conclusions); i++)
            {
                RequireUsed(concluded.Contains(table.Conclusions[i]), $"decisions.{id}.conclusions[{i}]", $"'{table.Conclusions[i]}' is declared, and no rule concludes it");
            }
        }
    }

    private void CheckCitations(string path, Values? because)
    {
        RequireInPrint(because?.Values_.Count > 0, path, "required: a rule without a source is not a rule", FaultCode.Citation);
        foreach (var citation in because?.Values_ ?? [])
        {
            _used.Add($"source:{citation}");
            if (!Citations.Resolves(Document, citation) && !IsLost("sources") && !_misread.Touch($"sources.{Citations.Split(citation).Source}"))
            {
                FaultInPrint(path, $"'{citation}' does not resolve to a source of this document", FaultCode.Citation);
            }
        }
    }
}
