using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// What is not stated of the results that may stand for the measurements that a decision looks at. One fact of a result says which result
/// counts, and so both the level and the method, of every measurement that it may be of: what an answer leaves is found by stating it.
/// </summary>
internal sealed class OpenMeasurements
{
    /// <summary>The most fields that are looked at two at a time: with more the first say enough to ask for.</summary>
    private const int MostInPairs = 12;

    /// <summary>The most fields that are looked at together for the fewest that settle a decision: the sets of them grow with every one.</summary>
    private const int MostTogether = 4;

    private readonly ImmutableArray<Measured> _measured;

    public OpenMeasurements(ProtocolFacts facts, ReadOnlySpan<ValueSet> values, ImmutableArray<int> support)
    {
        var measured = ImmutableArray.CreateBuilder<Measured>();
        foreach (var name in facts.Protocol.Document.Measurements.Keys.Order(StringComparer.Ordinal))
        {
            var (level, method) = (facts.Protocol.Model.InputIndex(FactId.MrdLevelOf(name)), facts.Protocol.Model.InputIndex(FactId.MrdMethodOf(name)));
            if (level >= 0 && facts.Protocol.Bindings[level] is NumberInput number && facts.CaseFacts[number.Fact] is MrdLevelFact { Open: { } open }
                && (IsOpen(level, values, support) || IsOpen(method, values, support)))
            {
                measured.Add(new Measured(level, method, open, number.Bands));
            }
        }
        _measured = measured.ToImmutable();
        Fields = _measured.IsEmpty ? [] : [.. FindFields()];

        static bool IsOpen(int input, ReadOnlySpan<ValueSet> values, ImmutableArray<int> support) => input >= 0 && support.Contains(input) && !values[input].IsSingle;
    }

    /// <summary>The fields with their answers, each once.</summary>
    public ImmutableArray<MrdField> Fields { get; }

    /// <summary>Whether an input is the level or the method of one of the measurements, so that it is asked for here.</summary>
    public bool Asks(int input) => _measured.Any(measured => measured.Level == input || measured.Method == input);

    /// <summary>What is possible when more is stated; null when that cannot be, or leaves nothing that the decision covers.</summary>
    public AfterStated? After(ReadOnlySpan<ValueSet> values, IReadOnlyList<MrdStated> stated)
    {
        ValueSet[] after = [.. values];
        var spans = false;
        foreach (var measured in _measured)
        {
            var left = MrdLeft.Of(stated.Aggregate(measured.Open.Candidates, (candidates, each) => each.Of(candidates)));
            // What stands provided that reinduction was none after which a result does not count is open again after such a one.
            if (left.Levels is [var any] && any == MrdLevels.Fraction && stated.Any(each => each is MrdReinductionStated))
            {
                after[measured.Level] = measured.Bands.Cover(any);
                after[measured.Method >= 0 ? measured.Method : measured.Level] = measured.Method >= 0 ? ValueSet.All(2) : after[measured.Level];
                continue;
            }
            var covered = ValueSet.Empty;
            foreach (var level in left.Levels)
            {
                var band = measured.Bands.Cover(level) & values[measured.Level];
                spans |= band.IsEmpty;
                covered |= band;
            }
            after[measured.Level] = covered;
            if (measured.Method >= 0)
            {
                after[measured.Method] &= (left.Own ? ValueSet.Of(0) : ValueSet.Empty) | (left.Other ? ValueSet.Of(1) : ValueSet.Empty);
            }
            if (covered.IsEmpty || (measured.Method >= 0 && after[measured.Method].IsEmpty))
            {
                return null;
            }
        }
        // A new result is asked for within what is possible now.
        return spans && stated.Any(each => each is MrdNewResult) ? null : new AfterStated(after, spans);
    }

    /// <summary>The fields that matter to a decision, alone or beside another, with the answers that can be given.</summary>
    public IEnumerable<MrdField> Mattering(CompiledDecision diagram, ValueSet[] values)
    {
        if (_measured.IsEmpty)
        {
            yield break;
        }
        var restricted = diagram.Restrict(values);
        ImmutableArray<(int Input, ImmutableArray<ValueSet> Parts)> alike =
            [.. _measured.SelectMany(measured => new[] { measured.Level, measured.Method }).Where(restricted.Support.Contains).Select(input => (input, restricted.Alike(input)))];
        if (alike.IsEmpty)
        {
            yield break;
        }
        var noneNeedCount = _measured.Any(measured => measured.Open.NoneNeedCount);
        for (var place = 0; place < Fields.Length; place++)
        {
            var field = Fields[place];
            // Where none of the results need count a field may say nothing without two others.
            if ((noneNeedCount && place < MostInPairs) || Tells(field, []) || (place < MostInPairs && Fields.Take(MostInPairs).Any(other => other.Name != field.Name && other.Answers.Any(answer => Tells(field, [answer])))))
            {
                yield return field;
            }
        }

        bool Tells(MrdField field, MrdStated[] beside) => field.Answers
            .Select(answer => After(values, [.. beside, answer]))
            .OfType<AfterStated>()
            .Select(after => string.Join(' ', alike.Select(input => Parts(after.Values[input.Input], input.Parts))))
            .Distinct(StringComparer.Ordinal)
            .Skip(1)
            .Any();
    }

    /// <summary>Sets of answers to so many of the fields that matter, each with what it leaves; of those that leave the same the first.</summary>
    public IEnumerable<(ImmutableArray<(string Field, MrdStated Answer)> Given, ValueSet[] Values)> Sets(CompiledDecision diagram, ValueSet[] values, ImmutableArray<MrdField> mattering, int size)
    {
        MrdField[] fields = [.. mattering.OrderByDescending(field => field.Answers.Count(answer => After(values, [answer]) is { } after && diagram.Possible(after.Values).IsSingle)).Take(MostTogether)];
        foreach (var chosen in Subsets(fields, size))
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (var answers in chosen.Aggregate((IEnumerable<ImmutableArray<(string, MrdStated)>>)[[]], (sets, field) => sets.SelectMany(set => field.Answers.Select(answer => set.Add((field.Name, answer))))))
            {
                // One of several results beside those that settle a decision may be none that it covers, and then settles nothing.
                if (After(values, [.. answers.Select(answer => answer.Item2)]) is { Spans: false } after
                    && seen.Add(string.Join(' ', _measured.Select(measured => $"{after.Values[measured.Level].Bits} {(measured.Method >= 0 ? after.Values[measured.Method].Bits : 0)}"))))
                {
                    yield return (answers, after.Values);
                }
            }
        }
    }

    /// <summary>The most fields in a set.</summary>
    public static int LargestSet(ImmutableArray<MrdField> mattering) => Math.Min(MostTogether, mattering.Length);

    private static IEnumerable<ImmutableArray<MrdField>> Subsets(MrdField[] fields, int size)
    {
        for (var bits = 0; bits < 1 << fields.Length; bits++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)bits) == size)
            {
                yield return [.. fields.Where((_, place) => (bits >> place & 1) != 0)];
            }
        }
    }

    /// <summary>A result may be asked about for two measurements; an answer that one of them has no word for says something of both.</summary>
    private IEnumerable<MrdField> FindFields() => _measured
        .SelectMany(measured => measured.Open.Fields(measured.Bands))
        .GroupBy(field => field.Field, StringComparer.Ordinal)
        .Select(field => new MrdField(field.Key, [.. field.SelectMany(asked => asked.Answers).DistinctBy(answer => answer.Label, StringComparer.Ordinal)]));

    private static ulong Parts(ValueSet values, ImmutableArray<ValueSet> alike)
    {
        var parts = ValueSet.Empty;
        for (var part = 0; part < alike.Length; part++)
        {
            parts |= alike[part].Overlaps(values) ? ValueSet.Of(part) : ValueSet.Empty;
        }
        return parts.Bits;
    }

    private sealed record Measured(int Level, int Method, MrdOpenFields Open, Bands Bands);
}

/// <summary>A field of the case that says which result stands for a measurement, or what it is.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Answers">What it may say.</param>
internal sealed record MrdField(string Name, ImmutableArray<MrdStated> Answers);

/// <summary>What is possible when more is stated.</summary>
/// <param name="Values">Of each input.</param>
/// <param name="Spans">Whether one of several results that may count is of a level that the decision does not cover.</param>
internal sealed record AfterStated(ValueSet[] Values, bool Spans);
