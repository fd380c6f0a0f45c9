using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>What a case says of the disease at first diagnosis that cannot all be true.</summary>
internal static class PrimaryContradictions
{
    public static void Find(RelapseCase @case, CaseFacts facts, List<CaseContradiction> found)
    {
        if (OfAges(facts) is { } ages)
        {
            found.Add(ages);
        }
        if (@case is { HasFirstRemissionAchieved: true, FirstRemissionAchieved: false, PrimaryDisease: { HasInductionFailure: true, InductionFailure: false } })
        {
            // Without a first remission induction has failed; Table 1 has no third result of it.
            found.Add(new(
                ["case.first_remission_achieved", facts[FactId.InductionFailure].Field],
                [FactId.FirstRemission, FactId.InductionFailure],
                "no first remission, and an induction that did not fail"));
        }
        if (@case.Genetics.Count == 0)
        {
            return;
        }
        foreach (var marker in GeneticMarkers.All)
        {
            var findings = CaseFacts.FindingsOf(@case, marker.Marker).ToLookup(finding => finding.Time is FindingTime.Relapse);
            foreach (var atOneTime in findings)
            {
                var isFound = atOneTime.FirstOrDefault(finding => finding.Present).Field;
                var notFound = atOneTime.FirstOrDefault(finding => !finding.Present).Field;
                if (isFound is not null && notFound is not null)
                {
                    found.Add(new([isFound, notFound], atOneTime.Key ? [marker.Found] : [marker.Found, marker.AtDiagnosis], "a genetic marker is present and absent at the same time"));
                }
            }
        }
    }

    /// <summary>A whole number of years may be completed years: a child of 5.5 years is also 5 years old.</summary>
    private static CaseContradiction? OfAges(CaseFacts facts)
    {
        var (first, later) = ((NumberFact)facts[FactId.AgeAtDiagnosis], (NumberFact)facts[FactId.AgeAtRelapse]);
        var isOlder = later.Known is { } years && decimal.IsInteger(years) ? first.Interval.Min >= years + 1 : first.Interval.Min > later.Interval.Max;
        return isOlder
            ? new([first.Field, later.Field], [FactId.AgeAtDiagnosis, FactId.AgeAtRelapse], "older at first diagnosis than at this relapse")
            : null;
    }
}
