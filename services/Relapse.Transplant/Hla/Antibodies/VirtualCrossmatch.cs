namespace Relapse.Transplant.Hla;

/// <summary>What a specificity of the recipient's antibodies means for a donor.</summary>
internal enum AntibodyVerdict
{
    /// <summary>The donor does not have what it is directed against.</summary>
    NotDonorSpecific,

    /// <summary>The donor has it and the recipient has not: in the direction host versus graft.</summary>
    DonorSpecific,

    /// <summary>One of the typings leaves open whether it is donor-specific.</summary>
    PossiblyDonorSpecific,

    /// <summary>The recipient has it: an error in the antibodies or in the typing, not a donor-specific antibody.</summary>
    AgainstOwnAntigen,
}

/// <summary>The virtual crossmatch. What strength of antibody matters is the laboratory's, and not asked here.</summary>
internal static class VirtualCrossmatch
{
    /// <summary>Judges one specificity.</summary>
    public static AntibodyVerdict Judge(AntibodySpecificity specificity, HlaTyping recipient, HlaTyping donor) =>
        Judge(specificity.CarriedBy(recipient), specificity.CarriedBy(donor));

    /// <summary>The same of what it is directed against.</summary>
    /// <param name="own">Whether the recipient has it.</param>
    /// <param name="donors">Whether the donor has it.</param>
    public static AntibodyVerdict Judge(Truth own, Truth donors) => own == Truth.True ? AntibodyVerdict.AgainstOwnAntigen : donors.And(own.Not()) switch
    {
        Truth.True => AntibodyVerdict.DonorSpecific,
        Truth.Open => AntibodyVerdict.PossiblyDonorSpecific,
        _ => AntibodyVerdict.NotDonorSpecific,
    };
}
