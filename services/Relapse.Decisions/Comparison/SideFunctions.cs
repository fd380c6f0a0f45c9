using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>One side of a comparison: its model's functions carried over to the common inputs, and its tables composed again over a choice
/// of names.</summary>
internal sealed class SideFunctions
{
    private readonly CompiledModel _model;
    private readonly int _side;
    private readonly bool _readingsFree;
    private readonly ImmutableDictionary<string, int> _held;
    private readonly ImmutableHashSet<string> _open;
    private readonly Dictionary<string, CompiledTable> _tables;
    private readonly Dictionary<int, int> _translated = [];
    private readonly int?[] _literals;
    private Dictionary<string, int> _inputs = [];
    private DiagramStore? _common;

    /// <param name="compared">The decision, and what is held otherwise than by default.</param>
    /// <param name="side">The position of this side among those compared.</param>
    /// <param name="readingsFree">Whether a reading that has a default is free all the same.</param>
    /// <exception cref="ArgumentException">There is no such decision.</exception>
    public SideFunctions(ComparedDecision compared, int side, bool readingsFree)
    {
        var (model, decision) = (compared.Model, compared.Decision);
        (_model, _side, _readingsFree, _held, _open) = (model, side, readingsFree, compared.Held, compared.Open);
        _tables = model.Tables.ToDictionary(table => table.Table.Name, StringComparer.Ordinal);
        Top = _tables.GetValueOrDefault(decision)
            ?? throw new ArgumentException($"There is no decision '{decision}' on side {side}.", nameof(compared));
        Names = [.. Reached(decision)];
        _literals = new int?[model.Inputs.Length];
    }

    /// <summary>The decision compared.</summary>
    public CompiledTable Top { get; }

    /// <summary>Every name, of whatever kind, that the decision looks at directly or not.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The inputs and components among the names that are not held at a default.</summary>
    public IEnumerable<Domain> FreeInputs => Names.Where(name => !_tables.ContainsKey(name) && Held(Input(name)) is null).Select(DomainOf);

    /// <summary>Whether no fact says what a name is: a question that a rule leaves open, a reading that is held at no value, or an input that is
    /// taken so.</summary>
    public bool IsOpenEnded(string name) => _open.Contains(name)
        || (Table(name) is null && _model.InputIndex(name) >= 0 && Input(name) is { Role: InputRole.Latent or InputRole.Reading } input && Held(input) is null);

    public CompiledTable? Table(string name) => _tables.GetValueOrDefault(name);

    /// <summary>Begins to carry functions over to the store of the common inputs.</summary>
    public void Use(DiagramStore common, IReadOnlyList<CommonInput> inputs)
    {
        _inputs = inputs.Select((input, level) => (input.Name, function: Literal(common, input, level)))
            .ToDictionary(input => input.Name, input => input.function, StringComparer.Ordinal);
        _common = common;
    }

    /// <summary>A decision's outcome as a function of the common inputs.</summary>
    public int Outcome(CompiledTable table) => Translate(table.Outcome);

    /// <summary>A decision's conclusion as a function of the common inputs; out of scope comes after the declared conclusions. Where an
    /// established one is held, that.</summary>
    public int Conclusion(CompiledTable table) => Established(table) is { } given ? ~given : _common!.Select(Outcome(table), table.Conclusions(reasonsApart: false));

    /// <summary>The first names, going down from the decision, that are common inputs or among <paramref name="shared"/>.</summary>
    public IEnumerable<string> Cut(IReadOnlySet<string> shared) => Cut(shared, ModelNames.Uses);

    /// <summary>Those of the cut that rules look at, and not only guards.</summary>
    public IEnumerable<string> CutByRules(IReadOnlySet<string> shared) => Cut(shared, table => table.Inputs);

    private IEnumerable<string> Cut(IReadOnlySet<string> shared, Func<DecisionTable, IEnumerable<string>> uses)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        IEnumerable<string> Below(CompiledTable table) => uses(table.Table).Where(seen.Add).ToList()
            .SelectMany(name => shared.Contains(name) || Table(name) is not { } feeder ? [name] : Established(feeder) is null ? Below(feeder) : []);
        return Below(Top).Where(name => Table(name) is not null || Held(Input(name)) is null);
    }

    /// <summary>
    /// A decision's outcome composed again over chosen names. <paramref name="levels"/> gives each its variable and, by the variable's
    /// value, the
    /// value on this side; a value that is out of scope is beyond the declared ones.
    /// </summary>
    public int OutcomeOver(DiagramStore cells, CompiledTable table, IReadOnlyDictionary<string, (int Level, int[] Values)> levels)
    {
        Dictionary<string, Feed> feeds = new(StringComparer.Ordinal);
        Feed FeedOf(string name)
        {
            if (!feeds.TryGetValue(name, out var feed))
            {
                feed = levels.TryGetValue(name, out var own)
                    ? new Feed(
                        name,
                        DomainOf(name),
                        Table(name)?.Reasons ?? [],
                        cells.Select(cells.Literal(own.Level), [.. own.Values.Select(value => ~value)]))
                    : Table(name) is { } given && Established(given) is { } conclusion
                        ? new Feed(name, given.Table.Conclusions, [], ~conclusion)
                    : Table(name) is { } feeder
                        ? new Feed(name, feeder.Table.Conclusions, feeder.Reasons,
                            cells.Select(Over(feeder), feeder.Conclusions(reasonsApart: true)))
                        : new Feed(name, DomainOf(name), [], ~Held(Input(name))!.Value);
                feeds.Add(name, feed);
            }

            return feed;
        }

        int Over(CompiledTable each) => each.Rules.Renumbered(cells, each.Rules.Outcome(cells, FeedOf), each.Reasons);
        return Over(table);
    }

    private IEnumerable<string> Reached(string decision)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        IEnumerable<string> Below(string name) => !seen.Add(name)
            ? []
            : Table(name) is { } table ? ModelNames.Uses(table.Table).SelectMany(Below).Prepend(name) : [name];
        return Below(decision);
    }

    private ModelInput Input(string name) => _model.Inputs[_model.InputIndex(name)];

    private Domain DomainOf(string name)
    {
        if (Table(name) is { } table)
        {
            return table.Table.Conclusions;
        }

        var input = Input(name);
        return input.Joint is { } joint ? joint.Components[joint.ComponentIndex(name)] : input.Domain;
    }

    private int? Held(ModelInput input) => _held.TryGetValue(input.Name, out var value) ? value
        : input.Role == InputRole.Override || !_readingsFree ? input.Default
        : null;

    /// <summary>The conclusion at which a decision is held; null when it is derived. Index 0 of an override is "derived".</summary>
    private int? Established(CompiledTable table) =>
        _held.TryGetValue(CompiledModel.OverrideName(table.Table.Name), out var value) && value > 0 ? value - 1 : null;

    private int Literal(DiagramStore common, CommonInput input, int level) =>
        common.Select(common.Literal(level), [.. input.Values.Select(value => ~Math.Max(0, value.Index(_side)))]);

    /// <summary>The value of a model's input as a function of the common ones; a joint input's from its components.</summary>
    private int Whole(ModelInput input, Dictionary<string, int> functions, int component, int[] values)
    {
        if (input.Joint is not { } joint)
        {
            // An input that the decision does not look at has no function, and needs none.
            return functions.GetValueOrDefault(input.Name, ~0);
        }

        if (component == joint.Components.Length)
        {
            return ~joint.IndexOf(values);
        }

        var domain = joint.Components[component];
        return _common!.Select(
            functions.GetValueOrDefault(domain.Name, ~0),
            [.. Enumerable.Range(0, domain.Count).Select(value => Whole(input, functions, component + 1, [.. values, value]))]);
    }

    /// <summary>The value of a model's input, once for all functions that look at it.</summary>
    private int LiteralOf(ModelInput input) => _literals[input.Index] ??= Held(input) is { } value ? ~value : Whole(input, _inputs, 0, []);

    private int Translate(int reference)
    {
        if (reference < 0)
        {
            return reference;
        }

        if (!_translated.TryGetValue(reference, out var translated))
        {
            int[] children = [.. _model.Store.Children(reference).ToArray().Select(Translate)];
            translated = _common!.Select(LiteralOf(_model.Inputs[_model.Store.Level(reference)]), children);
            _translated.Add(reference, translated);
        }

        return translated;
    }
}
