using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relapse.Client;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Classification;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Client;

/// <summary>A cohort whose streams break: no item is lost or answered twice, and the summary is that of a stream that held.</summary>
public sealed class BrokenCohortTests : IClassFixture<ClientHouse>
{
    private static readonly CohortSettings Settings = new() { Protocols = { "protocols/all-rez-bfm", "protocols/cog" }, RequestId = "broken" };
    private readonly ClientHouse _house;

    public BrokenCohortTests(ClientHouse house)
    {
        _house = house;
        house.Arrivals.Forget();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_torn_in_the_middle_again_and_again_loses_and_doubles_nothing()
    {
        List<CohortItem> items = [.. CohortAnswersTests.Many(600), .. Cohort.Mixed(random: 0)];
        await using var line = new FragileLine(_house.Server.GrpcAddress);
        await using var provider = _house.Register(address: line.Address);
        var progress = new Steps();
        var answers = provider.GetRequiredService<RelapseClient>().ClassifyCohort(items.ToAsyncEnumerable(), Settings, new CohortOptions { ChunkItems = 16 }, progress);
        var results = new List<CohortItemResult>();
        await foreach (var result in answers.WithCancellation(Cancel))
        {
            results.Add(result);
            if (results.Count is 1 or 100 or 101 or 350 or 590)
            {
                line.Tear();
            }
        }

        Assert.Equal(items.Select(item => item.ItemId), results.Select(result => result.ItemId));
        await AssertAsIfItHadHeld(items, results, answers.Summary);
        Assert.InRange(progress.All[^1].Breaks, 2, 5);
        Assert.Equal((items.Count, results.Count(result => result.Error is not null)), (progress.All[^1].Answered, progress.All[^1].Refused));
        _house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task A_line_torn_whenever_it_may_be_loses_and_doubles_nothing()
    {
        var items = CohortAnswersTests.Many(800).ToList();
        await using var line = new FragileLine(_house.Server.GrpcAddress);
        await using var provider = _house.Register(address: line.Address);
        var progress = new Steps();
        var answers = provider.GetRequiredService<RelapseClient>().ClassifyCohort(items.ToAsyncEnumerable(), Settings, new CohortOptions { ChunkItems = 16 }, progress);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var tearing = Task.Run(
            async () =>
            {
                var random = new Random(17);
                for (var torn = 0; torn < 12 && !done.IsCancellationRequested; torn++)
                {
                    await Task.Delay(random.Next(20, 120), done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    line.Tear();
                }
            },
            Cancel);

        var results = await answers.ToListAsync(Cancel);
        await done.CancelAsync();
        await tearing;

        Assert.NotEqual(0, progress.All[^1].Breaks);
        Assert.Equal(items.Select(item => item.ItemId), results.Select(result => result.ItemId));
        await AssertAsIfItHadHeld(items, results, answers.Summary);
        _house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task A_server_that_is_stopped_with_the_stream_open_is_followed_to_the_next()
    {
        var items = CohortAnswersTests.Many(200).ToList();
        await using var first = new RelapseServer { Configure = builder => builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100)) };
        await first.InitializeAsync();
        await first.ReadyAsync();
        await using var line = new FragileLine(first.GrpcAddress);
        await using var provider = _house.Register(address: line.Address);
        var progress = new Steps();
        var answers = provider.GetRequiredService<RelapseClient>().ClassifyCohort(items.ToAsyncEnumerable(), Settings, new CohortOptions { ChunkItems = 32 }, progress);
        var results = new List<CohortItemResult>();
        await foreach (var result in answers.WithCancellation(Cancel))
        {
            results.Add(result);
            if (results.Count == 50)
            {
                line.LeadTo(_house.Server.GrpcAddress);
                await first.StopAsync();
            }
        }

        Assert.Equal(items.Select(item => item.ItemId), results.Select(result => result.ItemId));
        Assert.Equal(1, progress.All[^1].Breaks);
        await AssertAsIfItHadHeld(items, results, answers.Summary);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_label_that_moves_while_the_line_is_down_does_not_split_the_cohort(bool firstAreRefused)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var house = new ClientHouse { Arguments = issuer.Arguments };
        await house.InitializeAsync();
        var (one, two) = (RegistryHouse.Fresh(), default(SmallProtocol));
        two = one with { Version = "2" };
        await using var line = new FragileLine(house.Server.GrpcAddress);
        await using var provider = house.Register(options => options.Token = _ => ValueTask.FromResult<string?>(issuer.Token("north")), line.Address);
        var client = provider.GetRequiredService<RelapseClient>();
        await client.Registry.PublishProtocolVersionAsync(one.Publish(), cancellationToken: Cancel);
        await client.Registry.PublishProtocolVersionAsync(two.Publish(), cancellationToken: Cancel);
        var name = $"protocols/{one.Id}/labels/current";
        var label = (await client.Registry.MoveLabelAsync(new MoveLabelRequest { Name = name, Version = one.Name, Reason = "First." }, cancellationToken: Cancel)).Label;

        // What is refused does not say under which version, so that the move is found later in the stream.
        var items = Cohort.Children(120).Select((item, place) => firstAreRefused && place is >= 10 and < 60 ? new CohortItem { ItemId = item.ItemId, Case = Cohort.Faulty() } : item).ToList();
        var answers = client.ClassifyCohort(items.ToAsyncEnumerable(), new CohortSettings { Protocols = { $"protocols/{one.Id}" } }, new CohortOptions { ChunkItems = 10 });
        var results = new List<CohortItemResult>();
        await foreach (var result in answers.WithCancellation(Cancel))
        {
            results.Add(result);
            if (results.Count == 1)
            {
                await client.Registry.MoveLabelAsync(new MoveLabelRequest { Name = name, Version = two.Name, Etag = label.Etag, Reason = "Second." }, cancellationToken: Cancel);
                line.Tear();
            }
        }

        Assert.Equal([one.Name], results.SelectMany(Receipts).Select(receipt => receipt.Protocol).Distinct());
        Assert.Single(results.SelectMany(Receipts).Select(receipt => receipt.RequestId).Distinct(), answers.Summary.RequestId);
        Assert.Equal((120, firstAreRefused ? 50 : 0), (answers.Summary.Items, answers.Summary.Refused));
        // The second found the label moved.
        Assert.Equal(3, house.Arrivals.Of("ClassifyCohort").Count);
        Assert.Equal(two.Name, Assert.Single((await client.Classification.ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = new RelapseCase(), Protocols = { $"protocols/{one.Id}" } }, cancellationToken: Cancel)).Receipts).Protocol);

        static IEnumerable<Receipt> Receipts(CohortItemResult result) => result.Classification?.Receipts ?? [];
    }

    /// <summary>The services are asked with the token that opened the stream; a cohort lasts longer than tokens do.</summary>
    [Fact]
    public async Task A_token_that_expires_on_the_way_is_followed_by_the_next()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var house = new ClientHouse { Arguments = issuer.Arguments };
        await house.InitializeAsync();
        // It is past its time but for what clocks may differ by, of which three seconds are left.
        var expires = DateTime.UtcNow.AddSeconds(3);
        var (old, opened) = (issuer.Token(claims => claims["scope"] = "relapse.read", to: TimeSpan.FromSeconds(-27)), 0);
        await using var provider = house.Register(options => options.Token = _ => ValueTask.FromResult<string?>(opened++ == 0 ? old : issuer.Token("north")));
        var answered = 0;
        var progress = new Steps();
        var answers = provider.GetRequiredService<RelapseClient>().AssessCohort(
            Source(), new AssessCohortSettings { Protocols = { "protocols/cog" }, Parts = { Part.Classification } }, new CohortOptions { ChunkItems = 5, ChunksAhead = 1 }, progress);
        var ids = new List<string>();
        await foreach (var result in answers.WithCancellation(Cancel))
        {
            Assert.Null(result.Error);
            ids.Add(result.ItemId);
            answered = ids.Count;
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), ids);
        Assert.Equal((1, 2), (progress.All[^1].Breaks, house.Arrivals.Of("AssessCohort").Select(arrival => arrival.Authorization).Distinct().Count()));

        async IAsyncEnumerable<AssessItem> Source()
        {
            for (var number = 0; number < 20; number++)
            {
                while (number == 10 && (answered < 5 || DateTime.UtcNow < expires.AddSeconds(0.5)))
                {
                    await Task.Delay(20, Cancel);
                }

                yield return new AssessItem { ItemId = $"{number}", Case = new RelapseCase() };
            }
        }
    }

    [Fact]
    public async Task A_service_that_has_too_many_calls_breaks_a_cohort_as_one_that_is_away_does()
    {
        await using var house = new ClientHouse();
        await house.InitializeAsync();
        await using var provider = house.Register();
        house.Arrivals.Before = context =>
        {
            var busy = context.Method.EndsWith("/BatchClassifyRelapses", StringComparison.Ordinal) && house.Arrivals.Of("BatchClassifyRelapses").Count == 2;
            var said = new Google.Rpc.Status { Code = (int)StatusCode.ResourceExhausted, Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new Google.Rpc.ErrorInfo { Reason = "TOO_MANY_CALLS" }) } };
            return busy ? Task.FromException(said.ToRpcException()) : Task.CompletedTask;
        };
        var progress = new Steps();
        var answers = provider.GetRequiredService<RelapseClient>().AssessCohort(
            Enumerable.Range(0, 30).Select(number => new AssessItem { ItemId = $"{number}", Case = new RelapseCase() }).ToAsyncEnumerable(),
            new AssessCohortSettings { Protocols = { "protocols/cog" }, Parts = { Part.Classification } }, new CohortOptions { ChunkItems = 10 }, progress);
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"{number}"), (await answers.ToListAsync(Cancel)).Select(item => item.ItemId));
        Assert.Equal(1, progress.All[^1].Breaks);
    }

    [Fact]
    public void Versions_are_pinned_with_the_readings_chosen_for_them()
    {
        var cohort = new ClassificationCohort(
            new ClassificationService.ClassificationServiceClient(_house.Server.Channel),
            new CohortSettings
            {
                Protocols = { "protocols/a", "protocols/b/versions/1" },
                Readings = { new ReadingChoice { Protocol = "protocols/a", Reading = "r" }, new ReadingChoice { Protocol = "protocols/b", Reading = "r" }, new ReadingChoice { Protocol = "protocols/b/versions/1", Reading = "s" } },
            });
        var answer = new ClassifyRelapseResponse { Receipts = { new Receipt { Protocol = "protocols/a/versions/7" }, new Receipt { Protocol = "protocols/b/versions/1" } } };
        cohort.Count([new CohortItemResult { Error = new Google.Rpc.Status() }]);
        cohort.PinVersions();
        Assert.Equal("protocols/a", cohort.Settings().Settings.Protocols[0]);
        cohort.Count([new CohortItemResult { Classification = answer }]);
        Assert.True(cohort.IsUnderSameVersions([new CohortItemResult { Classification = answer.Clone() }]));
        Assert.False(cohort.IsUnderSameVersions([new CohortItemResult { Classification = new ClassifyRelapseResponse { Receipts = { new Receipt { Protocol = "protocols/a/versions/8" }, answer.Receipts[1] } } }]));

        cohort.PinVersions();

        var pinned = cohort.Settings().Settings;
        Assert.Equal(["protocols/a/versions/7", "protocols/b/versions/1"], pinned.Protocols);
        Assert.Equal(["protocols/a/versions/7", "protocols/b/versions/1", "protocols/b/versions/1"], pinned.Readings.Select(reading => reading.Protocol));
    }

    [Fact]
    public async Task A_server_that_does_not_come_back_is_given_up_when_patience_ends()
    {
        await using var line = new FragileLine(new Uri("http://127.0.0.1:1"));
        await using var provider = _house.Register(address: line.Address);
        var progress = new Steps();
        var answers = provider.GetRequiredService<RelapseClient>().ClassifyCohort(Cohort.Children(3).ToAsyncEnumerable(), Settings, new CohortOptions { Patience = TimeSpan.FromMilliseconds(500) }, progress);

        var gone = await Assert.ThrowsAsync<RpcException>(async () => await answers.ToListAsync(Cancel));

        Assert.Equal(StatusCode.Unavailable, gone.StatusCode);
        Assert.InRange(progress.All[^1].Breaks, 1, 5);
        Assert.All(progress.All, step => Assert.Equal(0, step.Answered));
    }

    [Fact]
    public async Task A_server_that_answers_what_was_not_asked_is_not_believed()
    {
        var client = new ClassificationService.ClassificationServiceClient(_house.Server.Channel);
        var cohort = new CohortStream<CohortItem, ClassifyCohortRequest, ClassifyCohortResponse, CohortItemResult, CohortSummary>(
            new Impostor(client), Cohort.Children(3).ToAsyncEnumerable(), new CohortOptions(), new Steps(), TimeProvider.System);

        var unsound = await Assert.ThrowsAsync<RpcException>(async () => await cohort.ReadAsync(_ => Assert.Fail("There is no summary."), Cancel).ToListAsync(Cancel));

        Assert.Equal(StatusCode.DataLoss, unsound.StatusCode);
        Assert.Single(_house.Arrivals.All);
    }

    /// <summary>The same cohort over one stream that held, results and summary.</summary>
    private async Task AssertAsIfItHadHeld(List<CohortItem> items, List<CohortItemResult> results, CohortSummary summary)
    {
        await using var provider = _house.Register();
        var held = provider.GetRequiredService<RelapseClient>().ClassifyCohort(items.ToAsyncEnumerable(), Settings);
        var place = 0;
        await foreach (var result in held.WithCancellation(Cancel))
        {
            if (!result.Equals(results[place]))
            {
                // Where they differ is seen in the text, which costs too much to be made of all.
                Assert.Equal(result.ToString(), results[place].ToString());
            }

            place++;
        }

        Assert.Equal(results.Count, place);
        Assert.Equal(Ordered(held.Summary), Ordered(summary));
    }

    // Conclusions that only a stream which broke had stand after those of the last one.
    private static CohortSummary Ordered(CohortSummary summary)
    {
        var ordered = summary.Clone();
        foreach (var tally in ordered.Tallies)
        {
            var conclusions = tally.Conclusions.OrderBy(count => count.Conclusion, StringComparer.Ordinal).ToList();
            tally.Conclusions.Clear();
            tally.Conclusions.Add(conclusions);
        }

        return ordered;
    }

    /// <summary>Sends the items of a chunk in another order than they were given, so that each answer is another item's.</summary>
    private sealed class Impostor(ClassificationService.ClassificationServiceClient client) : CohortRpc<CohortItem, ClassifyCohortRequest, ClassifyCohortResponse, CohortItemResult, CohortSummary>
    {
        private readonly ClassificationCohort _inner = new(client, BrokenCohortTests.Settings);

        public override AsyncDuplexStreamingCall<ClassifyCohortRequest, ClassifyCohortResponse> Open(CancellationToken cancellation) => _inner.Open(cancellation);

        public override ClassifyCohortRequest Settings() => _inner.Settings();

        public override ClassifyCohortRequest Chunk(IEnumerable<CohortItem> items) => _inner.Chunk(items.Reverse());

        public override IReadOnlyList<CohortItemResult> Results(ClassifyCohortResponse response) => _inner.Results(response);

        public override CohortSummary? Summary(ClassifyCohortResponse response) => _inner.Summary(response);

        public override bool IsAnswer(CohortItemResult result, CohortItem to) => _inner.IsAnswer(result, to);

        public override bool IsRefused(CohortItemResult result) => _inner.IsRefused(result);

        public override bool IsUnderSameVersions(IReadOnlyList<CohortItemResult> results) => _inner.IsUnderSameVersions(results);

        public override void PinVersions() => _inner.PinVersions();

        public override void Count(IReadOnlyList<CohortItemResult> results) => _inner.Count(results);

        public override void Break() => _inner.Break();

        public override bool TrySum(CohortSummary last, out CohortSummary sum) => _inner.TrySum(last, out sum);
    }
}
