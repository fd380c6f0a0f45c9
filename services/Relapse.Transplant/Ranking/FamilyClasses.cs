using System.Collections.Immutable;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>The classes that a family's typings of one locus have, and what each typing can be read as beside the others. Typings that are
/// one object are read once. Not for several threads: it remembers.</summary>
internal sealed class FamilyClasses
{
    private readonly Dictionary<int, int> _typingsWith = [];
    private readonly Dictionary<LocusTyping, int> _people = [];
    private readonly Dictionary<LocusTyping, int> _counts = [];
    private readonly Dictionary<LocusTyping, ImmutableArray<LocusTyping>> _readings = [];

    /// <param name="typings">One for each person.</param>
    public FamilyClasses(IEnumerable<LocusTyping> typings)
    {
        foreach (var typing in typings)
        {
            Work++;
            _people[typing] = _people.GetValueOrDefault(typing) + 1;
            if (_people[typing] > 1)
            {
                continue;
            }

            foreach (var code in Of(typing))
            {
                Work++;
                _typingsWith[code] = _typingsWith.GetValueOrDefault(code) + 1;
            }
        }
    }

    /// <summary>What it cost to look at them.</summary>
    public long Work { get; }

    /// <summary>How many ways a typing can be read in, counted up to a number. The number that the first of those typed alike asks for
    /// stands for all.</summary>
    /// <param name="typing">The typing.</param>
    /// <param name="most">Where to stop.</param>
    /// <param name="left">Work that is left, of which this takes.</param>
    public int Count(LocusTyping typing, int most, ref long left)
    {
        if (!_counts.TryGetValue(typing, out var count))
        {
            _counts[typing] = count = GenotypeReadings.Of(typing, Others(typing)).Take(most).Count();
            left -= count;
        }

        return count;
    }

    /// <summary>The ways.</summary>
    public ImmutableArray<LocusTyping> Readings(LocusTyping typing) => _readings.TryGetValue(typing, out var readings)
        ? readings
        : _readings[typing] = [.. GenotypeReadings.Of(typing, Others(typing)).Select(genotype => LocusTyping.Of(genotype.First, genotype.Second))];

    // Alike in two people: what the one has the other may have.
    private OtherClasses Others(LocusTyping typing)
    {
        HashSet<int> own = _people[typing] > 1 ? [] : Of(typing);
        return new OtherClasses(code => _typingsWith.GetValueOrDefault(code) > (own.Contains(code) ? 1 : 0), _typingsWith.Keys);
    }

    private static HashSet<int> Of(LocusTyping typing) => [.. typing.Genotypes.SelectMany(genotype => genotype.First.Classes.Concat(genotype.Second.Classes))];
}

/// <summary>Classes that others of a family may have.</summary>
/// <param name="Contains">Whether a class is one.</param>
/// <param name="Candidates">Among which they are.</param>
internal sealed record OtherClasses(Func<int, bool> Contains, IEnumerable<int> Candidates)
{
    /// <summary>All of them, one by one.</summary>
    public IEnumerable<int> All => Candidates.Where(Contains);
}
