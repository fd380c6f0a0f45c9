namespace Relapse.Transplant.Hla;

/// <summary>
/// Whether a release holds what counting relies on. It has not always: in 3.53.0 two rare alleles made the epitope groups of common
/// DPB1 groups ambiguous, and thousands of donors with them.
/// </summary>
internal static class ReleaseSelfTest
{
    /// <summary>Adds a fault for everything that does not hold. That no protein stands in two P groups was seen in reading.</summary>
    public static void Run(HlaRelease release, ReleaseFaults faults)
    {
        foreach (var table in HlaLoci.All.Select(locus => release[locus]))
        {
            if (table.Names.Count == 0)
            {
                faults.Add($"hla_nom.txt has no allele of {table.Locus.Name()}.");
            }

            CheckClasses(table, faults);
            CheckGGroups(table, faults);
        }

        if (release.Tce is { } tce)
        {
            CheckTce(release[HlaLocus.Dpb1], tce, faults);
        }
    }

    private static void CheckClasses(LocusTable table, ReleaseFaults faults)
    {
        var proteins = table.Proteins.ToHashSet();
        foreach (var (protein, code) in table.ClassOfProtein)
        {
            if (!proteins.Contains(protein))
            {
                faults.Add($"hla_nom_p.txt: {Name(table, protein)} is not a name in use.");
            }

            // A class is called by a protein's code, so that protein must be in it.
            if (table.ClassOfProtein.TryGetValue(code, out var own) && own != code)
            {
                faults.Add($"hla_nom_p.txt: the P group {Name(table, code)}P lacks the protein it is called by.");
            }
        }
    }

    private static void CheckGGroups(LocusTable table, ReleaseFaults faults)
    {
        foreach (var (name, group) in table.GGroups)
        {
            if (group.Proteins.Select(table.ClassOf).Distinct().Count() > 1)
            {
                faults.Add($"hla_nom_g.txt: {table.Locus.Name()}*{name}G spans two P groups.");
            }
        }
    }

    private static void CheckTce(LocusTable table, TceTable tce, ReleaseFaults faults)
    {
        foreach (var members in table.Proteins.GroupBy(table.ClassOf))
        {
            Check(members, $"{Name(table, members.Key)}P");
        }

        foreach (var (name, group) in table.GGroups)
        {
            Check(group.Proteins, $"DPB1*{name}G");
        }

        void Check(IEnumerable<int> proteins, string name)
        {
            if (proteins.Select(tce.Of).Where(group => group != TceTable.Unknown).Distinct().Count() > 1)
            {
                faults.Add($"dpb_tce.csv: {name} spans two epitope groups.");
            }
        }
    }

    private static string Name(LocusTable table, int protein) => $"{table.Locus.Name()}*{ProteinCode.Text(protein)}";
}
