using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Case.V1;

namespace Relapse.Tests.Hosting.OpenApi;

/// <summary>The contract to read in a browser.</summary>
public sealed partial class ContractPageTests(RelapseServer server) : IClassFixture<RelapseServer>
{
    /// <summary>All of them, those that are added too.</summary>
    private static readonly FileDescriptor[] Files =
    [
        .. typeof(CaseReflection).Assembly.GetExportedTypes()
            .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>()
            .Where(file => file.Package.StartsWith("relapse.", StringComparison.Ordinal)),
    ];

    [Fact]
    public async Task It_has_every_service_rpc_message_field_and_value()
    {
        var page = await Read();
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        foreach (var file in Files)
        {
            Assert.Empty(file.Services.Select(service => service.FullName).Except(ids));
            Assert.Empty(file.Services.SelectMany(service => service.Methods).Select(method => method.FullName).Except(ids));
            Assert.Empty(file.MessageTypes.Select(message => message.FullName).Except(ids));
            Assert.Empty(file.EnumTypes.Select(type => type.FullName).Except(ids));
            Assert.All(file.MessageTypes, message => Assert.Equal(
                message.Fields.InDeclarationOrder().Select(field => field.Name), RowHeads(page, message.FullName)));
            Assert.All(file.EnumTypes, type => Assert.Equal(type.Values.Select(value => value.Name), RowHeads(page, type.FullName)));
        }
    }

    [Fact]
    public async Task Every_row_and_every_rpc_says_what_it_means()
    {
        var page = await Read();
        Assert.All(page.Descendants("tr").Where(row => row.Elements("td").Any()), row => Assert.NotEmpty(row.Elements("td").Last().Value));
        Assert.All(page.Descendants("h4"), rpc => Assert.Equal("p", rpc.ElementsAfterSelf().First().Name.LocalName));
    }

    [Fact]
    public async Task Every_link_leads_somewhere_on_the_page_or_to_the_document()
    {
        var page = await Read();
        var ids = page.Descendants().Attributes("id").Select(id => "#" + id.Value).Append("/openapi.json").ToHashSet(StringComparer.Ordinal);
        Assert.All(page.Descendants("a"), link => Assert.Contains(link.Attribute("href")!.Value, ids));
    }

    [Fact]
    public async Task It_needs_nothing_but_itself_and_can_be_read_without_seeing()
    {
        var page = await Read();
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img" or "link" or "iframe");
        Assert.Equal("en", page.Root!.Attribute("lang")!.Value);
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(page.Descendants("th"), head => Assert.NotNull(head.Attribute("scope")));
        var levels = page.Descendants().Where(element => Heading().IsMatch(element.Name.LocalName)).Select(heading => heading.Name.LocalName[1] - '0').ToList();
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, "a level of headings is left out"));
    }

    // The page is written so that XML can read it, but for its first line and the elements that never close.
    private async Task<XDocument> Read()
    {
        using var response = await server.Http.GetAsync(new Uri("/docs/contract", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        return XDocument.Parse(Void().Replace(html["<!DOCTYPE html>".Length..], "<$1/>"));
    }

    private static IEnumerable<string> RowHeads(XDocument page, string id) => page.Descendants("section")
        .Single(section => section.Attribute("aria-labelledby")!.Value == id).Descendants("th")
        .Where(head => head.Attribute("scope")!.Value == "row").Select(head => head.Element("code")!.Value);

    [GeneratedRegex("<(meta[^>]*|br)>")]
    private static partial Regex Void();

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex Heading();
}
