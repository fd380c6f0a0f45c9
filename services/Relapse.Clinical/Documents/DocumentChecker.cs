using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Relapse.Clinical.Cases;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using DecisionTable = Relapse.Contracts.Protocol.V1.DecisionTable;
using Rule = Relapse.Contracts.Protocol.V1.Rule;

namespace Relapse.Clinical.Documents;

/// <summary>
/// Checks what the schema cannot: that every word a document uses is declared, every declaration is used, every citation
/// resolves. Tables are certified complete and free of conflict afterwards, by compiling them.
/// </summary>
internal sealed partial class DocumentChecker
{
    /// <summary>A hundred years: no clock of a child runs longer.</summary>
    private const int MostMonths = 1200;

    private readonly ReadDocument<ProtocolDocument> _read;
    private readonly List<DocumentFault> _faults = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private DocumentChecker(ReadDocument<ProtocolDocument> read)
    {
        _read = read;
        _misread = new FaultyPlaces(read.Faults.Select(fault => fault.Path));
        _unread = new FaultyPlaces(read.Faults.Where(fault => fault.Code == FaultCode.WrongKind).Select(fault => fault.Path));
        _faulty = new FaultyPlaces(_misread.Paths);
        _mayUseMore = _misread.Paths.Any(misread => !_inPrint.Contains(misread.Split('.', '[')[0], StringComparer.Ordinal));
    }

    private ProtocolDocument Document => _read.Message;

    /// <summary>
    /// Every fault beside those of reading, and where the tables are faulty, those of reading included; no such places when nothing can be
    /// certified.
    /// </summary>
    public static (IReadOnlyList<DocumentFault> Faults, FaultyPlaces? Faulty) Check(ReadDocument<ProtocolDocument> read)
    {
        var checker = new DocumentChecker(read);
        try
        {
            return (checker._faults, checker.CheckAll() ? checker._faulty : null);
        }
        catch (TooManyFaultsException)
        {
            checker._faults.Add(read.FaultAt("", FaultCode.TooMany, $"there are more than {DocumentReader.MostFaults} faults; those before are listed"));
            return (checker._faults, null);
        }
    }

    private bool CheckAll()
    {
        CheckIdentity();
        var before = _faults.Count;
        CheckSizes();
        if (_faults.Count > before)
        {
            // What follows looks every word up among the others, which is for lists that somebody wrote.
            return false;
        }
        CheckInputs();
        CheckMeasurements();
        CheckReadings();
        foreach (var (id, table) in Document.Decisions)
        {
            CheckTable(id, table);
        }
        CheckWarnings();
        CheckModifiers();
        CheckContext();
        CheckSources();
        CheckDoses();
        return true;
    }

    private void CheckInputs()
    {
        foreach (var (id, input) in Document.Inputs)
        {
            var path = $"inputs.{id}";
            if (FactCatalogue.Find(id) is not { } fact)
            {
                Fault(path, $"no such fact; known: {string.Join(", ", FactCatalogue.Ids)}");
                continue;
            }
            CheckMeasured(path, fact);
            Require(
                input.Values.SequenceEqual(fact.Words, StringComparer.Ordinal),
                $"{path}.values",
                fact.Words.IsEmpty ? "this fact has no words" : $"must list {string.Join(", ", fact.Words)} in this order");
            if (!fact.IsNumber)
            {
                Require(input.Bands.Count == 0, $"{path}.bands", "a fact that is a word has no bands");
                continue;
            }
            CheckBands(path, fact, input);
        }
        var pairs = Document.Inputs.Where(entry => FactCatalogue.Find(entry.Key)?.Group == FactCatalogue.TimingGroup)
            .Aggregate(1L, (product, clock) => product * (clock.Value.Values.Count + clock.Value.Bands.Count));
        Require(pairs <= Domain.MaximumValues, "inputs", $"the bands of the two clocks form {pairs} pairs; at most {Domain.MaximumValues} are allowed");
    }

    private void CheckBands(string path, FactDefinition fact, Input input)
    {
        var bands = new List<(string, Interval)>();
        foreach (var (label, text) in input.Bands)
        {
            Require(WordPattern().IsMatch(label), $"{path}.bands.{label}", "a band's name is upper-case letters, digits and underscores");
            if (Interval.TryParse(text, out var interval, out var error))
            {
                bands.Add((label, interval));
            }
            else
            {
                Fault($"{path}.bands.{label}", error);
            }
        }
        if (bands.Count < input.Bands.Count || _misread.Touch($"{path}.bands"))
        {
            return;
        }
        try
        {
            var created = Bands.Create(fact.Id, fact.Words, bands, fact.Range!.Value);
            Require(
                fact.Group != FactCatalogue.TimingGroup || created.Thresholds.All(threshold => decimal.IsInteger(threshold) && threshold <= MostMonths),
                $"{path}.bands",
                $"dates are compared with whole months only, at most {MostMonths}");
        }
        catch (BandsException unsound)
        {
            foreach (var fault in unsound.Faults)
            {
                Fault($"{path}.bands", fault.Message);
            }
        }
    }

    private void CheckReadings()
    {
        foreach (var (id, reading) in Document.Readings)
        {
            var path = $"readings.{id}";
            Require(ReadingPattern().IsMatch(id), path, "the id of a reading is lower-case letters, digits and underscores");
            Require(
                FactCatalogue.Find(id) is null && id != FactCatalogue.TimingGroup && !Document.Decisions.ContainsKey(id),
                path,
                "the id is already that of a fact or decision");
            Require(reading.Question.Length > 0, $"{path}.question", "required");
            Require(reading.Kind != ReadingKind.Unspecified, $"{path}.kind", "required");
            Require(reading.Values.Count is >= 2 and <= Domain.MaximumValues, $"{path}.values", $"a reading has two to {Domain.MaximumValues} alternatives");
            foreach (var value in reading.Values.Keys)
            {
                Require(WordPattern().IsMatch(value), $"{path}.values.{value}", "an alternative is upper-case letters, digits and underscores");
            }
            Require(
                reading.Values.ContainsKey(reading.Default) || (reading.Default.Length == 0 && reading.Kind == ReadingKind.Ambiguity),
                $"{path}.default",
                "must be one of the alternatives; only an ambiguity may have none");
            CheckCitations($"{path}.because", reading.Because);
        }
    }

    private void CheckTable(string id, DecisionTable table)
    {
        var path = $"decisions.{id}";
        Require(WellKnownDecisions.All.Contains(id, StringComparer.Ordinal), path, $"no such decision; known: {string.Join(", ", WellKnownDecisions.All)}");
        Require(table.Question.Length > 0, $"{path}.question", "required");
        CheckUse(path, id, table.StratificationUse);
        CheckRequirements(path, id, table);
        // One place is kept for OUT_OF_SCOPE, another for DERIVED.
        Require(table.Conclusions.Count is > 0 and < Domain.MaximumValues, $"{path}.conclusions", $"1 to {Domain.MaximumValues - 1} are required");
        CheckUnique($"{path}.conclusions", table.Conclusions);
        CheckUnique($"{path}.inputs", table.Inputs);
        for (var i = 0; i < table.Conclusions.Count; i++)
        {
            Require(WordPattern().IsMatch(table.Conclusions[i]), $"{path}.conclusions[{i}]", "a conclusion is upper-case letters, digits and underscores");
        }
        foreach (var label in table.Labels.Keys)
        {
            RequireOf($"{path}.conclusions", table.Conclusions.Contains(label), $"{path}.labels.{label}", "not a conclusion of this table");
        }
        for (var i = 0; i < table.Inputs.Count; i++)
        {
            RequireDeclared($"{path}.inputs[{i}]", table.Inputs[i]);
        }
        for (var i = 0; i < table.Scope.Count; i++)
        {
            CheckScope($"{path}.scope[{i}]", table.Scope[i]);
        }
        CheckUnique($"{path}.scope", table.Scope.Select(scope => scope.Id));
        for (var i = 0; i < table.Rules.Count; i++)
        {
            CheckRule(path, $"{path}.rules[{i}]", table, table.Rules[i]);
        }
        CheckUnique($"{path}.rules", table.Rules.Select(rule => rule.Id));
        foreach (var twice in table.Rules.Select(rule => rule.Id).Intersect(table.Scope.Select(scope => scope.Id), StringComparer.Ordinal))
        {
            Fault($"{path}.rules", $"'{twice}' is the id of a rule and of a scope rule");
        }
    }

    private void CheckScope(string path, ScopeRule scope)
    {
        Require(IdPattern().IsMatch(scope.Id), $"{path}.id", "required; lower-case letters, digits, dots and hyphens");
        Require(scope.Outside.Length > 0, $"{path}.outside", "required: what is outside, in words");
        CheckWords($"{path}.within", scope.Input, scope.Within);
        RequireOf("inputs", Document.Inputs.ContainsKey(scope.Input), $"{path}.input", "must be a declared fact");
        CheckCitations($"{path}.because", scope.Because);
    }

    private void CheckRule(string decisionPath, string path, DecisionTable table, Rule rule)
    {
        Require(IdPattern().IsMatch(rule.Id), $"{path}.id", "required; lower-case letters, digits, dots and hyphens");
        foreach (var (input, words) in rule.When)
        {
            RequireOf($"{decisionPath}.inputs", table.Inputs.Contains(input), $"{path}.when.{input}", "not an input of this table");
            CheckWords($"{path}.when.{input}", input, words);
        }
        var then = rule.Then?.Values_ ?? [];
        Require(then.Count > 0, $"{path}.then", "required");
        CheckUnique($"{path}.then", then);
        foreach (var conclusion in then)
        {
            RequireOf($"{decisionPath}.conclusions", table.Conclusions.Contains(conclusion), $"{path}.then", $"'{conclusion}' is not a conclusion of this table");
        }
        if (then.Count > 1)
        {
            Require(FieldPath.Exists(rule.SettledBy), $"{path}.settled_by", "a rule that leaves several conclusions open names the field of the case that would settle it");
        }
        else
        {
            Require(rule.SettledBy.Length == 0, $"{path}.settled_by", "only for a rule that leaves several conclusions open");
        }
        foreach (var (decision, words) in rule.IfConfirmed)
        {
            RequireOf($"{decisionPath}.inputs", Document.Decisions.ContainsKey(decision) && table.Inputs.Contains(decision), $"{path}.if_confirmed.{decision}", "must be a decision that this table looks at");
            CheckWords($"{path}.if_confirmed.{decision}", decision, words);
        }
        CheckCondition(decisionPath, $"{path}.condition", table, rule);
        CheckCitations($"{path}.because", rule.Because);
    }

    private void CheckWarnings()
    {
        for (var i = 0; i < Document.Warnings.Count; i++)
        {
            var (path, warning) = ($"warnings[{i}]", Document.Warnings[i]);
            Require(WordPattern().IsMatch(warning.Code), $"{path}.code", "upper-case letters, digits and underscores");
            Require(warning.Detail.Length > 0, $"{path}.detail", "required");
            Require(warning.Raise != Raise.Unspecified, $"{path}.raise", "required");
            Require(warning.Decisions?.Values_.Count > 0, $"{path}.decisions", "required");
            foreach (var decision in warning.Decisions?.Values_ ?? [])
            {
                RequireOf("decisions", Document.Decisions.ContainsKey(decision), $"{path}.decisions", $"'{decision}' is not a decision of this document");
            }
            Require(warning.When.Count > 0, $"{path}.when", "required");
            foreach (var (input, words) in warning.When)
            {
                CheckWords($"{path}.when.{input}", input, words);
            }
            CheckCounterfactual(path, warning);
            foreach (var fact in warning.Open?.Values_ ?? [])
            {
                RequireOf("inputs", Document.Inputs.ContainsKey(fact) && FactCatalogue.Find(fact) is not { Group.Length: > 0 }, $"{path}.open", $"'{fact}' must be a declared fact, and not a clock");
            }
            CheckCitations($"{path}.because", warning.Because);
        }
    }

    private void CheckCounterfactual(string path, WarningRule warning)
    {
        foreach (var (fact, words) in warning.Instead)
        {
            RequireOf(
                "inputs",
                Document.Inputs.ContainsKey(fact) && FactCatalogue.Find(fact)?.Group != FactCatalogue.TimingGroup,
                $"{path}.instead.{fact}",
                "must be a declared fact, and not a clock: one clock cannot be set back alone");
            CheckWords($"{path}.instead.{fact}", fact, words);
        }
        var gives = warning.Gives?.Values_ ?? [];
        Require(gives.Count > 0 == warning.Instead.Count > 0, $"{path}.gives", "goes with `instead`");
        // The first is the one it is about; the others carry it because they rest on that.
        foreach (var decision in (warning.Decisions?.Values_ ?? []).Take(1))
        {
            foreach (var conclusion in gives.Where(conclusion => Document.Decisions.TryGetValue(decision, out var table) && !table.Conclusions.Contains(conclusion)))
            {
                RequireOf($"decisions.{decision}.conclusions", false, $"{path}.gives", $"'{conclusion}' is not a conclusion of {decision}");
            }
        }
    }

    private void CheckWords(string path, string input, Values? words)
    {
        _used.Add($"word:{input}");
        if (WordsOf(input) is not { } known)
        {
            RequireDeclared(path, input);
            return;
        }
        Require(words?.Values_.Count > 0, path, "at least one word is required");
        CheckUnique(path, words?.Values_ ?? []);
        foreach (var word in words?.Values_ ?? [])
        {
            if (!known.Contains(word, StringComparer.Ordinal))
            {
                RequireOf(DeclarationOf(input), false, path, $"'{word}' is not one of {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>The words of a declared input, reading or decision; null when nothing of that name is declared.</summary>
    private IEnumerable<string>? WordsOf(string id) =>
        Document.Inputs.TryGetValue(id, out var input) ? input.Values.Concat(input.Bands.Keys)
        : Document.Readings.TryGetValue(id, out var reading) ? reading.Values.Keys
        : Document.Decisions.TryGetValue(id, out var table) ? table.Conclusions
        : null;

    private string DeclarationOf(string id) =>
        Document.Inputs.ContainsKey(id) ? $"inputs.{id}" : Document.Readings.ContainsKey(id) ? $"readings.{id}" : $"decisions.{id}.conclusions";

    private void RequireDeclared(string path, string id)
    {
        if (WordsOf(id) is not null)
        {
            return;
        }
        if (IsLost("inputs") || IsLost("readings") || IsLost("decisions"))
        {
            _faulty.Add(path);
            return;
        }
        Fault(path, $"'{id}' is no declared input, reading or decision");
    }

    private void CheckUnique(string path, IEnumerable<string> words)
    {
        foreach (var twice in words.GroupBy(word => word, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            Fault(path, $"'{twice.Key}' is given {twice.Count()} times");
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]*\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[a-z][a-z0-9_]*\z")]
    private static partial Regex ReadingPattern();

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9_]*\z")]
    private static partial Regex WordPattern();
}
