using System.Xml.Linq;
using Google.Protobuf;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using static Relapse.Clinical.Dmn.DmnNames;

namespace Relapse.Clinical.Dmn;

/// <summary>Reads one decision table of a DMN file.</summary>
internal sealed class DmnTable(string id, XElement decision, XElement table, DmnInputs inputs, Action<XElement, string> fault)
{
    private readonly XElement[] _clauses = [.. table.Elements(Model + "input")];
    private readonly string[] _columns = [.. table.Elements(Model + "annotation").Select(column => (string?)column.Attribute("name") ?? "")];
    private readonly DecisionTable _read = new();

    public DecisionTable Read()
    {
        CheckShape();
        _read.Question = ((string?)decision.Element(Model + "question") ?? "").Trim();
        _read.Conclusions.AddRange(Conclusions());
        string?[] names = [.. _clauses.Select(clause => IsFinding(clause) ? "" : inputs.Resolve(clause))];
        _read.Inputs.AddRange(names.Where((name, index) => name is { Length: > 0 } && !IsScope(_clauses[index])).OfType<string>());
        if (_read.Inputs.Distinct(StringComparer.Ordinal).Count() < _read.Inputs.Count)
        {
            fault(table, "two columns look at the same input");
        }

        ReadOwn();
        foreach (var row in table.Elements(Model + "rule"))
        {
            ReadRow(row, names);
        }

        return _read;
    }

    private void CheckShape()
    {
        if ((string?)table.Attribute("hitPolicy") is { } policy && policy != "UNIQUE")
        {
            fault(table, $"the hit policy of {id} is not UNIQUE: with another the order of rules, or several rules at once, would mean something");
        }

        if (table.Elements(Model + "output").Count() != 1)
        {
            fault(table, $"{id} must have one output");
        }

        if (table.Descendants(Model + "defaultOutputEntry").Any())
        {
            fault(table, $"{id} has a default output, which is a rule that is not written");
        }
    }

    /// <summary>As the output lists them; otherwise in the order in which rules come to them.</summary>
    private List<string> Conclusions()
    {
        var listed = table.Element(Model + "output")?.Element(Model + "outputValues")?.Element(Model + "text");
        if (listed is null)
        {
            return [.. table.Elements(Model + "rule").Select(Then).OfType<string>().Distinct(StringComparer.Ordinal)];
        }

        var (values, error) = FeelTests.Read((string)listed);
        if (values is not { Intervals.Count: 0 })
        {
            fault(table, error ?? $"the output of {id} is not a closed set of words");
        }

        return values?.Words ?? [];
    }

    /// <summary>What DMN has no place for and our own files carry beside it.</summary>
    private void ReadOwn()
    {
        var own = decision.Element(Model + "extensionElements");
        foreach (var scope in own?.Elements(Own + "scope") ?? [])
        {
            _read.Scope.Add(new ScopeRule
            {
                Id = Text(scope, "id"),
                Input = Text(scope, "input"),
                Because = Listed(Text(scope, "because")),
                Outside = Text(scope, "outside"),
            });
        }

        foreach (var label in own?.Elements(Own + "label") ?? [])
        {
            _read.Labels[Text(label, "conclusion")] = Text(label, "text");
        }

        foreach (var required in own?.Elements(Own + "requires") ?? [])
        {
            ReadRequired(required);
        }

        if (own?.Element(Own + "stratification") is { } use && int.TryParse(Text(use, "use"), out var number))
        {
            _read.StratificationUse = (StratificationUse)number;
        }

        foreach (var clause in _clauses.Where(IsScope).Where(clause => ScopeOf(clause) is null))
        {
            fault(clause, "a column of a scope whose scope is not there");
        }
    }

    private void ReadRequired(XElement required)
    {
        try
        {
            _read.Requires.Add(JsonParser.Default.Parse<RequiredDecision>(Text(required, "written")));
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or FormatException)
        {
            fault(required, "what the decision requires cannot be read");
        }
    }

    private void ReadRow(XElement row, string?[] names)
    {
        XElement[] entries = [.. row.Elements(Model + "inputEntry")];
        if (entries.Length != _clauses.Length)
        {
            fault(row, $"the rule has {entries.Length} cells for {_clauses.Length} columns");
            return;
        }

        if (Then(row) is not { } conclusion || !_read.Conclusions.Contains(conclusion))
        {
            fault(row, $"the rule must conclude one word in quotes, of those that {id} may conclude");
            return;
        }

        var rule = Printed(row);
        var open = false;
        foreach (var (index, entry) in entries.Index())
        {
            if (IsFinding(_clauses[index]))
            {
                open = FeelTests.Read((string?)entry.Element(Model + "text") ?? "").Values is not null;
            }
            else if (names[index] is { } input && inputs.Values(input, entry) is { } values)
            {
                Bound(index, input, values, rule, entry);
            }
        }

        Add(rule, conclusion, open, row);
    }

    private void Bound(int column, string input, List<string> values, Rule rule, XElement entry)
    {
        if (!IsScope(_clauses[column]))
        {
            rule.When[input] = new Values { Values_ = { values } };
        }
        else if (ScopeOf(_clauses[column]) is { } scope)
        {
            scope.Within ??= new Values { Values_ = { values } };
            if (!scope.Within.Values_.SequenceEqual(values))
            {
                fault(entry, $"the scope {scope.Id} is not the same in all rules");
            }
        }
    }

    /// <summary>Rules of one id that differ only in what the finding to come shows are one rule that leaves it open.</summary>
    private void Add(Rule rule, string conclusion, bool open, XElement row)
    {
        var same = _read.Rules.FirstOrDefault(other => other.Id == rule.Id);
        if (same is null)
        {
            rule.Then = new Values { Values_ = { conclusion } };
            _read.Rules.Add(rule);
        }
        else if (open && same.When.Equals(rule.When))
        {
            same.Then.Values_.Add(conclusion);
        }
        else
        {
            fault(row, $"the rule id {rule.Id} is there twice");
        }
    }

    private Rule Printed(XElement row)
    {
        string[] beside = [.. row.Elements(Model + "annotationEntry").Select(entry => (string?)entry.Element(Model + "text") ?? "")];
        string Beside(string column) => Array.IndexOf(_columns, column) is >= 0 and var index && index < beside.Length ? beside[index] : "";
        var rule = new Rule { Id = Beside(RuleColumn), Note = Beside(NoteColumn), SettledBy = Beside(SettledByColumn), Because = Listed(Beside(BecauseColumn)) };
        if (rule.Id.Length == 0)
        {
            rule.Id = $"{id.Replace('_', '-').Replace('.', '-')}-{_read.Rules.Count + 1}";
        }

        foreach (var entry in Beside(IfConfirmedColumn).Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(": ", 2);
            rule.IfConfirmed[parts[0]] = Listed(parts.Length > 1 ? parts[1] : "") ?? new Values();
        }

        if (Beside(ConditionColumn) is { Length: > 0 } condition)
        {
            try
            {
                rule.Condition = JsonParser.Default.Parse<RuleCondition>(condition);
            }
            catch (Exception broken) when (broken is InvalidProtocolBufferException or InvalidOperationException or FormatException)
            {
                fault(row, "the condition of the rule cannot be read");
            }
        }

        return rule;
    }

    private static string? Then(XElement row) =>
        FeelTests.Read((string?)row.Element(Model + "outputEntry")?.Element(Model + "text") ?? "").Values is { Intervals.Count: 0, Words: [var word] } ? word : null;

    private ScopeRule? ScopeOf(XElement clause) => _read.Scope.FirstOrDefault(scope => $"{ScopeClause}{id}.{scope.Id}" == Text(clause, "id"));

    private bool IsScope(XElement clause) => Text(clause, "id").StartsWith($"{ScopeClause}{id}.", StringComparison.Ordinal);

    private bool IsFinding(XElement clause) => Text(clause, "id") == OpenClause + id;

    private static Values? Listed(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
        ? new Values { Values_ = { words } }
        : null;

    private static string Text(XElement element, string attribute) => (string?)element.Attribute(attribute) ?? "";
}
