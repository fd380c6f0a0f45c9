using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Warns where a marrow result of this treatment is morphological disease, which is no residual disease and belongs to the response (AMB-32), and
/// an answer rests on something that says otherwise: on a lower MRD level that is not later, or on a response that is not.
/// </summary>
internal static class MorphologicalLevels
{
    /// <summary>The code.</summary>
    public const string Code = "MORPHOLOGICAL_LEVEL";

    /// <summary>Adds the warnings.</summary>
    public static void AddTo(Decision[] answers, ProtocolFacts facts, RelapseCase @case)
    {
        if (!facts.CaseFacts.HasMeasurements || !Array.Exists(answers, answer => IsAnswered(answer) && (WellKnownDecisions.Mrd.Contains(answer.Decision_) || WellKnownDecisions.Response.Contains(answer.Decision_))))
        {
            return;
        }
        var levels = new MrdLevels(@case, new CaseNumbers(@case));
        int[] found = [.. Enumerable.Range(0, @case.Mrd.Count).Where(index => IsOfTreatment(@case, index) && levels.IsEvaluable(index) is true && levels[index].Interval.Min >= SeriesRules.Shipped.NotMrdFrom)];
        if (found.Length == 0)
        {
            return;
        }
        foreach (var answer in answers.Where(IsAnswered))
        {
            if (WellKnownDecisions.Mrd.Contains(answer.Decision_))
            {
                var used = Used(facts, answer);
                Warn(answer, Array.FindAll(found, index => !used.Contains(index) && !used.Exists(other => IsEarlier(@case, index, @case.Mrd[other].CollectDate, @case.Mrd[other].TimePoint))));
            }
            else if (WellKnownDecisions.Response.Contains(answer.Decision_) && facts.CaseFacts.Assessed.Index is { } assessed && LooksAtMarrow(facts, answer) && !(@case.Responses[assessed] is { HasMarrowBlastsPercent: true } known && CaseNumbers.ToDecimal(known.MarrowBlastsPercent) >= SeriesRules.Shipped.NotMrdFrom * MarrowTests.Whole(MrdUnit.Percent)))
            {
                Warn(answer, Array.FindAll(found, index => !IsEarlier(@case, index, @case.Responses[assessed].AssessDate, @case.Responses[assessed].TimePoint)));
            }
        }
    }

    private static bool IsAnswered(Decision answer) => answer.Outcome is Outcome.Determined or Outcome.Conditional or Outcome.Undetermined;

    private static bool LooksAtMarrow(ProtocolFacts facts, Decision answer) =>
        facts.Protocol.Model.InputIndex(FactId.ResponseMarrowBlasts) is >= 0 and var input && facts.Protocol.Decisions[answer.Decision_].Diagram.DependsOn(input);

    /// <summary>Of this treatment and of marrow, as far as it is stated: a level at relapse is the relapse.</summary>
    private static bool IsOfTreatment(RelapseCase @case, int index) => @case.Mrd[index] is { TimePoint: not TimePoint.AtRelapse, Specimen: not Specimen.Blood } result
        && !(result.TimePoint is TimePoint.Unspecified && !(CaseNumbers.ReadDate(result.CollectDate).Min > CaseNumbers.ReadDate(@case.Timing?.RelapseDate).Max))
        && !(CaseNumbers.ReadDate(result.CollectDate).Max < CaseNumbers.ReadDate(@case.Timing?.RelapseDate).Min);

    private static List<int> Used(ProtocolFacts facts, Decision answer)
    {
        List<int> used = [];
        foreach (var (name, measurement) in facts.Protocol.Document.Measurements)
        {
            var input = facts.Protocol.Model.InputIndex(FactId.MrdLevelOf(name));
            if (input >= 0 && facts.Protocol.Decisions[answer.Decision_].Diagram.DependsOn(input))
            {
                var selected = facts.CaseFacts.Select(MrdMeasure.Of(name, measurement));
                used.AddRange(selected.Used);
                used.AddRange(selected.Unused.Where(unused => unused.SameAs is { } same && selected.Used.Contains(same)).Select(unused => unused.Index));
            }
        }
        return used;
    }

    private static bool IsEarlier(RelapseCase @case, int index, Google.Type.Date? than, TimePoint point)
    {
        var (date, other) = (CaseNumbers.ReadDate(@case.Mrd[index].CollectDate), CaseNumbers.ReadDate(than));
        return date.Max < other.Min || (!(other.Max < date.Min) && TimePointOrder.IsBefore(@case.Mrd[index].TimePoint, point));
    }

    private static void Warn(Decision answer, int[] found)
    {
        if (found.Length > 0)
        {
            var from = (SeriesRules.Shipped.NotMrdFrom * MarrowTests.Whole(MrdUnit.Percent)).ToString("0.####", CultureInfo.InvariantCulture);
            answer.Warnings.Add(new Warning
            {
                Code = Code,
                Detail = $"{string.Join(", ", found.Select(index => $"case.mrd[{index}]"))}: {from} % or more of the cells in the marrow are morphological disease and no residual disease, and no remission: set it against this answer before the answer is relied on (AMB-32).",
            });
        }
    }
}
