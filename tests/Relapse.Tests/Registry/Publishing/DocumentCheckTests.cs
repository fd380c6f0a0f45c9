using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Relapse.Registry.Publishing;
using Relapse.Tests.Clinical;

namespace Relapse.Tests.Registry.Publishing;

/// <summary>The one check of documents: every fault with file, line, column and code; hostile documents refused soon and briefly.</summary>
public sealed class DocumentCheckTests
{
    private const int MostListed = 1001;

    [Fact]
    public void A_shipped_version_is_clean_and_counted()
    {
        var found = Check(DocumentText.Shipped);

        Assert.Empty(found.Faults);
        Assert.NotNull(found.Protocol);
        Assert.Equal("protocols/i-bfm-sg/versions/2014.1", found.Name);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentText.Shipped.Protocol))), found.Digest);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentText.Shipped.Cases))), found.CasesDigest);
        Assert.True(found.Certificate is { Faults: 0, Cells: > 0, Rules: > 0, Cases: > 0 });
    }

    [Fact]
    public void Each_kind_of_fault_has_its_code_file_line_and_column()
    {
        const string Title = "study_group: International BFM Study Group (I-BFM SG)\n";
        Says(DocumentText.Shipped.Change(Title, "study_grup: X\n"), "protocol.yaml", "UNKNOWN_KEY", "study_grup");
        Says(DocumentText.Shipped.Change(Title, Title + "title: again\n"), "protocol.yaml", "DUPLICATE_KEY", "title: again");
        Says(DocumentText.Shipped.Change(Title, "study_group: [X]\n"), "protocol.yaml", "WRONG_KIND", "[X]");
        Says(DocumentText.Shipped.Change(Title, "study_group: &anchor X\n"), "protocol.yaml", "NOT_PLAIN", "&anchor");
        Says(DocumentText.Shipped.Change("          marrow_blasts_percent: BELOW_5", "          marrow_blasts_percent: [BELOW_5, ABOVE_25]"), "protocol.yaml", "OVERLAP", "id: m1\n");
        Says(DocumentText.Shipped.Without("high-t-cell-marrow"), "protocol.yaml", "GAP", "risk_group:\n    question");
        var cases = DocumentText.Shipped.ChangeCases("cases:\n", "casus:\n");
        var fault = Assert.Single(Check(cases).Faults, fault => fault.Code == "UNKNOWN_KEY");
        Assert.Equal(("cases.yaml", DocumentText.Position(cases.Cases, "casus")), (fault.File, (fault.Line, fault.Column)));
        Assert.Equal("GOLDEN_CASE", Assert.Single(Check(DocumentText.Shipped with { Cases = "cases: []\n" }).Faults).Code);
    }

    [Fact]
    public void Both_files_are_read_so_that_an_author_sees_the_faults_of_both()
    {
        var found = Check(DocumentText.Shipped.Change("period: PERIOD_HISTORICAL", "period: OLD") with { Cases = "casus: 1\n" });

        Assert.Equal([("protocol.yaml", "WRONG_KIND"), ("cases.yaml", "UNKNOWN_KEY")], found.Faults.Select(fault => (fault.File, fault.Code)));
        Assert.Equal(2, found.Certificate.Faults);
        Assert.Equal("protocols/i-bfm-sg/versions/2014.1", found.Name);
        Assert.Null(found.Protocol);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("id: UPPER\nversion: \"1\"\n", "")]
    [InlineData("id: a\nversion: \"1/2\"\n", "")]
    [InlineData("id: ../../x\nversion: \"1\"\n", "")]
    public void A_document_that_does_not_say_a_name_has_none(string document, string cases)
    {
        var found = DocumentCheck.Run(Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(cases));

        Assert.Equal("", found.Name);
        Assert.NotEmpty(found.Faults);
    }

    [Fact]
    public void A_name_longer_than_a_resource_name_takes_is_a_fault() =>
        Assert.Contains(
            Check(DocumentText.Shipped.Change("id: i-bfm-sg\n", $"id: {new string('a', 65)}\n")).Faults,
            fault => fault.Detail == "id: at most 64 characters");

    // Each is 4 MiB of one thing repeated, which a check that keeps or looks up everything answers in minutes or gigabytes.
    [Theory]
    [InlineData("", "x{0}: 1\n")]
    [InlineData("inputs:\n", "  x{0}: {{}}\n")]
    [InlineData("inputs:\n  lineage:\n    bands:\n", "      X{0}: \"[0, 1)\"\n")]
    [InlineData("readings:\n  one:\n    values:\n", "      X{0}: why\n")]
    [InlineData("decisions:\n  risk_group:\n    conclusions:\n", "      - X{0}\n")]
    [InlineData("decisions:\n  risk_group:\n    inputs:\n", "      - x{0}\n")]
    [InlineData("decisions:\n  risk_group:\n    inputs: [lineage]\n    rules:\n", "      - id: x{0}\n")]
    [InlineData("sources:\n", "  x{0}: {{title: y}}\n")]
    [InlineData("warnings:\n", "  - code: X{0}\n")]
    [InlineData("superseded_by:\n", "  - X{0}\n")]
    public void A_document_that_is_one_fault_many_times_is_refused_soon_and_briefly(string before, string repeated)
    {
        var text = new StringBuilder("id: bomb\nversion: \"1\"\n").Append(before);
        for (var number = 0; text.Length < DocumentCheck.MaxBytes - 100; number++)
        {
            text.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, repeated, number);
        }

        var begun = Stopwatch.GetTimestamp();
        var found = DocumentCheck.Run(Encoding.UTF8.GetBytes(text.ToString()), ReadOnlyMemory<byte>.Empty);

        Assert.InRange(found.Faults.Length, 1, MostListed + 1);
        Assert.True(found.Faults.Sum(fault => fault.CalculateSize()) < 4 << 20);
        // Not a measurement: what is quadratic here takes minutes.
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60));
    }

    private static CheckedDocuments Check(DocumentText text) => DocumentCheck.Run(Encoding.UTF8.GetBytes(text.Protocol), Encoding.UTF8.GetBytes(text.Cases));

    private static void Says(DocumentText spoiled, string file, string code, string mark)
    {
        var fault = Check(spoiled).Faults.First(fault => fault.Code == code);
        Assert.Equal((file, DocumentText.Position(spoiled.Protocol, mark)), (fault.File, (fault.Line, fault.Column)));
    }
}
