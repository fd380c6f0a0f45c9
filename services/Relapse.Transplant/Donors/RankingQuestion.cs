using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Donors;

/// <summary>The days between which a transplant would have to be.</summary>
/// <param name="AsOf">The day from which remaining steps are counted.</param>
/// <param name="Relapse">The day of the relapse.</param>
/// <param name="Latest">The last day of the window.</param>
internal readonly record struct Window(DateOnly? AsOf, DateOnly? Relapse, DateOnly? Latest);

/// <summary>A typed relative who is no donor.</summary>
internal readonly record struct Relative(Relationship Relationship, Hla.HlaTyping Typing);

/// <summary>What a request asks, its donors aside: read, and resolved once for the call.</summary>
internal sealed class RankingQuestion
{
    private const int MostPairs = 100;
    private const int MostRelatives = 20;

    private RankingQuestion(RecipientCase recipient, CompiledPolicy policy, PolicySettings settings, ImmutableArray<Relative> family, Window window, WmdaTable table)
    {
        (Recipient, Policy, Settings, Family, Window, Table) = (recipient, policy, settings, family, window, table);
    }

    /// <summary>The recipient.</summary>
    public RecipientCase Recipient { get; }

    /// <summary>The policy.</summary>
    public CompiledPolicy Policy { get; }

    /// <summary>Its settings.</summary>
    public PolicySettings Settings { get; }

    /// <summary>Relatives who are no donors.</summary>
    public ImmutableArray<Relative> Family { get; }

    /// <summary>When.</summary>
    public Window Window { get; }

    /// <summary>How mismatches are counted.</summary>
    public WmdaTable Table { get; }

    /// <summary>The same question of a recipient of whom more is known.</summary>
    public RankingQuestion With(RecipientCase recipient) => new(recipient, Policy, Settings, Family, Window, Table);

    /// <summary>The same question with more that is set.</summary>
    public RankingQuestion With(PolicySettings settings) => new(Recipient, Policy, settings, Family, Window, Table);

    /// <summary>Reads a request, its donors aside; every fault is added.</summary>
    /// <returns>Null when there is no policy to rank by.</returns>
    public static RankingQuestion? Read(RankDonorsRequest request, HlaReference reference, FaultList faults)
    {
        var recipient = RecipientCase.Read(request.Recipient, reference, faults);
        var policy = PolicyLibrary.Shipped.Find(request.Policy, "policy", faults);
        var window = new Window(
            FieldCheck.Day(request.Window?.AsOfDate, "window.as_of_date", faults),
            FieldCheck.Day(request.Window?.RelapseDate, "window.relapse_date", faults),
            FieldCheck.Day(request.Window?.LatestDate, "window.latest_date", faults));
        if (window is { Relapse: { } relapse, Latest: { } latest } && latest < relapse)
        {
            faults.Invalid("window.latest_date", "lies before the relapse");
        }

        if (window.AsOf < window.Relapse)
        {
            faults.Invalid("window.as_of_date", "lies before the relapse");
        }

        FieldCheck.Word(request.Convention, "convention", faults);
        var family = ReadFamily(request, reference, faults);
        CheckPairs(request, faults);
        return policy is null
            ? null
            : new RankingQuestion(
                recipient,
                policy,
                new PolicySettings(policy, request.Settings, "settings", faults),
                family,
                window,
                request.Convention == MismatchConvention.Wmda2010 ? WmdaTable.Consensus2010 : WmdaTable.Consensus2016);
    }

    /// <summary>Adds every fault that can only be seen once all donors are there.</summary>
    public void CheckTogether(RankDonorsRequest request, IReadOnlyList<DonorCase> donors, FaultList faults)
    {
        foreach (var parent in new[] { Relationship.Mother, Relationship.Father })
        {
            var count = Family.Count(relative => relative.Relationship == parent) + donors.Count(donor => donor.Message.Relationship == parent);
            if (count > 1)
            {
                faults.Invalid("donors", $"{count} donors and relatives are stated to be the {(parent == Relationship.Mother ? "mother" : "father")}");
            }
        }

        foreach (var donor in donors.Where(donor => donor.Message.EarliestDate is not null && donor.Date?.Min < Window.Relapse))
        {
            faults.Invalid(donor.Path("earliest_date"), "lies before the relapse");
        }

        var ids = donors.Select(donor => donor.Message.DonorId).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; index < request.Compare.Count; index++)
        {
            var pair = request.Compare[index];
            Known(pair.First, $"compare[{index}].first");
            Known(pair.Second, $"compare[{index}].second");
        }

        void Known(string id, string path)
        {
            if (id.Length > 0 && !ids.Contains(id))
            {
                faults.Invalid(path, "no donor of the request has this id");
            }
        }
    }

    private static ImmutableArray<Relative> ReadFamily(RankDonorsRequest request, HlaReference reference, FaultList faults)
    {
        FaultList.ThrowIfTooMany("family", request.Family.Count, MostRelatives);
        var family = ImmutableArray.CreateBuilder<Relative>();
        for (var index = 0; index < request.Family.Count; index++)
        {
            var (member, path) = (request.Family[index], $"family[{index}]");
            if (member.Relationship is not (Relationship.Mother or Relationship.Father or Relationship.Sibling))
            {
                faults.Invalid($"{path}.relationship", "must be mother, father or sibling");
            }

            if (member.Typing is null)
            {
                faults.Invalid($"{path}.typing", "required");
            }

            family.Add(new Relative(member.Relationship, TypingField.Read(member.Typing, $"{path}.typing", reference.Reader, faults)));
        }

        return family.ToImmutable();
    }

    private static void CheckPairs(RankDonorsRequest request, FaultList faults)
    {
        FaultList.ThrowIfTooMany("compare", request.Compare.Count, MostPairs);
        for (var index = 0; index < request.Compare.Count; index++)
        {
            var (pair, path) = (request.Compare[index], $"compare[{index}]");
            if (pair.First.Length == 0 || pair.Second.Length == 0)
            {
                faults.Invalid(pair.First.Length == 0 ? $"{path}.first" : $"{path}.second", "required");
            }
            else if (pair.First == pair.Second)
            {
                faults.Invalid($"{path}.second", "the same donor");
            }
        }
    }
}
