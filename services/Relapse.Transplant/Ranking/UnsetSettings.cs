using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Which settings that nobody has set could change who comes first, were they set; and whether a donor is NK-alloreactive, where the centre
/// states it of nobody. Unset they keep donors without a tier, block nobody and prefer nobody; who can come first is said of them as they are.
/// </summary>
/// <param name="ranking">The ranking.</param>
internal sealed class UnsetSettings(DonorRanking ranking)
{
    private static readonly string[] Models = [SettingWord.LigandLigand, SettingWord.MissingSelf, SettingWord.ReceptorLigand, SettingWord.MissingLigand];

    /// <summary>How often two donors were held against each other.</summary>
    public int Compared { get; private set; }

    /// <summary>Adds them.</summary>
    /// <param name="possible">Who can come first.</param>
    /// <param name="unknowns">Where to add them.</param>
    public void Add(List<Entry> possible, List<DecidingUnknown> unknowns)
    {
        AddTiers(possible, unknowns);
        AddLimits(possible, unknowns);
        AddAlloreactivity(possible, unknowns);
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

    // What the centre states of one, and what a model says of all, can part those whom nothing stated of anybody parts: in a group that
    // prefers the alloreactive.
    private void AddAlloreactivity(List<Entry> possible, List<DecidingUnknown> unknowns)
    {
        if (ranking.Question.Settings.Word(SettingId.NkModel) is not null || ranking.Nk.IsUsed)
        {
            return;
        }

        foreach (var group in ranking.Question.Policy.Groups)
        {
            var index = group.Criteria.ToList().FindIndex(one => one.Document.Measure == Measure.NkAlloreactivity);
            List<Entry> members = index < 0 ? [] : [.. possible.Where(entry => entry.Branches.Any(branch => branch.Best.Group == group.Number))];
            if (members.Count < 2)
            {
                continue;
            }

            var (criterion, first) = (group.Criteria[index], members[0]);
            if (CanPart(group.Number, 1 << index, members))
            {
                unknowns.Add(Unset(SettingId.NkModel, criterion.Id, criterion.Document.NotInSource));
            }

            // Who is alike to one is alike to each other: where all are, what is stated of one is so of the rest.
            if (members.Skip(1).Any(other => !IsAlike(group.Number, 1 << index, first, other)))
            {
                unknowns.AddRange(members.Where(entry => !entry.Donor.Message.HasNkAlloreactive).Select(entry => new DecidingUnknown
                {
                    Field = entry.Donor.Path("nk_alloreactive"),
                    DonorId = entry.Donor.Message.DonorId,
                    Criterion = criterion.Id,
                    NotInSource = criterion.Document.NotInSource,
                }));
            }
        }
    }

    // Two of whom every model says the same known thing it does not part, nor two who are alike in all that models ask for: of those a model
    // says the same. Who is alike to one is alike to each other, so that one is held against the rest.
    private bool CanPart(int group, int criterion, List<Entry> members)
    {
        var first = members[0];
        Truth[] says = [.. Models.Select(model => ranking.Nk.Model(model, first.Donor).Any)];
        var isOpen = says.Where((said, index) => said == Truth.Open && Models[index] != SettingWord.MissingLigand).Any();
        return members.Skip(1).Any(other => !IsAlike(group, criterion, first, other)
            && (isOpen || Models.Where((model, index) => ranking.Nk.Model(model, other.Donor).Any != says[index]).Any()));
    }

    private bool IsAlike(int group, int criterion, Entry one, Entry other)
    {
        Compared++;
        return (ranking.Alike(group, one, other) & criterion) != 0;
    }

    private static DecidingUnknown Unset(string setting, string criterion, bool notInSource = false) =>
        new() { Field = $"settings.{setting}", Criterion = criterion, NotInSource = notInSource };
}
