namespace Relapse.Tests.House;

/// <summary>
/// Who may know whom. A new project, a new reference or a new package fails here until the law is changed on purpose.
/// </summary>
public sealed class DependencyLawTests
{
    private static readonly string[] Grpc =
    [
        "Google.Api.CommonProtos", "Grpc.AspNetCore", "Grpc.AspNetCore.HealthChecks", "Grpc.AspNetCore.Server.Reflection",
        "Grpc.StatusProto", "Microsoft.AspNetCore.Grpc.JsonTranscoding",
    ];

    private static readonly string[] Redis =
        ["Microsoft.Extensions.Caching.Hybrid", "Microsoft.Extensions.Caching.StackExchangeRedis", "StackExchange.Redis"];

    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Law = new(StringComparer.Ordinal)
    {
        ["Relapse.Decisions"] = ([], []),
        ["Relapse.Protos"] = ([], ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.Net.Client", "Grpc.Tools"]),
        ["Relapse.Clinical"] = (["Relapse.Decisions", "Relapse.Protos"], ["YamlDotNet"]),
        ["Relapse.Edge"] =
        (
            [],
            [
                "Microsoft.AspNetCore.Authentication.JwtBearer", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
                "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Instrumentation.AspNetCore", "OpenTelemetry.Instrumentation.Runtime",
            ]),
        ["Relapse.Certification"] = (["Relapse.Clinical"], []),

        // Certification is not called by it: what it writes at build goes where hosting goes.
        ["Relapse.Hosting"] = (["Relapse.Certification", "Relapse.Clinical", "Relapse.Edge"], [.. Grpc, .. Redis, "Dapr.Client"]),
        ["Relapse.Registry"] = (["Relapse.Hosting"], ["Microsoft.Data.Sqlite", "Npgsql"]),
        ["Relapse.Classification"] = (["Relapse.Hosting"], []),
        ["Relapse.Mrd"] = (["Relapse.Hosting"], []),
        ["Relapse.Outcome"] = (["Relapse.Hosting"], []),
        ["Relapse.Transplant"] = (["Relapse.Hosting"], []),
        ["Relapse.Assessment"] = (["Relapse.Hosting"], []),
        ["Relapse.AllInOne"] = (["Relapse.Assessment", "Relapse.Classification", "Relapse.Edge", "Relapse.Mrd", "Relapse.Outcome", "Relapse.Registry", "Relapse.Transplant"], []),
        ["Relapse.Gateway"] = (["Relapse.Edge"], ["Yarp.ReverseProxy"]),
        // For cohorts alone (docs/decisions/2026-11-23-a-console-client-prints-the-table.md).
        ["Relapse.Cli"] = (["Relapse.Client", "Relapse.Protos"], []),

        // Another team's: it reads events by their JSON.
        ["Relapse.Dashboard"] = ([], ["Dapr.AspNetCore", "Grpc.Reflection"]),
        ["Relapse.Client"] =
        (
            ["Relapse.Protos"],
            ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.HealthCheck", "Grpc.Net.ClientFactory", "Grpc.Reflection", "Grpc.StatusProto"]),
        ["Relapse.Tests"] = (["Relapse.AllInOne", "Relapse.Cli", "Relapse.Client", "Relapse.Dashboard", "Relapse.Decisions", "Relapse.Gateway", "Relapse.Load", "Relapse.Transplant"], ["CsCheck", "KubernetesClient", "xunit.v3"]),
        ["Relapse.Benchmarks"] = (["Relapse.Decisions", "Relapse.Hosting", "Relapse.Registry", "Relapse.Transplant"], ["BenchmarkDotNet", "RulesEngine"]),

        // It loads what is published and knows of it only its contract; the edge is for the echo, which has to have the same, the client for calls by the published policy.
        ["Relapse.Load"] =
            (["Relapse.Client", "Relapse.Edge", "Relapse.Protos"], ["Grpc.AspNetCore", "Microsoft.AspNetCore.Grpc.JsonTranscoding", "Yarp.ReverseProxy"]),
    };

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_to_nothing_that_the_law_does_not_allow(string name)
    {
        var project = Repository.Projects.Single(project => project.Name == name);
        Assert.True(Law.TryGetValue(name, out var allowed), $"{project.Path} is not in the law: who may it know?");
        Assert.Empty(project.Projects.Except(allowed.Projects, StringComparer.Ordinal));
        Assert.Empty(project.Packages.Except(allowed.Packages, StringComparer.Ordinal));
    }

    [Fact]
    public void The_law_speaks_of_no_project_that_is_gone() =>
        Assert.Empty(Law.Keys.Except(Repository.Projects.Select(project => project.Name), StringComparer.Ordinal));

    [Theory]
    [InlineData("Relapse.Gateway", "Relapse.Protos")]
    [InlineData("Relapse.Edge", "Relapse.Protos")]
    [InlineData("Relapse.Decisions", "Relapse.Protos")]
    [InlineData("Relapse.Dashboard", "Relapse.Protos")]
    public void Some_never_know_a_message_not_even_through_another(string name, string unknown) =>
        Assert.DoesNotContain(unknown, Reach(name));

    [Theory]
    [InlineData("Relapse.Registry")]
    [InlineData("Relapse.Classification")]
    [InlineData("Relapse.Mrd")]
    [InlineData("Relapse.Outcome")]
    [InlineData("Relapse.Transplant")]
    public void A_service_never_knows_another_service(string service)
    {
        string[] services = ["Relapse.Registry", "Relapse.Classification", "Relapse.Mrd", "Relapse.Transplant", "Relapse.Outcome", "Relapse.Assessment"];
        Assert.Empty(Reach(service).Intersect(services, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("services/Relapse.Hosting/Protocols/Redis.cs", "using StackExchange", "using Microsoft.Extensions.Caching")]
    [InlineData("services/Relapse.Hosting/Events/DaprBroker.cs", "using Dapr", "using Dapr")]
    public void Redis_and_Dapr_are_each_known_to_one_file(string one, string used, string orUsed)
    {
        var knowing = Repository.Files
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal) && !file.StartsWith("examples/", StringComparison.Ordinal))
            .Where(file => Repository.Read(file).Split('\n').Any(line => line.StartsWith(used, StringComparison.Ordinal) || line.StartsWith(orUsed, StringComparison.Ordinal)));
        Assert.Equal([one], knowing);
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_the_solution_has_no_other()
    {
        var solution = Repository.Read("Relapse.sln").Split('"')
            .Where(word => word.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(path => path.Replace('\\', '/'));
        Assert.Equal(Repository.Projects.Select(project => project.Path).Order(StringComparer.Ordinal), solution.Order(StringComparer.Ordinal));
    }

    private static HashSet<string> Reach(string name)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out var next))
        {
            foreach (var project in Repository.Projects.Single(project => project.Name == next).Projects.Where(reached.Add))
            {
                open.Enqueue(project);
            }
        }

        return reached;
    }
}
