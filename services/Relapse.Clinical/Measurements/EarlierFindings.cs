using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Mrd.V1;

namespace Relapse.Clinical;

/// <summary>Says what the response assessed does not say itself and earlier ones do.</summary>
public static class EarlierFindings
{
    /// <summary>By the rules of one protocol.</summary>
    /// <param name="evaluator">The evaluator of the case.</param>
    /// <param name="protocol">The version.</param>
    /// <param name="readings">The readings chosen for it.</param>
    public static IEnumerable<EarlierFinding> Of(CaseEvaluator evaluator, CompiledProtocol protocol, ImmutableArray<ChosenReading> readings)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(protocol);
        return evaluator.Derived(protocol, readings).Select(derived => new EarlierFinding
        {
            Protocol = protocol.Name,
            Field = derived.Fact == FactId.EventBefore ? $"case.responses[{derived.Response}]" : ResponseFacts.Path(derived.Response, derived.Fact),
            From = derived.From is { } from ? $"case.responses[{from}]" : "",
            Detail = derived switch
            {
                { From: null } => "Earlier responses leave open whether there has been an event for disease-free survival.",
                { IsDenied: true } => "An earlier response meets the criteria of complete remission; this one says that none had been reached, and that stands.",
                { Fact: FactId.RemissionReachedBefore } => "An earlier response shows a complete remission, or that one had been reached.",
                { Fact: FactId.SecondMalignancy } => "An earlier response shows a second malignant neoplasm.",
                _ => "An earlier response shows an event for disease-free survival.",
            },
        });
    }
}
