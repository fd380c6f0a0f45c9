using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Genetic markers. A marker that is not listed is not known, and neither is one that was not looked for. A finding without
/// a time counts as one at first diagnosis; one made at relapse leaves the state at diagnosis open.
/// </summary>
internal sealed partial class CaseFacts
{
    public const string GeneticsField = "case.genetics";

    private void AddMarkers(RelapseCase @case)
    {
        if (@case.Genetics.Count == 0 && !@case.HasPhPositive)
        {
            return;
        }
        foreach (var (marker, _, found, atDiagnosis) in GeneticMarkers.All)
        {
            var (anyPresent, anyAbsent, presentFirst, absentFirst) = (false, false, false, false);
            foreach (var finding in FindingsOf(@case, marker))
            {
                var first = finding.Time is not FindingTime.Relapse;
                anyPresent |= finding.Present;
                anyAbsent |= !finding.Present;
                presentFirst |= first && finding.Present;
                absentFirst |= first && !finding.Present;
            }
            Set(found, anyPresent, anyAbsent);
            Set(atDiagnosis, presentFirst, absentFirst);
        }

        void Set(string id, bool present, bool absent)
        {
            if (present || absent)
            {
                AddPresence(FactCatalogue.Find(id)!, present);
            }
        }
    }

    /// <summary>
    /// What was found of a marker, and when: each entry of the list, and what other fields and markers say of it. A
    /// Philadelphia chromosome is BCR::ABL1; a KMT2A::AFF1 is a rearrangement of KMT2A, without one there is none.
    /// </summary>
    public static IEnumerable<(string Field, bool Present, FindingTime Time)> FindingsOf(RelapseCase @case, GeneticMarker marker)
    {
        if (marker is GeneticMarker.BcrAbl1 && @case.HasPhPositive)
        {
            yield return ("case.ph_positive", @case.PhPositive, FindingTime.Unspecified);
        }
        for (var i = 0; i < @case.Genetics.Count; i++)
        {
            var finding = @case.Genetics[i];
            var says = finding.Status is FindingStatus.Present or FindingStatus.Absent && (finding.Marker == marker || (marker, finding.Marker, finding.Status) is
                (GeneticMarker.Kmt2ARearranged, GeneticMarker.Kmt2AAff1, FindingStatus.Present) or
                (GeneticMarker.Kmt2AAff1, GeneticMarker.Kmt2ARearranged, FindingStatus.Absent));
            if (says)
            {
                yield return ($"{GeneticsField}[{i}]", finding.Status is FindingStatus.Present, finding.Time);
            }
        }
    }
}
