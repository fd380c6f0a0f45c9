using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Facts by their place in the catalogue. It begins as what a case says that says nothing, and what is said of a word is one
/// of the facts made beforehand: two cases that say the same of it hold the same fact.
/// </summary>
internal sealed class FactTable
{
    private static readonly Fact?[] _unsaid = Unsaid();
    private static readonly WordFact[]?[] _words = [.. _unsaid.Select(fact => fact is WordFact word ? EachOf(word, CountOf(word)) : null)];

    private readonly Fact?[] _byPlace = [.. _unsaid];

    public Fact this[int place] => _byPlace[place]!;

    public Fact this[string id] => _byPlace[FactCatalogue.Find(id)!.Place]!;

    public Fact this[FactDefinition fact]
    {
        get => _byPlace[fact.Place]!;
        set => _byPlace[fact.Place] = value;
    }

    /// <summary>Sets a fact to one of its words.</summary>
    public void SetWord(FactDefinition fact, string word) => SetWord(fact, fact.Words.IndexOf(word));

    /// <summary>Sets a fact to the word at a place among its words.</summary>
    public void SetWord(FactDefinition fact, int word) => _byPlace[fact.Place] = _words[fact.Place]![word];

    private static int CountOf(WordFact word) => FactCatalogue.Find(FactCatalogue.Ids.ElementAt(Array.IndexOf(_unsaid, word)))!.Words.Length;

    private static WordFact[] EachOf(WordFact unsaid, int words) =>
        [.. Enumerable.Range(0, words).Select(word => unsaid.Possible == ValueSet.Of(word) ? unsaid : unsaid with { Possible = ValueSet.Of(word) })];

    private static Fact?[] Unsaid()
    {
        var table = new Fact?[FactCatalogue.Places];
        foreach (var (fact, said) in UnsaidFacts.All)
        {
            table[fact.Place] = said;
        }
        return table;
    }
}
