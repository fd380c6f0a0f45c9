using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>One input that is a fact of the case.</summary>
/// <param name="Input">The input.</param>
/// <param name="Fact">The fact.</param>
/// <param name="Bands">The document's bands of a number; null for a word.</param>
internal readonly record struct FactInput(int Input, FactDefinition Fact, Bands? Bands);

/// <summary>
/// What a case that says nothing leaves possible of each input of one protocol, each reading at its default: where every case
/// begins, so that only what a case does say is looked at.
/// </summary>
internal sealed class UnsaidValues
{
    private readonly ValueSet[] _values;

    public UnsaidValues(CompiledModel model, ImmutableArray<InputBinding> bindings)
    {
        _values = model.DefaultFacts();
        var (facts, readings) = (ImmutableArray.CreateBuilder<FactInput>(), ImmutableArray.CreateBuilder<(int, ReadingInput)>());
        for (var input = 0; input < bindings.Length; input++)
        {
            switch (bindings[input])
            {
                case WordInput word:
                    facts.Add(new FactInput(input, word.Definition, null));
                    break;
                case NumberInput number:
                    facts.Add(new FactInput(input, number.Fact, number.Bands));
                    break;
                case ReadingInput reading:
                    readings.Add((input, reading));
                    break;
                case ClocksInput clocks:
                    (Clocks, ClocksInput) = (clocks, input);
                    break;
            }
        }
        (Facts, Readings) = (facts.ToImmutable(), readings.ToImmutable());
        foreach (var fact in Facts)
        {
            _values[fact.Input] = Possible(fact, CaseFacts.Nothing[fact.Fact]);
        }
        LiveReadings = Read([], model, _values);
    }

    /// <summary>The inputs that are facts of the case.</summary>
    public ImmutableArray<FactInput> Facts { get; }

    /// <summary>The inputs that are readings of the document.</summary>
    public ImmutableArray<(int Input, ReadingInput Reading)> Readings { get; }

    /// <summary>The readings that are live when none is chosen.</summary>
    public ImmutableArray<int> LiveReadings { get; }

    /// <summary>The clocks; null for a protocol that looks at none.</summary>
    public ClocksInput? Clocks { get; }

    /// <summary>The input of the clocks; -1 for a protocol that looks at none.</summary>
    public int ClocksInput { get; } = -1;

    /// <summary>A copy, to be changed.</summary>
    public ValueSet[] Copy() => [.. _values];

    /// <summary>What a fact of a case leaves possible of its input.</summary>
    public static ValueSet Possible(FactInput input, Fact fact) => input.Bands is not { } bands ? ((WordFact)fact).Possible
        : fact is MrdLevelFact level ? level.In(bands)
        : bands.Cover(((NumberFact)fact).Interval);

    /// <summary>Sets the readings chosen, and those that have a default at it.</summary>
    /// <returns>Those under which the answer must be looked at again.</returns>
    public ImmutableArray<int> Read(ImmutableArray<ChosenReading> chosen, CompiledModel model, ValueSet[] values)
    {
        var live = ImmutableArray.CreateBuilder<int>();
        foreach (var (input, reading) in Readings)
        {
            var choice = chosen.FirstOrDefault(choice => string.Equals(choice.Id, reading.Id, StringComparison.Ordinal));
            if ((choice is null ? reading.Default : model.Inputs[input].Domain.IndexOf(choice.Value)) is not { } used)
            {
                continue;
            }
            values[input] = ValueSet.Of(used);
            if (reading.Reading.Kind == ReadingKind.Ambiguity || used != reading.Default)
            {
                live.Add(input);
            }
        }
        return live.ToImmutable();
    }
}
