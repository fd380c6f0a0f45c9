using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Warns where a marrow of this treatment holds morphological disease, which is no residual disease and no remission (AMB-32), and an answer
/// rests on something that says otherwise: on a lower MRD level or a response that is not later, or, where it is the response that shows
/// the disease, on a lower level of the same marrow.
/// </summary>
internal static class MorphologicalLevels
{
    /// <summary>The code.</summary>
    public const string Code = "MORPHOLOGICAL_LEVEL";

    /// <summary>Adds the warnings.</summary>
    public static void AddTo(Decision[] answers, ProtocolFacts facts, RelapseCase @case)
    {
        if (!facts.CaseFacts.HasMeasurements || !Array.Exists(answers, answer => IsAnswered(answer) && (RestsOnLevel(answer) || WellKnownDecisions.Response.Contains(answer.Decision_))))
        {
            return;
        }
        var levels = new MrdLevels(@case, new CaseNumbers(@case));
        int[] found = [.. Enumerable.Range(0, @case.Mrd.Count).Where(index => IsOfTreatment(@case, index) && levels.IsEvaluable(index) is true && levels[index].Interval.Min >= SeriesRules.Shipped.NotMrdFrom)];
        int[] shown = [.. Enumerable.Range(0, @case.Responses.Count).Where(index => ShowsDisease(@case.Responses[index]))];
        foreach (var answer in found.Length + shown.Length == 0 ? [] : answers.Where(IsAnswered))
        {
            if (RestsOnLevel(answer))
            {
                var used = Used(facts, answer);
                var low = used.FindAll(index => levels[index].Interval.Max < SeriesRules.Shipped.NotMrdFrom);
                // Advice is given a remission too, which a later response may show.
                var remission = answer.Decision_ == WellKnownDecisions.PostRemission && facts.CaseFacts.Assessed.Index is { } response && !shown.Contains(response) ? @case.Responses[response] : null;
                Warn(answer, Array.FindAll(found, index => (low.Count > 0 || !used.Contains(index))
                    && !used.Exists(other => IsEarlier(@case, index, @case.Mrd[other].CollectDate, @case.Mrd[other].TimePoint))
                    && !(remission is not null && IsEarlier(@case, index, remission.AssessDate, remission.TimePoint))));
                WarnOfResponse(answer, Array.FindAll(shown, one => low.Exists(index => IsSame(@case.Mrd[index], @case.Responses[one]))));
            }
            else if (WellKnownDecisions.Response.Contains(answer.Decision_) && facts.CaseFacts.Assessed.Index is { } assessed && LooksAtMarrow(facts, answer) && !shown.Contains(assessed))
            {
                Warn(answer, Array.FindAll(found, index => !IsEarlier(@case, index, @case.Responses[assessed].AssessDate, @case.Responses[assessed].TimePoint)));
            }
        }
    }

    private static bool RestsOnLevel(Decision answer) => answer.Decision_ == WellKnownDecisions.PostRemission || WellKnownDecisions.Mrd.Contains(answer.Decision_);

    private static bool ShowsDisease(Response response) =>
        response.HasMarrowBlastsPercent && CaseNumbers.ToDecimal(response.MarrowBlastsPercent) >= SeriesRules.Shipped.NotMrdFrom * MarrowTests.Whole(MrdUnit.Percent);

    /// <summary>Whether both are of one day, or, where a day is not known, of one time point.</summary>
    private static bool IsSame(MrdResult result, Response response)
    {
        var (date, other) = (CaseNumbers.ReadDate(result.CollectDate), CaseNumbers.ReadDate(response.AssessDate));
        return date.Min is { } day && day == date.Max && other.Min is { } assessed && assessed == other.Max
            ? day == assessed
            : result.TimePoint is not (TimePoint.Unspecified or TimePoint.Other) && result.TimePoint == response.TimePoint && !(date.Max < other.Min) && !(other.Max < date.Min);
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

    private static void Warn(Decision answer, int[] found) => Warn(
        answer,
        [.. found.Select(index => $"case.mrd[{index}]")],
        "of the cells in the marrow are morphological disease and no residual disease, and no remission: set it against this answer before the answer is relied on");

    private static void WarnOfResponse(Decision answer, int[] shown) => Warn(
        answer,
        [.. shown.Select(index => $"case.responses[{index}].marrow_blasts_percent")],
        "blasts in the marrow are morphological disease, and the MRD level of the same marrow that this answer rests on is below that: both cannot be true, and residual disease is measured in remission");

    private static void Warn(Decision answer, string[] fields, string detail)
    {
        if (fields.Length > 0)
        {
            var from = (SeriesRules.Shipped.NotMrdFrom * MarrowTests.Whole(MrdUnit.Percent)).ToString("0.####", CultureInfo.InvariantCulture);
            answer.Warnings.Add(new Warning { Code = Code, Detail = $"{string.Join(", ", fields)}: {from} % or more {detail} (AMB-32).", Citations = { SeriesRules.Shipped.NotMrdBecause } });
        }
    }
}
