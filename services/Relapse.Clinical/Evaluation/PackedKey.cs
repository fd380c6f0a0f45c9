using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// How what a case leaves possible of some inputs is packed into few words, with the live readings and whether some facts are
/// given at all: cases with the same words are answered alike in everything that hangs on these alone.
/// </summary>
internal sealed class PackedKey
{
    private const int BitsOfWord = 64;

    private readonly (int Input, int Word, int Shift)[] _places;
    private readonly (FactDefinition Fact, bool Unsaid)[] _given;
    private readonly int _live;
    private readonly int _givenWord;

    /// <param name="model">The model.</param>
    /// <param name="inputs">The inputs, each once.</param>
    /// <param name="given">The facts of which it matters whether the case says anything, each once.</param>
    public PackedKey(CompiledModel model, IEnumerable<int> inputs, ImmutableArray<FactDefinition> given)
    {
        var (places, free) = (new List<(int, int, int)>(), new List<int>());
        foreach (var input in inputs)
        {
            var bits = model.Inputs[input].Domain.Count;
            var word = free.FindIndex(left => left >= bits);
            if (word < 0)
            {
                word = free.Count;
                free.Add(BitsOfWord);
            }
            places.Add((input, word, BitsOfWord - free[word]));
            free[word] -= bits;
        }
        _places = [.. places];
        _given = [.. given.Select(fact => (fact, IsGiven(fact, CaseFacts.Nothing[fact])))];
        _live = free.Count;
        _givenWord = _live + Words(model.Inputs.Length);
        Length = _givenWord + Words(given.Length);
    }

    /// <summary>How many words it takes.</summary>
    public int Length { get; }

    /// <summary>How many words hold a bit for each of so many.</summary>
    public static int Words(int bits) => (bits + BitsOfWord - 1) / BitsOfWord;

    /// <summary>Sets the bit of one of many.</summary>
    public static void Set(Span<ulong> words, int bit) => words[bit / BitsOfWord] |= 1UL << (bit % BitsOfWord);

    /// <summary>Whether the case says anything of the fact: less than all its words, or less than its whole range.</summary>
    public static bool IsGiven(FactDefinition definition, Fact? fact) => fact switch
    {
        WordFact word => word.Possible != ValueSet.All(definition.Words.Length),
        NumberFact number => number.Interval != definition.Range,
        _ => false,
    };

    /// <summary>Writes the words of a case.</summary>
    public void Write(ProtocolFacts facts, Span<ulong> key)
    {
        key[..Length].Clear();
        var values = facts.Values;
        foreach (var (input, word, shift) in _places)
        {
            key[word] |= values[input].Bits << shift;
        }
        foreach (var reading in facts.LiveReadings)
        {
            Set(key[_live..], reading);
        }
        for (var i = 0; i < _given.Length; i++)
        {
            var (fact, unsaid) = _given[i];
            if (ReferenceEquals(facts.CaseFacts[fact], CaseFacts.Nothing[fact]) ? unsaid : IsGiven(fact, facts.CaseFacts[fact]))
            {
                Set(key[_givenWord..], i);
            }
        }
    }
}
