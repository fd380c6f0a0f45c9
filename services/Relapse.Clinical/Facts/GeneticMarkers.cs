using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Two facts for each genetic marker of the contract, made from its enum: whether it was found, whenever it was looked
/// for, and whether it was there at first diagnosis.
/// </summary>
internal static class GeneticMarkers
{
    private const string Prefix = "GENETIC_MARKER_";

    public static ImmutableArray<GeneticMarkerFacts> All { get; } =
    [
        .. CaseReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(GeneticMarker)).Values
            .Where(value => value.Number > 0)
            .Select(value => Of((GeneticMarker)value.Number, value.Name[Prefix.Length..])),
    ];

    /// <summary>Ids of the facts, in the order of the enum.</summary>
    public static IEnumerable<string> Ids => All.SelectMany(marker => (string[])[marker.Found, marker.AtDiagnosis]);

    private static GeneticMarkerFacts Of(GeneticMarker marker, string name)
    {
        var id = $"marker_{name.ToLowerInvariant()}";
        return new GeneticMarkerFacts(marker, name, id, $"{id}_at_diagnosis");
    }
}

/// <summary>The facts of one marker.</summary>
/// <param name="Marker">The marker.</param>
/// <param name="Name">Its name in the contract, without the prefix.</param>
/// <param name="Found">Id of the fact whether it was found, whenever it was looked for.</param>
/// <param name="AtDiagnosis">Id of the fact whether it was there at first diagnosis.</param>
internal sealed record GeneticMarkerFacts(GeneticMarker Marker, string Name, string Found, string AtDiagnosis);
