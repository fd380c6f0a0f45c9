using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Table 1 of the review row by row, and the NCI/Rome group for everything that can be known of age and WBC.</summary>
public sealed class PrimaryRiskTests
{
    /// <summary>For each feature: told present (more than one way where there is a threshold), told absent.</summary>
    private static readonly Dictionary<string, (string[] Present, string[] Absent)> _told = new(StringComparer.Ordinal)
    {
        ["infant"] = ([Primary("\"ageYears\":0"), Primary("\"ageYears\":0.99")], [Primary("\"ageYears\":1"), Primary("\"ageYears\":40")]),
        ["age_ten_or_more"] = ([Primary("\"ageYears\":10"), Primary("\"ageYears\":18.5")], [Primary("\"ageYears\":9.99"), Primary("\"ageYears\":0")]),
        ["wbc_fifty_or_more"] = ([Primary("\"wbcPerUl\":50000"), Primary("\"wbcPerUl\":100001")], [Primary("\"wbcPerUl\":49999.9"), Primary("\"wbcPerUl\":0")]),
        ["male_sex"] = (["""{"sex":"SEX_MALE"}""", """{"testes":{"enlarged":"TESTICULAR_ENLARGEMENT_NONE"}}"""], ["""{"sex":"SEX_FEMALE"}"""]),
        ["cns3"] = ([Primary("\"cnsStatus\":\"CNS_STATUS_3\"")], [Primary("\"cnsStatus\":\"CNS_STATUS_1\""), Primary("\"cnsStatus\":\"CNS_STATUS_2\"")]),
        ["poor_prednisone_response"] = ([Primary("\"prednisoneResponse\":\"PREDNISONE_RESPONSE_POOR\"")], [Primary("\"prednisoneResponse\":\"PREDNISONE_RESPONSE_GOOD\"")]),
        ["induction_failure"] = ([Primary("\"inductionFailure\":true"), """{"firstRemissionAchieved":false}"""], [Primary("\"inductionFailure\":false")]),
        ["mrd_day_33"] = ([Primary("\"mrdDay33\":\"0.0001\""), Primary("\"mrdDay33\":\"1e-4\""), Primary("\"mrdDay33\":\"1\"")], [Primary("\"mrdDay33\":\"0.000099\""), Primary("\"mrdDay33\":\"9.9E-5\""), Primary("\"mrdDay33\":\"0\"")]),
        ["mrd_day_78"] = ([Primary("\"mrdDay78\":\"1e-4\""), Primary("\"mrdDay78\":\"0.00010\"")], [Primary("\"mrdDay78\":\"0.00009\"")]),
        ["t_cell"] = (["""{"lineage":"LINEAGE_T_CELL"}""", """{"earlyTPrecursor":true}""", """{"lineage":"LINEAGE_MIXED","earlyTPrecursor":true}"""], ["""{"lineage":"LINEAGE_B_CELL_PRECURSOR"}"""]),
        ["early_t_precursor"] = (["""{"earlyTPrecursor":true}"""], ["""{"earlyTPrecursor":false}""", """{"lineage":"LINEAGE_B_CELL_PRECURSOR"}"""]),
        ["bcr_abl1"] = ([Marker("BCR_ABL1", true), """{"phPositive":true}"""], [Marker("BCR_ABL1", false), """{"phPositive":false}"""]),
        ["kmt2a"] = ([Marker("KMT2A_REARRANGED", true), Marker("KMT2A_AFF1", true)], [Marker("KMT2A_REARRANGED", false)]),
        ["hypodiploidy"] = ([Marker("HYPODIPLOIDY", true)], [Marker("HYPODIPLOIDY", false)]),
        ["tcf3_pbx1"] = ([Marker("TCF3_PBX1", true)], [Marker("TCF3_PBX1", false)]),
        ["tcf3_hlf"] = ([Marker("TCF3_HLF", true)], [Marker("TCF3_HLF", false)]),
        ["iamp21"] = ([Marker("IAMP21", true)], [Marker("IAMP21", false)]),
        ["bcr_abl1_like"] = ([Marker("BCR_ABL1_LIKE", true)], [Marker("BCR_ABL1_LIKE", false)]),
        ["ikzf1"] = ([Marker("IKZF1", true)], [Marker("IKZF1", false)]),
    };

    /// <summary>The rows of risk_tables section 5, transcribed; an empty decision is a row that is left out.</summary>
    private static readonly (string Row, string Decision, string Use)[] _printed = ReadTable();

    public static TheoryData<string, string, string> Table1 => [.. _printed.Where(row => row.Decision.Length > 0)];

    [Theory]
    [MemberData(nameof(Table1))]
    public void Every_row_of_Table_1_is_present_absent_or_open_and_says_its_use(string row, string feature, string use)
    {
        var expected = use switch
        {
            "Yes" or "Yes (inferred; E14)" => StratificationUse.Used,
            "No" => StratificationUse.NotUsed,
            "Yes if age < 1 yr" => StratificationUse.UsedInInfants,
            "Accepted by some study groups" => StratificationUse.UsedBySomeGroups,
            "" => StratificationUse.NotPrinted,
            _ => throw new InvalidOperationException($"{row}: {use}"),
        };
        foreach (var (word, cases) in new[] { ("PRESENT", _told[feature].Present), ("ABSENT", _told[feature].Absent) })
        {
            foreach (var told in cases)
            {
                var answer = Decide(told, $"primary_feature.{feature}");
                Assert.True(answer.Say() == $"Determined {{{word}}}", $"{row}: {told} is {answer.Say()}");
                Assert.Equal(expected, answer.StratificationUse);
            }
        }
        var open = Decide("{}", $"primary_feature.{feature}");
        Assert.Equal("Undetermined {PRESENT, ABSENT}", open.Say());
        Assert.Equal(expected, open.StratificationUse);
        Assert.NotEmpty(Assert.Single(open.Missing).WouldDecide);
    }

    [Fact]
    public void All_23_rows_are_accounted_for_in_the_order_of_the_table()
    {
        Assert.Equal(Enumerable.Range(1, 23).Select(number => $"F{number:00}"), _printed.Select(row => row.Row));
        Assert.Equal(["F05", "F06", "F07", "F08"], _printed.Where(row => row.Decision.Length == 0).Select(row => row.Row));
        Assert.Equal(["nci_group", .. Table1.Select(row => $"primary_feature.{row.Data.Item2}")], WellKnownDecisions.PrimaryRisk);
        Assert.Equal(WellKnownDecisions.PrimaryRisk, Shipped.Protocol("review-2014").Document.Decisions.Keys.Take(20));
        // Said beside the group, and beside the feature after which the four rows are printed.
        Assert.Equal(
            ["nci_group", "primary_feature.male_sex"],
            WellKnownDecisions.PrimaryRisk.Where(decision => Decide("{}", decision).Warnings.Any(warning => warning.Code == "ETHNICITY_NOT_COLLECTED")));
        Assert.Equal("F04", _printed.Single(row => row.Decision == "primary_feature.male_sex" || row.Decision == "male_sex").Row);
    }

    [Fact]
    public void Only_features_have_a_use() => Assert.All(
        WellKnownDecisions.All.Where(id => !id.StartsWith("primary_feature.", StringComparison.Ordinal)),
        id => Assert.Equal(StratificationUse.Unspecified, Decide("{}", id).StratificationUse));

    /// <summary>Every interval of age and WBC whose ends stand on, just below or far from a threshold, held to all its points.</summary>
    [Fact]
    public void The_nci_group_is_exact_for_every_interval_of_age_and_wbc()
    {
        double[] ages = [0, 0.5, 1, 5, 9.99, 10, 16, 20];
        double[] counts = [0, 100, 49_999, 50_000, 60_000, 100_000, 200_000];
        foreach (var (age, count) in from age in Intervals(ages) from count in Intervals(counts) select (age, count))
        {
            var @case = new RelapseCase { Bounded = { Bound("case.primary_disease.age_years", age), Bound("case.primary_disease.wbc_per_ul", count) } };
            var answer = Shipped.Protocol("review-2014").Decide(@case, "nci_group");
            var expected = (from a in ages.Where(a => a >= age.Min && a <= age.Max) from w in counts.Where(w => w >= count.Min && w <= count.Max) select Rome(a, w)).Distinct();
            Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(answer.Possible.Order(StringComparer.Ordinal)), $"{age} {count}: {answer.Say()}");
        }

        static string Rome(double age, double wbc) => wbc >= 50_000 || age >= 10 ? "HIGH" : age < 1 ? "NOT_COVERED" : "STANDARD";

        static IEnumerable<(double Min, double Max)> Intervals(double[] points) => from min in points from max in points where min <= max select (min, max);

        static BoundedFact Bound(string field, (double Min, double Max) ends) => new() { Field = field, Min = ends.Min, Max = ends.Max };
    }

    [Theory]
    [InlineData("""{"primaryDisease":{"wbcPerUl":60000}}""", "Determined {HIGH}")]
    [InlineData("""{"primaryDisease":{"ageYears":12}}""", "Determined {HIGH}")]
    [InlineData("""{"primaryDisease":{"ageYears":0.2,"wbcPerUl":50000}}""", "Determined {HIGH}")]
    [InlineData("""{"primaryDisease":{"ageYears":0.2}}""", "Undetermined {HIGH, NOT_COVERED}")]
    [InlineData("""{"primaryDisease":{"wbcPerUl":100}}""", "Undetermined {STANDARD, HIGH, NOT_COVERED}")]
    [InlineData("{}", "Undetermined {STANDARD, HIGH, NOT_COVERED}")]
    [InlineData("""{"primaryDisease":{"nciGroup":"NCI_GROUP_STANDARD"}}""", "Determined {STANDARD}")]
    [InlineData("""{"lineage":"LINEAGE_LYMPHOMA","primaryDisease":{"wbcPerUl":60000}}""", "OutOfScope {}")]
    public void The_nci_group_is_settled_as_soon_as_it_can_be(string json, string said) => Assert.Equal(said, Decide(json, "nci_group").Say());

    [Fact]
    public void A_stated_group_is_marked_as_made_by_the_centre_and_moves_no_feature()
    {
        const string Stated = """{"primaryDisease":{"nciGroup":"NCI_GROUP_HIGH"}}""";
        Assert.True(Decide(Stated, "nci_group").Established);
        Assert.Equal("Undetermined {PRESENT, ABSENT}", Decide(Stated, "primary_feature.age_ten_or_more").Say());
    }

    [Theory]
    [InlineData("FINDING_STATUS_PRESENT", "FINDING_TIME_RELAPSE", "Undetermined {PRESENT, ABSENT}")]
    [InlineData("FINDING_STATUS_ABSENT", "FINDING_TIME_RELAPSE", "Undetermined {PRESENT, ABSENT}")]
    [InlineData("FINDING_STATUS_NOT_DONE", "FINDING_TIME_DIAGNOSIS", "Undetermined {PRESENT, ABSENT}")]
    [InlineData("FINDING_STATUS_PRESENT", "FINDING_TIME_UNSPECIFIED", "Determined {PRESENT}")]
    [InlineData("FINDING_STATUS_ABSENT", "FINDING_TIME_DIAGNOSIS", "Determined {ABSENT}")]
    public void A_marker_counts_for_Table_1_when_found_at_diagnosis_or_at_no_said_time(string status, string time, string said) =>
        Assert.Equal(said, Decide($$"""{"genetics":[{"marker":"GENETIC_MARKER_IAMP21","status":"{{status}}","time":"{{time}}"}]}""", "primary_feature.iamp21").Say());

    [Fact]
    public void Absence_of_one_rearrangement_of_KMT2A_leaves_others_open() =>
        Assert.Equal("Undetermined {PRESENT, ABSENT}", Decide(Marker("KMT2A_AFF1", false), "primary_feature.kmt2a").Say());

    [Fact]
    public void A_marker_that_is_missing_is_asked_for_by_its_name()
    {
        var missing = Assert.Single(Decide("{}", "primary_feature.tcf3_hlf").Missing);
        Assert.Equal("case.genetics", missing.Field);
        Assert.Equal(["TCF3_HLF ABSENT", "TCF3_HLF PRESENT"], missing.WouldDecide.Select(would => would.Value));
    }

    [Fact]
    public void Every_marker_of_the_contract_has_its_two_facts()
    {
        var markers = CaseReflection.Descriptor.FindTypeByName<EnumDescriptor>("GeneticMarker").Values.Skip(1).Select(value => value.Name["GENETIC_MARKER_".Length..].ToLowerInvariant());
        Assert.All(markers, marker =>
        {
            Assert.NotNull(Relapse.Clinical.Facts.FactCatalogue.Find($"marker_{marker}"));
            Assert.NotNull(Relapse.Clinical.Facts.FactCatalogue.Find($"marker_{marker}_at_diagnosis"));
        });
    }

    private static Decision Decide(string json, string decision) => Shipped.Protocol("review-2014").Decide(JsonParser.Default.Parse<RelapseCase>(json), decision);

    private static string Primary(string field) => "{\"primaryDisease\":{" + field + "}}";

    private static string Marker(string marker, bool present) =>
        $$"""{"genetics":[{"marker":"GENETIC_MARKER_{{marker}}","status":"FINDING_STATUS_{{(present ? "PRESENT" : "ABSENT")}}","time":"FINDING_TIME_DIAGNOSIS"}]}""";

    private static (string, string, string)[] ReadTable()
    {
        using var reader = new StreamReader(typeof(PrimaryRiskTests).Assembly.GetManifestResourceStream("table1.csv")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Select(cells => (cells[0], cells[3], cells[4]))];
    }
}
