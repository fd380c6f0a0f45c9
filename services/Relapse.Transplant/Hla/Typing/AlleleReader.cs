using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>Reads one allele of a known locus: what stands after <c>A*</c>.</summary>
internal readonly ref struct AlleleReader(HlaLocus locus, HlaRelease? release, NmdpCodes? codes, TypingNotes notes)
{
    private readonly HlaLocus _locus = locus;
    private readonly HlaRelease? _release = release;
    private readonly NmdpCodes? _codes = codes;
    private readonly TypingNotes _notes = notes;

    private LocusTable? Table => _release?[_locus];

    /// <summary>Adds what the allele may be, or a fault.</summary>
    /// <param name="body">What stands after the star.</param>
    /// <param name="token">The allele as written, for the fault.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="set">Receives it.</param>
    public void Read(ReadOnlySpan<char> body, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        var colon = body.IndexOf(':');
        var rest = colon < 0 ? default : body[(colon + 1)..];
        var wholeField = AlleleName.TryParseField(colon < 0 ? body : body[..colon], out var first);
        if (body is "NEW" || (wholeField && rest is "NEW"))
        {
            set.AddNew();
        }
        else if (body is "NNNN" && _locus.MayBeAbsent())
        {
            set.AddAbsent();
        }
        else if (wholeField && (colon < 0 || rest is "XX"))
        {
            ReadFirstField(first, token, offset, set);
        }
        else if (wholeField && rest.Length >= 2 && !rest.ContainsAnyExceptInRange('A', 'Z'))
        {
            ReadCode(first, rest, token, offset, set);
        }
        else if (body.EndsWith('G'))
        {
            ReadGGroup(body[..^1], token, offset, set);
        }
        else if (body.EndsWith('P') || body.EndsWith("lg", StringComparison.Ordinal) || body.EndsWith('g'))
        {
            ReadProteinGroup(body, token, offset, set);
        }
        else if (AlleleName.TryParse(body, out var name))
        {
            ReadName(name, token, offset, set);
        }
        else
        {
            Fault(body, token, offset, TypingFaultKind.Malformed);
        }
    }

    private void ReadName(AlleleName name, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        if (Table is { } table && !table.Names.Contains(name))
        {
            if (!table.Renamed.TryGetValue(name, out var now))
            {
                Fault(name.ToString(), token, offset, TypingFaultKind.UnknownName);
                return;
            }

            if (now is not { } present)
            {
                _notes.Fault(offset, token, TypingFaultKind.DeletedName);
                return;
            }

            _notes.Warn(TypingWarningKind.Renamed, _locus, token, $"{_locus.Name()}*{present}");
            name = present;
        }

        if (name.Suffix is not (ExpressionSuffix.None or ExpressionSuffix.Null))
        {
            _notes.Warn(TypingWarningKind.ExpressionToReview, _locus, token);
        }

        set.Add(name);
    }

    // A*02:XX, A*02: every allele of that first field, those that make no protein aside.
    private void ReadFirstField(int first, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        if (Table is not { } table)
        {
            _notes.Warn(TypingWarningKind.NeedsRelease, _locus, token);
            set.AddUnknown();
        }
        else if (table.ProteinsOfFirstField(first) is { IsEmpty: false } proteins)
        {
            if (_notes.TryExpand(proteins.Length, offset, token))
            {
                set.AddFirstField(proteins);
            }
        }
        else
        {
            // Four digits are the name of an allele before 2010; its colon is what is missing.
            Fault(first > 999 ? $"{first}" : $"{first:00}:01", token, offset, TypingFaultKind.UnknownName);
        }
    }

    private void ReadGGroup(ReadOnlySpan<char> text, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        if (!AlleleName.TryParse(text, out var name) || name.Suffix != ExpressionSuffix.None || name.FieldCount > 3)
        {
            Fault(text, token, offset, TypingFaultKind.Malformed);
        }
        else if (Table is not { } table)
        {
            set.Add(name.Protein);
        }
        else if (table.GGroups.TryGetValue(name, out var group))
        {
            if (_notes.TryExpand(group.Proteins.Length + group.Nulls.Length, offset, token))
            {
                Add(group.Proteins, group.Nulls, set);
            }
        }
        else
        {
            Fault(text, token, offset, TypingFaultKind.UnknownName);
        }
    }

    // 01:01P by its name; 01:01g, 01:01lg: the proteins of its class and the null alleles of the G groups that these stand in.
    private void ReadProteinGroup(ReadOnlySpan<char> body, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        var isP = body.EndsWith('P');
        var text = isP ? body[..^1] : body.TrimEnd('g').TrimEnd('l');
        if (!AlleleName.TryParse(text, out var name) || name.Suffix != ExpressionSuffix.None || name.FieldCount > 2)
        {
            Fault(text, token, offset, TypingFaultKind.Malformed);
            return;
        }

        if (Table is not { } table)
        {
            set.Add(name.Protein);
            return;
        }

        var code = table.ClassOf(name.Protein);
        if (isP ? !table.NamedClasses.Contains(name.Protein) : !table.Names.Contains(name))
        {
            Fault(text, token, offset, TypingFaultKind.UnknownName);
            return;
        }

        if (_notes.TryExpand(table.ProteinsOfClass(code).Length, offset, token))
        {
            Add(table.ProteinsOfClass(code), isP ? [] : table.NullsBeside(code), set);
        }
    }

    private static void Add(ImmutableArray<int> proteins, ImmutableArray<AlleleName> nulls, AlleleSet set)
    {
        set.Add(proteins);
        foreach (var silent in nulls)
        {
            set.AddNull(silent);
        }
    }

    private void ReadCode(int first, ReadOnlySpan<char> letters, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        if (_codes is null || !_codes.TryExpand(letters, out var members, out var isSpecific))
        {
            _notes.Fault(offset, token, TypingFaultKind.UnknownCode);
            return;
        }

        if (!_notes.TryExpand(members.Count('/') + 1, offset, token))
        {
            return;
        }

        var (found, foundFirst) = (0, false);
        foreach (var range in members.Split('/'))
        {
            // Only combinations that exist are kept; without a release nobody knows which.
            var text = isSpecific ? members[range] : $"{first:00}:{members[range]}";
            if (AlleleName.TryParse(text, out var name) && Existing(name) is { } existing)
            {
                set.Add(existing);
                found++;
                foundFirst |= name.Field(1) == first;
            }
        }

        if (found == 0 || !foundFirst)
        {
            _notes.Fault(offset, token, TypingFaultKind.EmptyCode);
        }
    }

    private AlleleName? Existing(AlleleName name) =>
        Table is not { } table || table.Names.Contains(name) ? name : table.Renamed.GetValueOrDefault(name);

    private void Fault(ReadOnlySpan<char> name, ReadOnlySpan<char> token, int offset, TypingFaultKind kind)
    {
        var (table, written) = (Table, name.ToString());
        Func<ImmutableArray<string>>? nearest = table is null ? null : () => NearestNames.Alleles(table, written);
        _notes.Fault(offset, token, kind, nearest);
    }
}
