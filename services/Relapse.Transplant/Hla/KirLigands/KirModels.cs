namespace Relapse.Transplant.Hla;

/// <summary>Which inhibitory KIR genes a donor has; open where it was not tested.</summary>
/// <param name="Kir2DL1">For C2.</param>
/// <param name="Kir2DL2">For C1.</param>
/// <param name="Kir2DL3">For C1.</param>
/// <param name="Kir3DL1">For Bw4.</param>
internal readonly record struct KirGenes(Truth Kir2DL1, Truth Kir2DL2, Truth Kir2DL3, Truth Kir3DL1)
{
    /// <summary>Nothing was tested.</summary>
    public static KirGenes Untyped { get; } = new(Truth.Open, Truth.Open, Truth.Open, Truth.Open);

    /// <summary>Whether there is a receptor for the ligand.</summary>
    public Truth For(KirLigand ligand) => ligand switch
    {
        KirLigand.C1 => Kir2DL2.Or(Kir2DL3),
        KirLigand.C2 => Kir2DL1,
        KirLigand.Bw4 => Kir3DL1,
        _ => Truth.Open,
    };
}

/// <summary>What one model says, ligand by ligand; all in the direction graft versus host.</summary>
/// <param name="C1">Of C1.</param>
/// <param name="C2">Of C2.</param>
/// <param name="Bw4">Of Bw4.</param>
internal readonly record struct KirModelResult(Truth C1, Truth C2, Truth Bw4)
{
    /// <summary>Of one of them.</summary>
    public Truth this[KirLigand ligand] => ligand switch
    {
        KirLigand.C1 => C1,
        KirLigand.C2 => C2,
        _ => Bw4,
    };

    /// <summary>Of one of them at least.</summary>
    public Truth Any => C1.Or(C2).Or(Bw4);
}

/// <summary>
/// Models of NK alloreactivity, side by side. They answer different questions and are never merged; whether one matters, and in which
/// transplant, is for a policy to say.
/// </summary>
internal static class KirModels
{
    /// <summary>Ligand-ligand (Ruggeri, Science 2002): the donor has a ligand that the recipient lacks.</summary>
    public static KirModelResult LigandLigand(in LigandProfile recipient, in LigandProfile donor) => new(
        donor.C1.And(recipient.C1.Not()), donor.C2.And(recipient.C2.Not()), donor.Bw4.And(recipient.Bw4.Not()));

    /// <summary>Missing self with its receptor (Ruggeri, Blood 2007;110:433): as <see cref="LigandLigand"/>, and the donor has the
    /// receptor.</summary>
    public static KirModelResult MissingSelf(in LigandProfile recipient, in LigandProfile donor, KirGenes genes)
    {
        var ligands = LigandLigand(recipient, donor);
        return new KirModelResult(
            ligands.C1.And(genes.For(KirLigand.C1)), ligands.C2.And(genes.For(KirLigand.C2)), ligands.Bw4.And(genes.For(KirLigand.Bw4)));
    }

    /// <summary>Receptor-ligand (Leung 2004): the donor has a receptor whose ligand the recipient lacks.</summary>
    public static KirModelResult ReceptorLigand(in LigandProfile recipient, KirGenes genes) => new(
        genes.For(KirLigand.C1).And(recipient.C1.Not()),
        genes.For(KirLigand.C2).And(recipient.C2.Not()),
        genes.For(KirLigand.Bw4).And(recipient.Bw4.Not()));

    /// <summary>Missing ligand (Hsu, Blood 2005;105:4878): the recipient lacks a ligand; nothing is asked of the donor.</summary>
    public static KirModelResult MissingLigand(in LigandProfile recipient) =>
        new(recipient.C1.Not(), recipient.C2.Not(), recipient.Bw4.Not());
}
