using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Tests.Hosting;

/// <summary>Names become exact versions, once for a call, and everything wrong with them is said.</summary>
public sealed class ProtocolRequestTests
{
    private static ProtocolCatalog Catalog => RelapseServer.Catalog;

    private static ProtocolCatalog Unlabelled => ProtocolCatalog.Of(Catalog.Protocols.SelectMany(entry => entry.Versions), newestIsCurrent: false);

    [Fact]
    public void No_name_means_every_current_version_by_id()
    {
        var resolved = ProtocolRequest.Resolve(Catalog, [], [], WellKnownDecisions.Classification, new FaultList());

        Assert.Equal(Catalog.Protocols.Select(entry => entry.Current!).Where(current => current.Document.Decisions.ContainsKey("relapse_site")).OrderBy(current => current.Id, StringComparer.Ordinal).Select(current => current.Name), resolved.Select(version => version.Protocol.Name));
    }

    [Fact]
    public void No_name_means_only_those_that_define_a_decision_of_the_call()
    {
        var resolved = ProtocolRequest.Resolve(Catalog, [], [], WellKnownDecisions.PrimaryRisk, new FaultList());

        Assert.Equal(
            Catalog.Protocols.Select(entry => entry.Current!).Where(current => current.Document.Decisions.ContainsKey("nci_group")).Select(current => current.Name),
            resolved.Select(version => version.Protocol.Name));
        Assert.Single(resolved);
        Assert.Empty(ProtocolRequest.Resolve(Catalog, [], [], ["no_decision"], new FaultList()));
    }

    [Fact]
    public void Documents_with_modifiers_for_all_stand_alongside_in_the_readings_chosen_for_them()
    {
        var shared = Catalog.Protocols.Select(entry => entry.Current!).Single(current => current.Document.ModifiersForAll);
        var choice = new ReadingChoice { Protocol = "protocols/" + shared.Id, Reading = "marrow_definition", Value = "PONTE_DI_LEGNO_2022" };

        var asked = ProtocolRequest.Resolve(Catalog, ["protocols/cog", "protocols/" + shared.Id], [choice], WellKnownDecisions.Classification, new FaultList());

        Assert.Equal((shared, "marrow_definition"), (Assert.Single(ProtocolRequest.Alongside(Catalog, asked)).Protocol, ProtocolRequest.Alongside(Catalog, asked)[0].Readings[0].Id));
        Assert.Empty(Assert.Single(ProtocolRequest.Alongside(Catalog, [asked[0]])).Readings);
        Assert.Empty(ProtocolRequest.Alongside(Unlabelled, asked));
    }

    [Fact]
    public void The_order_asked_for_is_kept()
    {
        var names = Catalog.Protocols.Reverse().Select(entry => entry.Name).ToArray();

        Assert.Equal(names, ProtocolRequest.Resolve(Catalog, names, [], WellKnownDecisions.Classification, new FaultList()).Select(version => "protocols/" + version.Protocol.Id));
    }

    [Fact]
    public void What_is_not_there_is_not_found_with_its_kind_name_and_path()
    {
        var faults = new FaultList();
        ProtocolRequest.Resolve(Catalog, ["protocols/cog/versions/1.0", "protocols/nothing"], [], WellKnownDecisions.Classification, faults);

        var error = Assert.Throws<RpcException>(faults.ThrowIfAny);

        Assert.Equal((StatusCode.NotFound, "PROTOCOL_VERSION_NOT_FOUND"), (error.StatusCode, error.Reason()));
        Assert.Equal(["protocols[0]", "protocols[1]"], error.Fields());
        Assert.Equal("protocols/cog/versions/1.0", error.GetRpcStatus()!.GetDetail<Google.Rpc.ResourceInfo>()!.ResourceName);
    }

    [Fact]
    public void A_protocol_without_a_current_label_fails_the_precondition_and_its_versions_are_listed()
    {
        var faults = new FaultList();
        ProtocolRequest.Resolve(Unlabelled, ["protocols/cog"], [], WellKnownDecisions.Classification, faults);

        var error = Assert.Throws<RpcException>(faults.ThrowIfAny);

        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), (error.StatusCode, error.Reason()));
        var violation = Assert.Single(error.GetRpcStatus()!.GetDetail<Google.Rpc.PreconditionFailure>()!.Violations);
        Assert.Equal("protocols/cog", violation.Subject);
        Assert.Contains("protocols/cog/versions/2012.1", violation.Description, StringComparison.Ordinal);
        Assert.Empty(ProtocolRequest.Resolve(Unlabelled, [], [], WellKnownDecisions.Classification, new FaultList()));
    }

    [Fact]
    public void Readings_are_checked_against_the_versions_evaluated()
    {
        var (entry, reading) = Catalog.Protocols.SelectMany(entry => entry.Current!.Document.Readings.Select(reading => (entry, reading))).First();
        var value = reading.Value.Values.Keys.First();
        var faults = new FaultList();

        var resolved = ProtocolRequest.Resolve(
            Catalog,
            [entry.Name],
            [
                new ReadingChoice { Protocol = entry.Current!.Name, Reading = reading.Key, Value = value },
                new ReadingChoice { Protocol = entry.Name, Reading = reading.Key, Value = value },
                new ReadingChoice { Protocol = entry.Name, Reading = reading.Key + "x", Value = value },
                new ReadingChoice { Protocol = entry.Name, Reading = reading.Key, Value = "nonsense" },
                new ReadingChoice { Protocol = Catalog.Protocols.First(other => other != entry).Name, Reading = reading.Key, Value = value },
                new ReadingChoice(),
            ],
            WellKnownDecisions.Classification,
            faults);

        Assert.Equal((reading.Key, value), (Assert.Single(Assert.Single(resolved).Readings).Id, resolved[0].Readings[0].Value));
        Assert.Equal(
            ["readings[1].reading", "readings[2].reading", "readings[3].reading", "readings[4].protocol", "readings[5].protocol"],
            Assert.Throws<RpcException>(faults.ThrowIfAny).Fields());
    }

    [Fact]
    public void More_than_32_names_are_too_many()
    {
        var faults = new FaultList();
        ProtocolRequest.Resolve(Catalog, [.. Enumerable.Repeat("protocols/cog", 33)], [], WellKnownDecisions.Classification, faults);

        Assert.Contains("protocols", Assert.Throws<RpcException>(faults.ThrowIfAny).Fields());
    }

    [Theory]
    [InlineData("protocols/a", "a", null, null)]
    [InlineData("protocols/a.b-1/versions/2", "a.b-1", "2", null)]
    [InlineData("protocols/a/labels/current", "a", null, "current")]
    public void Names_are_taken_apart(string name, string id, string? version, string? label) =>
        Assert.Equal(new ProtocolName { Id = id, Version = version, Label = label }, ProtocolName.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("protocols/")]
    [InlineData("protocols/A")]
    [InlineData("protocols/.a")]
    [InlineData("protocols/a/")]
    [InlineData("/protocols/a")]
    [InlineData("protocols/a/versions/")]
    [InlineData("protocols/a/versions/1/x")]
    [InlineData("protocols/a b")]
    [InlineData("protocols/\u00e4")]
    public void What_is_no_name_is_refused(string name) => Assert.Null(ProtocolName.Parse(name));

    [Fact]
    public void Page_tokens_are_bound_to_their_list()
    {
        var token = PageToken.After("list", "key");

        Assert.Equal("key", PageToken.KeyOf("list", token));
        Assert.Null(PageToken.KeyOf("another", token));
        Assert.Null(PageToken.KeyOf("list", "x" + token));
        Assert.Null(PageToken.KeyOf("list", token[..^2]));
        Assert.Null(PageToken.KeyOf("list", "!"));
        Assert.Null(PageToken.KeyOf("list", new string('A', 10_000)));
    }
}
