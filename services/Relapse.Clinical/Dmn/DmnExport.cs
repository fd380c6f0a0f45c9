using System.Text;
using System.Xml;
using System.Xml.Linq;
using Google.Protobuf;
using Relapse.Clinical.Documents;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using static Relapse.Clinical.Dmn.DmnNames;
using DecisionTable = Relapse.Contracts.Protocol.V1.DecisionTable;
using Rule = Relapse.Contracts.Protocol.V1.Rule;

namespace Relapse.Clinical.Dmn;

/// <summary>
/// Writes a version as DMN 1.3: the requirements graph with its picture, facts and readings as input data, and each decision as one table
/// with hit policy UNIQUE whose rules carry their citations. What DMN has no word for is mapped so: a decision out of scope is null, since
/// none of its rules holds; what a rule leaves open hangs on one more input, the finding to come.
/// </summary>
public sealed class DmnExport
{
    private readonly CompiledProtocol _protocol;

    private DmnExport(CompiledProtocol protocol) => _protocol = protocol;

    private ProtocolDocument Document => _protocol.Document;

    /// <summary>The file, UTF-8.</summary>
    public static byte[] Write(CompiledProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineChars = "\n" }))
        {
            new DmnExport(protocol).Definitions().WriteTo(writer);
        }

        return bytes.ToArray();
    }

    private XElement Definitions()
    {
        XElement[] decisions = [.. Document.Decisions.Select(entry => Decision(entry.Key, entry.Value))];
        XElement[] data = [.. Data()];
        XElement[] sources = [.. Document.Sources.Select(source => new XElement(Model + "knowledgeSource", new XAttribute("id", "source." + source.Key), Name(Feel(source.Key)), new XElement(Model + "description", source.Value.Title)))];
        return new XElement(
            Model + "definitions",
            new XAttribute(XNamespace.Xmlns + "dmndi", Diagram.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "dc", Bounds.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "di", Lines.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "relapse", Own.NamespaceName),
            new XAttribute("id", $"{Document.Id}.{Document.Version}".Insert(0, "protocol.")),
            Name(Document.Title.Trim()),
            new XAttribute("namespace", "https://relapse.invalid/" + _protocol.Name),
            new XAttribute("exporter", "Relapse"),
            new XElement(Model + "description", $"{_protocol.Name}, SHA-256 of protocol.yaml {_protocol.Digest}. {Document.IntendedUse.Trim()}"),
            ItemDefinitions(),
            data,
            sources,
            decisions,
            DmnPicture.Of(decisions, data, sources));
    }

    private IEnumerable<XElement> ItemDefinitions()
    {
        foreach (var (id, input) in Document.Inputs)
        {
            var fact = FactCatalogue.Find(id)!;
            var type = !fact.IsNumber ? "string" : input.Values.Count > 0 ? "Any" : "number";
            var allowed = fact.IsNumber ? FeelTests.Of(input.Values, [fact.Range!.Value], null) : FeelTests.Of(input.Values, [], null);
            var bands = input.Bands.Select(band => new XElement(Own + "band", Name(band.Key), new XAttribute("interval", band.Value)));
            yield return ItemDefinition(id, type, allowed, fact.IsNumber ? $"In {fact.Unit.Replace('_', ' ')}." : "", bands);
        }

        foreach (var (id, reading) in Document.Readings)
        {
            yield return ItemDefinition(id, "string", FeelTests.Of(reading.Values.Keys, [], null), "", []);
        }

        foreach (var (id, table) in Document.Decisions)
        {
            yield return ItemDefinition(id, "string", FeelTests.Of(table.Conclusions, [], null), "", []);
        }
    }

    private static XElement ItemDefinition(string id, string type, string allowed, string description, IEnumerable<XElement> own)
    {
        XElement[] extension = [.. own];
        return new XElement(
            Model + "itemDefinition",
            new XAttribute("id", "type." + id),
            Name(TypeOf(id)),
            description.Length == 0 ? null : new XElement(Model + "description", description),
            extension.Length == 0 ? null : new XElement(Model + "extensionElements", extension),
            new XElement(Model + "typeRef", type),
            new XElement(Model + "allowedValues", new XAttribute("id", "values." + id), new XElement(Model + "text", allowed)));
    }

    private IEnumerable<XElement> Data()
    {
        foreach (var id in Document.Inputs.Keys)
        {
            yield return InputData(id, Feel(id), TypeOf(id), "", null);
        }

        foreach (var (id, reading) in Document.Readings)
        {
            yield return InputData(
                id,
                Feel(id),
                TypeOf(id),
                $"{reading.Question.Trim()} {string.Join(" ", reading.Values.Select(value => $"{value.Key}: {value.Value.Trim()}"))} {(reading.Default.Length > 0 ? $"Read as {reading.Default} unless chosen otherwise." : "There is no default.")}",
                new XElement(Own + "reading", new XAttribute("default", reading.Default)));
        }

        foreach (var (id, table) in Document.Decisions.Where(entry => entry.Value.Rules.Any(IsOpen)))
        {
            yield return InputData(
                OpenClause + id,
                Finding(id),
                TypeOf(id),
                $"What the finding that would settle it shows, where a rule leaves {id} open. Until it is made this is null, and so is the decision.",
                new XElement(Own + "finding"));
        }
    }

    private static XElement InputData(string id, string name, string type, string description, XElement? own) => new(
        Model + "inputData",
        new XAttribute("id", "input." + id),
        Name(name),
        description.Length == 0 ? null : new XElement(Model + "description", description),
        own is null ? null : new XElement(Model + "extensionElements", own),
        new XElement(Model + "variable", new XAttribute("id", "variable.input." + id), Name(name), new XAttribute("typeRef", type)));

    private XElement Decision(string id, DecisionTable table)
    {
        var scope = table.Scope.Select(rule => new XElement(
            Own + "scope",
            new XAttribute("id", rule.Id),
            new XAttribute("input", rule.Input),
            new XAttribute("because", string.Join(", ", rule.Because.Values_)),
            new XAttribute("outside", rule.Outside)));
        var labels = table.Labels.Select(label => new XElement(Own + "label", new XAttribute("conclusion", label.Key), new XAttribute("text", label.Value)));
        var requires = table.Requires.Select(required => new XElement(Own + "requires", new XAttribute("decision", required.Decision), new XAttribute("written", JsonFormatter.Default.Format(required))));
        var use = table.StratificationUse == 0 ? null : new XElement(Own + "stratification", new XAttribute("use", (int)table.StratificationUse));
        return new XElement(
            Model + "decision",
            new XAttribute("id", "decision." + id),
            Name(Feel(id)),
            new XElement(Model + "extensionElements", scope, labels, requires, use),
            new XElement(Model + "question", table.Question),
            new XElement(Model + "allowedAnswers", FeelTests.Of(table.Conclusions, [], null)),
            new XElement(Model + "variable", new XAttribute("id", "variable.decision." + id), Name(Feel(id)), new XAttribute("typeRef", TypeOf(id))),
            Requirements(id, table),
            Authorities(id, table),
            Table(id, table));
    }

    private IEnumerable<XElement> Requirements(string id, DecisionTable table)
    {
        var names = table.Inputs.Concat(table.Scope.Select(scope => scope.Input)).Distinct(StringComparer.Ordinal)
            .Select(name => Document.Decisions.ContainsKey(name) ? (Kind: "requiredDecision", Id: "decision." + name) : (Kind: "requiredInput", Id: "input." + name));
        var finding = table.Rules.Any(IsOpen) ? [("requiredInput", $"input.{OpenClause}{id}")] : Array.Empty<(string, string)>();
        return names.Concat(finding).Select((required, index) => new XElement(
            Model + "informationRequirement",
            new XAttribute("id", $"requirement.{id}.{index}"),
            new XElement(Model + required.Item1, new XAttribute("href", "#" + required.Item2))));
    }

    private static IEnumerable<XElement> Authorities(string id, DecisionTable table) =>
        table.Rules.SelectMany(rule => rule.Because.Values_).Select(citation => Citations.Split(citation).Source).Distinct(StringComparer.Ordinal)
            .Select((source, index) => new XElement(
                Model + "authorityRequirement",
                new XAttribute("id", $"authority.{id}.{index}"),
                new XElement(Model + "requiredAuthority", new XAttribute("href", "#source." + source))));

    private XElement Table(string id, DecisionTable table)
    {
        var open = table.Rules.Any(IsOpen);
        var clauses = table.Inputs.Select(input => Clause($"clause.{id}.{input}", Feel(input), input, TypeOf(input), null))
            .Concat(table.Scope.Select(scope => Clause($"{ScopeClause}{id}.{scope.Id}", Feel(scope.Input), $"{scope.Input} (scope: {scope.Id})", TypeOf(scope.Input), scope.Outside)))
            .Concat(open ? [Clause(OpenClause + id, Finding(id), "finding to come", TypeOf(id), null)] : []);
        var rows = table.Rules.SelectMany(rule => rule.Then.Values_.Select((conclusion, index) => Row(id, table, rule, conclusion, index, open)));
        return new XElement(
            Model + "decisionTable",
            new XAttribute("id", "table." + id),
            new XAttribute("hitPolicy", "UNIQUE"),
            new XAttribute("outputLabel", id),
            clauses,
            new XElement(
                Model + "output",
                new XAttribute("id", "output." + id),
                Name(Feel(id)),
                new XAttribute("typeRef", TypeOf(id)),
                new XElement(Model + "outputValues", new XAttribute("id", "outputs." + id), new XElement(Model + "text", FeelTests.Of(table.Conclusions, [], null)))),
            Columns(table).Select(column => new XElement(Model + "annotation", Name(column))),
            rows);
    }

    private static XElement Clause(string id, string expression, string label, string type, string? description) => new(
        Model + "input",
        new XAttribute("id", id),
        new XAttribute("label", label),
        string.IsNullOrEmpty(description) ? null : new XElement(Model + "description", description),
        new XElement(Model + "inputExpression", new XAttribute("id", "expression." + id), new XAttribute("typeRef", type), new XElement(Model + "text", expression)));

    private XElement Row(string id, DecisionTable table, Rule rule, string conclusion, int index, bool open)
    {
        var cells = table.Inputs.Select(input => rule.When.TryGetValue(input, out var values) ? Cell(input, values.Values_) : FeelTests.Anything)
            .Concat(table.Scope.Select(scope => Cell(scope.Input, scope.Within.Values_)))
            .Concat(!open ? [] : [IsOpen(rule) ? FeelTests.Quoted(conclusion) : FeelTests.Anything]);
        var row = $"{id}.{rule.Id}.{index}";
        return new XElement(
            Model + "rule",
            new XAttribute("id", "rule." + row),
            cells.Select((cell, column) => new XElement(Model + "inputEntry", new XAttribute("id", $"cell.{row}.{column}"), new XElement(Model + "text", cell))),
            new XElement(Model + "outputEntry", new XAttribute("id", "then." + row), new XElement(Model + "text", FeelTests.Quoted(conclusion))),
            Columns(table).Select(column => new XElement(Model + "annotationEntry", new XElement(Model + "text", Annotation(rule, column)))));
    }

    private string Cell(string input, IEnumerable<string> values)
    {
        if (!Document.Inputs.TryGetValue(input, out var declared) || FactCatalogue.Find(input) is not { IsNumber: true } fact)
        {
            return FeelTests.Of(values, [], null);
        }

        // In the order of the bands, so that those that touch are written as one.
        var wanted = values.ToHashSet(StringComparer.Ordinal);
        var bands = declared.Bands.Where(band => wanted.Contains(band.Key)).Select(band => Read(band.Value)).OrderBy(interval => interval.Min ?? decimal.MinValue).ThenBy(interval => interval.MinExclusive);
        return FeelTests.Of(declared.Values.Where(wanted.Contains), bands, fact.Range);
    }

    /// <summary>The columns that any table has, and those that a rule of this one fills.</summary>
    private static IEnumerable<string> Columns(DecisionTable table) =>
    [
        RuleColumn, BecauseColumn, SourceColumn, NoteColumn,
        .. table.Rules.Any(IsOpen) ? [SettledByColumn] : Array.Empty<string>(),
        .. table.Rules.Any(rule => rule.IfConfirmed.Count > 0) ? [IfConfirmedColumn] : Array.Empty<string>(),
        .. table.Rules.Any(rule => rule.Condition is not null) ? [ConditionColumn] : Array.Empty<string>(),
    ];

    private string Annotation(Rule rule, string column) => column switch
    {
        RuleColumn => rule.Id,
        BecauseColumn => string.Join(", ", rule.Because.Values_),
        SourceColumn => string.Join("; ", Citations.Resolve(Document, rule.Because).Select(citation => citation.Locator.Length > 0 ? citation.Locator.Trim() : citation.Source.Trim())),
        NoteColumn => rule.Note,
        SettledByColumn => rule.SettledBy,
        IfConfirmedColumn => string.Join("; ", rule.IfConfirmed.Select(entry => $"{entry.Key}: {string.Join(", ", entry.Value.Values_)}")),
        _ => rule.Condition is { } condition ? JsonFormatter.Default.Format(condition) : "",
    };

    private static Interval Read(string band) => Interval.TryParse(band, out var interval, out _) ? interval : throw new InvalidOperationException("A checked document has sound bands.");

    private static bool IsOpen(Rule rule) => rule.Then.Values_.Count > 1;

    private static string TypeOf(string id) => "t_" + Feel(id);

    private static XAttribute Name(string name) => new("name", name);
}
