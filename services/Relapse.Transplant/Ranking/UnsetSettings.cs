using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Which settings that nobody has set could change who comes first, were they set. Unset they keep donors without a tier, block nobody and
/// prefer nobody; who can come first is said of them as they are.
/// </summary>
/// <param name="ranking">The ranking.</param>
internal sealed class UnsetSettings(DonorRanking ranking)
{
    private static readonly string[] Models = [SettingWord.LigandLigand, SettingWord.MissingSelf, SettingWord.ReceptorLigand, SettingWord.MissingLigand];

    /// <summary>Adds them.</summary>
    /// <param name="possible">Who can come first.</param>
    /// <param name="unknowns">Where to add them.</param>
    public void Add(List<Entry> possible, List<DecidingUnknown> unknowns)
    {
        AddTiers(possible, unknowns);
        AddLimits(possible, unknowns);
        AddModel(possible, unknowns);
    }

    // What counts as matched or suitable could put others first.
    private void AddTiers(List<Entry> possible, List<DecidingUnknown> unknowns)
    {
        var firstBand = possible.Count == 0 ? int.MaxValue : possible.Max(entry => entry.Best.Band);
        foreach (var listed in ranking.List)
        {
            var standing = listed.Entry.Standing;
            if (standing.UnsetSetting.Length > 0
                && listed.Entry.State != BlockState.Blocked
                && standing.Classes.Any(donorClass => ranking.Question.Policy.GroupOf(donorClass)?.Tier <= firstBand))
            {
                unknowns.Add(Unset(standing.UnsetSetting, "tier"));
            }
        }
    }

    // A limit takes the first place from whom it blocks.
    private void AddLimits(List<Entry> possible, List<DecidingUnknown> unknowns)
    {
        var limits = possible.SelectMany(entry => ranking.Blocks.Unset(entry.Donor).Where(limit => entry.Donor.Message.Overrides.All(block => block.Code != limit.Code)));
        unknowns.AddRange(limits.Select(limit => limit.Setting).Distinct(StringComparer.Ordinal).Select(setting => Unset(setting, "blocked")));
    }

    // A model can part those whom nothing stated of anybody parts: in a group that prefers the alloreactive, with two of whom it can say
    // different things.
    private void AddModel(List<Entry> possible, List<DecidingUnknown> unknowns)
    {
        if (ranking.Question.Settings.Word(SettingId.NkModel) is not null || ranking.Nk.IsUsed)
        {
            return;
        }

        foreach (var group in ranking.Question.Policy.Groups)
        {
            var index = group.Criteria.ToList().FindIndex(one => one.Document.Measure == Measure.NkAlloreactivity);
            List<Entry> members = index < 0 ? [] : [.. possible.Where(entry => entry.Branches.Any(branch => branch.Best.Group == group.Number))];
            if (members.Exists(one => members.Exists(other => one != other && (ranking.Alike(group.Number, one, other) & 1 << index) == 0 && CanPart(one, other))))
            {
                unknowns.Add(Unset(SettingId.NkModel, group.Criteria[index].Id));
            }
        }
    }

    private bool CanPart(Entry one, Entry other) => Array.Exists(Models, model =>
    {
        var (first, second) = (ranking.Nk.Model(model, one.Donor).Any, ranking.Nk.Model(model, other.Donor).Any);
        return first != second || (first == Truth.Open && model != SettingWord.MissingLigand);
    });

    private static DecidingUnknown Unset(string setting, string criterion) => new() { Field = $"settings.{setting}", Criterion = criterion };
}
