namespace Relapse.Transplant.Hla;

/// <summary>Reads which antigens there are and which alleles have them.</summary>
internal static class AntigenReader
{
    /// <summary>Reads <c>rel_ser_ser.txt</c> and <c>rel_dna_ser.txt</c>.</summary>
    public static void Read(ReleaseFiles files, SerologyTable serology, ReleaseFaults faults)
    {
        ReadRelations(files, serology, faults);
        ReadAssignments(files, serology, faults);
        serology.Complete();
    }

    // letters;antigen;splits;associated antigens
    private static void ReadRelations(ReleaseFiles files, SerologyTable serology, ReleaseFaults faults)
    {
        const string File = "rel_ser_ser.txt";
        foreach (var (number, fields) in WmdaLines.Of(files, File, ';', 4, faults))
        {
            var loci = SerologyTable.LociOf(fields[0]);
            if (loci.IsEmpty)
            {
                continue;
            }

            if (!ReleaseReader.TryNumber(fields[1], out var parent))
            {
                faults.Add($"{File} line {number}: '{fields[1]}' is not an antigen.");
                continue;
            }

            // The antigens of DRB3, DRB4 and DRB5 have no relations.
            var locus = loci[0];
            serology.AddAntigen(locus, parent);
            foreach (var split in Antigens(File, number, fields[2], faults))
            {
                serology.AddAntigen(locus, split);
                serology.AddSplit(locus, parent, split);
            }

            foreach (var associated in Antigens(File, number, fields[3], faults))
            {
                serology.AddAntigen(locus, associated);
                serology.AddAssociated(locus, parent, associated);
            }
        }
    }

    // locus*;allele;unambiguous;possible;assumed;expert, and from release 3.64 on a seventh part, a specificity computed from the
    // sequence. What was observed or assumed stands; the expert's and the computed one only where there is nothing else.
    private static void ReadAssignments(ReleaseFiles files, SerologyTable serology, ReleaseFaults faults)
    {
        const string File = "rel_dna_ser.txt";
        foreach (var (number, fields) in WmdaLines.Of(files, File, ';', 6, faults))
        {
            if (!WmdaLines.TryLocus(fields[0], out var locus))
            {
                continue;
            }

            if (!AlleleName.TryParse(fields[1], out var name))
            {
                faults.Add($"{File} line {number}: '{fields[1]}' is not an allele name.");
                continue;
            }

            if (name.IsNull)
            {
                continue;
            }

            List<int> antigens = [.. fields[2..5].SelectMany(field => Antigens(File, number, field, faults)).Distinct()];
            for (var later = 5; later < fields.Length && antigens.Count == 0; later++)
            {
                antigens.AddRange(Antigens(File, number, fields[later], faults));
            }

            serology.AddProtein(locus, name.Protein, antigens);
        }
    }

    // 0 says that there may be no protein, ? that no antigen is known.
    private static IEnumerable<int> Antigens(string file, int line, string list, ReleaseFaults faults)
    {
        foreach (var text in list.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (text is "0" or "?")
            {
                continue;
            }

            if (ReleaseReader.TryNumber(text, out var antigen))
            {
                yield return antigen;
            }
            else
            {
                faults.Add($"{file} line {line}: '{text}' is not an antigen.");
            }
        }
    }
}
