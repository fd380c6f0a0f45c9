using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Says which donors are NK-alloreactive: what the centre states of a donor stands, else the model that is set.</summary>
internal sealed class NkJudgement
{
    private static readonly KirLigand[] Ligands = [KirLigand.C1, KirLigand.C2, KirLigand.Bw4];

    private readonly HlaContext _context;
    private readonly OpenTypings _typings;
    private readonly string? _model;

    /// <param name="question">The question.</param>
    /// <param name="context">Reads ligands.</param>
    /// <param name="preferred">The donors among whom the policy may prefer one for it.</param>
    public NkJudgement(RankingQuestion question, HlaContext context, IEnumerable<DonorCase> preferred)
    {
        (_context, _typings, _model) = (context, new OpenTypings(context), question.Settings.Word(SettingId.NkModel));
        IsUsed = _model is not null || preferred.Any(donor => donor.Message.HasNkAlloreactive);
    }

    /// <summary>Whether there is anything to go by. If not, nobody is preferred for it, and the answer says so.</summary>
    public bool IsUsed { get; }

    /// <summary>Whether a donor is.</summary>
    public Truth Of(DonorCase donor)
    {
        if (donor.Message.HasNkAlloreactive)
        {
            return donor.Message.NkAlloreactive ? Truth.True : Truth.False;
        }

        return _model is null ? Truth.Open : Model(_model, donor).Any;
    }

    /// <summary>What one model says; open without reference data.</summary>
    public KirModelResult Model(string model, DonorCase donor)
    {
        if (_context.RecipientLigands is not { } recipient || _context.Ligands is not { } reader)
        {
            return new KirModelResult(Truth.Open, Truth.Open, Truth.Open);
        }

        return Model(model, donor, recipient, reader);
    }

    private KirModelResult Model(string model, DonorCase donor, LigandProfile recipient, LigandReader reader) => model switch
    {
        SettingWord.LigandLigand => KirModels.LigandLigand(recipient, _context.Readings.Ligands(reader, donor.Typings[0])),
        SettingWord.MissingSelf => KirModels.MissingSelf(recipient, _context.Readings.Ligands(reader, donor.Typings[0]), Genes(donor.Message.Kir)),
        SettingWord.ReceptorLigand => KirModels.ReceptorLigand(recipient, Genes(donor.Message.Kir)),
        _ => KirModels.MissingLigand(recipient),
    };

    /// <summary>Whether a donor is, for each of the sets of ligands, and receptors for them, that it may turn out to have: in an order that is
    /// the same for every recipient. Empty where there is no model, or the recipient's ligands are not known.</summary>
    public ImmutableArray<bool> Cases(DonorCase donor)
    {
        if (donor.Message.HasNkAlloreactive)
        {
            return [donor.Message.NkAlloreactive];
        }

        if (_model is null || _context.RecipientLigands is not { } recipient || Ligands.Any(ligand => recipient[ligand] == Truth.Open) || _context.Ligands is not { } reader)
        {
            return [];
        }

        // Beside a recipient who lacks every ligand the model says what it asks of the donor.
        var asked = Model(_model, donor, default, reader);
        var (lacks, cases) = (0, ImmutableArray.CreateBuilder<bool>());
        for (var ligand = 0; ligand < Ligands.Length; ligand++)
        {
            lacks |= recipient[Ligands[ligand]] == Truth.False ? 1 << ligand : 0;
        }

        for (var has = 0; has < 1 << Ligands.Length; has++)
        {
            if (Ligands.Select((ligand, index) => asked[ligand] == Truth.Open || asked[ligand] == Truths.Of((has & 1 << index) != 0)).All(can => can))
            {
                cases.Add((has & lacks) != 0);
            }
        }

        return cases.ToImmutable();
    }

    /// <summary>What would have to be known of a donor: of each ligand that leaves the model open, what the model asks of it and nobody
    /// knows.</summary>
    public ImmutableArray<string> Missing(DonorCase donor)
    {
        if (_model is null)
        {
            return [donor.Path("nk_alloreactive"), $"settings.{SettingId.NkModel}"];
        }

        if (_context.RecipientLigands is not { } recipient || _context.Ligands is not { } reader)
        {
            return [OpenTypings.Reference];
        }

        var (ligands, genes, result) = (_context.Readings.Ligands(reader, donor.Typings[0]), Genes(donor.Message.Kir), Model(_model, donor));
        var missing = new List<string>();
        foreach (var ligand in Ligands.Where(ligand => result[ligand] == Truth.Open))
        {
            if (_model is SettingWord.MissingSelf or SettingWord.ReceptorLigand && genes.For(ligand) == Truth.Open)
            {
                missing.Add(donor.Path("kir"));
            }

            // A typing that says all it can, and is open: there is no sequence to read the ligand from.
            if (_model is SettingWord.LigandLigand or SettingWord.MissingSelf && ligands[ligand] == Truth.Open)
            {
                missing.AddRange(OpenTypings.OfDonor(donor, 0, LociOf(ligand)) is { IsEmpty: false } typing ? typing : [OpenTypings.Reference]);
            }

            if (recipient[ligand] == Truth.Open)
            {
                missing.AddRange(OfRecipient(LociOf(ligand)));
            }
        }

        return [.. missing.Distinct(StringComparer.Ordinal)];
    }

    // A locus of which there is no sequence at all is open with any typing.
    private ImmutableArray<string> OfRecipient(ImmutableArray<HlaLocus> loci) =>
        _typings.OfRecipient(loci) is { IsEmpty: false } typing ? typing : _typings.OrReference([], [.. loci.Where(IsOpenForWantOfOne)]);

    private bool IsOpenForWantOfOne(HlaLocus locus) => _context.Release!.Residues.Has(locus) && locus switch
    {
        HlaLocus.A => _context.RecipientLigands!.Value.Bw4OnA == Truth.Open,
        HlaLocus.B => _context.RecipientLigands!.Value.Bw4OnB == Truth.Open,
        _ => true,
    };

    private static ImmutableArray<HlaLocus> LociOf(KirLigand ligand) => ligand switch
    {
        KirLigand.C1 => [HlaLocus.C, HlaLocus.B],
        KirLigand.C2 => [HlaLocus.C],
        _ => [HlaLocus.B, HlaLocus.A],
    };

    private static KirGenes Genes(KirGenotype? kir) => kir is null ? KirGenes.Untyped : new KirGenes(
        Gene(kir.HasKir2Dl1, kir.Kir2Dl1), Gene(kir.HasKir2Dl2, kir.Kir2Dl2), Gene(kir.HasKir2Dl3, kir.Kir2Dl3), Gene(kir.HasKir3Dl1, kir.Kir3Dl1));

    private static Truth Gene(bool tested, bool present) => !tested ? Truth.Open : present ? Truth.True : Truth.False;
}
