using System.Security.Cryptography;
using System.Text;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.House;
using Relapse.Transplant.Policies;

namespace Relapse.Tests.Transplant.Policies;

/// <summary>Policy documents: what is shipped, and how one with faults is refused.</summary>
public sealed class PolicyTests
{
    private const string Review = "services/Relapse.Transplant/Policies/review-2014/2014.1/policy.yaml";

    [Fact]
    public void Every_folder_is_a_policy_whose_digest_is_that_of_the_file()
    {
        var files = Repository.Files.Where(file => file.StartsWith("services/Relapse.Transplant/Policies/", StringComparison.Ordinal) && file.EndsWith(".yaml", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, files.Count);
        Assert.Equal(
            files.Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Repository.Root, file))))).Order(StringComparer.Ordinal),
            PolicyLibrary.Shipped.Policies.Select(policy => policy.Digest).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_review_has_its_order_and_sets_nothing_that_it_does_not_say()
    {
        var policy = PolicyLibrary.Shipped.Policies.Single(one => one.Document.Id == "review-2014");
        Assert.Equal(0, policy.GroupOf(DonorClass.MatchedSibling)!.Tier);
        Assert.Equal(1, policy.GroupOf(DonorClass.MatchedFamily)!.Tier);
        DonorClass[] together = [DonorClass.MatchedUnrelated, DonorClass.Cord, DonorClass.HaploTCellDepleted, DonorClass.HaploAlphaBetaDepleted];
        Assert.All(together, one => Assert.Equal(2, policy.GroupOf(one)!.Tier));
        Assert.Equal(3, together.Select(one => policy.GroupOf(one)!.Number).Distinct().Count());
        Assert.Equal(3, policy.GroupOf(DonorClass.HaploUnmanipulated)!.Tier);
        Assert.Equal(4, policy.TierCount);
        Assert.Equal(["nk_alloreactive"], policy.Criteria.Where(criterion => !criterion.Document.NotInSource).Select(criterion => criterion.Id));
        string[] unset =
        [
            SettingId.MatchedFamily, SettingId.MatchedUnrelated, SettingId.SuitableCord, SettingId.NkModel, SettingId.SingleTnc, SettingId.SingleCd34, SettingId.DoubleTnc,
            SettingId.DoubleCd34, SettingId.SingleBeforeDouble, SettingId.DsaLimit, SettingId.Confirmation, SettingId.HarvestYield, SettingId.HarvestBelowTarget,
        ];
        Assert.All(unset, id => Assert.False(policy.Document.Settings[id].HasValue));
    }

    [Fact]
    public void No_policy_lists_the_patient_or_rests_a_value_on_a_source_that_was_not_read()
    {
        foreach (var policy in PolicyLibrary.Shipped.Policies)
        {
            Assert.Null(policy.GroupOf(DonorClass.Autologous));
            Assert.All(
                policy.Document.Settings.Values.Where(setting => setting.HasValue),
                setting => Assert.DoesNotContain(setting.Because.Values_, citation => policy.Document.Sources[citation.Split('.')[0]].NotRead));
        }
    }

    [Theory]
    [InlineData("id: review-2014", "id: Review", "id")]
    [InlineData("version: \"2014.1\"", "version: \"2014.1\"\nvresion: \"2\"", "vresion")]
    [InlineData("    measure: MEASURE_AGE_YEARS\n", "    measure: MEASURE_SHOE_SIZE\n", "criteria.age.measure")]
    [InlineData("    order: [[YES], [NO]]\n", "    order: [[YES]]\n", "criteria.nk_alloreactive.order")]
    [InlineData("    order: [[YES], [NO]]\n", "    order: [[YES, NO], [NO]]\n", "criteria.nk_alloreactive.order[1]")]
    [InlineData("    prefer: PREFERENCE_LOWER\n", "", "criteria.age.prefer")]
    [InlineData("    because: [kollman2016]\n", "    because: [kollman1999]\n", "criteria.age.because")]
    [InlineData("    because: [kollman2016]\n", "", "criteria.age.because")]
    [InlineData("        criteria: [matches, dpb1, age, cmv]\n", "        criteria: [matches, dpb1, cmv]\n", "criteria.age")]
    [InlineData("        criteria: [matches, dpb1, age, cmv]\n", "        criteria: [matches, dpb1, age, cmv, height]\n", "tiers[2].groups[0].criteria[4]")]
    [InlineData("        criteria: [matches, dpb1, age, cmv]\n", "        criteria: [matches, dpb1, age, cmv, nk_alloreactive]\n", "tiers[2].groups[0].criteria[4]")]
    [InlineData("[DONOR_CLASS_MATCHED_FAMILY]", "[DONOR_CLASS_MATCHED_SIBLING]", "tiers[1].groups[0].classes")]
    [InlineData("[DONOR_CLASS_MATCHED_FAMILY]", "[DONOR_CLASS_AUTOLOGOUS]", "tiers[1].groups[0].classes")]
    [InlineData("    value: \"18\"\n", "    value: \"eighteen\"\n", "settings.donor.unrelated_min_age_years.value")]
    [InlineData("  donor.unrelated_min_age_years:\n", "  donor.min_age:\n", "settings.donor.min_age")]
    [InlineData("  - id: matched-family\n", "  - id: matched-sibling\n", "tiers[0].id")]
    public void A_fault_is_named_with_its_place_and_line(string from, string to, string path)
    {
        var text = Repository.Read(Review);
        Assert.Contains(from, text, StringComparison.Ordinal);
        var (policy, faults) = PolicyCompiler.Compile(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        Assert.Null(policy);
        var found = faults.Where(one => one.Path == path).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, fault => Assert.InRange(fault.Line, 1, text.Split('\n').Length));
    }

    [Theory]
    [InlineData(28, true)]
    [InlineData(29, false)]
    public void A_group_has_at_most_thirty_two_criteria(int more, bool isTaken)
    {
        var ids = Enumerable.Range(0, more).Select(index => $"age{index}").ToList();
        var text = Repository.Read(Review)
            .Replace("criteria: [matches, dpb1, age, cmv]", $"criteria: [matches, dpb1, age, cmv, {string.Join(", ", ids)}]", StringComparison.Ordinal)
            .Replace("\ntiers:\n", string.Concat(ids.Select(id => $"  {id}:\n    label: Younger\n    measure: MEASURE_AGE_YEARS\n    prefer: PREFERENCE_LOWER\n    not_in_source: true\n    because: [kollman2016]\n")) + "\ntiers:\n", StringComparison.Ordinal);
        var (policy, faults) = PolicyCompiler.Compile(Encoding.UTF8.GetBytes(text));
        Assert.Equal((isTaken, isTaken ? "" : "tiers[2].groups[0].criteria"), (policy is not null, string.Join(' ', faults.Select(fault => fault.Path))));
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var text = Repository.Read(Review).Replace("    value: \"18\"", "    value: \"-1\"", StringComparison.Ordinal).Replace("title: >-\n", "titel: >-\n", StringComparison.Ordinal);
        var (_, faults) = PolicyCompiler.Compile(Encoding.UTF8.GetBytes(text));
        Assert.Subset(faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal), new HashSet<string> { "titel", "title", "settings.donor.unrelated_min_age_years.value" });
    }
}
