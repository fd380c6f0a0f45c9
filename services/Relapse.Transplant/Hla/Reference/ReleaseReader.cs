using System.Globalization;

namespace Relapse.Transplant.Hla;

/// <summary>Reads the names and groups of a release; <see cref="ReleaseSelfTest"/> then says whether they hold together.</summary>
internal static class ReleaseReader
{
    private const int DeepestRenaming = 8;

    /// <summary>Reads the files; every line that cannot be read is a fault.</summary>
    public static HlaRelease Read(ReleaseFiles files, string version, ReleaseFaults faults)
    {
        LocusTable[] loci = [.. HlaLoci.All.Select(locus => new LocusTable(locus))];
        var serology = new SerologyTable();
        ReadNames(files, loci, serology, faults);
        ReadClasses(files, loci, faults);
        var figures = ReadGGroups(files, loci, faults);
        foreach (var table in loci)
        {
            table.Complete();
        }

        AntigenReader.Read(files, serology, faults);
        return new HlaRelease(
            version, files.Digest, loci, serology, TceReader.Read(files, faults), SequenceReader.Read(files, faults), figures)
        {
            MissingFiles = [.. ReleaseFiles.Optional.Where(name => !files.Texts.ContainsKey(name))],
        };
    }

    /// <summary>Reads a number, invariant and not negative.</summary>
    public static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // locus;name;assigned;deleted;now called;why. Names from before 2010, without colons, are not read: nobody can type one by accident
    // and mean it.
    private static void ReadNames(ReleaseFiles files, LocusTable[] loci, SerologyTable serology, ReleaseFaults faults)
    {
        const string File = "hla_nom.txt";
        foreach (var (number, fields) in WmdaLines.Of(files, File, ';', 6, faults))
        {
            var deleted = fields[3].Length > 0;
            if (WmdaLines.TryLocus(fields[0], out var locus))
            {
                var table = loci[(int)locus];
                if (!AlleleName.TryParse(fields[1], out var name))
                {
                    if (!deleted)
                    {
                        faults.Add($"{File} line {number}: '{fields[1]}' is not an allele name.");
                    }
                }
                else if (deleted)
                {
                    table.Renamed[name] = AlleleName.TryParse(fields[4], out var now) ? now : null;
                }
                else
                {
                    for (var kept = 2; kept <= name.FieldCount; kept++)
                    {
                        table.Names.Add(name.Shortened(kept));
                    }
                }
            }
            else if (!deleted && TryNumber(fields[1], out var antigen))
            {
                if (SerologyTable.LociOf(fields[0]) is { IsEmpty: false } owners)
                {
                    serology.AddAntigen(SerologyTable.LocusOfAntigen(owners, antigen), antigen);
                }
            }
        }

        foreach (var table in loci)
        {
            SettleRenamed(table);
        }
    }

    // A name may have been renamed more than once, and is also typed shortened: then it stands for what all of them became.
    private static void SettleRenamed(LocusTable table)
    {
        foreach (var name in table.Renamed.Keys.ToArray())
        {
            var now = table.Renamed[name];
            for (var step = 0; step < DeepestRenaming && now is { } next && !table.Names.Contains(next); step++)
            {
                now = table.Renamed.GetValueOrDefault(next);
            }

            table.Renamed[name] = now is { } last && table.Names.Contains(last) ? now : null;
        }

        foreach (var (name, now) in table.Renamed.ToArray())
        {
            for (var kept = 2; kept < name.FieldCount; kept++)
            {
                var cut = name.Shortened(kept);
                if (!table.Names.Contains(cut))
                {
                    var same = !table.Renamed.TryGetValue(cut, out var before) || before == now;
                    table.Renamed[cut] = same ? now : null;
                }
            }
        }
    }

    // locus*;member/member/...;name. A group of one has no name.
    private static void ReadClasses(ReleaseFiles files, LocusTable[] loci, ReleaseFaults faults)
    {
        const string File = "hla_nom_p.txt";
        var codes = new HashSet<(HlaLocus, int)>();
        foreach (var (number, fields) in WmdaLines.Of(files, File, ';', 3, faults))
        {
            if (!WmdaLines.TryLocus(fields[0], out var locus))
            {
                continue;
            }

            var members = ReadMembers(File, number, fields[1], faults);
            var code = members.Count > 0 ? members[0].Protein : 0;
            if (fields[2].Length > 0)
            {
                if (!fields[2].EndsWith('P') || !AlleleName.TryParse(fields[2].AsSpan(0, fields[2].Length - 1), out var name))
                {
                    faults.Add($"{File} line {number}: '{fields[2]}' is not the name of a P group.");
                    continue;
                }

                code = name.Protein;
                loci[(int)locus].NamedClasses.Add(code);
            }

            if (!codes.Add((locus, code)))
            {
                faults.Add($"{File} line {number}: another P group has the name of this one, or its protein.");
            }

            foreach (var member in members)
            {
                AddMember(loci[(int)locus], member, code, faults);
            }
        }
    }

    private static void AddMember(LocusTable table, AlleleName member, int code, ReleaseFaults faults)
    {
        if (member.IsNull)
        {
            faults.Add($"hla_nom_p.txt: the null allele {table.Locus.Name()}*{member} stands in a P group.");
        }
        else if (!table.ClassOfProtein.TryAdd(member.Protein, code) && table.ClassOfProtein[member.Protein] != code)
        {
            faults.Add($"hla_nom_p.txt: {table.Locus.Name()}*{ProteinCode.Text(member.Protein)} stands in two P groups.");
        }
    }

    private static ReleaseFigures ReadGGroups(ReleaseFiles files, LocusTable[] loci, ReleaseFaults faults)
    {
        const string File = "hla_nom_g.txt";
        var groupsOf = new Dictionary<(string, int), int>();
        var (nulls, beside) = (0, 0);
        foreach (var (number, fields) in WmdaLines.Of(files, File, ';', 3, faults))
        {
            var members = ReadMembers(File, number, fields[1], faults);
            var group = new GGroup(
                [.. members.Where(member => !member.IsNull).Select(member => member.Protein).Distinct().Order()],
                [.. members.Where(member => member.IsNull)]);
            nulls += group.Nulls.Length;
            beside += group.Proteins.IsEmpty ? 0 : group.Nulls.Length;
            foreach (var protein in members.Select(member => member.Protein).Distinct())
            {
                groupsOf[(fields[0], protein)] = groupsOf.GetValueOrDefault((fields[0], protein)) + 1;
            }

            if (fields[2].Length > 0 && WmdaLines.TryLocus(fields[0], out var locus))
            {
                if (fields[2].EndsWith('G') && AlleleName.TryParse(fields[2].AsSpan(0, fields[2].Length - 1), out var name))
                {
                    loci[(int)locus].GGroups[name] = group;
                }
                else
                {
                    faults.Add($"{File} line {number}: '{fields[2]}' is not the name of a G group.");
                }
            }
        }

        return new ReleaseFigures(groupsOf.Count, groupsOf.Values.Count(groups => groups > 1), nulls, beside);
    }

    private static List<AlleleName> ReadMembers(string file, int line, string list, ReleaseFaults faults)
    {
        var members = new List<AlleleName>();
        foreach (var range in list.AsSpan().Split('/'))
        {
            var text = list.AsSpan(range);
            if (AlleleName.TryParse(text, out var member))
            {
                members.Add(member);
            }
            else
            {
                faults.Add($"{file} line {line}: '{text}' is not an allele name.");
            }
        }

        return members;
    }
}
