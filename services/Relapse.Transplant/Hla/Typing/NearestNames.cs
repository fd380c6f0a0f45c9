using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>Valid names that are most like what was written.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    private static readonly ExpressionSuffix[] Suffixes = Enum.GetValues<ExpressionSuffix>();

    /// <summary>Loci whose name is like the text.</summary>
    public static ImmutableArray<string> Loci(ReadOnlySpan<char> text)
    {
        var written = text[..Math.Min(text.Length, TypingFault.LongestToken)].ToString().ToUpperInvariant();
        return Closest(HlaLoci.All.Select(locus => locus.Name()), written, 2, "");
    }

    /// <summary>Alleles of a locus whose name is like the text after the star.</summary>
    public static ImmutableArray<string> Alleles(LocusTable table, string text)
    {
        var prefix = table.Locus.Name() + "*";
        if (AlleleName.TryParse(text, out var name))
        {
            // The right fields with another suffix, or fewer of them, say more than any other name.
            ImmutableArray<string> kin =
            [
                .. Suffixes.Select(name.With).Where(table.Names.Contains).Select(kin => prefix + kin),
                .. Enumerable.Range(2, name.FieldCount - 2).Reverse().Select(name.Shortened).Where(table.Names.Contains)
                    .Select(kin => prefix + kin),
            ];
            if (!kin.IsEmpty)
            {
                return [.. kin.Take(Most)];
            }
        }

        return Closest(table.TwoFieldNames, text.Length > TypingFault.LongestToken ? text[..TypingFault.LongestToken] : text, 2, prefix);
    }

    /// <summary>Antigens of the loci whose number is like the one written.</summary>
    public static ImmutableArray<string> Antigens(SerologyTable serology, ImmutableArray<HlaLocus> loci, string letters, string number) =>
        Closest(loci.SelectMany(serology.Antigens).Distinct().Select(antigen => $"{antigen}"), number, 1, letters);

    private static ImmutableArray<string> Closest(IEnumerable<string> names, string text, int furthest, string prefix) =>
    [
        .. names.Where(name => Math.Abs(name.Length - text.Length) <= furthest)
            .Select(name => (Name: name, Distance: Distance(name, text)))
            .Where(near => near.Distance <= furthest)
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(near => prefix + near.Name),
    ];

    // Levenshtein: letters put in, left out or exchanged.
    private static int Distance(string one, string other)
    {
        Span<int> row = stackalloc int[other.Length + 1];
        for (var column = 0; column <= other.Length; column++)
        {
            row[column] = column;
        }

        for (var index = 1; index <= one.Length; index++)
        {
            var diagonal = row[0];
            row[0] = index;
            for (var column = 1; column <= other.Length; column++)
            {
                var exchanged = diagonal + (one[index - 1] == other[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(exchanged, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}
