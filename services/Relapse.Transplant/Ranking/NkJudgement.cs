using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Says which donors are NK-alloreactive: what the centre states of a donor stands, else the model that is set.</summary>
internal sealed class NkJudgement
{
    private readonly HlaContext _context;
    private readonly string? _model;

    /// <param name="question">The question.</param>
    /// <param name="context">Reads ligands.</param>
    /// <param name="donors">All donors.</param>
    public NkJudgement(RankingQuestion question, HlaContext context, IReadOnlyList<DonorCase> donors)
    {
        (_context, _model) = (context, question.Settings.Word(SettingId.NkModel));
        IsUsed = _model is not null || donors.Any(donor => donor.Message.HasNkAlloreactive);
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

        var ligands = reader.Read(donor.Typings[0]);
        return model switch
        {
            SettingWord.LigandLigand => KirModels.LigandLigand(recipient, ligands),
            SettingWord.MissingSelf => KirModels.MissingSelf(recipient, ligands, Genes(donor.Message.Kir)),
            SettingWord.ReceptorLigand => KirModels.ReceptorLigand(recipient, Genes(donor.Message.Kir)),
            _ => KirModels.MissingLigand(recipient),
        };
    }

    /// <summary>What would have to be known of a donor.</summary>
    public ImmutableArray<string> Missing(DonorCase donor)
    {
        if (_model is null)
        {
            return [donor.Path("nk_alloreactive"), $"settings.{SettingId.NkModel}"];
        }

        if (_context.RecipientLigands is null)
        {
            return ["reference.hla_release"];
        }

        var genes = Genes(donor.Message.Kir);
        var untested = new[] { genes.Kir2DL1, genes.Kir2DL2, genes.Kir2DL3, genes.Kir3DL1 }.Contains(Truth.Open);
        return [.. untested && (_model is SettingWord.MissingSelf or SettingWord.ReceptorLigand) ? [donor.Path("kir")] : Array.Empty<string>(), donor.TypingPath(0), "recipient.typing"];
    }

    private static KirGenes Genes(KirGenotype? kir) => kir is null ? KirGenes.Untyped : new KirGenes(
        Gene(kir.HasKir2Dl1, kir.Kir2Dl1), Gene(kir.HasKir2Dl2, kir.Kir2Dl2), Gene(kir.HasKir2Dl3, kir.Kir2Dl3), Gene(kir.HasKir3Dl1, kir.Kir3Dl1));

    private static Truth Gene(bool tested, bool present) => !tested ? Truth.Open : present ? Truth.True : Truth.False;
}
