namespace Relapse.Transplant.Hla;

/// <summary>What one copy may be, as it is gathered from a list of alleles.</summary>
internal sealed class AlleleSet
{
    private readonly List<int> _proteins = [];
    private readonly List<string> _nulls = [];
    private int _entries;
    private int _antigen;
    private bool _new;
    private bool _anyNull;
    private bool _absent;
    private bool _unknown;

    /// <summary>Adds expressed proteins.</summary>
    public void Add(params IEnumerable<int> proteins)
    {
        _entries++;
        _proteins.AddRange(proteins);
    }

    /// <summary>Adds every allele of a first field: the expressed ones, and null alleles that nobody needs to be told of.</summary>
    public void AddFirstField(IEnumerable<int> proteins)
    {
        _anyNull = true;
        Add(proteins);
    }

    /// <summary>Adds an antigen with the proteins that may carry it.</summary>
    public void AddAntigen(int antigen, IEnumerable<int> carriers)
    {
        _antigen = antigen;
        Add(carriers);
    }

    /// <summary>Adds an allele by name.</summary>
    public void Add(AlleleName name)
    {
        if (name.IsNull)
        {
            AddNull(name);
        }
        else
        {
            Add([name.Protein]);
        }
    }

    /// <summary>Adds an allele that makes no protein.</summary>
    public void AddNull(AlleleName name)
    {
        if (_nulls.Count <= TypingWarning.MostNames)
        {
            _nulls.Add(name.ToString());
        }
    }

    /// <summary>Adds an allele without a name.</summary>
    public void AddNew() => _new = true;

    /// <summary>Adds that the gene is not there.</summary>
    public void AddAbsent() => _absent = true;

    /// <summary>Adds what may be anything.</summary>
    public void AddUnknown() => _unknown = true;

    /// <summary>The copy; null when nothing was added. Null alleles beside expressed ones are left out, with a warning.</summary>
    public AllelePosition? ToPosition(HlaLocus locus, Func<int, int> classOf, ReadOnlySpan<char> written, TypingNotes notes)
    {
        var expressed = _proteins.Count > 0 || _new;
        if (_unknown || (_absent && (expressed || _nulls.Count > 0)))
        {
            return AllelePosition.Unknown;
        }

        if (!expressed)
        {
            return _absent ? AllelePosition.Absent : _nulls.Count > 0 ? AllelePosition.Null : null;
        }

        if (_nulls.Count > 0)
        {
            var more = _nulls.Count > TypingWarning.MostNames ? ", ..." : "";
            var names = string.Join(", ", _nulls.Take(TypingWarning.MostNames).Select(name => $"{locus.Name()}*{name}"));
            notes.Warn(TypingWarningKind.HiddenNull, locus, written, names + more);
        }

        var mayBeNull = _anyNull || _nulls.Count > 0;
        var antigen = _entries == 1 && !_new && _nulls.Count == 0 ? _antigen : AllelePosition.NoAntigen;
        return _proteins.Count > 0 ? AllelePosition.Expressed(_proteins, classOf, _new, mayBeNull, antigen) : AllelePosition.New;
    }
}
