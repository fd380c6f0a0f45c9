using System.Net;
using System.Xml.Linq;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Outcomes;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Outcomes;

/// <summary>The service by gRPC and by JSON: answers, listings, plots, and what is refused.</summary>
public sealed class OutcomeServiceTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Make = "/v1/outcome/estimates:make";
    private const string Plot = "/v1/outcome/estimates:plot";
    private const string Evidence = "/v1/outcome/evidence";
    private const string Early = """{"case":{"caseRef":"x","relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","timing":{"monthsFromDiagnosis":"14","monthsPrecision":"MONTHS_PRECISION_EXACT"}},"requestId":"same"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private OutcomeService.OutcomeServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Both_faces_say_the_same()
    {
        var json = await server.PostAsync(Make, Early);
        var parsed = JsonParser.Default.Parse<EstimateOutcomeResponse>(json.Body);
        var answer = await Client.EstimateOutcomeAsync(JsonParser.Default.Parse<EstimateOutcomeRequest>(Early), cancellationToken: Cancel);
        Assert.Equal(answer, parsed);
        Assert.Equal(("x", AnswerStatus.Exact), (answer.CaseRef, answer.Status));
    }

    [Fact]
    public async Task A_row_stands_with_its_number_interval_frequency_source_and_fit()
    {
        var answer = await Client.EstimateOutcomeAsync(JsonParser.Default.Parse<EstimateOutcomeRequest>(Early), cancellationToken: Cancel);
        var group = answer.Groups[0];
        Assert.Equal(("OS", "overall survival"), (group.Endpoint, group.Title));
        var row = group.Rows[0];
        Assert.Equal(("EXT-014", MatchLevel.Exact), (row.Figure.Id, row.Match));
        Assert.All(row.Dimensions, dimension => Assert.Equal(FitLevel.Exact, dimension.Fit));
        Assert.StartsWith("Of 100 such children, about 26 were alive 5 years", row.Frequency, StringComparison.Ordinal);
        Assert.Equal(IntervalOrigin.PublishedPlusMinus, row.Interval.Origin);
        Assert.NotEmpty(row.Citations);
        Assert.All(answer.Groups, one => Assert.All(one.Rows, other => Assert.Equal((one.Endpoint, one.Clock), (other.Figure.Endpoint, other.Figure.Clock))));
        // Of one range are rows of one horizon only, and it is made of published numbers.
        Assert.All(answer.Groups.SelectMany(one => one.Ranges), range => Assert.Single(range.Rows.Select(id => EvidenceLibrary.Shipped.ById[id].Figure).Select(figure => figure.HasHorizonYears ? figure.HorizonYears : -1).Distinct()));
    }

    [Fact]
    public async Task A_receipt_names_the_library_and_is_the_same_for_the_same_question()
    {
        var request = JsonParser.Default.Parse<EstimateOutcomeRequest>(Early);
        var answer = await Client.EstimateOutcomeAsync(request, cancellationToken: Cancel);
        Assert.Equal(answer, await Client.EstimateOutcomeAsync(request, cancellationToken: Cancel));
        Assert.NotEmpty(answer.Receipts);
        Assert.All(answer.Receipts, receipt => Assert.Contains(EvidenceLibrary.Shipped.Reference, receipt.References));
        Assert.All(answer.Receipts, receipt => Assert.Equal("same", receipt.RequestId));
    }

    [Fact]
    public async Task Patients_are_counted_once_for_each_family()
    {
        var answer = await Client.EstimateOutcomeAsync(new EstimateOutcomeRequest { Case = new RelapseCase { RelapseNumber = 1 }, RowsPerGroup = 500 }, cancellationToken: Cancel);
        foreach (var family in answer.Groups.SelectMany(group => group.Families))
        {
            var figures = family.Rows.Select(id => EvidenceLibrary.Shipped.ById[id].Figure).ToArray();
            Assert.All(figures, figure => Assert.Equal(family.Family, figure.Family));
            var most = figures.Where(figure => figure.HasN).Select(figure => figure.N).DefaultIfEmpty(0).Max();
            Assert.Equal(family.Family == "SEVERAL_SERIES" ? 0 : most, family.Patients);
        }
        Assert.All(answer.Groups, group => Assert.Equal(group.Families.Count, group.Families.Select(family => family.Family).Distinct().Count()));
    }

    [Fact]
    public async Task What_is_not_shown_is_counted()
    {
        var whole = await Client.EstimateOutcomeAsync(new EstimateOutcomeRequest { Case = new RelapseCase(), RowsPerGroup = 500 }, cancellationToken: Cancel);
        var first = await Client.EstimateOutcomeAsync(new EstimateOutcomeRequest { Case = new RelapseCase(), RowsPerGroup = 1 }, cancellationToken: Cancel);
        var conflicting = first.Conflicts.SelectMany(conflict => conflict.Rows).ToHashSet();
        Assert.Equal(whole.Groups.Select(group => group.Rows.Skip(1).Count(row => !conflicting.Contains(row.Figure.Id))), first.Groups.Select(group => group.LeftOut));
        Assert.Contains(first.Groups, group => group.LeftOut > 0);
        // Rows that name no relapse apply provided that it is one.
        Assert.Equal(AnswerStatus.Conditional, whole.Status);
    }

    [Fact]
    public async Task Contradictory_facts_are_named_and_settle_nothing()
    {
        var @case = new RelapseCase { RelapseNumber = 1, Timing = new Timing { DiagnosisDate = new() { Year = 2012, Month = 3, Day = 1 }, RelapseDate = new() { Year = 2010, Month = 3, Day = 1 } } };
        var answer = await Client.EstimateOutcomeAsync(new EstimateOutcomeRequest { Case = @case, RowsPerGroup = 500 }, cancellationToken: Cancel);
        Assert.Contains(answer.Warnings, warning => warning.Code == "CONTRADICTORY_FACTS" && warning.Detail.Contains("case.timing", StringComparison.Ordinal));
        Assert.All(answer.Groups.SelectMany(group => group.Rows).SelectMany(row => row.Dimensions).Where(dimension => dimension.Dimension is "months_from_diagnosis" or "timing"), dimension => Assert.True(dimension.Fit is FitLevel.Unknown or FitLevel.Broader));
    }

    [Theory]
    [InlineData("""{}""", "case")]
    [InlineData("""{"case":{},"endpoints":["EFS","NONSENSE7319"]}""", "endpoints[1]")]
    [InlineData("""{"case":{},"rowsPerGroup":-1}""", "rows_per_group")]
    [InlineData("""{"case":{},"rowsPerGroup":501}""", "rows_per_group")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":140.7319}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{},"intention":{"regimen":"NONSENSE7319"}}""", "intention.regimen")]
    [InlineData("""{"case":{},"intention":{"agents":["Nonsense7319"]}}""", "intention.agents[0]")]
    [InlineData("""{"case":{},"intention":{"treatment":"MODALITY_CHEMOTHERAPY","donor":"DONOR_KIND_UNRELATED"}}""", "intention.donor")]
    [InlineData("""{"case":{"treatment":{"transplantPlanned":true}},"intention":{"treatment":"MODALITY_CHEMOTHERAPY"}}""", "intention.treatment")]
    [InlineData("""{"case":{},"intention":{"state":"7319"}}""", "intention.state")]
    [InlineData("""{"case":{},"nonsense":7319}""", "nonsense")]
    public async Task What_is_wrong_is_named_and_not_echoed(string body, string field)
    {
        foreach (var path in new[] { Make, Plot })
        {
            var answer = await server.PostAsync(path, body);
            answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
            Assert.Equal(field, Assert.Single(answer.Fields.Distinct()));
            server.AssertNothingEchoed(answer.Body, "7319");
        }
    }

    [Theory]
    [InlineData((Modality)99, DonorKind.Unspecified, RemissionState.Unspecified, "intention.treatment")]
    [InlineData(Modality.Unspecified, (DonorKind)99, RemissionState.Unspecified, "intention.donor")]
    [InlineData(Modality.Unspecified, DonorKind.Unspecified, (RemissionState)99, "intention.state")]
    public async Task A_number_that_is_no_value_is_refused(Modality treatment, DonorKind donor, RemissionState state, string field)
    {
        var request = new EstimateOutcomeRequest { Case = new RelapseCase(), Intention = new Intention { Treatment = treatment, Donor = donor, State = state } };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.EstimateOutcomeAsync(request, cancellationToken: Cancel));
        Assert.Equal((StatusCode.InvalidArgument, field), (error.StatusCode, Assert.Single(error.Fields())));
    }

    [Fact]
    public async Task The_pages_of_a_listing_are_the_whole_of_it()
    {
        List<Figure> rows = [];
        var request = new ListEvidenceRequest { PageSize = 100, IncludeSuperseded = true };
        do
        {
            var page = await Client.ListEvidenceAsync(request, cancellationToken: Cancel);
            rows.AddRange(page.Rows);
            Assert.Equal(EvidenceLibrary.Shipped.Rows.Length, page.TotalSize);
            Assert.All(page.Rows.SelectMany(row => row.Source), source => Assert.Contains(source.Split('.')[0], page.Sources.Keys));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(EvidenceLibrary.Shipped.Rows.Select(row => row.Figure), rows);

        var first = await Client.ListEvidenceAsync(new ListEvidenceRequest { PageSize = 1 }, cancellationToken: Cancel);
        Assert.Equal(EvidenceLibrary.Shipped.Statements.Length, first.Statements.Count);
        Assert.Equal(EvidenceLibrary.Shipped.Omitted.Length, first.Omitted.Count);
        var other = new ListEvidenceRequest { PageSize = 1, Endpoint = "EFS", PageToken = first.NextPageToken };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.ListEvidenceAsync(other, cancellationToken: Cancel));
        Assert.Equal("page_token", Assert.Single(error.Fields()));
    }

    [Fact]
    public async Task A_filter_keeps_what_it_says()
    {
        var request = new ListEvidenceRequest { Endpoint = "EFS", Family = "ALL_REZ_BFM", Read = Reading.SourceText, RelapseNumber = RelapseOrdinal.First, Treatment = Modality.Transplant, PageSize = 1000 };
        var answer = await Client.ListEvidenceAsync(request, cancellationToken: Cancel);
        Assert.NotEmpty(answer.Rows);
        Assert.All(answer.Rows, row => Assert.True(
            row is { Endpoint: "EFS", Family: "ALL_REZ_BFM", Read: Reading.SourceText, SupersededBy: "" } && row.When.RelapseNumber.Contains(RelapseOrdinal.First) && row.When.Treatment.Contains(Modality.Transplant)));
        Assert.Equal(
            EvidenceLibrary.Shipped.Used.Count(row => row.Figure is { Endpoint: "EFS", Family: "ALL_REZ_BFM", Read: Reading.SourceText } figure && figure.When.RelapseNumber.Contains(RelapseOrdinal.First) && figure.When.Treatment.Contains(Modality.Transplant)),
            answer.Rows.Count);
    }

    [Fact]
    public async Task Csv_has_a_line_for_each_row_and_every_cell_in_its_place()
    {
        var answer = await server.GetAsync(Evidence + "?format=EVIDENCE_FORMAT_CSV&pageSize=1000");
        var lines = Csv(answer.Json.GetProperty("csv").GetString()!);
        Assert.Equal(EvidenceLibrary.Shipped.Used.Length + 1, lines.Count);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.Equal(EvidenceLibrary.Shipped.Used.Select(row => row.Id), lines.Skip(1).Select(line => line[0]));
        Assert.Equal("FROM_RANDOMISATION", lines.Single(line => line[0] == "EXT-168")[Array.IndexOf(lines[0], "clock")]);
        Assert.Equal("3", lines.Single(line => line[0] == "OUT-032")[Array.IndexOf(lines[0], "horizon_from_years")]);
        var all = Csv((await server.GetAsync(Evidence + "?format=EVIDENCE_FORMAT_CSV&pageSize=1000&includeSuperseded=true")).Json.GetProperty("csv").GetString()!);
        Assert.All(all.Skip(1), line => Assert.Equal(line[Array.IndexOf(all[0], "superseded_by")].Length > 0, line[Array.IndexOf(all[0], "superseded_why")].Length > 0));
        Assert.Equal("CI_95", lines.Single(line => line[0] == "EXT-027")[Array.IndexOf(lines[0], "interval_kind")]);
    }

    [Theory]
    [InlineData(Evidence + "?endpoint=NONSENSE", "endpoint")]
    [InlineData(Evidence + "?family=NONSENSE", "family")]
    [InlineData(Evidence + "?pageSize=-1", "page_size")]
    [InlineData(Evidence + "?pageToken=nonsense", "page_token")]
    [InlineData(Evidence + ":plot", "endpoint")]
    [InlineData(Evidence + ":plot?endpoint=NONSENSE", "endpoint")]
    [InlineData(Evidence + ":plot?ids=OUT-061&ids=OUT-999", "ids[1]")]
    [InlineData(Evidence + ":plot?ids=OUT-061&ids=EXT-102&ids=OUT-061", "ids[2]")]
    [InlineData(Evidence + ":plot?endpoint=OS&ids=OUT-061", "ids")]
    public async Task A_listing_or_plot_that_cannot_be_is_refused(string path, string field)
    {
        var answer = await server.GetAsync(path);
        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(field, Assert.Single(answer.Fields));
    }

    [Fact]
    public async Task A_plot_is_a_still_image_that_says_in_words_what_it_shows()
    {
        var answer = await server.PostAsync(Plot, Early.Replace(",\"requestId\":\"same\"", "", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (answer.Http, answer.ContentType));
        var image = Checked(answer.Body);
        var titles = image.Descendants().Where(element => element.Name.LocalName == "title").Select(title => title.Value).ToList();
        Assert.Contains(titles, title => title.StartsWith("EXT-014,", StringComparison.Ordinal) && title.Contains("horizon 5 y", StringComparison.Ordinal) && title.Contains("1996-2014", StringComparison.Ordinal));
        Assert.DoesNotContain("\"x\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_rows_are_drawn_without_a_case()
    {
        var answer = await server.GetAsync(Evidence + ":plot?endpoint=EFS&family=ALL_REZ_BFM");
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (answer.Http, answer.ContentType));
        var image = Checked(answer.Body);
        foreach (var row in EvidenceLibrary.Shipped.Used.Where(row => row.Figure is { Endpoint: "EFS", Family: "ALL_REZ_BFM" }))
        {
            Assert.Single(image.Descendants(), element => element.Name.LocalName == "title" && element.Value.StartsWith(row.Id + ",", StringComparison.Ordinal));
        }
        var grpc = await Client.PlotEvidenceAsync(new PlotEvidenceRequest { Endpoint = "EFS", Family = "ALL_REZ_BFM" }, cancellationToken: Cancel);
        Assert.Equal((grpc.ContentType, grpc.Data.ToStringUtf8()), (answer.ContentType, answer.Body));
    }

    [Fact]
    public async Task The_service_says_what_it_is_and_which_library_it_holds()
    {
        var info = await Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Cancel);
        Assert.Equal("relapse.outcome.v1.OutcomeService", info.Info.Service);
        Assert.Equal(EvidenceLibrary.Shipped.Reference, info.Library);
    }

    /// <summary>Well-formed, without script, outside reference or colour, with a title and a description.</summary>
    private static XDocument Checked(string svg)
    {
        var image = XDocument.Parse(svg);
        string[] allowed = ["svg", "title", "desc", "g", "rect", "line", "path", "text"];
        Assert.All(image.Descendants(), element => Assert.Contains(element.Name.LocalName, allowed));
        var attributes = image.Descendants().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).ToList();
        Assert.DoesNotContain(attributes, attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName is "href" or "style" or "class");
        Assert.All(attributes.Where(attribute => attribute.Name.LocalName is "fill" or "stroke"), attribute => Assert.Matches("^#(?<grey>[0-9a-f])\\k<grey>\\k<grey>$", attribute.Value));
        Assert.Equal(["title", "desc"], image.Root!.Elements().Take(2).Select(element => element.Name.LocalName));
        Assert.Equal(("title", "desc"), (image.Root!.Attribute("aria-labelledby")!.Value, image.Root!.Attribute("aria-describedby")!.Value));
        return image;
    }

    private static List<string[]> Csv(string text)
    {
        List<string[]> lines = [];
        var (cells, cell, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quoted ? letter == '"' && i + 1 < text.Length && text[i + 1] == '"' : false)
            {
                cell.Append('"');
                i++;
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && letter is ',' or '\r')
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (!quoted && letter == '\n')
            {
                lines.Add([.. cells]);
                cells.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }
        return lines;
    }
}
