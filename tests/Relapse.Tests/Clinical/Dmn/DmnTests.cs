using System.Text;
using System.Xml.Linq;
using Relapse.Clinical;
using Relapse.Clinical.Dmn;
using Relapse.Clinical.Documents;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical.Dmn;

/// <summary>A version goes out as DMN and comes back the same; what would lose something on the way back is refused.</summary>
public sealed class DmnTests
{
    public static TheoryData<string> Protocols => [.. Shipped.Ids];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_shipped_decision_comes_back_as_it_was(string id)
    {
        var protocol = Shipped.Protocol(id);

        var read = DmnImport.Read(DmnExport.Write(protocol));

        Assert.Empty(read.Faults);
        Assert.Equal(protocol.Document.Decisions.Keys, read.Decisions.Select(decision => decision.Id));
        Assert.All(read.Decisions, decision => Assert.Equal(protocol.Document.Decisions[decision.Id], decision.Table));
        Assert.All(read.Inputs, input => Assert.Equal(protocol.Document.Inputs[input.Key], input.Value));
    }

    [Fact]
    public void No_fact_has_the_id_of_a_decision()
    {
        // A table names either as a column of its own, by the id alone.
        var decisions = Shipped.Library.Versions.SelectMany(protocol => protocol.Document.Decisions.Keys).Concat(WellKnownDecisions.All);

        Assert.Empty(decisions.Intersect(FactCatalogue.Ids, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void The_yaml_of_an_import_is_read_as_what_was_imported(string id)
    {
        var imported = DmnImport.Read(DmnExport.Write(Shipped.Protocol(id)));

        var read = DocumentReader.Read<ProtocolDocument>(Encoding.UTF8.GetBytes(DecisionYaml.Write(imported)));

        Assert.Empty(read.Faults);
        Assert.Equal(imported.Decisions.ToDictionary(decision => decision.Id, decision => decision.Table), read.Message.Decisions.ToDictionary());
        Assert.Equal(imported.Inputs.OrderBy(input => input.Key), read.Message.Inputs.OrderBy(input => input.Key));
    }

    [Theory]
    [InlineData("[5..25]", "[5, 25]")]
    [InlineData("> 25", "(25, inf)")]
    [InlineData(">= 5", "[5, inf)")]
    [InlineData("<= 20", "(-inf, 20]")]
    [InlineData("< 5", "(-inf, 5)")]
    [InlineData("(25..100]", "(25, 100]")]
    [InlineData("]25..100[", "(25, 100)")]
    [InlineData("6", "[6, 6]")]
    [InlineData("0.0001", "[0.0001, 0.0001]")]
    public void Cells_of_numbers_are_read(string cell, string interval)
    {
        var (values, error) = FeelTests.Read(cell);

        Assert.Null(error);
        Assert.Equal(interval, Assert.Single(values!.Intervals).ToString());
    }

    [Theory]
    [InlineData("not(\"A\")")]
    [InlineData("date(\"2020-01-01\")")]
    [InlineData("\"A\",")]
    [InlineData("a + 1")]
    [InlineData("[5..]")]
    [InlineData("99999999999999999999999999999999999999999")]
    [InlineData("\"A\" \"B\"")]
    public void What_is_no_closed_set_is_not_read(string cell) => Assert.NotNull(FeelTests.Read(cell).Error);

    [Theory]
    [InlineData("hitPolicy=\"UNIQUE\"", "hitPolicy=\"FIRST\"", "hit policy")]
    [InlineData("<text>&lt;", "<text>not&lt;", "not a list")]
    [InlineData("<text>marrow_blasts_percent</text>", "<text>marrow_blasts_percent + 1</text>", "no fact of the catalogue")]
    [InlineData("<text>\"M1\"</text>", "<text>\"M9\"</text>", "must conclude one word")]
    [InlineData("name=\"marrow_status\"", "name=\"something_else\"", "no name that is a known decision id")]
    public void What_would_be_lost_is_refused_with_its_line(string passage, string by, string why)
    {
        var text = Encoding.UTF8.GetString(DmnExport.Write(Shipped.Protocol("i-bfm-sg"))).Replace("[0..5)", "&lt; 5", StringComparison.Ordinal);
        Assert.Contains(passage, text, StringComparison.Ordinal);

        var read = DmnImport.Read(Encoding.UTF8.GetBytes(text.Replace(passage, by, StringComparison.Ordinal)));

        Assert.Empty(read.Decisions);
        Assert.Contains(read.Faults, fault => fault.Why.Contains(why, StringComparison.Ordinal) && fault.Line > 1);
        Assert.True(read.Faults.Length <= 100);
    }

    [Fact]
    public void A_table_that_somebody_else_drew_is_taken_over()
    {
        const string Drawn = """
            <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
              <decision id="x" name="marrow_status">
                <decisionTable id="t">
                  <input id="i"><inputExpression id="e" typeRef="number"><text>marrow_blasts_percent</text></inputExpression></input>
                  <output id="o" typeRef="string" />
                  <rule id="r1"><inputEntry id="c1"><text>&lt; 5</text></inputEntry><outputEntry id="o1"><text>"M1"</text></outputEntry></rule>
                  <rule id="r2"><inputEntry id="c2"><text>[5..25]</text></inputEntry><outputEntry id="o2"><text>"M2"</text></outputEntry></rule>
                  <rule id="r3"><inputEntry id="c3"><text>&gt; 25</text></inputEntry><outputEntry id="o3"><text>"M3"</text></outputEntry></rule>
                </decisionTable>
              </decision>
            </definitions>
            """;

        var read = DmnImport.Read(Encoding.UTF8.GetBytes(Drawn));

        Assert.Empty(read.Faults);
        var (id, table) = Assert.Single(read.Decisions);
        Assert.Equal(("marrow_status", "M1 M2 M3"), (id, string.Join(' ', table.Conclusions)));
        Assert.Equal(["BELOW_5", "FROM_5_UP_TO_25", "ABOVE_25"], table.Rules.Select(rule => Assert.Single(rule.When["marrow_blasts_percent"].Values_)));
        Assert.Equal(["[0, 5)", "[5, 25]", "(25, 100]"], table.Rules.Select(rule => read.Inputs["marrow_blasts_percent"].Bands[rule.When["marrow_blasts_percent"].Values_[0]]));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "empty", "" },
        { "no XML", "not xml at all" },
        { "other root", "<a/>" },
        { "document type", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>" },
        { "deep", string.Concat(Enumerable.Repeat("<a>", 100_000)) },
        { "large", $"<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"><a>{new string('x', 5 * 1024 * 1024)}</a></definitions>" },
        { "unfinished", "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"><decision" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_file_is_refused_briefly(string name, string file)
    {
        var read = DmnImport.Read(Encoding.UTF8.GetBytes(file));

        Assert.True(read.Faults.Length == 1 && read.Faults[0].Why.Length < 200, name);
    }

    [Fact]
    public void Spoiled_bytes_are_read_or_refused_and_never_break_the_reader()
    {
        var sound = DmnExport.Write(Shipped.Protocol("cog"));
        var random = new Random(11);
        for (var run = 0; run < 60; run++)
        {
            byte[] spoiled = [.. sound];
            for (var times = random.Next(1, 6); times > 0; times--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(32, 127);
            }

            var read = DmnImport.Read(spoiled);
            Assert.True(read.Faults.IsEmpty || read.Decisions.IsEmpty);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void The_picture_has_every_element_of_the_graph_and_every_requirement(string id)
    {
        var file = XDocument.Parse(Encoding.UTF8.GetString(DmnExport.Write(Shipped.Protocol(id))));
        string[] Ids(params string[] names) => [.. file.Descendants().Where(element => names.Contains(element.Name.LocalName)).Select(element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal)];
        string[] Drawn(string name) => [.. file.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Attribute("dmnElementRef")!.Value).Order(StringComparer.Ordinal)];

        Assert.Equal(Ids("decision", "inputData", "knowledgeSource"), Drawn("DMNShape"));
        Assert.Equal(Ids("informationRequirement", "authorityRequirement"), Drawn("DMNEdge"));
        var all = file.Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>().Where(each => each.Length > 0).ToList();
        Assert.All(file.Descendants().Where(element => element.Attribute("href") is not null), element => Assert.Contains(element.Attribute("href")!.Value[1..], all));
    }
}
