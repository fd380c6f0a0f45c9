using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>A decision of one protocol, with the readings, and the established conclusions on the way to it, under which it is compared.</summary>
internal sealed record ComparedSide(CompiledProtocol Protocol, ProtocolDecision Decision, ImmutableSortedDictionary<string, int> Held)
{
    /// <summary>For each input of a measurement what it is called in the comparison.</summary>
    public ImmutableSortedDictionary<string, string> Measured { get; init; } = Protocol.MeasuredNames;

    /// <summary>Inputs that are taken to be answered by nothing, by their names in the comparison.</summary>
    public ImmutableHashSet<string> Open { get; init; } = [];

    /// <summary>The value at which a reading is used; null when the document has no such reading, or it is in use at none.</summary>
    public string? ReadAs(string reading) => !Protocol.Document.Readings.TryGetValue(reading, out var printed) ? null
        : Held.TryGetValue(reading, out var value) ? Protocol.Model.Inputs[Protocol.Model.InputIndex(reading)].Domain.Values[value]
        : printed.Default.Length > 0 ? printed.Default : null;

    public ComparedDecision ForKernel => (Measured == Protocol.MeasuredNames ? new ComparedDecision(Protocol.ComparedModel, Decision.Id) : new ComparedDecision(Protocol.Model, Decision.Id).Renamed(Measured)) with
    {
        Held = Held.ToImmutableDictionary(StringComparer.Ordinal),
        Open = Open,
    };

    /// <summary>The fact behind an input of the comparison; null when it is no fact, or this side does not look at it.</summary>
    public FactDefinition? FactOf(string name)
    {
        var plain = MeasuredInputs.Plain(name);
        return FactCatalogue.Find(plain) is not { } fact || Protocol.Model.InputIndex(plain) is not (>= 0 and var input) ? null
            : Protocol.Bindings[input] switch
            {
                WordInput { Definition.Measure: not null } word when Measured[plain] == name => word.Definition,
                NumberInput { Fact.Measure: not null } number when Measured[plain] == name => number.Fact,
                _ => fact.Measurement.Length > 0 ? null : fact,
            };
    }

    /// <summary>One decision of a version as it is read.</summary>
    public static ComparedSide Of(EvaluatedProtocol read, string decision) => new(
        read.Protocol,
        read.Protocol.Decisions[decision],
        read.Readings.ToImmutableSortedDictionary(
            reading => reading.Id,
            reading => read.Protocol.Model.Inputs[read.Protocol.Model.InputIndex(reading.Id)].Domain.IndexOf(reading.Value),
            StringComparer.Ordinal));

    /// <summary>The readings that are held at a value.</summary>
    public ImmutableArray<ChosenReading> Readings =>
        [.. Held.Where(held => Protocol.Document.Readings.ContainsKey(held.Key)).Select(held => new ChosenReading(held.Key, ReadAs(held.Key)!))];

}

/// <summary>
/// Says what a case leaves possible of the inputs of a comparison, as the union of boxes over them. Scope facts that are not stated are
/// taken to hold, as in the answers that are compared.
/// </summary>
internal sealed class ComparedFacts
{
    private readonly ImmutableArray<ComparedInput> _inputs;
    private readonly ImmutableArray<FactDefinition?> _facts;
    private readonly ImmutableArray<ImmutableArray<(int Input, ValueSet InScope)>> _scopes;
    private readonly ImmutableArray<(int Input, ValueSet InScope)> _scope;
    private readonly int _sinceDiagnosis;
    private readonly int _sinceTherapyEnd;
    private readonly ClockScales? _scales;

    public ComparedFacts(ImmutableArray<ComparedInput> inputs, IReadOnlyList<ComparedSide> sides)
    {
        _inputs = inputs;
        _facts = [.. inputs.Select(input => sides.Select(side => side.FactOf(input.Name)).FirstOrDefault(fact => fact is not null))];
        _scopes = [.. sides.Index().Select(side => Scope(side.Index, side.Item).Distinct().ToImmutableArray())];
        _scope = [.. _scopes.SelectMany(scope => scope).Distinct()];
        _sinceDiagnosis = IndexOf(FactId.MonthsFromDiagnosis);
        _sinceTherapyEnd = IndexOf(FactId.MonthsFromTherapyEnd);
        if (_sinceDiagnosis >= 0 || _sinceTherapyEnd >= 0)
        {
            _scales = new ClockScales(BandsOf(FactId.MonthsFromDiagnosis, _sinceDiagnosis), BandsOf(FactId.MonthsFromTherapyEnd, _sinceTherapyEnd));
        }
    }

    /// <summary>By input, the values that are in scope of a side that looks at it; an input may stand there several times.</summary>
    public ImmutableArray<(int Input, ValueSet InScope)> Scopes => _scope;

    /// <summary>Likewise, of one side alone.</summary>
    public ImmutableArray<(int Input, ValueSet InScope)> ScopeOf(int side) => _scopes[side];

    /// <summary>Whether a case can be said in full: the bands of the two clocks are few enough to be held as pairs.</summary>
    public bool IsComplete => _scales is null || _scales.SinceDiagnosis.Count * _scales.SinceTherapyEnd.Count <= Domain.MaximumValues;

    /// <summary>The boxes; one that is empty in some input when the case is one that the sides do not both cover.</summary>
    /// <param name="case">The case.</param>
    /// <param name="everything">Whether to go by nothing of the case but what holds of the clocks.</param>
    public IReadOnlyList<ValueSet[]> Boxes(ComparedCase @case, bool everything = false)
    {
        var box = new ValueSet[_inputs.Length];
        for (var input = 0; input < box.Length; input++)
        {
            box[input] = everything ? ValueSet.All(_inputs[input].Values.Length) : Stated(input, @case.Facts);
        }

        List<ValueSet[]> boxes = [.. _scales is null ? [box] : Clocks(@case, _scales, box)];
        foreach (var (input, inScope) in _scope)
        {
            // A side that is out of scope by what is stated is not compared, unless that scope does not matter to it.
            if (boxes.Any(each => each[input].Overlaps(inScope)))
            {
                boxes.ForEach(each => each[input] &= inScope);
            }
        }

        return boxes;
    }

    /// <summary>The boxes of a case of which nothing is said of some clocks, whatever the other leaves of them.</summary>
    public IReadOnlyList<ValueSet[]> Freed(ComparedCase @case, IReadOnlyList<string> clocks)
    {
        int[] freed = [.. clocks.Select(IndexOf).Where(input => input >= 0)];
        return [.. Boxes(@case).Select(box => box.Index().Select(values => freed.Contains(values.Index) ? ValueSet.All(_inputs[values.Index].Values.Length) : values.Item).ToArray())];
    }

    private ValueSet Stated(int input, CaseFacts facts)
    {
        var all = ValueSet.All(_inputs[input].Values.Length);
        return _facts[input] switch
        {
            // What no fact of a case answers: a reading without a default, what a rule leaves open.
            null => all,
            { Group.Length: > 0 } => all,
            { IsNumber: true } number when facts[number] is MrdLevelFact { EachOf.IsEmpty: false } level =>
                level.EachOf.Aggregate(ValueSet.Empty, (possible, each) => possible | Cover(input, each.Level)),
            { IsNumber: true } number => Cover(input, ((NumberFact)facts[number]).Interval),
            var word => Same(input, word, ((WordFact)facts[word]).Possible),
        };
    }

    private ValueSet Cover(int input, Interval interval)
    {
        var covered = ValueSet.Empty;
        for (var value = 0; value < _inputs[input].Values.Length; value++)
        {
            covered |= _inputs[input].Values[value].Interval!.Value.Overlaps(interval) ? ValueSet.Of(value) : ValueSet.Empty;
        }

        return covered;
    }

    private ValueSet Same(int input, FactDefinition word, ValueSet possible)
    {
        var same = ValueSet.Empty;
        for (var value = 0; value < _inputs[input].Values.Length; value++)
        {
            same |= possible.Contains(word.Words.IndexOf(_inputs[input].Values[value].Label)) ? ValueSet.Of(value) : ValueSet.Empty;
        }

        return same;
    }

    /// <summary>The clocks share the date of relapse: for each band since diagnosis, the bands since the end of therapy that go with it.</summary>
    private IEnumerable<ValueSet[]> Clocks(ComparedCase @case, ClockScales scales, ValueSet[] rest)
    {
        var pairs = @case.Pairs(scales);
        var count = scales.SinceTherapyEnd.Count;
        return Enumerable.Range(0, scales.SinceDiagnosis.Count)
            .Select(band => (Band: band, Ends: new ValueSet((pairs.Bits >> (band * count)) & ValueSet.All(count).Bits)))
            .Where(row => !row.Ends.IsEmpty)
            .GroupBy(row => row.Ends, row => row.Band)
            .Select(rows =>
            {
                ValueSet[] box = [.. rest];
                if (_sinceDiagnosis >= 0)
                {
                    box[_sinceDiagnosis] = ValueSet.Of([.. rows]);
                }

                if (_sinceTherapyEnd >= 0)
                {
                    box[_sinceTherapyEnd] = rows.Key;
                }

                return box;
            });
    }

    private IEnumerable<(int Input, ValueSet InScope)> Scope(int side, ComparedSide compared) =>
        from decision in compared.Decision.Feeders.Append(compared.Decision.Id)
        from scope in compared.Protocol.Document.Decisions[decision].Scope
        let input = IndexOf(compared.Measured.GetValueOrDefault(scope.Input, scope.Input))
        where input >= 0
        select (input, InScope(side, compared.Protocol, scope, input));

    private ValueSet InScope(int side, CompiledProtocol protocol, ScopeRule scope, int input)
    {
        var own = protocol.Model.Inputs[protocol.Model.InputIndex(scope.Input)];
        var domain = own.Joint is { } joint ? joint.Components[joint.ComponentIndex(scope.Input)] : own.Domain;
        var within = ValueSet.Empty;
        for (var value = 0; value < _inputs[input].Values.Length; value++)
        {
            var index = _inputs[input].Values[value].Indices[side];
            within |= index < 0 || scope.Within.Values_.Contains(domain.Values[index]) ? ValueSet.Of(value) : ValueSet.Empty;
        }

        return within;
    }

    private ClockBands BandsOf(string id, int input)
    {
        var fact = FactCatalogue.Find(id)!;
        IEnumerable<(string, Interval)> bands = input < 0
            ? [("ANY", fact.Range!.Value)]
            : _inputs[input].Values.Where(value => value.Interval is not null).Select(value => (value.Label, value.Interval!.Value));
        return new ClockBands(Bands.Create(id, fact.Words, bands, fact.Range!.Value));
    }

    private int IndexOf(string name)
    {
        for (var input = 0; input < _inputs.Length; input++)
        {
            if (string.Equals(_inputs[input].Name, name, StringComparison.Ordinal))
            {
                return input;
            }
        }

        return -1;
    }
}

/// <summary>The facts of one case, with what its dates leave of the clocks worked out once for all comparisons of the same bands.</summary>
internal sealed class ComparedCase(CaseFacts facts)
{
    private readonly List<(ClockScales Scales, ValueSet Pairs)> _clocks = [];

    public CaseFacts Facts => facts;

    public ValueSet Pairs(ClockScales scales)
    {
        foreach (var (asked, known) in _clocks)
        {
            if (asked.SinceDiagnosis.Intervals.SequenceEqual(scales.SinceDiagnosis.Intervals)
                && asked.SinceTherapyEnd.Intervals.SequenceEqual(scales.SinceTherapyEnd.Intervals))
            {
                return known;
            }
        }

        var timing = facts.Timing.In(scales);
        var pairs = timing.Pairs(scales.Under(timing));
        _clocks.Add((scales, pairs));
        return pairs;
    }
}
