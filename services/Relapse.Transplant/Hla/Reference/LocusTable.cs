using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>A G group: alleles of one nucleotide sequence over the exons that matter.</summary>
/// <param name="Proteins">The expressed members' <see cref="ProteinCode"/>s, ascending.</param>
/// <param name="Nulls">Members that make no protein: a typing at this level cannot tell them from the others.</param>
internal sealed record GGroup(ImmutableArray<int> Proteins, ImmutableArray<AlleleName> Nulls);

/// <summary>What a release says of one locus. Not changed once the release is loaded.</summary>
/// <param name="locus">The locus.</param>
internal sealed class LocusTable(HlaLocus locus)
{
    private readonly Dictionary<int, ImmutableArray<int>> _proteinsOfClass = [];
    private readonly Dictionary<int, ImmutableArray<int>> _proteinsOfFirstField = [];
    private readonly Dictionary<int, ImmutableArray<AlleleName>> _nullsBeside = [];
    private string[]? _twoFieldNames;

    /// <summary>The locus.</summary>
    public HlaLocus Locus { get; } = locus;

    /// <summary>Every name in use, and every shortening of one to at least two fields, each with its suffix.</summary>
    public HashSet<AlleleName> Names { get; } = [];

    /// <summary>Names no longer in use, and what they are called now; null when they stand for nothing, or for more than one
    /// thing.</summary>
    public Dictionary<AlleleName, AlleleName?> Renamed { get; } = [];

    /// <summary>A protein's class: the code of its P group's name, or its own where the group is of one.</summary>
    public Dictionary<int, int> ClassOfProtein { get; } = [];

    /// <summary>Classes whose P group has a name.</summary>
    public HashSet<int> NamedClasses { get; } = [];

    /// <summary>G groups that have a name, by that name without its letter.</summary>
    public Dictionary<AlleleName, GGroup> GGroups { get; } = [];

    /// <summary>Every expressed protein, ascending.</summary>
    public ImmutableArray<int> Proteins { get; private set; } = [];

    /// <summary>The names of two fields, as text; made when they are first asked for.</summary>
    public IReadOnlyList<string> TwoFieldNames => _twoFieldNames ??= [.. Names.Where(name => name.FieldCount == 2).Select(name => name.ToString())];

    /// <summary>The class of a protein: what matching compares. A protein that no P group names is a class of its own.</summary>
    public int ClassOf(int protein) => ClassOfProtein.GetValueOrDefault(protein, protein);

    /// <summary>The expressed proteins of a class, ascending; empty for an unknown one.</summary>
    public ImmutableArray<int> ProteinsOfClass(int code) => _proteinsOfClass.GetValueOrDefault(code, []);

    /// <summary>The expressed proteins whose name begins so, ascending; empty for an unknown first field.</summary>
    public ImmutableArray<int> ProteinsOfFirstField(int field) => _proteinsOfFirstField.GetValueOrDefault(field, []);

    /// <summary>Null alleles in the G groups that members of a class stand in.</summary>
    public ImmutableArray<AlleleName> NullsBeside(int code) => _nullsBeside.GetValueOrDefault(code, []);

    /// <summary>Builds what follows from the names and the classes, once they are all there.</summary>
    public void Complete()
    {
        Proteins = [.. Names.Where(name => !name.IsNull).Select(name => name.Protein).Distinct().Order()];
        foreach (var group in Proteins.GroupBy(ClassOf))
        {
            _proteinsOfClass[group.Key] = [.. group];
        }

        foreach (var group in Proteins.GroupBy(ProteinCode.FirstField))
        {
            _proteinsOfFirstField[group.Key] = [.. group];
        }

        foreach (var group in GGroups.Values.Where(group => !group.Nulls.IsEmpty))
        {
            foreach (var code in group.Proteins.Select(ClassOf).Distinct())
            {
                _nullsBeside[code] = [.. NullsBeside(code), .. group.Nulls];
            }
        }
    }
}
