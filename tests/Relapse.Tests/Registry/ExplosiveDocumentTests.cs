using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>Documents well within the limits of size whose tables cannot be gone through: refused with one clear fault, soon, and alike each time.</summary>
public sealed class ExplosiveDocumentTests(SqliteHouse house) : IClassFixture<SqliteHouse>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RegistryService.RegistryServiceClient Client => new(house.Server.Channel);

    private Metadata North => new() { { "authorization", "Bearer " + house.Token("north") } };

    public void Dispose() => house.Server.AssertNoErrorsLogged();

    [Fact]
    public async Task A_chain_of_small_tables_that_multiplies_out_is_too_large_for_verify_publish_and_compare()
    {
        var yaml = ExplosiveProtocol.Wide("wide", ExplosiveProtocol.Longest);
        Assert.True(yaml.Length < 64 * 1024);

        var fault = Assert.Single(await SoonAsync(() => VerifyAsync(yaml)));
        Assert.Equal(("protocol.yaml", "TOO_LARGE"), (fault.File, fault.Code));
        Assert.Contains("has too many combinations to be analysed", fault.Detail, StringComparison.Ordinal);
        Assert.Equal([fault], await SoonAsync(() => VerifyAsync(yaml)));

        var refused = await SoonAsync(() => Assert.ThrowsAsync<RpcException>(() => house.As("north", "gRPC").Publish(ExplosiveProtocol.Publish(yaml))));
        Assert.Equal((StatusCode.InvalidArgument, "protocol_yaml"), (refused.StatusCode, Assert.Single(refused.Fields())));
        var compared = await SoonAsync(() => Assert.ThrowsAsync<RpcException>(async () => await Client.CompareProtocolsAsync(
            new CompareProtocolsRequest { One = "protocols/cog", OtherProtocolYaml = ByteString.CopyFromUtf8(yaml) }, North, cancellationToken: Cancel)));
        Assert.Equal((StatusCode.InvalidArgument, "other_protocol_yaml"), (compared.StatusCode, Assert.Single(compared.Fields())));
    }

    [Fact]
    public async Task The_same_chain_shorter_is_sound()
    {
        Assert.Empty(await VerifyAsync(ExplosiveProtocol.Wide("wide", 8)));
        Assert.Empty(await VerifyAsync(ExplosiveProtocol.Small("small")));
    }

    [Theory]
    [InlineData(8, "TOO_MANY_FAULTS")]
    [InlineData(30, "TOO_LARGE")]
    public async Task Gaps_beyond_counting_are_listed_to_a_thousand_or_not_found_at_all(int pairs, string end)
    {
        var faults = await SoonAsync(() => VerifyAsync(ExplosiveProtocol.ManyGaps("gaps", pairs)));

        Assert.InRange(faults.Count, 1, 1001);
        Assert.All(faults.SkipLast(1), fault => Assert.True(fault.Code is "GAP" or "OVERLAP", fault.Code));
        Assert.Equal(end, faults[^1].Code);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(30_000)]
    public async Task Rules_without_number_that_leave_things_open_end_no_process(int rules)
    {
        var faults = await SoonAsync(() => VerifyAsync(ExplosiveProtocol.ManyOpen("open", rules)));

        Assert.Contains(faults, fault => fault.Code is "TOO_LARGE" or "TOO_MANY_FAULTS");
    }

    [Fact]
    public async Task Golden_cases_without_number_are_not_run()
    {
        var cases = "cases:\n" + string.Concat(Enumerable.Range(0, 20_001).Select(each => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"  - {{id: c{each}, source: book, why: w, case: {{}}, expect: {{risk_group: {{possible: [LOW, HIGH]}}}}}}\n")));

        var fault = Assert.Single(await SoonAsync(() => VerifyAsync(RegistryHouse.Fresh().Yaml, cases)));

        Assert.Equal(("cases.yaml", "TOO_LARGE"), (fault.File, fault.Code));
    }

    [Fact]
    public async Task Two_sound_versions_that_are_too_large_together_are_not_compared_and_say_so_and_are_evaluated_all_the_same()
    {
        var north = house.As("north", "gRPC");
        var (one, other) = ("one" + Guid.NewGuid().ToString("N"), "other" + Guid.NewGuid().ToString("N"));
        await north.Publish(ExplosiveProtocol.Publish(ExplosiveProtocol.Small(one)));
        await north.Publish(ExplosiveProtocol.Publish(ExplosiveProtocol.Small(other, shift: ExplosiveProtocol.Longest / 2)));
        string[] names = [$"protocols/{one}/versions/1", $"protocols/{other}/versions/1"];

        var compared = await SoonAsync(async () => await Client.CompareProtocolsAsync(
            new CompareProtocolsRequest { One = names[0], Other = names[1], Decision = "risk_group" }, North, cancellationToken: Cancel));

        var decision = Assert.Single(compared.Decisions);
        Assert.False(decision.Same);
        Assert.Empty(decision.Regions);
        Assert.Contains("too many combinations", Assert.Single(decision.NotComparable), StringComparison.Ordinal);
        Assert.Contains("too large together", decision.Summary, StringComparison.Ordinal);

        var classified = await SoonAsync(async () => await new Contracts.Classification.V1.ClassificationService.ClassificationServiceClient(house.Server.Channel).ClassifyRelapseAsync(
            new Contracts.Classification.V1.ClassifyRelapseRequest { Protocols = { names }, Case = new() }, North, cancellationToken: Cancel));
        Assert.All(classified.Decisions.Where(each => each.Decision_ == "risk_group"), each => Assert.Equal(["LOW", "HIGH"], each.Possible));
    }

    private async Task<IReadOnlyList<DocumentFault>> VerifyAsync(string yaml, string cases = ExplosiveProtocol.Cases) => (await Client.VerifyProtocolAsync(
        new VerifyProtocolRequest { ProtocolYaml = ByteString.CopyFromUtf8(yaml), CasesYaml = ByteString.CopyFromUtf8(cases) }, North, cancellationToken: Cancel)).Faults;

    private static async Task<T> SoonAsync<T>(Func<Task<T>> call)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = await call();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms");
        // Not a measurement: followed to its end it would take years.
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1));
        return answer;
    }
}
