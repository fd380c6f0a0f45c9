using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>What is in force while a version is on its way, and when it does not come.</summary>
public sealed class FollowedCatalogTests : IDisposable
{
    private static readonly string[] RiskGroup = ["risk_group"];

    private readonly MovedClock _clock = new();
    private readonly RegistryLine _nowhere = new(new RemoteOptions { Address = new Uri("http://127.0.0.1:1"), TokenFile = null }, new ServiceChannels());
    private readonly HeldProtocols _held;
    private readonly FollowedCatalog _catalogs;
    private readonly SmallProtocol _one = new("small", "1");
    private FollowedLabels _followed = FollowedLabels.None;

    public FollowedCatalogTests()
    {
        _held = new HeldProtocols(new NoDocumentCache(), _nowhere, NullLogger<HeldProtocols>.Instance);
        _catalogs = new FollowedCatalog(_held, _clock);
    }

    public void Dispose() => _nowhere.Dispose();

    [Fact]
    public void A_label_stands_where_it_stood_until_its_next_version_is_held()
    {
        var two = _one with { Version = "2" };
        Hold(_one);
        Hear(1, _one, LabelOn(_one));
        Assert.Equal(_one.Name, Current());
        Hear(2, two, LabelOn(two));
        Assert.Equal(_one.Name, Current());
        Assert.Equal(StatusCode.Unavailable, AskedFor(two.Name).Code);
        Hold(two);
        Assert.Equal(two.Name, Current());
    }

    [Fact]
    public void A_version_that_does_not_come_makes_its_label_unavailable_and_what_would_use_it_unasked()
    {
        var two = _one with { Version = "2" };
        Hold(_one);
        Hear(1, _one, LabelOn(_one));
        Hear(2, two, LabelOn(two));
        _clock.Elapsed += FollowedCatalog.Patience;
        Assert.Equal((StatusCode.Unavailable, "VERSION_NOT_HELD"), AskedFor("protocols/small"));
        Assert.Equal((StatusCode.Unavailable, "VERSION_NOT_HELD"), AskedFor());
        // It may have something to say beside every answer.
        Assert.Equal((StatusCode.Unavailable, "VERSION_NOT_HELD"), AskedFor(_one.Name));
        Hold(two);
        Assert.Equal(two.Name, Current());
        Assert.Equal((StatusCode.OK, ""), AskedFor());
    }

    [Fact]
    public void A_protocol_that_is_new_is_not_used_unasked_before_it_is_held()
    {
        var other = new SmallProtocol("other", "1");
        Hold(_one);
        Hear(1, _one, LabelOn(_one));
        Hear(2, other, LabelOn(other));
        Assert.Equal((StatusCode.OK, ""), AskedFor());
        Assert.Equal((StatusCode.Unavailable, "VERSION_NOT_HELD"), AskedFor("protocols/other"));
    }

    [Fact]
    public void Another_centres_version_that_does_not_come_is_nobody_elses_trouble()
    {
        var other = new SmallProtocol("other", "1");
        Hold(_one);
        Hear(1, _one, LabelOn(_one));
        Hear(2, other, LabelOn(other, "south"), "south");
        _clock.Elapsed += FollowedCatalog.Patience;
        Assert.Equal((StatusCode.OK, ""), AskedFor());
        Assert.Equal(StatusCode.NotFound, AskedFor(other.Name).Code);
        Assert.Equal(StatusCode.Unavailable, Asked("south", other.Name).Code);
    }

    [Fact]
    public void Out_of_touch_what_is_not_known_is_unavailable_and_known_not_to_be_otherwise()
    {
        Hold(_one);
        Hear(1, _one, LabelOn(_one));
        foreach (var name in new[] { "protocols/none", "protocols/none/versions/1", "protocols/small/versions/7" })
        {
            Assert.Equal(StatusCode.NotFound, AskedFor(name).Code);
            Assert.Equal((StatusCode.Unavailable, "VERSION_NOT_HELD"), Asked("north", [name], mayLack: true));
        }

        Assert.Equal((StatusCode.OK, ""), Asked("north", ["protocols/small"], mayLack: true));
    }

    [Fact]
    public void Each_centre_has_its_own_label_of_a_name_and_one_current()
    {
        Hold(_one);
        Hear(1, _one, LabelOn(_one));
        var house = new Label { Name = "protocols/small/labels/house", Version = _one.Name };
        var followed = _followed.With([new WatchLabelsResponse
        {
            Revision = 2,
            Labels = { new Label(house) { Centre = "north" }, new Label(house) { Centre = "south" }, LabelOn(_one) },
        }]);
        Assert.Equal(3, followed.Labels.Count());
    }

    private void Hold(SmallProtocol small) => _held.Hold(CompiledOf(small));

    private static CompiledProtocol CompiledOf(SmallProtocol small)
    {
        var publish = small.Publish();
        return ProtocolCompiler.Compile(publish.ProtocolYaml.ToByteArray(), publish.CasesYaml.ToByteArray()).Protocol!;
    }

    private static Label LabelOn(SmallProtocol small, string centre = "north") =>
        new() { Name = $"protocols/{small.Id}/labels/current", Version = small.Name, Centre = centre };

    private void Hear(long revision, SmallProtocol small, Label label, string centre = "north")
    {
        var compiled = CompiledOf(small);
        var version = new ProtocolVersion { Name = small.Name, Digest = compiled.Digest, CasesDigest = compiled.CasesDigest, Centre = centre };
        _followed = _followed.With([new WatchLabelsResponse { Revision = revision, Versions = { version }, Labels = { label } }]);
        _catalogs.Make(_followed, mayLack: false);
    }

    private string? Current() => _catalogs.Make(_followed, mayLack: false).For("north").Find("small")?.Current?.Name;

    private (StatusCode Code, string Reason) AskedFor(params string[] names) => Asked("north", names);

    private (StatusCode Code, string Reason) Asked(string centre, string name) => Asked(centre, [name]);

    private (StatusCode Code, string Reason) Asked(string centre, string[] names, bool mayLack = false)
    {
        var faults = new FaultList();
        ProtocolRequest.Resolve(_catalogs.Make(_followed, mayLack).For(centre), names, [], [.. RiskGroup], faults);
        try
        {
            faults.ThrowIfAny();
            return (StatusCode.OK, "");
        }
        catch (RpcException error)
        {
            return (error.StatusCode, error.Reason());
        }
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
