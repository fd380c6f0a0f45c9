using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Hosting.Events;

/// <summary>What is wrong with the settings of events is said at start, and what is said of events elsewhere is what there is.</summary>
public sealed class EventSettingsTests
{
    [Theory]
    [InlineData("RELAPSE_DAPR_ADDRESS", "--RELAPSE_DAPR_ADDRESS=localhost:50001")]
    [InlineData("RELAPSE_DAPR_ADDRESS", "--RELAPSE_DAPR_ADDRESS=http://user:secret@localhost:50001")]
    [InlineData("RELAPSE_DAPR_ADDRESS", "--RELAPSE_DAPR_ADDRESS=http://localhost:50001/v1.0")]
    [InlineData("RELAPSE_EVENTS_PUBSUB", "--RELAPSE_DAPR_ADDRESS=http://localhost:50001", "--RELAPSE_EVENTS_PUBSUB=two words")]
    [InlineData("RELAPSE_EVENTS_TOPIC", "--RELAPSE_DAPR_ADDRESS=http://localhost:50001", "--RELAPSE_EVENTS_TOPIC=a/b")]
    [InlineData("RELAPSE_EVENTS_SECONDS", "--RELAPSE_DAPR_ADDRESS=http://localhost:50001", "--RELAPSE_EVENTS_SECONDS=0")]
    [InlineData("RELAPSE_EVENTS_PUBSUB", "--RELAPSE_EVENTS_PUBSUB=pubsub")]
    [InlineData("RELAPSE_EVENTS_TOPIC", "--RELAPSE_EVENTS_TOPIC=relapse")]
    [InlineData("RELAPSE_EVENTS_SECONDS", "--RELAPSE_EVENTS_SECONDS=7")]
    public void A_setting_that_cannot_be_is_refused(string setting, params string[] arguments)
    {
        var refused = Assert.Throws<SettingsRefusedException>(() => RelapseHost.CreateBuilder(arguments));
        Assert.StartsWith(setting + ":", Assert.Single(refused.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_type_stands_in_the_contract_where_it_is_asked_for_and_in_the_document_of_events()
    {
        var contract = string.Concat(Repository.Files.Where(file => file.EndsWith(".proto", StringComparison.Ordinal)).Select(Repository.Read));
        var document = Repository.Read("docs/events.md");
        Assert.All(Relapse.Hosting.Events.EventType.All, type =>
        {
            Assert.Contains($"`{type.Name}`", contract, StringComparison.Ordinal);
            Assert.Contains($"| `{type.Name}` |", document, StringComparison.Ordinal);
        });
    }
}
