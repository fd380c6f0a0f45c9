namespace Relapse.Transplant.Hla;

/// <summary>What the T-cell epitope groups of DPB1 say of a pair: every verdict that the typings leave possible.</summary>
[Flags]
internal enum TceVerdicts
{
    /// <summary>None; never an answer.</summary>
    None = 0,

    /// <summary>DPB1 is matched at allele level: the groups are not asked.</summary>
    Matched = 1,

    /// <summary>Mismatched within the same group.</summary>
    Permissive = 2,

    /// <summary>Mismatched; the recipient's lowest group is lower, more immunogenic.</summary>
    NonPermissiveGvH = 4,

    /// <summary>Mismatched; the donor's lowest group is lower.</summary>
    NonPermissiveHvG = 8,

    /// <summary>Mismatched; a group is not known, or a person has no expressed allele.</summary>
    Unknown = 16,
}
