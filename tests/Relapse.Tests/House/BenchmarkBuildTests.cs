using System.Diagnostics;

namespace Relapse.Tests.House;

/// <summary>
/// BenchmarkDotNet builds every project that it measures once more, in a folder of its own, whose whole path it gives as IntermediateOutputPath. The
/// certificates of the library are then there, and Relapse.Hosting takes them from where the project says that they are: without them
/// <c>./relapse bench kernel</c> does not build. Building so takes most of a minute, so the project is asked.
/// </summary>
public sealed class BenchmarkBuildTests
{
    private const string Project = "services/Relapse.Certification";

    [Fact]
    public async Task Certificates_are_where_BenchmarkDotNet_has_them_written()
    {
        var elsewhere = Path.Combine(Path.GetTempPath(), "benchmark", "obj", "Release", "net10.0");

        Assert.Equal(Path.Combine(elsewhere, "relapse.certificates"), await LocateAsync($"-property:IntermediateOutputPath={elsewhere}/"));
    }

    [Fact]
    public async Task Certificates_are_where_everybody_else_has_them_written() =>
        Assert.Equal(Path.Combine(Repository.Root, Project, "obj", "Release", "net10.0", "relapse.certificates"), await LocateAsync());

    private static async Task<string> LocateAsync(params string[] properties)
    {
        string[] arguments = ["msbuild", Project, "-nologo", "-nodeReuse:false", "-target:LocateCertificates", "-getItem:Certificates", "-property:Configuration=Release", .. properties];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said + await errors);
        using var items = System.Text.Json.JsonDocument.Parse(said);
        return Assert.Single(items.RootElement.GetProperty("Items").GetProperty("Certificates").EnumerateArray()).GetProperty("FullPath").GetString()!;
    }
}
