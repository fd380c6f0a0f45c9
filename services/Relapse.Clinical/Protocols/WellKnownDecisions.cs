using System.Collections.Immutable;

namespace Relapse.Clinical;

/// <summary>The closed list of decision ids: a new one is a change of the contract. A protocol defines those it has.</summary>
public static class WellKnownDecisions
{
    /// <summary>The decisions of the classification service, in the order of the way.</summary>
    public static ImmutableArray<string> Classification { get; } =
    [
        "marrow_status",
        "cns_involvement",
        "testicular_involvement",
        "other_involvement",
        "extramedullary_site",
        "relapse_site",
        "timing",
        "risk_group",
    ];

    /// <summary>Every id that a document may define.</summary>
    public static ImmutableArray<string> All { get; } = Classification;

    /// <summary>
    /// Decisions whose words belong to a protocol, so that one established by a centre must say whose words it uses.
    /// </summary>
    public static ImmutableArray<string> InProtocolWords { get; } = ["timing", "risk_group"];

    /// <summary>Whether a centre may establish the decision. Advice is derived, never stated.</summary>
    public static bool MayBeEstablished(string decision) => All.Contains(decision, StringComparer.Ordinal);
}
