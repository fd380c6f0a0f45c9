using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using static Relapse.Clinical.Dmn.DmnNames;

namespace Relapse.Clinical.Dmn;

/// <summary>What the inputs of a DMN file stand for in a protocol document, and the bands of its numbers.</summary>
internal sealed class DmnInputs
{
    private readonly Action<XElement, string> _fault;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Input> _facts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public DmnInputs(XElement definitions, Action<XElement, string> fault)
    {
        _fault = fault;
        foreach (var decision in definitions.Elements(Model + "decision"))
        {
            if (DecisionId(decision) is { } id && !_names.TryAdd(Feel(id), id))
            {
                fault(decision, $"the decision {id} is there twice");
            }
        }

        foreach (var data in definitions.Elements(Model + "inputData"))
        {
            AddReading(data, definitions);
        }

        foreach (var fact in FactCatalogue.Ids)
        {
            _names.TryAdd(fact, fact);
        }

        var cells = Cells(definitions).ToLookup(cell => cell.Fact, cell => cell.Values, StringComparer.Ordinal);
        foreach (var id in cells.Select(group => group.Key))
        {
            _facts[id] = Declared(FactCatalogue.Find(id)!, OwnBands(definitions, id), cells[id]);
        }
    }

    /// <summary>The id of a decision; null for none that is known.</summary>
    public static string? DecisionId(XElement decision) => WellKnownDecisions.All.FirstOrDefault(id => Feel(id) == (string?)decision.Attribute("name"));

    /// <summary>The fact, reading or decision that an expression names; null, and a fault, for anything else.</summary>
    public string? Resolve(XElement clause)
    {
        var expression = ((string?)clause.Element(Model + "inputExpression")?.Element(Model + "text") ?? "").Trim();
        if (_names.TryGetValue(expression, out var name))
        {
            _used.Add(name);
            return name;
        }

        _fault(clause, $"'{(expression.Length <= 60 ? expression : expression[..60] + "...")}' is no fact of the catalogue, no reading and no decision of the file; a computed input cannot be taken over");
        return null;
    }

    /// <summary>The words or bands of an input that a cell accepts, in their order; null for any; a fault when they are not all known.</summary>
    public List<string>? Values(string input, XElement entry)
    {
        var (cell, error) = FeelTests.Read((string?)entry.Element(Model + "text") ?? "");
        if (error is not null || cell is null)
        {
            if (error is not null)
            {
                _fault(entry, error);
            }

            return null;
        }

        if (!_facts.TryGetValue(input, out var declared) || declared.Bands.Count == 0)
        {
            if (cell.Intervals.Count > 0)
            {
                _fault(entry, $"{input} is a word, not a number");
            }

            return Known(input, cell.Words, entry);
        }

        var fact = FactCatalogue.Find(input)!;
        var parts = cell.Intervals.ConvertAll(interval => interval.Intersect(fact.Range!.Value));
        if (parts.Exists(part => part.IsEmpty))
        {
            _fault(entry, $"{input} lies in {fact.Range}; the cell reaches outside it");
        }

        return [.. Known(input, cell.Words, entry), .. declared.Bands.Where(band => parts.Exists(part => Parsed(band.Value).IsWithin(part))).Select(band => band.Key)];
    }

    /// <summary>The facts that were looked at, as a document declares them.</summary>
    public ImmutableDictionary<string, Input> Used() => _facts.Where(fact => _used.Contains(fact.Key)).ToImmutableDictionary(StringComparer.Ordinal);

    private List<string> Known(string input, List<string> words, XElement entry)
    {
        IReadOnlyList<string>? known = FactCatalogue.Find(input) is { } fact ? fact.Words : _words.GetValueOrDefault(input);
        var foreign = known is null ? null : words.Find(word => !known.Contains(word, StringComparer.Ordinal));
        if (foreign is not null)
        {
            _fault(entry, $"{input} has no value '{(foreign.Length <= 60 ? foreign : foreign[..60] + "...")}'; it has {string.Join(", ", known!)}");
        }

        return words;
    }

    /// <summary>A reading is input data that says that it is one, with its alternatives.</summary>
    private void AddReading(XElement data, XElement definitions)
    {
        if ((string?)data.Attribute("name") is not { } name || !data.Descendants(Own + "reading").Any())
        {
            return;
        }

        var type = (string?)data.Element(Model + "variable")?.Attribute("typeRef");
        var allowed = definitions.Elements(Model + "itemDefinition").FirstOrDefault(item => (string?)item.Attribute("name") == type)?.Element(Model + "allowedValues")?.Element(Model + "text");
        if (FeelTests.Read((string?)allowed ?? "").Values is not { Words: { Count: > 0 } words })
        {
            _fault(data, $"the reading {name} has no closed set of alternatives");
            return;
        }

        _names.TryAdd(name, name);
        _words[name] = words;
    }

    /// <summary>Every readable cell on a fact.</summary>
    private IEnumerable<(string Fact, CellValues Values)> Cells(XElement definitions) =>
        from table in definitions.Descendants(Model + "decisionTable")
        from clause in table.Elements(Model + "input").Index()
        let expression = ((string?)clause.Item.Element(Model + "inputExpression")?.Element(Model + "text") ?? "").Trim()
        where _names.TryGetValue(expression, out var id) && FactCatalogue.Find(id) is not null && !_words.ContainsKey(id)
        from row in table.Elements(Model + "rule")
        let entry = row.Elements(Model + "inputEntry").ElementAtOrDefault(clause.Index)
        let read = FeelTests.Read((string?)entry?.Element(Model + "text") ?? "").Values
        select (_names[expression], read ?? new CellValues([], []));

    private static List<(string Name, Interval Interval)> OwnBands(XElement definitions, string fact) =>
    [
        .. definitions.Elements(Model + "itemDefinition").Where(item => (string?)item.Attribute("name") == "t_" + fact).Descendants(Own + "band")
            .Select(band => ((string?)band.Attribute("name") ?? "", Interval.TryParse((string?)band.Attribute("interval"), out var interval, out _) ? interval : new Interval(1, false, 0, false))),
    ];

    /// <summary>The bands that the file names, when every cell is made of them; otherwise one between each two ends that a cell has.</summary>
    private static Input Declared(FactDefinition fact, List<(string Name, Interval Interval)> named, IEnumerable<CellValues> cells)
    {
        var input = new Input { Values = { fact.Words } };
        if (fact.Range is not { } range)
        {
            return input;
        }

        var intervals = cells.SelectMany(cell => cell.Intervals).Select(interval => interval.Intersect(range)).Where(interval => !interval.IsEmpty).Distinct().ToList();
        List<(string Name, Interval Interval)> bands = Cover(fact, named, intervals) ? named : [.. Between(range, intervals).Select(interval => (NameOf(interval, range), interval))];
        foreach (var (name, interval) in bands)
        {
            input.Bands[name] = interval.ToString();
        }

        return input;
    }

    private static bool Cover(FactDefinition fact, List<(string Name, Interval Interval)> named, List<Interval> intervals)
    {
        try
        {
            Bands.Create(fact.Id, fact.Words, named, fact.Range!.Value);
        }
        catch (BandsException)
        {
            return false;
        }

        return intervals.TrueForAll(interval => named.TrueForAll(band => band.Interval.IsWithin(interval) || !band.Interval.Overlaps(interval)));
    }

    private static IEnumerable<Interval> Between(Interval range, List<Interval> intervals)
    {
        List<Interval> parts = [range];
        foreach (var interval in intervals)
        {
            parts = [.. parts.SelectMany(part => part.Except(interval).Append(part.Intersect(interval))).Where(part => !part.IsEmpty)];
        }

        return parts.OrderBy(part => part.Min ?? decimal.MinValue).ThenBy(part => part.MinExclusive);
    }

    private static string NameOf(Interval interval, Interval range)
    {
        static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture).Replace('.', '_').Replace('-', 'M');
        var atTop = interval.Max is null || (interval.Max == range.Max && interval.MaxExclusive == range.MaxExclusive);
        var atBottom = interval.Min is null || (interval.Min == range.Min && interval.MinExclusive == range.MinExclusive);
        var low = interval.Min is { } min && !atBottom ? (interval.MinExclusive ? "ABOVE_" : "FROM_") + Number(min) : "";
        var high = interval.Max is { } max && !atTop ? (interval.MaxExclusive ? "BELOW_" : "UP_TO_") + Number(max) : "";
        return interval.IsPoint ? "EXACTLY_" + Number(interval.Min!.Value) : low.Length + high.Length == 0 ? "ANY" : low.Length == 0 ? high : high.Length == 0 ? low : $"{low}_{high}";
    }

    private static Interval Parsed(string text) => Interval.TryParse(text, out var interval, out _) ? interval : default;
}
