using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>How large a graft can be and has to be, for the recipient's present weight. All in decimals: each number meets a limit.</summary>
/// <param name="question">The question.</param>
internal sealed class GraftSize(RankingQuestion question)
{
    // 10^8 cells in units of 10^7.
    private const decimal E7InE8 = 10;
    private readonly decimal? _weight = question.Recipient.WeightKg;
    private readonly decimal? _most = question.Settings.Number(SettingId.HarvestVolume);
    private readonly decimal? _target = question.Settings.Number(SettingId.HarvestTarget);
    private readonly decimal? _yield = question.Settings.Number(SettingId.HarvestYield);

    /// <summary>Most marrow that may be taken of a donor, in mL.</summary>
    public decimal? MostMarrowMl(Donor donor) => donor.HasWeightKg ? (decimal)donor.WeightKg * _most : null;

    /// <summary>Marrow that would give the cells aimed at, in mL.</summary>
    public decimal? NeededMarrowMl => _yield > 0 ? _target * E7InE8 * _weight / _yield : null;

    /// <summary>Whether a donor's marrow is enough.</summary>
    public Truth IsEnough(Donor donor)
    {
        // Not divided by the yield: a number on the limit stays on it.
        if (MostMarrowMl(donor) is not { } most || _yield is not { } yield || _target * E7InE8 * _weight is not { } cells)
        {
            return Truth.Open;
        }

        return most * yield >= cells ? Truth.True : Truth.False;
    }

    /// <summary>The recipient's weight up to which it is; null where that cannot be said.</summary>
    public decimal? EnoughUpToKg(Donor donor) => _target > 0 ? MostMarrowMl(donor) * _yield / (_target * E7InE8) : null;

    /// <summary>What would have to be known for it.</summary>
    public IEnumerable<string> MissingFor(DonorCase donor)
    {
        if (!donor.Message.HasWeightKg)
        {
            yield return donor.Path("weight_kg");
        }

        if (_weight is null)
        {
            yield return "recipient.weight_kg";
        }

        foreach (var unset in new[] { (_yield, SettingId.HarvestYield), (_target, SettingId.HarvestTarget), (_most, SettingId.HarvestVolume) })
        {
            if (unset.Item1 is null)
            {
                yield return $"settings.{unset.Item2}";
            }
        }
    }

    /// <summary>Whether cells of a unit are at least a dose per kg of the recipient's present weight.</summary>
    public Truth Reaches(decimal? cells, decimal least) => least == 0 ? Truth.True
        : cells is { } known && _weight is { } weight ? known >= least * weight ? Truth.True : Truth.False : Truth.Open;

    /// <summary>Cells per kg.</summary>
    public decimal? PerKg(decimal? cells) => cells / _weight;

    /// <summary>Total nucleated cells of a unit, in 10^7.</summary>
    public static decimal? Tnc(CordUnit unit) => unit.HasTncE7 ? (decimal)unit.TncE7 : null;

    /// <summary>CD34-positive cells of a unit, in 10^5.</summary>
    public static decimal? Cd34(CordUnit unit) => unit.HasCd34E5 ? (decimal)unit.Cd34E5 : null;
}
