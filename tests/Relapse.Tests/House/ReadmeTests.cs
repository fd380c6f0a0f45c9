using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Tests.House;

/// <summary>README.md is run as printed (tests/readme.sh); here, that it leaves no way to call out.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Paths =>
    [
        .. new[] { AssessmentService.Descriptor, ClassificationService.Descriptor, MrdService.Descriptor, OutcomeService.Descriptor, RegistryService.Descriptor, TransplantService.Descriptor }
            .SelectMany(service => service.Methods)
            .Select(method => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http))
            .OfType<HttpRule>().SelectMany(rule => rule.AdditionalBindings.Prepend(rule))
            .Select(rule => rule.Get + rule.Post + rule.Put + rule.Delete + rule.Patch),
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_json_path_of_the_contract_is_called_in_a_block_that_is_run(string path)
    {
        // A parameter stands for the segments of its template, or for one.
        var template = Parameter().Replace(path, parameter => parameter.Groups[1] is { Success: true, Value: var segments } ? segments : "*");
        var called = new Regex("localhost:8080" + Regex.Escape(template).Replace("\\*", "[^/\\s]+", StringComparison.Ordinal) + "(?=[\\s?'\"]|$)");
        Assert.Contains(Run().Matches(Repository.Read("README.md")), block => called.IsMatch(block.Groups[1].Value));
    }

    [GeneratedRegex(@"\{[^}=]+(?:=([^}]+))?\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Run();
}
