using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Mrd;

/// <summary>Results that cannot be, by gRPC and by JSON: the caller's fault, each with its path, and no value comes back or stays in a log.</summary>
public sealed class BadMrdTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Level = "case.mrd[0].quantified";

    public static TheoryData<string, string, string> Results => new()
    {
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"-0.00713"}""", Level, "0.00713" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"1.713"}""", Level, "1.713" },
        { """{"unit":"MRD_UNIT_PERCENT","quantified":"171.3"}""", Level, "171.3" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"NaN"}""", Level, "NaN" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"-Infinity"}""", Level, "Infinity" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"7.13e-999999999"}""", Level, "7.13e-9" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"7.13e999999999"}""", Level, "7.13e9" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"7.13e-99999999999999999999"}""", Level, "7.13e-9" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"0x713p-3"}""", Level, "0x713" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"713,5"}""", Level, "713,5" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"0.07130000000000000000000000000000000000000001"}""", Level, "0.0713" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"7 in 3"}""", Level, "7 in 3" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"1/0"}""", Level, "1/0" },
        { """{"unit":"MRD_UNIT_PERCENT","quantified":"1 in 71300"}""", Level, "71300" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":""}""", Level, "unlikely text" },
        { """{"quantified":"0.0713"}""", "case.mrd[0].unit", "0.0713" },
        { """{"sensitivity":"0.0713","belowDetection":true}""", "case.mrd[0].unit", "0.0713" },
        { """{"unit":"MRD_UNIT_FRACTION","sensitivity":"0","belowDetection":true}""", "case.mrd[0].sensitivity", "unlikely text" },
        { """{"unit":"MRD_UNIT_FRACTION","sensitivity":"1.713","belowDetection":true}""", "case.mrd[0].sensitivity", "1.713" },
        { """{"unit":"MRD_UNIT_FRACTION","quantified":"0.0001","sensitivity":"0.00713"}""", "case.mrd[0].sensitivity", "0.00713" },
        { """{"unit":"MRD_UNIT_FRACTION","positiveNotQuantifiable":true,"sensitivity":"0.00713","quantifiableFrom":"0.0001"}""", "case.mrd[0].quantifiable_from", "0.00713" },
    };

    public static TheoryData<string> Rpcs => ["results:interpret", "responses:assess"];

    public void Dispose() => server.AssertNoErrorsLogged();

    [Theory]
    [MemberData(nameof(Results))]
    public async Task A_result_that_cannot_be_is_refused_by_its_path(string result, string field, string value)
    {
        var body = $$$"""{"case":{"mrd":[{{{result}}}]}}""";

        var json = await server.PostAsync("/v1/mrd/results:interpret", body);

        json.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal([field], json.Fields.Distinct());
        server.AssertNothingEchoed(json.Body, value);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await new MrdService.MrdServiceClient(server.Channel).InterpretMrdAsync(
            JsonParser.Default.Parse<InterpretMrdRequest>(body), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.InvalidArgument, field), (error.StatusCode, Assert.Single(error.Fields().Distinct())));
        server.AssertNothingEchoed(error.ToString(), value);
    }

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task Ten_thousand_results_in_one_series_are_too_many(string rpc)
    {
        var json = await server.PostAsync($"/v1/mrd/{rpc}", "{\"case\":{\"mrd\":[" + string.Join(',', Enumerable.Repeat("{\"notEvaluable\":true}", 10_000)) + "]}}");
        json.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["case.mrd"], json.Fields);

        var request = new InterpretMrdRequest { Case = new RelapseCase { Mrd = { Enumerable.Range(0, 10_000).Select(_ => new MrdResult { NotEvaluable = true }) } } };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await new MrdService.MrdServiceClient(server.Channel).InterpretMrdAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.InvalidArgument, "case.mrd"), (error.StatusCode, Assert.Single(error.Fields())));
    }

    [Fact]
    public async Task As_many_as_a_series_may_have_are_answered()
    {
        var answer = await new MrdService.MrdServiceClient(server.Channel).InterpretMrdAsync(
            new InterpretMrdRequest
            {
                Case = new RelapseCase
                {
                    Mrd = { Enumerable.Range(0, 200).Select(number => new MrdResult { Quantified = $"0.0{number + 1:D4}", Unit = MrdUnit.Fraction, TimePoint = (TimePoint)(number % 10), Method = (MrdMethod)(number % 5) }) },
                },
            },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(200, answer.Series.Points.Count);
    }

    [Fact]
    public async Task Faults_of_form_are_found_in_the_requests_of_the_service_too()
    {
        var answer = await server.PostAsync("/v1/mrd/results:interpret", """{"case":{"mrd":[{"quantified":0.001,"belowDetection":true,"unit":"PERCENT","unheardOf":1}]},"timePoint":"TIME_POINT_WEEK_12"}""");

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Superset(new HashSet<string> { "case.mrd[0].quantified", "case.mrd[0].unit", "case.mrd[0].unheard_of", "time_point" }, answer.Fields.ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task A_request_without_its_case_is_refused(string rpc)
    {
        var answer = await server.PostAsync($"/v1/mrd/{rpc}", "{}");
        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["case"], answer.Fields);
    }
}
