using Relapse.Clinical;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Outcomes;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Outcomes;

/// <summary>Alternatives, methods, years and words of schemes: what makes a row about this child, another, or nobody known.</summary>
public sealed class PopulationMatchTests
{
    private const string Testis = """
        "relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","established":[{"decision":"relapse_site","conclusion":"ISOLATED_EXTRAMEDULLARY"},{"decision":"extramedullary_site","conclusion":"TESTIS"}]
        """;

    public static TheoryData<string> LateMarrowOrVeryEarlyCns => [.. Enumerable.Range(150, 10).Select(number => $"EXT-{number}")];

    [Theory]
    [MemberData(nameof(LateMarrowOrVeryEarlyCns))]
    public void Of_alternatives_one_must_hold(string row)
    {
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of($$$"""{"case":{{{{Testis}}}}}""").Fit(row));
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Case("ISOLATED_MARROW", "NONE", 14)).Fit(row));
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Case("ISOLATED_EXTRAMEDULLARY", "CNS", 24)).Fit(row));
        Assert.Equal(MatchLevel.Open, Asked.Of(Case("ISOLATED_EXTRAMEDULLARY", "CNS", 14)).Fit(row));
        Assert.Equal(MatchLevel.Open, Asked.Of(Case("ISOLATED_MARROW", "NONE", 50)).Fit(row));
    }

    [Fact]
    public void The_alternative_that_is_left_says_how_it_fits()
    {
        var marrow = Asked.Of(Case("ISOLATED_MARROW", "NONE", 50));
        Assert.Equal((FitLevel.Exact, FitLevel.Exact), (marrow.Fit("EXT-150", "site"), marrow.Fit("EXT-150", "months_from_diagnosis")));
        // Of a marrow relapse the row does not say what else is involved.
        Assert.Equal(FitLevel.Broader, Asked.Of(Case("COMBINED", "TESTIS", 50)).Fit("EXT-150", "extramedullary_site"));
        Assert.Equal(FitLevel.Exact, Asked.Of(Case("ISOLATED_EXTRAMEDULLARY", "CNS", 14)).Fit("EXT-150", "extramedullary_site"));
        var open = Asked.Of("""{"case":{"relapseNumber":1}}""");
        Assert.Equal((FitLevel.Unknown, FitLevel.Unknown), (open.Fit("EXT-150", "site"), open.Fit("EXT-150", "months_from_diagnosis")));
    }

    [Theory]
    [InlineData("MRD_METHOD_PCR_IG_TR", FitLevel.Exact)]
    [InlineData("MRD_METHOD_FLOW", FitLevel.Conditional)]
    [InlineData("MRD_METHOD_NGS", FitLevel.Conditional)]
    [InlineData("MRD_METHOD_UNSPECIFIED", FitLevel.Unknown)]
    public void A_level_by_another_method_is_the_level_on_a_condition(string method, FitLevel expected)
    {
        var answer = Asked.Of(Mrd("5e-4", method));
        Assert.Equal(expected, answer.Fit("OUT-062", "mrd"));
        var fit = answer.Row("OUT-062")!.Dimensions.Single(dimension => dimension.Dimension == "mrd");
        Assert.Equal(expected is FitLevel.Conditional, fit.Detail.StartsWith("METHOD_MISMATCH", StringComparison.Ordinal));
        Assert.Equal(expected is FitLevel.Unknown, fit.Missing.Contains("case.mrd[0].method"));
        Assert.Equal(MatchLevel.NotApplicable, answer.Fit("OUT-063"));
    }

    [Theory]
    [InlineData("MRD_METHOD_FLOW")]
    [InlineData("MRD_METHOD_UNSPECIFIED")]
    public void No_row_is_exact_or_broader_by_a_method_that_is_not_its_own(string method)
    {
        var answer = Asked.Of(Mrd("5e-4", method));
        Assert.All(answer.Groups.SelectMany(group => group.Rows).Where(row => row.Figure.When?.Mrd?.Methods.Count > 0), row => Assert.True(row.Match is MatchLevel.Conditional or MatchLevel.Open, row.Figure.Id));
    }

    [Theory]
    [InlineData("EXT-001", 1995, FitLevel.Exact)]
    [InlineData("EXT-001", 2025, FitLevel.Broader)]
    [InlineData("EXT-001", 1985, FitLevel.Broader)]
    [InlineData("EXT-040", 1995, FitLevel.Broader)]
    public void A_figure_of_other_years_is_of_other_years(string row, int relapse, FitLevel expected)
    {
        var answer = Asked.Of($$$$$"""{"case":{"relapseNumber":1,"timing":{"diagnosisDate":{"year":{{{{{relapse - 1}}}}},"month":1,"day":5},"relapseDate":{"year":{{{{{relapse}}}}},"month":3,"day":5}}}}""");
        Assert.Equal(expected, answer.Fit(row, "era"));
        Assert.Equal(expected is FitLevel.Broader, PlotWords.Fit(answer.Row(row)!.Dimensions).EndsWith("not known to be of its years", StringComparison.Ordinal));
        Assert.Equal(row == "EXT-001" && expected is FitLevel.Exact, answer.Fit(row) is MatchLevel.Exact);
        var detail = answer.Row(row)!.Dimensions.Single(dimension => dimension.Dimension == "era").Detail;
        Assert.Equal(expected is FitLevel.Exact ? "" : row == "EXT-040" ? "the years of its cohort are not printed" : "treated or enrolled in 1988 to 2002; this relapse is not known to be of these years", detail);
    }

    [Fact]
    public void Where_no_date_is_told_no_year_is_asked() =>
        Assert.Null(Asked.Of("""{"case":{"relapseNumber":1,"timing":{"monthsFromDiagnosis":"14","monthsPrecision":"MONTHS_PRECISION_EXACT"}}}""").Fit("EXT-001", "era"));

    [Fact]
    public void A_year_across_the_end_of_a_cohort_is_not_known_to_be_of_it() =>
        Assert.Equal(FitLevel.Exact, Asked.Of("""{"case":{"relapseNumber":1,"timing":{"relapseDate":{"year":2002}}}}""").Fit("EXT-002", "era"));

    [Theory]
    [InlineData("EXT-200")]
    [InlineData("EXT-204")]
    [InlineData("EXT-207")]
    [InlineData("EXT-208")]
    [InlineData("EXT-209")]
    public void What_is_directed_to_B_cells_is_not_offered_for_T_cells(string row)
    {
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of("""{"case":{"relapseNumber":2,"lineage":"LINEAGE_T_CELL"}}""").Fit(row));
        Assert.Contains("Lineage by the target", EvidenceLibrary.Shipped.ById[row].Figure.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OUT-023", 14)]
    [InlineData("OUT-024", 24)]
    public void A_part_of_marrow_relapses_is_of_marrow_relapses(string row, int months)
    {
        Assert.NotEqual(MatchLevel.NotApplicable, Asked.Of(Case("ISOLATED_MARROW", "NONE", months)).Fit(row));
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Case("ISOLATED_EXTRAMEDULLARY", "CNS", months)).Fit(row));
    }

    [Fact]
    public void Rows_in_the_words_of_a_protocol_that_is_not_there_stay_open_and_say_so()
    {
        var without = ProtocolCatalog.Of(ProtocolLibrary.Load().Versions.Where(version => version.Id != "all-rez-bfm"), newestIsCurrent: true);
        var request = Asked.Request(Case("ISOLATED_MARROW", "NONE", 14));
        var faults = new FaultList();
        var answer = new EstimateCall(without, EvidenceLibrary.Shipped, request, faults).Answer(request, usualRows: 500);
        faults.ThrowIfAny();

        var warning = Assert.Single(answer.Warnings, warning => warning.Code == "SCHEME_NOT_LOADED");
        Assert.Equal("rows are written in words that no protocol here has, and stay open: all-rez-bfm risk_group; all-rez-bfm timing", warning.Detail);
        var fit = answer.Row("OUT-014")!.Dimensions.Single(dimension => dimension.Dimension == "timing");
        Assert.Equal((FitLevel.Unknown, "the protocol in whose words it is written is not there, or has not these words"), (fit.Fit, fit.Detail));
        Assert.DoesNotContain(Asked.Of(Case("ISOLATED_MARROW", "NONE", 14)).Warnings, warning => warning.Code == "SCHEME_NOT_LOADED");
    }

    [Fact]
    public void A_reading_is_chosen_as_in_every_other_question()
    {
        var answer = Asked.Of(Body(Reading.Id, Reading.Value));
        Assert.NotEqual(AnswerStatus.Unspecified, answer.Status);
        var faults = new FaultList();
        _ = new EstimateCall(RelapseServer.Catalog, EvidenceLibrary.Shipped, Asked.Request(Body("nonsense", "x")), faults);
        Assert.Equal(["readings[0].reading"], Assert.Throws<Grpc.Core.RpcException>(faults.ThrowIfAny).Fields());
    }

    /// <summary>A reading of the COG document and a value of it, whatever they are called.</summary>
    private static (string Id, string Value) Reading
    {
        get
        {
            var reading = RelapseServer.Catalog.Find("cog")!.Current!.Document.Readings.First();
            return (reading.Key, reading.Value.Values.Keys.Last());
        }
    }

    private static string Case(string site, string extramedullary, int months) => $$$"""
        {"case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","timing":{"monthsFromDiagnosis":"{{{months}}}","monthsPrecision":"MONTHS_PRECISION_EXACT"},
          "established":[{"decision":"relapse_site","conclusion":"{{{site}}}"},{"decision":"extramedullary_site","conclusion":"{{{extramedullary}}}"}]}}
        """;

    private static string Mrd(string level, string method) => $$$"""
        {"case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","treatment":{"reinduction":"REINDUCTION_ALL_REZ_BFM"},
          "mrd":[{"timePoint":"TIME_POINT_END_OF_INDUCTION","method":"{{{method}}}","unit":"MRD_UNIT_FRACTION","quantified":"{{{level}}}","specimen":"SPECIMEN_MARROW"}]}}
        """;

    private static string Body(string reading, string value) =>
        $$$"""{"case":{"relapseNumber":1},"readings":[{"protocol":"protocols/cog","reading":"{{{reading}}}","value":"{{{value}}}"}]}""";
}
