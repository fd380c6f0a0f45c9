using Google.Protobuf.Collections;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>Writes how a typing stands to the recipient's: as information, whether or not the policy makes anything of it.</summary>
/// <param name="ranking">The ranking.</param>
internal sealed class HlaAnswer(DonorRanking ranking)
{
    private const int MostLeaders = 4;
    private const int MostSpecific = 6;
    private static readonly CountScheme[] Schemes = Enum.GetValues<CountScheme>();
    private static readonly string[] Models = [SettingWord.LigandLigand, SettingWord.MissingSelf, SettingWord.ReceptorLigand, SettingWord.MissingLigand];

    /// <summary>Writes the comparisons of a donor, one for each typing.</summary>
    /// <returns>Whether a list was cut.</returns>
    public bool Write(DonorCase donor, RepeatedField<HlaComparison> into)
    {
        var cut = false;
        for (var index = 0; index < donor.Typings.Length; index++)
        {
            var typing = donor.Typings[index];
            var (pair, comparison) = (new HlaPair(ranking.Context, typing), new HlaComparison());
            WriteCounts(pair, comparison);
            WriteMismatches(pair, comparison);
            if (donor.IsCord && ranking.Context.Antigens is not null)
            {
                var six = pair.AntigenSix();
                comparison.AntigenSix = new MatchCount { OutOf = 2 * CountScheme.Six.Loci().Length, Guaranteed = six.Min, Possible = six.Max };
            }

            if (ranking.Context.HasTce)
            {
                WriteTce(pair.Tce(), comparison.Dpb1Tce);
            }

            cut |= WriteLeader(pair, comparison.Leader) | WriteAntibodies(donor, index, comparison.DonorSpecific);
            into.Add(comparison);
        }

        if (into.Count > 0)
        {
            WriteModels(donor, into[0].NkModels);
        }

        return cut;
    }

    private static void WriteCounts(in HlaPair pair, HlaComparison comparison)
    {
        foreach (var scheme in Schemes)
        {
            var count = pair.Count(scheme);
            comparison.Counts.Add(new MatchCount
            {
                OutOf = count.OutOf,
                Guaranteed = count.PerLocus.Min,
                Possible = count.PerLocus.Max,
                GvhGuaranteed = count.GvH.Min,
                GvhPossible = count.GvH.Max,
                HvgGuaranteed = count.HvG.Min,
                HvgPossible = count.HvG.Max,
                LociTyped = count.LociTyped,
            });
        }
    }

    // Loci that nobody typed say nothing, and are not listed.
    private void WriteMismatches(in HlaPair pair, HlaComparison comparison)
    {
        foreach (var locus in HlaLoci.All)
        {
            if (!pair.Donor[locus].IsTyped && !ranking.Context.Recipient[locus].IsTyped)
            {
                continue;
            }

            var count = pair.Count(locus);
            if (count.Max.Max > 0)
            {
                comparison.Mismatches.Add(new LocusMismatch
                {
                    Locus = locus.Name(),
                    GvhMin = count.GvH.Min,
                    GvhMax = count.GvH.Max,
                    HvgMin = count.HvG.Min,
                    HvgMax = count.HvG.Max,
                });
            }
        }
    }

    private static void WriteTce(TceVerdicts verdicts, RepeatedField<string> into)
    {
        Add(TceVerdicts.Matched, "MATCHED");
        Add(TceVerdicts.Permissive, "PERMISSIVE");
        Add(TceVerdicts.NonPermissiveGvH, "NON_PERMISSIVE_GVH");
        Add(TceVerdicts.NonPermissiveHvG, "NON_PERMISSIVE_HVG");
        Add(TceVerdicts.Unknown, "UNKNOWN");

        void Add(TceVerdicts verdict, string word)
        {
            if (verdicts.HasFlag(verdict))
            {
                into.Add(word);
            }
        }
    }

    private bool WriteLeader(in HlaPair pair, RepeatedField<string> into)
    {
        if (ranking.Context.Leaders is not { } leaders || !pair.Donor[HlaLocus.B].IsTyped)
        {
            return false;
        }

        var found = leaders.Compare(ranking.Context.Recipient[HlaLocus.B], pair.Donor[HlaLocus.B]);
        into.AddRange(found.Possible.Take(MostLeaders).Select(status => found.Applies == Truth.True ? status.ToString() : status + "?"));
        into.AddRange(found.TooAmbiguous ? ["?"] : []);
        return found.Possible.Length > MostLeaders;
    }

    private void WriteModels(DonorCase donor, RepeatedField<string> into)
    {
        if (ranking.Context.RecipientLigands is null || !donor.Typings[0][HlaLocus.C].IsTyped)
        {
            return;
        }

        foreach (var model in Models)
        {
            var any = ranking.Nk.Model(model, donor).Any;
            if (any != Truth.False)
            {
                into.Add(any == Truth.True ? model : model + "?");
            }
        }
    }

    private bool WriteAntibodies(DonorCase donor, int typing, RepeatedField<string> into)
    {
        var against = ranking.Blocks.Against(donor).Where(one => one.Typing == typing).ToList();
        into.AddRange(against.Take(MostSpecific).Select(one => one.Antibody.Specificity.Written + (one.Verdict == AntibodyVerdict.DonorSpecific ? "" : "?")));
        return against.Count > MostSpecific;
    }
}
