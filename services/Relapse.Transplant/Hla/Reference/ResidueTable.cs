namespace Relapse.Transplant.Hla;

/// <summary>The residues of a class I protein that are asked about, as letters; <see cref="ResidueTable.Unread"/> where the sequence does
/// not cover one.</summary>
/// <param name="Leader">Position -21: the second residue of the nonamer that HLA-E presents.</param>
/// <param name="At76">Position 76 of the mature protein.</param>
/// <param name="At77">Position 77.</param>
/// <param name="At80">Position 80.</param>
internal readonly record struct ClassIResidues(char Leader, char At76, char At77, char At80);

/// <summary>Residues of the proteins of A, B and C, read from the release's sequences.</summary>
internal sealed class ResidueTable
{
    /// <summary>Stands for a residue that is not known.</summary>
    public const char Unread = '\0';

    // What nearly every protein of A, B and C has around the places that are asked about: from 2 on, and from 84 on.
    private const string Start = "SHSMRYF";
    private const int StartsAt = 2;
    private const string Anchor = "YYNQSEAGSH";
    private const int AnchorAt = 84;
    private const int LeaderLength = 24;

    private readonly Dictionary<(HlaLocus, int), ClassIResidues> _residues = [];
    private readonly HashSet<HlaLocus> _loaded = [];

    /// <summary>Whether the folder had the sequences of the locus.</summary>
    public bool Has(HlaLocus locus) => _loaded.Contains(locus);

    /// <summary>Says that the sequences of the locus were read.</summary>
    public void Load(HlaLocus locus) => _loaded.Add(locus);

    /// <summary>The residues of a protein; all unread when there is no sequence.</summary>
    public ClassIResidues Of(HlaLocus locus, int protein) => _residues.GetValueOrDefault((locus, protein));

    /// <summary>Adds an allele's sequence. What alleles of one protein say adds up; where they contradict, nothing is known.</summary>
    public void Add(HlaLocus locus, int protein, ReadOnlySpan<char> sequence)
    {
        var read = Read(sequence);
        _residues[(locus, protein)] = _residues.TryGetValue((locus, protein), out var known)
            ? new ClassIResidues(
                Both(known.Leader, read.Leader), Both(known.At76, read.At76), Both(known.At77, read.At77), Both(known.At80, read.At80))
            : read;
    }

    private static char Both(char one, char other) =>
        one == other || other == Unread ? one : one == Unread ? other : Unread;

    // Sequences begin with the leader, or with exon 2, or anywhere; some have gaps. So a residue is found from a landmark near it, and
    // is unread where the landmark is not recognised.
    private static ClassIResidues Read(ReadOnlySpan<char> sequence)
    {
        var start = Find(sequence, Start, StartsAt);
        var near = Find(sequence, Anchor, AnchorAt);
        var leader = start == LeaderLength && sequence[0] == 'M' ? sequence[LeaderLength - 21] : Unread;
        return new ClassIResidues(leader, At(sequence, near, 76), At(sequence, near, 77), At(sequence, near, 80));
    }

    private static char At(ReadOnlySpan<char> sequence, int? shift, int position)
    {
        var index = (shift + position - 1) ?? -1;
        var letter = index >= 0 && index < sequence.Length ? sequence[index] : Unread;
        return char.IsAsciiLetterUpper(letter) && letter != 'X' ? letter : Unread;
    }

    // The index of mature position 1, if the landmark stands there but for at most two in five of its letters, and nowhere else as well.
    private static int? Find(ReadOnlySpan<char> sequence, string landmark, int position)
    {
        var (best, bestShift, tied) = (landmark.Length * 3 / 5, (int?)null, false);
        for (var index = 0; index + landmark.Length <= Math.Min(sequence.Length, LeaderLength + AnchorAt + 2 * landmark.Length); index++)
        {
            var equal = 0;
            for (var letter = 0; letter < landmark.Length; letter++)
            {
                equal += sequence[index + letter] == landmark[letter] ? 1 : 0;
            }

            if (equal >= best)
            {
                tied = equal == best && bestShift is not null;
                (best, bestShift) = (equal, index - position + 1);
            }
        }

        return tied ? null : bestShift;
    }
}
