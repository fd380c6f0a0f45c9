using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>Writes one donor of the list.</summary>
internal sealed class RankedDonorWriter
{
    private const int MostCodes = 12;
    private const int MostBytes = 2048;
    private readonly DonorRanking _ranking;
    private readonly HlaAnswer _hla;
    private readonly DonorWarnings _warnings;
    private readonly DonorComparison _comparison;
    private readonly CompiledPolicy _policy;

    /// <param name="ranking">The ranking.</param>
    public RankedDonorWriter(DonorRanking ranking)
    {
        (_ranking, _policy) = (ranking, ranking.Question.Policy);
        (_hla, _warnings, _comparison) = (new HlaAnswer(ranking), new DonorWarnings(ranking), new DonorComparison(ranking));
    }

    /// <summary>Writes the donor at a place of the list.</summary>
    public RankedDonor Write(int place)
    {
        var listed = _ranking.List[place];
        var (entry, donor) = (listed.Entry, listed.Entry.Donor);
        var written = new RankedDonor
        {
            DonorId = donor.Message.DonorId,
            Index = donor.Index,
            RankMin = listed.Ranks.Min,
            RankMax = listed.Ranks.Max,
            Tied = listed.Tied,
            Blocked = entry.State,
            Classes = { entry.Standing.Classes },
            Blocks = { entry.Blocks.Select(Reason) },
            ToNext = place + 1 < _ranking.List.Length ? _comparison.Compare(entry, _ranking.List[place + 1].Entry) : null,
        };
        WriteTier(entry, written);
        WriteCriteria(entry, written);
        written.Truncated = donor.Message.Kind != DonorKind.Autologous && _hla.Write(donor, written.Hla);
        WriteFacts(donor, written);
        WriteCodes(entry, written);
        Fit(written);
        return written;
    }

    // Ids and authors are the caller's, and in some scripts a letter is three bytes: what else says the same is left out first.
    private static void Fit(RankedDonor written)
    {
        while (written.CalculateSize() > MostBytes)
        {
            var mismatches = written.Hla.Select(one => one.Mismatches).FirstOrDefault(list => list.Count > 0);
            if (written.Missing.Count > 0)
            {
                written.Missing.RemoveAt(written.Missing.Count - 1);
            }
            else if (mismatches is not null)
            {
                mismatches.RemoveAt(mismatches.Count - 1);
            }
            else if (written.Warnings.Count > 0)
            {
                written.Warnings.RemoveAt(written.Warnings.Count - 1);
            }
            else
            {
                return;
            }

            written.Truncated = true;
        }
    }

    private static BlockReason Reason(Block block) => new()
    {
        Code = block.Code,
        State = block.IsCertain ? BlockState.Blocked : BlockState.Open,
        Setting = block.Setting,
        OverriddenBy = block.SetAsideBy,
    };

    private void WriteTier(Entry entry, RankedDonor written)
    {
        var tiers = entry.Standing.Classes.Select(_policy.GroupOf).Select(group => group?.Tier).Distinct().ToList();
        if (tiers is [{ } only] && entry.Standing.Reason.Length == 0)
        {
            written.Tier = _policy.Document.Tiers[only].Id;
            return;
        }

        written.PossibleTiers.AddRange(tiers.OfType<int>().Order().Select(tier => _policy.Document.Tiers[tier].Id));
        written.TierReason = entry.Standing.Reason.Length > 0 ? entry.Standing.Reason
            : tiers.TrueForAll(tier => tier is null) ? Standing.NotCovered : Standing.NotKnown;
    }

    private void WriteCriteria(Entry entry, RankedDonor written)
    {
        if (entry.Best.Group == Place.NoGroup || entry.Best.Group != entry.Worst.Group)
        {
            return;
        }

        foreach (var criterion in _policy.Groups[entry.Best.Group].Criteria)
        {
            var measured = _ranking.Measures.Of(criterion, entry.Donor);
            if (measured != Measured.NotUsed)
            {
                written.Criteria.Add(new CriterionValue { Id = criterion.Id, Value = measured.Text, Known = measured.IsKnown && measured.Text.Length > 0 });
            }
        }
    }

    private void WriteFacts(DonorCase donor, RankedDonor written)
    {
        if (donor.Message.Kind == DonorKind.Related)
        {
            written.Family = Family(donor);
        }

        if (donor.IsCord)
        {
            written.Cord = CordDoses.Of(donor, _ranking.Size, _ranking.Context);
        }
        else if (donor.Message.Kind != DonorKind.Autologous)
        {
            written.Feasibility = Feasibility(donor.Message);
        }

        if (donor.Date is { } date)
        {
            written.Earliest = new DateRange { Min = DateFrontier.Of(date.Min), Max = date.Max is { } last ? DateFrontier.Of(last) : null };
        }
    }

    private FamilyFinding Family(DonorCase donor)
    {
        var finding = _ranking.Family.Of(donor);
        return !finding.IsConsistent ? new FamilyFinding() : new FamilyFinding
        {
            Consistent = true,
            Genoidentity = donor.Message.Relationship == Relationship.Sibling ? finding.Genoidentity.ToString().ToUpperInvariant() : "",
            SharedHaplotypesMin = finding.SharedHaplotypes.Min,
            SharedHaplotypesMax = finding.SharedHaplotypes.Max,
            Nima = finding.UnsharedIsNima.ToString().ToUpperInvariant(),
            Nipa = finding.UnsharedIsNipa.ToString().ToUpperInvariant(),
            Recombination = finding.Recombination,
        };
    }

    private GraftFeasibility? Feasibility(Donor donor)
    {
        var (most, needed) = (_ranking.Size.MostMarrowMl(donor), _ranking.Size.NeededMarrowMl);
        var isMinor = donor.HasAgeYears && (decimal)donor.AgeYears < _ranking.Question.Settings.Number(SettingId.UnrelatedAge);
        if (most is null && needed is null && !isMinor)
        {
            return null;
        }

        var written = new GraftFeasibility
        {
            Verdict = _ranking.Size.IsEnough(donor) switch { Truth.True => "ENOUGH", Truth.False => "TOO_SMALL", _ => "NOT_KNOWN" },
            Minor = isMinor,
        };
        if (most is { } volume)
        {
            written.MostMarrowMl = (double)volume;
        }

        if (needed is { } aim)
        {
            written.NeededMarrowMl = (double)aim;
        }

        return written;
    }

    private void WriteCodes(Entry entry, RankedDonor written)
    {
        var missing = entry.Unmoved.SelectMany(block => block.Missing).Concat(entry.Standing.Missing).ToList();
        if (entry.Best.Group != Place.NoGroup && entry.Best.Group == entry.Worst.Group)
        {
            missing.AddRange(_policy.Groups[entry.Best.Group].Criteria
                .Where(criterion => !_ranking.Measures.Of(criterion, entry.Donor).IsKnown)
                .SelectMany(criterion => _ranking.Measures.Missing(criterion, entry.Donor)));
        }

        List<string> distinct = [.. missing.Distinct(StringComparer.Ordinal)];
        List<string> warnings = [.. _warnings.Of(entry)];
        written.Missing.AddRange(distinct.Take(MostCodes));
        written.Warnings.AddRange(warnings.Take(MostCodes));
        written.Truncated |= distinct.Count > MostCodes || warnings.Count > MostCodes;
    }
}
