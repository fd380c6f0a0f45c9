using System.Text;
using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>YAML is read strictly: each fault with its line and column, all of them at once, and hostile files refused in time.</summary>
public sealed class DocumentReaderTests
{
    private const string Title = "study_group: International BFM Study Group (I-BFM SG)\n";

    [Fact]
    public void The_shipped_document_is_read_without_a_fault() => Assert.Empty(DocumentText.Shipped.Compile().Faults);

    [Theory]
    [InlineData("study_grup: X\n", "study_grup", "study_grup", "unknown key; known here: id, version")]
    [InlineData(Title + "title: again\n", "title: again", "title", "duplicate key")]
    [InlineData("study_group: &anchor X\n", "&anchor", "study_group", "anchors are refused")]
    [InlineData("study_group: !!str X\n", "!!str", "study_group", "tags are refused")]
    [InlineData("study_group: \"a\\x01b\"\n", "\"a", "study_group", "only characters that can be read")]
    [InlineData("study_group: \"\\x1b[31mred\"\n", "\"\\x1b", "study_group", "only characters that can be read")]
    [InlineData("study_group: \"turned \\u202e round\"\n", "\"turned", "study_group", "only characters that can be read")]
    [InlineData("study_group: \"no \\uFFFE\"\n", "\"no", "study_group", "only characters that can be read")]
    [InlineData("study_group: [X]\n", "[X]", "study_group", "expected a word or a text")]
    [InlineData("study_group: {X: Y}\n", "{X: Y}", "study_group", "expected a word or a text")]
    [InlineData("study_group:\n", "\nintended_use", "study_group", "expected a word or a text")]
    public void A_fault_is_named_where_it_stands(string line, string mark, string path, string message)
    {
        var spoiled = DocumentText.Shipped.Change(Title, line);
        var fault = spoiled.Compile().Faults[0];
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(DocumentText.Position(spoiled.Protocol, mark.TrimStart('\n')).Line - (mark[0] == '\n' ? 1 : 0), fault.Line);
    }

    [Theory]
    [InlineData("period: PERIOD_HISTORICAL", "period: PERIOD_FUTURE", "PERIOD_FUTURE", "expected one of PERIOD_HISTORICAL, PERIOD_CURRENT")]
    [InlineData("period: PERIOD_HISTORICAL", "period: PERIOD_UNSPECIFIED", "PERIOD_UNSPECIFIED", "expected one of")]
    [InlineData("superseded_by: [intreall-sr-2010, intreall-hr-2010]", "superseded_by: intreall-sr-2010", "intreall-sr-2010", "expected a list")]
    [InlineData("    inputs: [marrow_blasts_percent]", "    inputs: marrow_blasts_percent", "marrow_blasts_percent\n    conclusions", "expected a list")]
    [InlineData("      BELOW_5: \"[0, 5)\"\n      FROM_5_TO_25", "      BELOW_5: [0, 5]\n      FROM_5_TO_25", "[0, 5]\n", "expected a word or a text")]
    [InlineData("          marrow_blasts_percent: BELOW_5", "          marrow_blasts_percent: *below", "*below", "aliases are refused")]
    [InlineData("    raise: RAISE_WHEN_CERTAIN\n    open:", "    raise: 3\n    open:", "3\n    open", "expected one of RAISE_WHEN_CERTAIN")]
    public void A_value_of_the_wrong_kind_is_refused_at_its_column(string passage, string by, string mark, string message)
    {
        var spoiled = DocumentText.Shipped.Change(passage, by);
        var fault = spoiled.Compile().Faults[0];
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(DocumentText.Position(spoiled.Protocol, mark), (fault.Line, fault.Column));
    }

    [Fact]
    public void All_faults_of_a_file_are_listed_at_once()
    {
        var faults = DocumentText.Shipped
            .Change(Title, "study_grup: X\n")
            .Change("period: PERIOD_HISTORICAL", "period: OLD")
            .Change("    raise: RAISE_WHEN_CERTAIN\n    open:", "    raise: SOON\n    open:")
            .Change("    question: How is the bone marrow graded by conventional morphology?", "    question: [How]").Compile().Faults;
        Assert.Equal(["study_grup", "period", "decisions.marrow_status.question", "warnings[6].raise", "study_group"], faults.Select(fault => fault.Path));
        // What is not there stands nowhere.
        Assert.All(faults.SkipLast(1), fault => Assert.True(fault.Line > 0 && fault.Column > 0));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("# only a comment\n", "the file is empty")]
    [InlineData("id: a\n---\nid: b\n", "a file holds one document")]
    [InlineData("id: \"open\n", "not YAML")]
    [InlineData("id: a\n\tversion: b\n", "not YAML")]
    [InlineData("{id: a", "not YAML")]
    [InlineData("- a\n- b\n", "expected a mapping of keys")]
    [InlineData("just words", "expected a mapping of keys")]
    [InlineData("? [a, b]\n: c\n", "a key is one plain word")]
    [InlineData("*x : y\n", "not YAML|a key is one plain word")]
    [InlineData("%YAML 9.9\n---\nid: a\n", "not YAML")]
    public void A_file_that_is_no_document_is_refused(string text, string message)
    {
        var faults = DocumentReader.Read<ProtocolDocument>(Encoding.UTF8.GetBytes(text)).Faults;
        Assert.Contains(faults, fault => message.Split('|').Any(each => fault.Message.Contains(each, StringComparison.Ordinal)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.Equal("the file is not UTF-8", Assert.Single(DocumentReader.Read<ProtocolDocument>(new byte[] { 0x69, 0x64, 0x3a, 0x20, 0xff, 0xfe }).Faults).Message);

    [Fact]
    public void A_byte_order_mark_is_no_fault() =>
        Assert.Empty(DocumentReader.Read<ProtocolDocument>((byte[])[0xef, 0xbb, 0xbf, .. "id: a\n"u8]).Faults);

    [Fact]
    public void A_file_larger_than_any_document_is_refused() =>
        Assert.Contains("larger than", Assert.Single(DocumentReader.Read<ProtocolDocument>(new byte[(4 << 20) + 1]).Faults).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[", "")]
    [InlineData("{a: ", "")]
    [InlineData("- ", "")]
    [InlineData("? ", "")]
    [InlineData("[", "unknown: ")]
    [InlineData("{a: ", "decisions: ")]
    public void Nesting_a_hundred_thousand_deep_is_refused_and_neither_crashes_nor_hangs(string level, string before)
    {
        var text = new StringBuilder(before);
        for (var depth = 0; depth < 100_000; depth++)
        {
            text.Append(level);
        }
        var faults = ProtocolCompiler.Compile(Encoding.UTF8.GetBytes(text.ToString()), Array.Empty<byte>()).Faults;
        Assert.Contains(faults, fault => fault.Message.StartsWith("not YAML", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_nested_deeper_and_deeper_are_refused()
    {
        var text = string.Join("\n", Enumerable.Range(0, 1000).Select(depth => $"{new string(' ', depth)}a:"));
        Assert.Contains(DocumentReader.Read<ProtocolDocument>(Encoding.UTF8.GetBytes(text)).Faults, fault => fault.Message.Contains("nested deeper", StringComparison.Ordinal));
    }

    [Fact]
    public void A_choice_of_which_only_one_may_be_given_is_refused_when_two_are()
    {
        var cases = "cases:\n  - id: a\n    case:\n      mrd:\n        - quantified: \"1\"\n          not_evaluable: true\n";
        var fault = Assert.Single(DocumentReader.Read<GoldenCases>(Encoding.UTF8.GetBytes(cases)).Faults);
        Assert.Equal(("cases[0].case.mrd[0].not_evaluable", 6, 11), (fault.Path, fault.Line, fault.Column));
    }
}
