using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical;

/// <summary>
/// Every conclusion that the centre states: those it lists as established, and the NCI/Rome group, which has a field of its
/// own among the facts of the first diagnosis.
/// </summary>
internal static class StatedConclusions
{
    /// <summary>Whether there is any.</summary>
    public static bool AreIn(RelapseCase @case) => @case.Established.Count > 0 || @case.PrimaryDisease is { NciGroup: not NciGroup.Unspecified };

    public static IEnumerable<(string Decision, string Protocol, string Conclusion, string Field)> Of(RelapseCase @case)
    {
        for (var i = 0; i < @case.Established.Count; i++)
        {
            var established = @case.Established[i];
            yield return (established.Decision, established.Protocol, established.Conclusion, $"case.established[{i}]");
        }
        var group = @case.PrimaryDisease?.NciGroup switch
        {
            NciGroup.Standard => "STANDARD",
            NciGroup.High => "HIGH",
            _ => null,
        };
        if (group is not null)
        {
            yield return ("nci_group", "", group, "case.primary_disease.nci_group");
        }
    }
}
