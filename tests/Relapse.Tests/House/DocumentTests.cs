using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Relapse.Tests.House;

/// <summary>What the documents list is what is there.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_pinned_package_has_its_line_in_the_list_of_dependencies_and_every_line_its_package()
    {
        var nuget = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(pin => pin.Attribute("Include")!.Value);
        var pinned = nuget.Concat(NpmPackages().Keys);
        Assert.Equal(pinned.Order(StringComparer.Ordinal), FirstCells("docs/dependencies.md").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Npm_packages_are_pinned_exactly() =>
        Assert.All(NpmPackages().Values, version => Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9]+)?$", version));

    [Fact]
    public void Every_setting_that_is_read_is_documented_and_every_documented_one_is_read()
    {
        var read = Repository.Files
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => SettingName().Matches(Repository.Read(file)).Select(match => match.Value))
            .Where(name => name != "RELAPSE_SERVICE_")
            .Append("RELAPSE_SERVICE_<WORD>_GRPC")
            .Append("RELAPSE_SERVICE_<WORD>_HTTP");
        Assert.Equal(
            read.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            FirstCells("docs/configuration.md").Where(name => name.StartsWith("RELAPSE_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_example_has_its_line_and_every_line_its_example()
    {
        var files = Repository.Files.Where(file => Path.GetDirectoryName(file) == "examples" && file.EndsWith(".json", StringComparison.Ordinal));
        Assert.Equal(files.Order(StringComparer.Ordinal), ExampleTests.Listed.Concat(ExampleTests.OfPrimaryRisk).Concat(ExampleTests.OfMrd).Concat(ExampleTests.OfResponse).Concat(ExampleTests.OfEligibility).Concat(ExampleTests.OfDonors).Concat(ExampleTests.OfOutcome).Select(line => "examples/" + line.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_relative_link_of_a_document_leads_somewhere()
    {
        var dead = Repository.Files
            .Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(file => Link().Matches(Repository.Read(file)).Select(match => (File: file, Target: match.Groups[1].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal))
            .Where(link => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(link.File)!, link.Target)));
        Assert.Empty(dead);
    }

    // Optional is what there is for one operating system alone.
    private static Dictionary<string, string> NpmPackages()
    {
        using var npm = JsonDocument.Parse(Repository.Read("tools/package.json"));
        return ((string[])["dependencies", "optionalDependencies"]).SelectMany(kind => npm.RootElement.GetProperty(kind).EnumerateObject())
            .ToDictionary(package => package.Name, package => package.Value.GetString()!, StringComparer.Ordinal);
    }

    // The first cell of each row of a table, without its backticks: `| name | ...`.
    private static IEnumerable<string> FirstCells(string document) => Repository.Read(document).Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|')[1].Trim().Trim('`'));

    [GeneratedRegex("(?<=\")RELAPSE_[A-Z_]+(?=\")")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
