using Relapse.Tests.House;

namespace Relapse.Tests.Cluster;

/// <summary>
/// What the chart makes, for people to look over: one service in full, and every open way, with values of production. A change shows here;
/// RELAPSE_TEST_SNAPSHOTS=write takes it over.
/// </summary>
public sealed class SnapshotTests
{
    private const string Folder = "tests/Relapse.Tests/Cluster/Snapshots/";

    [Fact]
    public void One_service_in_full() => Matches("transplant.yaml", string.Join("---\n", Documents().Where(document => document.Contains("\n  name: relapse-transplant\n", StringComparison.Ordinal))));

    [Fact]
    public void Every_open_way() => Matches("ways.txt", string.Concat(new NetworkWays(Manifests.Rendered("production")).Describe().Select(way => way + "\n")));

    private static IEnumerable<string> Documents() =>
        Helm.Render("production").Split("---\n").Select(document => document.TrimEnd('\n') + "\n");

    private static void Matches(string file, string made)
    {
        if (Environment.GetEnvironmentVariable("RELAPSE_TEST_SNAPSHOTS") == "write")
        {
            File.WriteAllText(Path.Combine(Repository.Root, Folder, file), made);
        }

        Assert.Equal(Repository.Read(Folder + file), made);
    }
}
