using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>How finely antigens are told apart; the names are those of the WMDA (Bochtler 2011).</summary>
internal enum AntigenLevel
{
    /// <summary>SI1: as assigned, associated antigens apart: A203 is not A2.</summary>
    Associated,

    /// <summary>SI2: associated antigens with their parent, splits apart: A23 is not A24.</summary>
    Split,

    /// <summary>SI3: splits with their broad antigen: A23 and A24 are both A9.</summary>
    Broad,
}

/// <summary>
/// Antigens of a locus, and of its alleles. An antigen is its number: 2403 for A2403. Where an allele has none, its first field stands
/// in (<see cref="NoSerology"/> added), as the WMDA's search programs do.
/// </summary>
internal sealed class SerologyTable
{
    /// <summary>Added to a first field that stands in for an antigen, so that it is no antigen's number.</summary>
    public const int NoSerology = 1_000_000;

    private readonly Dictionary<(HlaLocus, int), int> _splitParent = [];
    private readonly Dictionary<(HlaLocus, int), int> _associatedParent = [];
    private readonly HashSet<(HlaLocus, int)> _known = [];
    private readonly Dictionary<(HlaLocus, int), ImmutableArray<int>> _ofProtein = [];
    private readonly Dictionary<(HlaLocus, int), ImmutableArray<int>> _carriers = [];

    /// <summary>The loci whose antigens are written so; DR51, DR52 and DR53 are those of DRB5, DRB3 and DRB4.</summary>
    public static ImmutableArray<HlaLocus> LociOf(ReadOnlySpan<char> letters) => letters switch
    {
        "A" => [HlaLocus.A],
        "B" => [HlaLocus.B],
        "Cw" => [HlaLocus.C],
        "DR" => [HlaLocus.Drb1, HlaLocus.Drb3, HlaLocus.Drb4, HlaLocus.Drb5],
        "DQ" => [HlaLocus.Dqb1],
        _ => [],
    };

    /// <summary>How antigens of a locus are written: A, Cw, B, DR, DQ; null where there are none.</summary>
    public static string? Letters(HlaLocus locus) => locus switch
    {
        HlaLocus.A => "A",
        HlaLocus.B => "B",
        HlaLocus.C => "Cw",
        HlaLocus.Drb1 or HlaLocus.Drb3 or HlaLocus.Drb4 or HlaLocus.Drb5 => "DR",
        HlaLocus.Dqb1 => "DQ",
        _ => null,
    };

    /// <summary>Which of the loci an antigen belongs to: DR51, DR52 and DR53 to DRB5, DRB3 and DRB4, every other to the first.</summary>
    public static HlaLocus LocusOfAntigen(ImmutableArray<HlaLocus> loci, int antigen) => (loci.Length, antigen) switch
    {
        (> 1, 51) => HlaLocus.Drb5,
        (> 1, 52) => HlaLocus.Drb3,
        (> 1, 53) => HlaLocus.Drb4,
        _ => loci[0],
    };

    /// <summary>Adds an antigen.</summary>
    public void AddAntigen(HlaLocus locus, int antigen) => _known.Add((locus, antigen));

    /// <summary>Says that an antigen is a split of a broad one.</summary>
    public void AddSplit(HlaLocus locus, int broad, int split) => _splitParent[(locus, split)] = broad;

    /// <summary>Says that an antigen is associated with another.</summary>
    public void AddAssociated(HlaLocus locus, int parent, int antigen) => _associatedParent[(locus, antigen)] = parent;

    /// <summary>Adds a protein's antigens; those of several alleles of one protein add up.</summary>
    public void AddProtein(HlaLocus locus, int protein, IEnumerable<int> antigens) =>
        _ofProtein[(locus, protein)] = [.. _ofProtein.GetValueOrDefault((locus, protein), []).Union(antigens).Order()];

    /// <summary>Finds who carries what, once everything is added.</summary>
    public void Complete()
    {
        var carriers =
            from one in _ofProtein
            from assigned in one.Value
            from antigen in SelfAndParents(one.Key.Item1, assigned)
            group one.Key.Item2 by (one.Key.Item1, antigen);
        foreach (var group in carriers)
        {
            _carriers[group.Key] = [.. group.Distinct().Order()];
            _known.Add(group.Key);
        }
    }

    /// <summary>Whether there is such an antigen at the locus.</summary>
    public bool Knows(HlaLocus locus, int antigen) => _known.Contains((locus, antigen));

    /// <summary>Every antigen of the locus.</summary>
    public IEnumerable<int> Antigens(HlaLocus locus) => _known.Where(known => known.Item1 == locus).Select(known => known.Item2).Order();

    /// <summary>The proteins that may carry an antigen, its splits and associated antigens among them; ascending.</summary>
    public ImmutableArray<int> Carriers(HlaLocus locus, int antigen) =>
        _carriers.GetValueOrDefault((locus, antigen), []);

    /// <summary>The antigens that a protein may have, as assigned; its first field where it has none. Never empty.</summary>
    public ImmutableArray<int> Of(HlaLocus locus, int protein)
    {
        // WMDA: no C antigen is named after a first field above 12, whatever an expert assigned; the field is the antigen.
        var noAntigens = locus == HlaLocus.C && ProteinCode.FirstField(protein) > 12;
        return !noAntigens && _ofProtein.TryGetValue((locus, protein), out var antigens) && !antigens.IsEmpty
            ? antigens
            : [NoSerology + ProteinCode.FirstField(protein)];
    }

    /// <summary>The antigen as which it counts at a level.</summary>
    public int At(HlaLocus locus, int antigen, AntigenLevel level)
    {
        if (level >= AntigenLevel.Split && _associatedParent.TryGetValue((locus, antigen), out var parent))
        {
            antigen = parent;
        }

        return level == AntigenLevel.Broad && _splitParent.TryGetValue((locus, antigen), out var broad) ? broad : antigen;
    }

    /// <summary>The antigen and those above it: 2403, 24, 9.</summary>
    public IEnumerable<int> SelfAndParents(HlaLocus locus, int antigen)
    {
        yield return antigen;
        while (_associatedParent.TryGetValue((locus, antigen), out var parent) || _splitParent.TryGetValue((locus, antigen), out parent))
        {
            yield return antigen = parent;
        }
    }

    /// <summary>Whether something assigned one antigen is another: it is if that is the same or above. It may be if that is a split of
    /// it, for then the split was not determined. An associated antigen is a thing of its own.</summary>
    public Truth Is(HlaLocus locus, int assigned, int antigen)
    {
        if (SelfAndParents(locus, assigned).Contains(antigen))
        {
            return Truth.True;
        }

        var parent = _associatedParent.GetValueOrDefault((locus, antigen), antigen);
        return _splitParent.TryGetValue((locus, parent), out var broad) && broad == assigned ? Truth.Open : Truth.False;
    }

    /// <summary>Whether a copy typed as an antigen is another: it may be any that is below the one typed.</summary>
    public Truth IsTyped(HlaLocus locus, int typed, int antigen) => Is(locus, typed, antigen) == Truth.True
        ? Truth.True
        : SelfAndParents(locus, antigen).Contains(typed) ? Truth.Open : Truth.False;
}
