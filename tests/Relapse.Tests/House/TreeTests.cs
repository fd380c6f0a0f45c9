using System.Text.RegularExpressions;

namespace Relapse.Tests.House;

public sealed partial class TreeTests
{
    private const int LongestFile = 400;

    private static readonly string[] NamesThatSayNothing = ["Helpers.cs", "Utils.cs", "Common.cs", "Extensions.cs"];
    private static readonly string[] TextFiles = [".cs", ".csproj", ".props", ".json", ".md", ".yaml", ".yml", ".proto", ".sh", ".txt", ".config"];

    private static IEnumerable<string> Sources => Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void No_file_has_a_name_that_says_nothing() =>
        Assert.DoesNotContain(Sources, file => NamesThatSayNothing.Contains(Path.GetFileName(file), StringComparer.Ordinal));

    [Fact]
    public void No_process_has_a_settings_file() =>
        Assert.DoesNotContain(Repository.Files, file => Path.GetFileName(file).StartsWith("appsettings", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void No_project_is_excepted_from_the_rules_of_style() =>
        Assert.DoesNotContain(
            Repository.Files,
            file => file.EndsWith(".csproj", StringComparison.Ordinal) && Repository.Read(file).Contains("<EnforceCodeStyleInBuild>false", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void No_file_of_code_is_longer_than_can_be_read()
    {
        var tooLong = Sources.Where(file => Repository.Read(file).Count(letter => letter == '\n') > LongestFile);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine()
    {
        var named = Repository.Files
            .Where(file => TextFiles.Contains(Path.GetExtension(file), StringComparer.Ordinal) && !file.StartsWith(".ci/", StringComparison.Ordinal))
            .Where(file => MachinePath().IsMatch(Repository.Read(file)));
        Assert.Empty(named);
    }

    [Fact]
    public void The_licence_is_the_text_of_apache_2_and_every_project_says_so()
    {
        var licence = Repository.Read("LICENSE");
        Assert.StartsWith("Apache License Version 2.0, January 2004 http://www.apache.org/licenses/", Whitespace().Replace(licence, " ").TrimStart(), StringComparison.Ordinal);
        Assert.Contains("END OF TERMS AND CONDITIONS", licence, StringComparison.Ordinal);
        Assert.Contains("<PackageLicenseExpression>Apache-2.0</PackageLicenseExpression>", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [GeneratedRegex("/(tmp|root|home|work)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
