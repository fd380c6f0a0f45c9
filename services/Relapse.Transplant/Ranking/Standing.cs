using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Ranking;

/// <summary>What a donor is to the policy.</summary>
/// <param name="Classes">Every class still possible; at least one.</param>
/// <param name="Reason">Why it has no tier although its facts are known: <see cref="MatchedNotSet"/> or
/// <see cref="SuitableCordNotSet"/>; otherwise empty.</param>
/// <param name="UnsetSetting">The setting that is unset then; otherwise empty.</param>
/// <param name="Missing">Paths of what would decide between the classes.</param>
internal sealed record Standing(ImmutableArray<DonorClass> Classes, string Reason, string UnsetSetting, ImmutableArray<string> Missing)
{
    public const string MatchedNotSet = "MATCHED_NOT_SET";
    public const string SuitableCordNotSet = "SUITABLE_CORD_NOT_SET";
    public const string NotKnown = "NOT_KNOWN";
    public const string NotCovered = "NOT_COVERED";
}

/// <summary>A reason for which a donor is or may be blocked.</summary>
/// <param name="Code">One of <see cref="BlockCode"/>.</param>
/// <param name="IsCertain">Whether it applies; otherwise it may.</param>
/// <param name="Setting">The setting that sets the limit; empty: none.</param>
/// <param name="SetAsideBy">Who set it aside; empty: nobody.</param>
/// <param name="Missing">Paths of what would decide it, where it is open.</param>
internal sealed record Block(string Code, bool IsCertain, string Setting, string SetAsideBy, ImmutableArray<string> Missing);
