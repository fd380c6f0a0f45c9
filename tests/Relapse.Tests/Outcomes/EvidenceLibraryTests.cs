using System.Text;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Decisions;
using Relapse.Outcomes;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Outcomes;

/// <summary>The library as shipped: all of it accounted for, read strictly, and no row of it about nobody.</summary>
public sealed class EvidenceLibraryTests
{
    private static readonly string[] Sites = ["ISOLATED_MARROW", "COMBINED", "ISOLATED_EXTRAMEDULLARY"];
    private static readonly string[] ExtramedullarySites = ["NONE", "CNS", "TESTIS", "OTHER"];

    private static readonly Lineage[] Lineages = [Lineage.BCellPrecursor, Lineage.TCell];

    private static EvidenceLibrary Library => EvidenceLibrary.Shipped;

    public static TheoryData<string> Ids => [.. Library.Used.Select(row => row.Id)];

    [Fact]
    public void Every_figure_of_both_tables_is_a_row_or_has_its_reason()
    {
        var accounted = Library.Rows.Select(row => row.Id).Concat(Library.Omitted.Select(omitted => omitted.Id)).ToArray();
        Assert.Equal(accounted.Length, accounted.Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 157).Select(number => $"OUT-{number:D3}").Concat(Enumerable.Range(1, 214).Select(number => $"EXT-{number:D3}")).Order(StringComparer.Ordinal), accounted.Order(StringComparer.Ordinal));
        Assert.All(Library.Omitted, omitted => Assert.NotEmpty(omitted.Reason));
        Assert.Contains(Library.Statements, statement => statement.Statement.Id.StartsWith("OTQ-", StringComparison.Ordinal));
        Assert.Contains(Library.Statements, statement => statement.Statement.Id.StartsWith("BIO-", StringComparison.Ordinal));
        Assert.Contains(Library.Statements, statement => statement.Statement.Id.StartsWith("TAB3-", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_corrected_or_never_seen_is_never_used()
    {
        foreach (var entry in Golden.Head.GetProperty("superseded").EnumerateArray())
        {
            Assert.Equal(entry.GetProperty("by").GetString(), Library.ById[entry.GetProperty("row").GetString()!].Figure.SupersededBy);
        }
        Assert.All(Golden.Head.GetProperty("never_shipped").Words("rows"), row => Assert.False(Library.ById.ContainsKey(row)));
        Assert.All(Library.Used, row => Assert.Empty(row.Figure.SupersededBy));
    }

    /// <summary>The digest is what a shell prints: <c>sha256sum *.yaml | sha256sum</c> in the folder.</summary>
    [Fact]
    public void The_digest_is_that_of_the_files_of_the_repository()
    {
        var files = Repository.Files.Where(file => file.StartsWith("services/Relapse.Outcome/Evidence/", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileName(file), file => File.ReadAllBytes(Path.Combine(Repository.Root, file)));
        Assert.Equal(new EvidenceFiles(files).Digest(), Library.Reference.Digest);
    }

    [Fact]
    public void Every_scheme_and_class_that_rows_name_is_one_of_the_current_protocols()
    {
        foreach (var (scheme, decision, classes) in Library.Schemes)
        {
            var current = RelapseServer.Catalog.Find(scheme)?.Current;
            Assert.True(current is not null && current.Document.Decisions.TryGetValue(decision, out var defined) && classes.All(defined.Conclusions.Contains), $"{scheme} {decision} {string.Join(", ", classes)}");
        }
        foreach (var (scheme, decision, classes) in Library.Rows.Select(row => row.Population.When).Concat(Library.Statements.Select(statement => statement.Population.When)).SelectMany(Classes))
        {
            Assert.Subset(Library.Schemes.Single(words => words.Scheme == scheme && words.Decision == decision).Classes.ToHashSet(), classes.ToHashSet());
        }
    }

    /// <summary>The rules of the schemes may exclude what the words of a row allow one by one: so there is a child for each.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void There_can_be_a_child_for_every_row(string id)
    {
        var row = Library.ById[id];
        Assert.Contains(Children(row.Population), request =>
        {
            // Its own endpoint alone: the same rows, and far less to answer.
            request.Endpoints.Add(row.Figure.Endpoint);
            var answer = GoldenQueryTests.Answer(request);
            return answer.Groups.SelectMany(group => group.Rows).Any(found => found.Figure.Id == id);
        });
    }

    [Theory]
    [InlineData("percent: 35", "percent: 135", "a percentage is 0 to 100")]
    [InlineData("family: ALL_REZ_BFM", "family: NOBODY", "is no family")]
    [InlineData("endpoint: EFS", "endpoint: EFX", "is no endpoint")]
    [InlineData("clock: CLOCK_FROM_RELAPSE", "clock: FROM_RELAPSE", "expected one of")]
    [InlineData("n: 109", "nn: 109", "unknown key")]
    [InlineData("source: [s.a]", "source: [s.b]", "is no source.locator")]
    [InlineData("n: 109", "n: 109\n    events: 110", "must be 0 to n")]
    [InlineData("n: 109", "n: 109\n    superseded_by: OUT-009\n    superseded_why: x", "names no row that is used")]
    [InlineData("n: 109", "n: 109\n    interval: {low: 36, high: 40, kind: INTERVAL_KIND_CI_95}", "does not hold the figure")]
    [InlineData("months_from_diagnosis: \"[0, 18)\"", "months_from_diagnosis: \"[18, 18)\"", "holds no patient")]
    [InlineData("months_from_diagnosis: \"[0, 18)\"", "months_from_diagnosis: \"[0, 18.5)\"", "whole months")]
    [InlineData("months_from_diagnosis: \"[0, 18)\"", "months_from_diagnosis: \"[0, 18)\"\n      months_from_therapy_end: \"[18, inf)\"", "no patient can be in both")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_SECOND]\n      remission: [REMISSION_STATE_SECOND_REMISSION]", "no patient can be in both")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_FIRST]\n      any_of: [{site: [COMBINED]}]", "two alternatives or more")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_FIRST]\n      any_of: [{site: [COMBINED]}, {}]", "restricts something")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_FIRST]\n      any_of: [{site: [COMBINED]}, {site: [NOWHERE]}]", "is one of ISOLATED_MARROW")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_FIRST]\n      agent: a\n      without_agents: [a]", "not the one that was given")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_FIRST]\n      mrd: {time_point: TIME_POINT_AT_RELAPSE, band: \"[0, 1]\", methods: [MRD_METHOD_FLOW, MRD_METHOD_FLOW]}", "each once")]
    [InlineData("n: 109", "n: 109\n    horizon_from_years: 3", "a range of years has both ends")]
    [InlineData("n: 109", "n: 109\n    horizon_from_years: 6\n    horizon_to_years: 3", "below horizon_to_years")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_SECOND]\n      timing: {scheme: cog, classes: [LATE]}", "no patient can be in both")]
    [InlineData("[RELAPSE_ORDINAL_FIRST]", "[RELAPSE_ORDINAL_FIRST]\n      site: [ISOLATED_MARROW]\n      extramedullary_site: [CNS]", "at no other site")]
    public void A_fault_is_named_with_its_file_and_line(string from, string to, string expected)
    {
        const string Row = """
            sources: {s: {title: S, locators: {a: A}}}
            rows:
              - id: OUT-001
                population: children
                when:
                  relapse_number: [RELAPSE_ORDINAL_FIRST]
                  months_from_diagnosis: "[0, 18)"
                family: ALL_REZ_BFM
                endpoint: EFS
                clock: CLOCK_FROM_RELAPSE
                estimate: {percent: 35, qualifier: QUALIFIER_POINT}
                n: 109
                source: [s.a]
                read: READING_SOURCE_TEXT

            """;
        Assert.Empty(Faults(Row));
        Assert.Contains(from, Row, StringComparison.Ordinal);
        var faults = Faults(Row.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("rows.yaml(", StringComparison.Ordinal) && fault.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_figure_that_is_neither_a_row_nor_omitted_is_a_fault()
    {
        var files = EvidenceFiles.Shipped().ByName.ToDictionary();
        files[EvidenceFiles.Omitted] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files[EvidenceFiles.Omitted]).Replace("OUT-002", "OUT-902", StringComparison.Ordinal));
        var refused = Assert.Throws<EvidenceException>(() => EvidenceLoader.Load(new EvidenceFiles(files)));
        Assert.Contains("OUT-002", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    private static string[] Faults(string rows)
    {
        const string Words = """
            version: 1
            counted: {OUT: 1}
            general_scheme: review-2014
            endpoints: {EFS: {title: event-free survival, of_100: were alive, kind: ENDPOINT_KIND_OUTCOME}}
            families: {ALL_REZ_BFM: {title: BFM}}
            selection_bias: x
            landmark: x

            """;
        var files = new Dictionary<string, string> { ["library.yaml"] = Words, ["rows.yaml"] = rows, ["statements.yaml"] = "rows: []", ["omitted.yaml"] = "omitted: []" };
        try
        {
            EvidenceLoader.Load(new EvidenceFiles(files.ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value))));
            return [];
        }
        catch (EvidenceException refused)
        {
            return [.. refused.Faults];
        }
    }

    /// <summary>Children as bare as a row allows, one for each relapse number, lineage and site.</summary>
    private static IEnumerable<EstimateOutcomeRequest> Children(EvidencePopulation population) =>
        from number in Enumerable.Range(1, 3)
        from lineage in Lineages
        from site in Sites
        from extramedullary in ExtramedullarySites.Where(extramedullary => (extramedullary == "NONE") == (site == "ISOLATED_MARROW"))
        from alternative in population.Alternatives.DefaultIfEmpty(population)
        select Child(alternative, number, lineage, site, extramedullary);

    private static EstimateOutcomeRequest Child(EvidencePopulation population, int number, Lineage lineage, string site, string extramedullary)
    {
        var @case = new RelapseCase { RelapseNumber = number, FirstRemissionAchieved = true, Lineage = lineage };
        @case.Established.Add(new EstablishedConclusion { Decision = "relapse_site", Conclusion = site });
        @case.Established.Add(new EstablishedConclusion { Decision = "extramedullary_site", Conclusion = extramedullary });
        Bound(@case, "case.timing.months_from_diagnosis", population.MonthsFromDiagnosis);
        Bound(@case, "case.timing.months_from_therapy_end", population.MonthsFromTherapyEnd);
        return new EstimateOutcomeRequest { Case = @case, RowsPerGroup = 500 };
    }

    private static void Bound(RelapseCase @case, string field, Interval? months)
    {
        if (months is { } within)
        {
            var bound = new BoundedFact { Field = field, Min = (double)(within.Min ?? 0), MinExclusive = within.MinExclusive };
            if (within.Max is { } max)
            {
                (bound.Max, bound.MaxExclusive) = ((double)max, within.MaxExclusive);
            }
            @case.Timing ??= new Timing();
            @case.Bounded.Add(bound);
        }
    }

    private static IEnumerable<(string Scheme, string Decision, IEnumerable<string> Classes)> Classes(Population when)
    {
        if (when.Timing is { } timing)
        {
            yield return (timing.Scheme, "timing", timing.Classes);
        }
        if (when.RiskGroup is { } group)
        {
            yield return (group.Scheme, "risk_group", group.Classes);
        }
    }
}
