using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using DecisionTable = Relapse.Contracts.Protocol.V1.DecisionTable;
using Rule = Relapse.Contracts.Protocol.V1.Rule;

namespace Relapse.Clinical.Documents;

/// <summary>MRD measurements, and on what the conclusion of a rule stands.</summary>
internal sealed partial class DocumentChecker
{
    private readonly Dictionary<string, ConditionKind> _conditionKinds = new(StringComparer.Ordinal);

    private void CheckMeasurements()
    {
        foreach (var (name, measurement) in Document.Measurements)
        {
            var path = $"measurements.{name}";
            if (!FactCatalogue.Measurements.Contains(name))
            {
                Fault(path, $"no such measurement; known: {string.Join(", ", FactCatalogue.Measurements)}");
                continue;
            }
            RequireUsed(
                Document.Inputs.ContainsKey(FactId.MrdLevelOf(name)) || Document.Inputs.ContainsKey(FactId.MrdMethodOf(name)), path, "declared and never used");
            CheckEach($"{path}.time_points", measurement.TimePoints, required: true);
            CheckEach($"{path}.specimens", measurement.Specimens, required: true);
            CheckEach($"{path}.methods", measurement.Methods, required: false);
            CheckEach($"{path}.not_after", measurement.NotAfter, required: false);
            CheckCitations($"{path}.because", measurement.Because);
            CheckProvided($"{path}.provided", measurement);
            CheckExcluded($"{path}.excluded", measurement);
        }
    }

    private void CheckProvided(string path, Measurement measurement)
    {
        if (measurement.Provided is not { } provided)
        {
            return;
        }
        Require(provided.TimePoint is not TimePoint.Unspecified && !measurement.TimePoints.Contains(provided.TimePoint), $"{path}.time_point", "required, and none of the measurement's own");
        Require(IdPattern().IsMatch(provided.Id), $"{path}.id", "required; lower-case letters, digits, dots and hyphens");
        Require(
            !Document.Readings.ContainsKey(provided.Id)
                && !Document.Decisions.Values.Any(table => table.Scope.Any(scope => scope.Id == provided.Id) || table.Rules.Any(rule => rule.Condition?.Id == provided.Id)),
            $"{path}.id",
            "the id is already that of a reading, a scope rule or a condition");
        Require(provided.Detail.Length > 0, $"{path}.detail", "required");
        CheckCitations($"{path}.because", provided.Because);
    }

    private void CheckExcluded(string path, Measurement measurement)
    {
        CheckUnique(path, measurement.Excluded.Select(excluded => excluded.TimePoint.ToString()));
        foreach (var (index, excluded) in measurement.Excluded.Index())
        {
            Require(
                excluded.TimePoint is not TimePoint.Unspecified && (measurement.TimePoints.Contains(excluded.TimePoint) || measurement.Provided?.TimePoint == excluded.TimePoint),
                $"{path}[{index}].time_point",
                "required, and a time point of the measurement");
            CheckEach($"{path}[{index}].after", excluded.After, required: true);
        }
    }

    private void CheckEach<T>(string path, IEnumerable<T> values, bool required)
        where T : struct, Enum
    {
        var listed = values.ToArray();
        Require(!required || listed.Length > 0, path, "required");
        CheckUnique(path, listed.Select(value => value.ToString()));
    }

    /// <summary>A fact of a measurement says nothing without it.</summary>
    private void CheckMeasured(string path, FactDefinition fact)
    {
        RequireOf(
            "measurements",
            fact.Measurement.Length == 0 || Document.Measurements.ContainsKey(fact.Measurement),
            path,
            $"needs the measurement '{fact.Measurement}': which results count");
        // Of every method the cut-offs are made for, none is another.
        Require(
            fact.Measurement.Length == 0 || fact.IsNumber || !Document.Measurements.TryGetValue(fact.Measurement, out var measurement) || measurement.Methods.Count > 0,
            path,
            $"the measurement '{fact.Measurement}' names no methods, so that there is no other");
    }

    private void CheckCondition(string decisionPath, string path, DecisionTable table, Rule rule)
    {
        if (rule.Condition is not { } condition)
        {
            return;
        }
        Require(IdPattern().IsMatch(condition.Id), $"{path}.id", "required; lower-case letters, digits, dots and hyphens");
        Require(
            condition.Kind is ConditionKind.MethodMismatch or ConditionKind.ScopeNotConfirmed,
            $"{path}.kind",
            "must be CONDITION_KIND_METHOD_MISMATCH or CONDITION_KIND_SCOPE_NOT_CONFIRMED; others come from elsewhere in the document");
        Require(
            _conditionKinds.TryAdd(condition.Id, condition.Kind) || _conditionKinds[condition.Id] == condition.Kind,
            $"{path}.kind",
            $"a rule before it has another kind for '{condition.Id}'");
        Require(condition.Detail.Length > 0, $"{path}.detail", "required");
        Require(rule.Then?.Values_.Count is null or 0 or 1, path, "only for a rule with one conclusion");
        Require(
            !Document.Readings.ContainsKey(condition.Id) && !Document.Decisions.Values.Any(other => other.Scope.Any(scope => scope.Id == condition.Id)),
            $"{path}.id",
            "the id is already that of a reading or scope rule");
        var otherwise = condition.Otherwise?.Values_ ?? [];
        CheckUnique($"{path}.otherwise", otherwise);
        foreach (var conclusion in otherwise)
        {
            RequireOf($"{decisionPath}.conclusions", table.Conclusions.Contains(conclusion), $"{path}.otherwise", $"'{conclusion}' is not a conclusion of this table");
            Require(rule.Then?.Values_.Contains(conclusion) != true, $"{path}.otherwise", $"'{conclusion}' is what the rule concludes");
        }
    }
}
