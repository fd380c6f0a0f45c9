using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Documents;

/// <summary>
/// What of a document can be certified by itself in spite of faults elsewhere: the facts, readings and decisions that rest on nothing faulty,
/// and what stands beside them. It is for finding the other faults, never for answering.
/// </summary>
internal sealed class SoundPart
{
    private readonly ProtocolDocument _whole;
    private readonly FaultyPlaces _faulty;
    private readonly int[] _warnings;
    private readonly int[] _modifiers;
    private readonly int[] _context;

    private SoundPart(ProtocolDocument whole, FaultyPlaces faulty)
    {
        (_whole, _faulty) = (whole, faulty);
        HashSet<string> facts = [.. whole.Inputs.Keys.Where(IsSoundFact)];
        HashSet<string> words = [.. facts, .. whole.Readings.Keys.Where(id => !faulty.Touch($"readings.{id}")), .. whole.Decisions.Keys.Where(id => !faulty.Touch($"decisions.{id}"))];
        // Circles are left in: that they are circles is said of them later.
        while (words.RemoveWhere(id => whole.Decisions.TryGetValue(id, out var table) && !RestsOn(table, words, facts)) > 0)
        {
        }

        bool Decided(Values? decisions) => (decisions?.Values_ ?? []).All(id => words.Contains(id));
        _warnings = Kept("warnings", whole.Warnings, warning => Decided(warning.Decisions) && words.IsSupersetOf([.. warning.When.Keys, .. warning.Instead.Keys, .. warning.Open?.Values_ ?? []]));
        _modifiers = Kept("modifiers", whole.Modifiers, modifier => (whole.ModifiersForAll || Decided(modifier.Decisions))
            && words.IsSupersetOf([.. modifier.When.Keys, .. modifier.Unless.Keys, .. modifier.Open?.Values_ ?? [], .. modifier.Given?.Values_ ?? []]));
        _context = Kept("context", whole.Context, statement => words.IsSupersetOf(statement.When.Keys));
        IsWhole = words.Count == whole.Inputs.Count + whole.Readings.Count + whole.Decisions.Count
            && _warnings.Length == whole.Warnings.Count && _modifiers.Length == whole.Modifiers.Count && _context.Length == whole.Context.Count;
        Document = IsWhole ? whole : Reduced(words);
    }

    /// <summary>The part, as a document.</summary>
    public ProtocolDocument Document { get; }

    /// <summary>Whether it is all of it.</summary>
    public bool IsWhole { get; }

    public static SoundPart Of(ProtocolDocument whole, FaultyPlaces faulty) => new(whole, faulty);

    /// <summary>The part without more decisions, given by the names that they have in its model, and what rests on them.</summary>
    public SoundPart Without(IEnumerable<string> decisions) =>
        new(_whole, new FaultyPlaces([.. _faulty.Paths, .. decisions.Select(decision => PathBeside(decision) ?? $"decisions.{decision}")]));

    /// <summary>As <see cref="ProtocolModel.PathBeside"/>, in the whole document.</summary>
    public string? PathBeside(string decision) => decision.Split('.') switch
    {
        ["warning", var index] => $"warnings[{_warnings[Number(index)]}]",
        ["modifier", var index] => $"modifiers[{_modifiers[Number(index)]}]",
        ["context", var index] => $"context[{_context[Number(index)]}]",
        _ => null,
    };

    /// <summary>What of a golden case the part can be held to; null when there is nothing.</summary>
    public GoldenCase? Holdable(GoldenCase golden)
    {
        if (IsWhole)
        {
            return golden;
        }
        if (golden.Readings.Keys.Any(id => _whole.Readings.ContainsKey(id) && !Document.Readings.ContainsKey(id))
            || golden.Case?.Established.Any(made => Lacks(made.Decision)) == true
            // What earlier responses say rests on these, whichever decision is answered from it.
            || (golden.Case?.Responses.Count > 1 && EarlierResponses.RestOn.Any(Lacks)))
        {
            return null;
        }
        var held = golden.Clone();
        foreach (var decision in golden.Expect.Keys.Where(id => Lacks(id) || RequiresWhatIsLacking(id)))
        {
            held.Expect.Remove(decision);
        }
        foreach (var expected in held.Expect.Values)
        {
            (expected.Warnings, expected.NoWarnings) = _warnings.Length < _whole.Warnings.Count ? (null, null) : (expected.Warnings, expected.NoWarnings);
            (expected.Modifiers, expected.NoModifiers) = _modifiers.Length < _whole.Modifiers.Count ? (null, null) : (expected.Modifiers, expected.NoModifiers);
        }
        if (_context.Length < _whole.Context.Count)
        {
            held.Context.Clear();
            held.NoContext.Clear();
        }
        return held.Expect.Count + held.Context.Count + held.NoContext.Count > 0 ? held : null;
    }

    private static int Number(string index) => int.Parse(index, System.Globalization.CultureInfo.InvariantCulture);

    private bool Lacks(string decision) => _whole.Decisions.ContainsKey(decision) && !Document.Decisions.ContainsKey(decision);

    private bool RequiresWhatIsLacking(string decision) => _whole.Decisions.TryGetValue(decision, out var table) && table.Requires.Any(required => Lacks(required.Decision));

    private bool IsSoundFact(string id) =>
        FactCatalogue.Find(id) is { } fact && !_faulty.Touch($"inputs.{id}")
        && (fact.Measurement.Length == 0 || (_whole.Measurements.ContainsKey(fact.Measurement) && !_faulty.Touch($"measurements.{fact.Measurement}")))
        // What is said of the inputs together is said of the two clocks.
        && (fact.Group != FactCatalogue.TimingGroup || !_faulty.Are("inputs"));

    private static bool RestsOn(DecisionTable table, HashSet<string> words, HashSet<string> facts) =>
        words.IsSupersetOf(table.Inputs) && table.Scope.All(scope => facts.Contains(scope.Input));

    private int[] Kept<T>(string list, IReadOnlyList<T> members, Predicate<T> isSound) =>
        _faulty.Are(list) ? [] : [.. members.Index().Where(entry => !_faulty.Touch($"{list}[{entry.Index}]") && isSound(entry.Item)).Select(entry => entry.Index)];

    private ProtocolDocument Reduced(HashSet<string> words)
    {
        var part = _whole.Clone();
        foreach (var id in _whole.Inputs.Keys.Concat(_whole.Readings.Keys).Concat(_whole.Decisions.Keys).Where(id => !words.Contains(id)))
        {
            part.Inputs.Remove(id);
            part.Readings.Remove(id);
            part.Decisions.Remove(id);
        }
        part.Warnings.Clear();
        part.Warnings.AddRange(_warnings.Select(index => _whole.Warnings[index].Clone()));
        part.Modifiers.Clear();
        part.Modifiers.AddRange(_modifiers.Select(index => _whole.Modifiers[index].Clone()));
        part.Context.Clear();
        part.Context.AddRange(_context.Select(index => _whole.Context[index].Clone()));
        return part;
    }
}
