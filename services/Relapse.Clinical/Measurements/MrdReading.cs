using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Clinical.Measurements;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Reads the MRD results of one case: which of them a protocol uses and how it stands to its cut-offs, and how they follow each other.
/// </summary>
/// <param name="evaluator">The evaluator of the case.</param>
/// <param name="rules">By which numbers results are compared.</param>
public sealed class MrdReading(CaseEvaluator evaluator, SeriesRules rules)
{
    /// <summary>How the results stand to the cut-offs of one protocol.</summary>
    /// <param name="protocol">The version.</param>
    /// <param name="readings">The readings chosen for it.</param>
    /// <param name="answers">What the case was answered; those of other protocols are passed over.</param>
    /// <returns>One interpretation for each answer that rests on a measurement, in the order of the answers.</returns>
    public IEnumerable<MrdInterpretation> Interpret(CompiledProtocol protocol, ImmutableArray<ChosenReading> readings, IEnumerable<Decision> answers)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(answers);
        if (protocol.Document.Measurements.Count == 0)
        {
            yield break;
        }

        var facts = new ProtocolFacts(protocol, evaluator.Facts, evaluator.Case, readings);
        foreach (var answer in answers.Where(answer => answer.Protocol == protocol.Name && answer.Outcome is not Outcome.NotDefined))
        {
            if (MeasuredDecision.Of(facts, protocol.Decisions[answer.Decision_]) is { } decision)
            {
                yield return Interpret(protocol, decision, answer);
            }
        }
    }

    /// <summary>The results in order, with what changed between them.</summary>
    public MrdSeries Series()
    {
        var levels = new MrdLevels(evaluator.Case, new CaseNumbers(evaluator.Case));
        return SeriesReading.Of(
            [.. evaluator.Case.Mrd.Select((result, index) => new MeasuredResult(index, result, levels.IsEvaluable(index) is true && levels[index].Interval != MrdLevels.Fraction ? levels[index].Interval : null))],
            rules);
    }

    private MrdInterpretation Interpret(CompiledProtocol protocol, MeasuredDecision decision, Decision answer)
    {
        var measurement = protocol.Document.Measurements[decision.Measurement];
        var selection = evaluator.SelectMrd(protocol, decision.Measurement)!;
        var interpretation = new MrdInterpretation
        {
            Protocol = answer.Protocol,
            Decision = answer.Decision_,
            TimePoints = { measurement.TimePoints },
            Methods = { measurement.Methods },
            Reason = selection.Reason,
            Unused = { selection.Unused.Select(unused => new UnusedResult { Field = $"case.mrd[{unused.Index}]", Code = unused.Code, Detail = unused.Detail }) },
            Level = MeasuredResult.Message(selection.Level),
            CutOffs = { decision.CutOffs().Select(cutOff => Stand(cutOff.Level, cutOff.Above, selection.Level, cutOff.Citations)) },
        };
        if (!selection.Used.IsEmpty)
        {
            interpretation.Used = $"case.mrd[{selection.Used[0]}]";
            interpretation.AlsoUsed.AddRange(selection.Used.Skip(1).Select(index => $"case.mrd[{index}]"));
        }

        interpretation.WouldSettle = answer.Outcome is Outcome.Undetermined ? SettlingMeasurement.Say(decision, measurement, selection, interpretation.CutOffs) : "";
        return interpretation;
    }

    private CutOff Stand(decimal cutOff, Interval above, Interval? level, IEnumerable<Citation> citations)
    {
        var stands = new CutOff
        {
            Level = MeasuredResult.Text(cutOff),
            State = level is not { } known ? CutOffState.Open
                : known.IsWithin(above) ? CutOffState.AtOrAbove
                : !known.Overlaps(above) ? CutOffState.Below
                : CutOffState.Open,
            Citations = { citations },
        };
        if (level is { IsPoint: true, Min: { } number and > 0 })
        {
            var (higher, lower) = (Math.Max(number, cutOff), Math.Min(number, cutOff));
            stands.Log10Distance = PowersOfTen.Log10(higher, lower);
            stands.WithinAssayError = PowersOfTen.Compare(higher, lower, rules.AssayErrorLog10) <= 0;
        }

        return stands;
    }
}
