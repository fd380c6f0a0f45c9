using System.Collections;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Tests.Hosting.OpenApi;

/// <summary>A field that the contract calls required is one that a request is refused without, and its path is named.</summary>
public sealed class RequiredFieldTests(RelapseServer server) : IClassFixture<RelapseServer>
{
    public static TheoryData<string> InACase =>
    [
        .. RelapseCase.Descriptor.Fields.InDeclarationOrder()
            .Where(list => list.FieldType is FieldType.Message && list.IsRepeated)
            .SelectMany(list => Required(list.MessageType).Select(required => $"{list.Name}.{required.Name}")),
    ];

    [Fact]
    public void There_are_required_fields() => Assert.Contains("genetics.marker", InACase.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(InACase))]
    public async Task An_entry_of_a_list_without_it_is_refused(string path)
    {
        var (list, name) = (path.Split('.')[0], path.Split('.')[1]);
        var @case = new RelapseCase();
        var field = RelapseCase.Descriptor.FindFieldByName(list);
        ((IList)field.Accessor.GetValue(@case)).Add(field.MessageType.Parser.ParseFrom(ByteString.Empty));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Classification.ClassifyRelapseAsync(
            new ClassifyRelapseRequest { Case = @case }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains($"case.{list}[0].{name}", error.Fields());
    }

    [Theory]
    [InlineData("protocol")]
    [InlineData("reading")]
    [InlineData("value")]
    public async Task So_is_a_reading_without_it(string name)
    {
        var request = new ClassifyRelapseRequest { Case = new RelapseCase() };
        var document = RelapseServer.Catalog.Protocols.SelectMany(protocol => protocol.Versions).First(version => version.Document.Readings.Count > 0);
        var choice = new Relapse.Contracts.Decision.V1.ReadingChoice
        {
            Protocol = document.Name, Reading = document.Document.Readings.First().Key, Value = document.Document.Readings.First().Value.Values.First().Key,
        };
        var field = choice.GetType().GetProperty(char.ToUpperInvariant(name[0]) + name[1..])!;
        field.SetValue(choice, "");
        request.Readings.Add(choice);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Classification.ClassifyRelapseAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal([$"readings[0].{name}"], error.Fields());
        Assert.Contains(Required(Relapse.Contracts.Decision.V1.ReadingChoice.Descriptor), required => required.Name == name);
    }

    [Fact]
    public async Task So_is_a_request_without_its_case_or_name()
    {
        var cancel = TestContext.Current.CancellationToken;
        var registry = new RegistryService.RegistryServiceClient(server.Channel);
        var mrd = new MrdService.MrdServiceClient(server.Channel);
        var outcome = new OutcomeService.OutcomeServiceClient(server.Channel);
        var calls = new (IEnumerable<FieldDescriptor> Required, Func<Task> Call)[]
        {
            (Required(ClassifyRelapseRequest.Descriptor), async () => await Classification.ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: cancel)),
            (Required(InterpretMrdRequest.Descriptor), async () => await mrd.InterpretMrdAsync(new InterpretMrdRequest(), cancellationToken: cancel)),
            (Required(BatchInterpretMrdRequest.Descriptor), async () => await mrd.BatchInterpretMrdAsync(new BatchInterpretMrdRequest(), cancellationToken: cancel)),
            (Required(AssessResponseRequest.Descriptor), async () => await mrd.AssessResponseAsync(new AssessResponseRequest(), cancellationToken: cancel)),
            (Required(BatchAssessResponsesRequest.Descriptor), async () => await mrd.BatchAssessResponsesAsync(new BatchAssessResponsesRequest(), cancellationToken: cancel)),
            (Required(EstimateOutcomeRequest.Descriptor), async () => await outcome.EstimateOutcomeAsync(new EstimateOutcomeRequest(), cancellationToken: cancel)),
            (Required(PlotOutcomeRequest.Descriptor), async () => await outcome.PlotOutcomeAsync(new PlotOutcomeRequest(), cancellationToken: cancel)),
            (Required(GetProtocolVersionRequest.Descriptor), async () => await registry.GetProtocolVersionAsync(new GetProtocolVersionRequest(), cancellationToken: cancel)),
            (Required(ResolveLabelRequest.Descriptor), async () => await registry.ResolveLabelAsync(new ResolveLabelRequest(), cancellationToken: cancel)),
        };
        foreach (var (required, call) in calls)
        {
            var error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(required.Select(field => field.Name), error.Fields());
        }
    }

    private ClassificationService.ClassificationServiceClient Classification => new(server.Channel);

    private static IEnumerable<FieldDescriptor> Required(MessageDescriptor message) => message.Fields.InDeclarationOrder()
        .Where(field => field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.Required) is true);
}
