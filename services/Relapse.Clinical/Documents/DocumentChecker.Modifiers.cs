using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Documents;

/// <summary>What stands beside the conclusions: prognostic features, and the use of a feature at first diagnosis.</summary>
internal sealed partial class DocumentChecker
{
    private void CheckModifiers()
    {
        RequireInPrint(!Document.ModifiersForAll || Document.Modifiers.Count > 0, "modifiers_for_all", "there are no modifiers");
        var directions = new Dictionary<string, ModifierDirection>(StringComparer.Ordinal);
        for (var i = 0; i < Document.Modifiers.Count; i++)
        {
            var (path, modifier) = ($"modifiers[{i}]", Document.Modifiers[i]);
            Require(WordPattern().IsMatch(modifier.Code), $"{path}.code", "upper-case letters, digits and underscores");
            Require(modifier.Detail.Length > 0, $"{path}.detail", "required");
            Require(modifier.Direction != ModifierDirection.Unspecified, $"{path}.direction", "required");
            Require(
                directions.TryAdd(modifier.Code, modifier.Direction) || directions[modifier.Code] == modifier.Direction,
                $"{path}.direction",
                $"an entry before it points another way for {modifier.Code}");
            CheckCarriers(path, modifier.Decisions);
            Require(
                modifier.When.Count > 0 || modifier.Open?.Values_.Count > 0 || modifier.Given?.Values_.Count > 0,
                $"{path}.when",
                "at least one of when, open and given is required");
            foreach (var (input, words) in modifier.When)
            {
                CheckWords($"{path}.when.{input}", input, words);
            }
            foreach (var (fact, words) in modifier.Unless)
            {
                RequireOf("inputs", Document.Inputs.ContainsKey(fact) && FactCatalogue.Find(fact) is not { Group.Length: > 0 }, $"{path}.unless.{fact}", "must be a declared fact, and not a clock");
                CheckWords($"{path}.unless.{fact}", fact, words);
            }
            CheckKnown($"{path}.open", modifier.Open);
            CheckKnown($"{path}.given", modifier.Given);
            CheckCitations($"{path}.because", modifier.Because);
        }
    }

    /// <summary>Modifiers for all stand beside decisions of other protocols too, which this document need not define.</summary>
    private void CheckCarriers(string path, Values? decisions)
    {
        Require(decisions?.Values_.Count > 0, $"{path}.decisions", "required");
        CheckUnique($"{path}.decisions", decisions?.Values_ ?? []);
        foreach (var decision in decisions?.Values_ ?? [])
        {
            if (Document.ModifiersForAll)
            {
                Require(WellKnownDecisions.All.Contains(decision, StringComparer.Ordinal), $"{path}.decisions", $"'{decision}' is no decision; known: {string.Join(", ", WellKnownDecisions.All)}");
            }
            else
            {
                RequireOf("decisions", Document.Decisions.ContainsKey(decision), $"{path}.decisions", $"'{decision}' is not a decision of this document");
            }
        }
    }

    private void CheckKnown(string path, Values? facts)
    {
        CheckUnique(path, facts?.Values_ ?? []);
        foreach (var fact in facts?.Values_ ?? [])
        {
            _used.Add($"word:{fact}");
            RequireOf("inputs", Document.Inputs.ContainsKey(fact) && FactCatalogue.Find(fact) is not { Group.Length: > 0 }, path, $"'{fact}' must be a declared fact, and not a clock");
        }
    }

    private void CheckUse(string path, string decision, StratificationUse use)
    {
        if (WellKnownDecisions.IsPrimaryFeature(decision))
        {
            Require(use != StratificationUse.Unspecified, $"{path}.stratification_use", "required for a feature at first diagnosis");
        }
        else
        {
            Require(use == StratificationUse.Unspecified, $"{path}.stratification_use", "only for a feature at first diagnosis");
        }
    }
}
