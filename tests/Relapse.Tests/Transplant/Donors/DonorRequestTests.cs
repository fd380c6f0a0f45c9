using Google.Protobuf;
using Google.Rpc;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;
using Relapse.Transplant.Donors;
using static Relapse.Tests.Transplant.Ranking.RankedCall;

namespace Relapse.Tests.Transplant.Donors;

/// <summary>What is wrong with a request is said with its path, all of it at once.</summary>
public sealed class DonorRequestTests
{
    [Theory]
    [InlineData("{}", "recipient: required")]
    [InlineData("""{"recipient":{"weightKg":0}}""", "recipient.weight_kg: must be 0.1 to 300")]
    [InlineData("""{"recipient":{"weightKg":"NaN"}}""", "recipient.weight_kg: must be 0.1 to 300")]
    [InlineData("""{"recipient":{"sex":9}}""", "recipient.sex: not a value")]
    [InlineData("""{"recipient":{"antibodiesAssessed":false,"antibodies":[{"specificity":"A*02:01"}]}}""", "recipient.antibodies_assessed: antibodies are listed")]
    [InlineData("""{"recipient":{"antibodies":[{"specificity":"A*02:01/A*02:02"}]}}""", "recipient.antibodies[0].specificity: at 0")]
    [InlineData("""{"recipient":{"antibodies":[{"mfi":-1}]}}""", "recipient.antibodies[0].mfi: must be 0 to", "recipient.antibodies[0].specificity: required")]
    [InlineData("""{"recipient":{},"policy":"review-2014"}""", "policy: must be policies/{id}")]
    [InlineData("""{"recipient":{},"settings":[{"id":"matched.cousin","value":"1"},{"id":"matched.family","value":"11/10"},{"id":"dsa.block_above_mfi","value":"5e3"}]}""", "settings[0].id: the policy has no such", "settings[1].value: must be a count", "settings[2].value: must be a decimal")]
    [InlineData("""{"recipient":{},"settings":[{"id":"dsa.block_above_mfi","value":"1"},{"id":"dsa.block_above_mfi","value":"2"}]}""", "settings[1].id: is set twice")]
    [InlineData("""{"recipient":{},"window":{"relapseDate":{"year":2027,"month":2,"day":30}}}""", "window.relapse_date: must be a day")]
    [InlineData("""{"recipient":{},"window":{"relapseDate":{"year":2027,"month":2,"day":3},"latestDate":{"year":2027,"month":2,"day":2}}}""", "window.latest_date: lies before")]
    [InlineData("""{"recipient":{},"window":{"relapseDate":{"year":2027,"month":2,"day":3},"asOfDate":{"year":2020,"month":2,"day":2}},"donors":[{"donorId":"a","kind":"DONOR_KIND_UNRELATED","earliestDate":{"year":1950,"month":1,"day":1}}]}""", "window.as_of_date: lies before", "donors[0].earliest_date: lies before")]
    [InlineData("""{"recipient":{},"donors":[{"donorId":"a","kind":"DONOR_KIND_CORD","units":[{}],"matchStatement":"MATCH_STATEMENT_MATCHED"},{"donorId":"b","kind":"DONOR_KIND_UNRELATED","nkAlloreactive":false}]}""", "donors[0].match_statement: is for", "donors[1].nk_alloreactive: is for")]
    [InlineData("""{"recipient":{},"family":[{"relationship":"RELATIONSHIP_OTHER"}]}""", "family[0].relationship: must be", "family[0].typing: required")]
    [InlineData("""{"recipient":{},"compare":[{"first":"a","second":"a"},{"first":"a"}]}""", "compare[0].second: the same", "compare[1].second: required", "compare[0].first: no donor", "compare[0].second: no donor", "compare[1].first: no donor")]
    public void A_fault_of_the_question_is_named(string json, params string[] faults) => Assert.Equal(faults, Faults(json, faults));

    [Theory]
    [InlineData("{}", "donors[0].donor_id: required", "donors[0].kind: required")]
    [InlineData("""{"donorId":"a","kind":7}""", "donors[0].kind: not a value")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","relationship":"RELATIONSHIP_MOTHER"}""", "donors[0].relationship: is for a related")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","ageYears":-1,"weightKg":301}""", "donors[0].age_years: must be 0 to 120", "donors[0].weight_kg: must be 0.1 to 300")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","ageYears":"NaN","weightKg":"Infinity","nkAlloreactive":true}""", "donors[0].age_years: must be 0 to 120", "donors[0].weight_kg: must be 0.1 to 300", "donors[0].nk_alloreactive: is for")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_CORD"}""", "donors[0].units: a cord graft has")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","units":[{}]}""", "donors[0].units: is for cord")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_CORD","typing":{},"units":[{"tncE7":900000000,"cd34E5":0,"viabilityPercent":101}]}""", "donors[0].typing: of cord", "donors[0].units[0].tnc_e7: must be above 0", "donors[0].units[0].cd34_e5: must be above 0", "donors[0].units[0].viability_percent: must be 0 to 100")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","overrides":[{"code":"AUTOLOGOUS"}]}""", "donors[0].overrides[0].code: no such block", "donors[0].overrides[0].reason: required", "donors[0].overrides[0].author: required")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","remainingSteps":[{"daysMin":9,"daysMax":8}]}""", "window.as_of_date: required", "donors[0].remaining_steps[0].step: required", "donors[0].remaining_steps[0].days_max: must be 9 to")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","typing":{"glString":"A*01:01+A*02:01+A*03:01"}}""", "donors[0].typing.gl_string: at 16")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","typing":{"glString":"A*01:AB+A*02:01"}}""", "donors[0].typing.gl_string: at 0, 'A*01:AB': the code is not")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","typing":{"loci":[{"locus":"Q"},{"locus":"A","first":"01:01"},{"locus":"B","first":"08:01","second":"8"},{"locus":"B","first":"08:01","second":"08:01"}]}}""", "donors[0].typing.loci[0].locus: must be one of", "donors[0].typing.loci[1].second: required", "donors[0].typing.loci[3].locus: the same locus", "donors[0].typing.loci[2].second: at 0")]
    [InlineData("""{"donorId":"a","kind":"DONOR_KIND_UNRELATED","typing":{"glString":"A*01:01+A*02:01","loci":[{"locus":"A","first":"01:01","second":"02:01"}]}}""", "donors[0].typing: give gl_string or loci")]
    public void A_fault_of_a_donor_is_named(string donor, params string[] faults) =>
        Assert.Equal(faults, Faults($$"""{"recipient":{},"donors":[{{donor}}]}""", faults));

    [Fact]
    public void A_donor_is_small_its_typings_aside()
    {
        string[] faults = ["donors[0]: must be at most 8192 bytes"];
        var overrides = string.Join(',', Enumerable.Repeat("""{"code":"NOT_FIT","reason":"x","author":"y"}""", 600));
        Assert.Equal(faults, Faults($$"""{"recipient":{},"donors":[{"donorId":"a","kind":"DONOR_KIND_UNRELATED","overrides":[{{overrides}}]}]}""", faults));
        var typing = "A*01:01+A*01:01" + string.Concat(Enumerable.Repeat("/A*01:01", 2000));
        Assert.Empty(Faults($$"""{"recipient":{},"donors":[{"donorId":"a","kind":"DONOR_KIND_UNRELATED","typing":{"glString":"{{typing}}"} }]}""", faults));
    }

    [Fact]
    public void Two_donors_of_one_id_and_two_mothers_are_refused()
    {
        const string Mother = """{"donorId":"a","kind":"DONOR_KIND_RELATED","relationship":"RELATIONSHIP_MOTHER"}""";
        string[] faults = ["donors[1].donor_id: the same id as donors[0]", "donors: 2 donors and relatives are stated to be the mother"];
        Assert.Equal(faults, Faults($$"""{"recipient":{},"donors":[{{Mother}},{{Mother}}]}""", faults));
    }

    [Fact]
    public void A_million_letters_of_typing_are_refused_in_one_line()
    {
        var faults = new FaultList();
        var reader = new DonorReader(Bare, null, faults);
        reader.Read(new Donor { DonorId = "a", Kind = DonorKind.Unrelated, Typing = new HlaTyping { GlString = new string('A', 1_000_000) } });
        Assert.InRange(faults.ToStatus()!.CalculateSize(), 1, 2000);
    }

    [Fact]
    public void Names_that_are_near_are_looked_for_until_there_are_many_faults()
    {
        var faults = new FaultList();
        var reader = new DonorReader(new HlaReference(Releases.Synthetic, null), null, faults);
        reader.Read(Bad());
        Assert.Contains("; nearest: A*91:0", Said(faults), StringComparison.Ordinal);
        var many = new FaultList();
        for (var index = 0; index < 100; index++)
        {
            many.Invalid("a", "b");
        }

        new DonorReader(new HlaReference(Releases.Synthetic, null), null, many).Read(Bad());
        Assert.EndsWith("SYNTHETIC 1.0.0 has no such name", Said(many), StringComparison.Ordinal);

        static string Said(FaultList list) => list.ToStatus()!.GetDetail<BadRequest>()!.FieldViolations[^1].Description;

        static Donor Bad() => new() { DonorId = "d", Kind = DonorKind.Unrelated, Typing = new HlaTyping { GlString = "A*91:77+A*91:01" } };
    }

    [Fact]
    public void A_typing_of_very_many_alleles_is_read_or_refused_in_bounded_time()
    {
        var list = string.Join('/', Enumerable.Range(1, 9000).Select(second => $"A*02:{second:00}"));
        var faults = new FaultList();
        var reader = new DonorReader(Bare, null, faults);
        reader.Read(new Donor { DonorId = "a", Kind = DonorKind.Unrelated, Typing = new HlaTyping { GlString = string.Join('|', Enumerable.Repeat($"{list}+{list}", 9)) } });
        Assert.Null(faults.ToStatus());
        reader.Read(new Donor { DonorId = "b", Kind = DonorKind.Unrelated, Typing = new HlaTyping { GlString = string.Join('|', Enumerable.Repeat($"{list}+{list}", 10)) + new string('/', 10) } });
        Assert.NotNull(faults.ToStatus());
    }

    // Of each fault as much as is expected of it, so that a test says what it is about.
    private static List<string> Faults(string json, string[] expected)
    {
        var request = JsonParser.Default.Parse<RankDonorsRequest>(json);
        var faults = new FaultList();
        var question = RankingQuestion.Read(request, Bare, faults);
        var reader = new DonorReader(Bare, request.Window?.AsOfDate, faults);
        foreach (var donor in request.Donors)
        {
            reader.Read(donor);
        }

        question?.CheckTogether(request, reader.Donors, faults);
        var found = faults.ToStatus()?.GetDetail<BadRequest>()?.FieldViolations.Select(one => $"{one.Field}: {one.Description}").ToList() ?? [];
        return [.. found.Select((fault, index) => index < expected.Length && fault.StartsWith(expected[index], StringComparison.Ordinal) ? expected[index] : fault)];
    }
}
