using System.Text;

namespace Relapse.Transplant.Hla;

/// <summary>Reads protein sequences of class I.</summary>
internal static class SequenceReader
{
    /// <summary>Reads <c>A_prot.fasta</c>, <c>B_prot.fasta</c> and <c>C_prot.fasta</c>, those that are there.</summary>
    public static ResidueTable Read(ReleaseFiles files, ReleaseFaults faults)
    {
        var residues = new ResidueTable();
        foreach (var locus in (HlaLocus[])[HlaLocus.A, HlaLocus.B, HlaLocus.C])
        {
            if (files.Texts.TryGetValue($"{locus.Name()}_prot.fasta", out var text))
            {
                residues.Load(locus);
                ReadLocus(residues, locus, text, faults);
            }
        }

        return residues;
    }

    // >HLA:HLA00132 B*07:02:01:01 362 bp, then the sequence over several lines.
    private static void ReadLocus(ResidueTable residues, HlaLocus locus, string text, ReleaseFaults faults)
    {
        AlleleName? current = null;
        var sequence = new StringBuilder();
        using var reader = new StringReader(text);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!line.StartsWith('>'))
            {
                sequence.Append(line);
                continue;
            }

            Add(residues, locus, current, sequence);
            current = ReadHead(locus, line);
            if (current is null)
            {
                faults.Add($"{locus.Name()}_prot.fasta line {number} does not name an allele of {locus.Name()}.");
            }
        }

        Add(residues, locus, current, sequence);
    }

    private static AlleleName? ReadHead(HlaLocus locus, string line)
    {
        var words = line.Split(' ');
        var prefix = locus.Name() + "*";
        return words.Length > 1
            && words[1].StartsWith(prefix, StringComparison.Ordinal)
            && AlleleName.TryParse(words[1].AsSpan(prefix.Length), out var name)
                ? name
                : null;
    }

    private static void Add(ResidueTable residues, HlaLocus locus, AlleleName? name, StringBuilder sequence)
    {
        if (name is { IsNull: false } expressed)
        {
            residues.Add(locus, expressed.Protein, sequence.ToString());
        }

        sequence.Clear();
    }
}
