namespace Relapse.Transplant.Hla;

/// <summary>Reads the T-cell epitope groups of DPB1.</summary>
internal static class TceReader
{
    private const string File = "dpb_tce.csv";
    private const string Column = "V2_Assignment";
    private const string Prefix = "DPB1*";

    /// <summary>Reads version 2 of the assignments; null when the release has no such file.</summary>
    public static TceTable? Read(ReleaseFiles files, ReleaseFaults faults)
    {
        if (!files.Texts.ContainsKey(File))
        {
            return null;
        }

        var table = new TceTable();
        var column = -1;
        foreach (var (number, fields) in WmdaLines.Of(files, File, ',', 4, faults))
        {
            if (column < 0)
            {
                column = Array.IndexOf(fields, Column);
                if (column < 0)
                {
                    faults.Add($"{File} line {number}: there is no column {Column}.");
                    break;
                }
            }
            else
            {
                ReadRow(table, number, fields[0], fields[column], faults);
            }
        }

        return table;
    }

    // $ marks a group predicted from the functional distance, a one that changed since version 1; 0 is a null allele.
    private static void ReadRow(TceTable table, int number, string allele, string assigned, ReleaseFaults faults)
    {
        if (!allele.StartsWith(Prefix, StringComparison.Ordinal) || !AlleleName.TryParse(allele.AsSpan(Prefix.Length), out var name))
        {
            faults.Add($"{File} line {number}: '{allele}' is not a DPB1 allele.");
            return;
        }

        switch (assigned.TrimEnd('$', 'a'))
        {
            case "0" when name.IsNull:
            case "":
                break;
            case "1" or "2" or "3" when !name.IsNull:
                if (!table.Add(name.Protein, assigned[0] - '0'))
                {
                    faults.Add($"{File}: {Prefix}{ProteinCode.Text(name.Protein)} has two groups.");
                }

                break;
            default:
                faults.Add($"{File} line {number}: '{assigned}' is not a group that {allele} can have.");
                break;
        }
    }
}
