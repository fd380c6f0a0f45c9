namespace Relapse.Transplant.Hla;

/// <summary>DPB1 T-cell epitope groups, version 2: 1 is the most immunogenic, 3 the least.</summary>
internal sealed class TceTable
{
    /// <summary>The group of a protein that has none assigned.</summary>
    public const int Unknown = 0;

    private readonly Dictionary<int, int> _ofProtein = [];

    /// <summary>The group of a protein, 1 to 3 inclusive, or <see cref="Unknown"/>.</summary>
    public int Of(int protein) => _ofProtein.GetValueOrDefault(protein, Unknown);

    /// <summary>Adds an allele's assignment.</summary>
    /// <returns>False if another allele of the protein was assigned otherwise.</returns>
    public bool Add(int protein, int group) => _ofProtein.TryAdd(protein, group) || _ofProtein[protein] == group;
}
