using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>What a case says of the disease at first diagnosis that cannot all be true.</summary>
internal static class PrimaryContradictions
{
    public static IEnumerable<CaseContradiction> Find(RelapseCase @case, CaseFacts facts)
    {
        if (OfAges(facts) is { } ages)
        {
            yield return ages;
        }
        if (@case.Genetics.Count == 0)
        {
            yield break;
        }
        foreach (var marker in GeneticMarkers.All)
        {
            var findings = CaseFacts.FindingsOf(@case, marker.Marker).ToLookup(finding => finding.Time is FindingTime.Relapse);
            foreach (var atOneTime in findings)
            {
                var found = atOneTime.FirstOrDefault(finding => finding.Present).Field;
                var notFound = atOneTime.FirstOrDefault(finding => !finding.Present).Field;
                if (found is not null && notFound is not null)
                {
                    yield return new([found, notFound], atOneTime.Key ? [marker.Found] : [marker.Found, marker.AtDiagnosis], "a genetic marker is present and absent at the same time");
                }
            }
        }
    }

    private static CaseContradiction? OfAges(CaseFacts facts)
    {
        var (first, later) = ((NumberFact)facts[FactId.AgeAtDiagnosis], (NumberFact)facts[FactId.AgeAtRelapse]);
        return first.Interval.Min > later.Interval.Max
            ? new([first.Field, later.Field], [FactId.AgeAtDiagnosis, FactId.AgeAtRelapse], "older at first diagnosis than at this relapse")
            : null;
    }
}
