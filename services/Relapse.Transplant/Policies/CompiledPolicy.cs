using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Policies;

/// <summary>A criterion as it is applied.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Document">What the policy says of it.</param>
/// <param name="Ranks">Of each word of its measure, how good it is: 0 is best. Empty for a number.</param>
internal sealed record CompiledCriterion(string Id, PolicyCriterion Document, ImmutableDictionary<string, int> Ranks);

/// <summary>Donors that are ordered among each other.</summary>
/// <param name="Number">From 0 through all tiers.</param>
/// <param name="Tier">Index of its tier, 0 the best.</param>
/// <param name="Criteria">In their order.</param>
/// <param name="SourceCriteria">How many of them the source has; they come first.</param>
internal sealed record CompiledGroup(int Number, int Tier, ImmutableArray<CompiledCriterion> Criteria, int SourceCriteria)
{
    /// <summary>How many criteria a group may have: a set of them is the bits of a number.</summary>
    public const int MostCriteria = 32;
}

/// <summary>A policy version that has no fault. Immutable, safe to share.</summary>
internal sealed class CompiledPolicy
{
    private readonly ImmutableDictionary<DonorClass, CompiledGroup> _groups;

    internal CompiledPolicy(
        DonorPolicy document, string digest, ImmutableArray<CompiledCriterion> criteria, ImmutableArray<CompiledGroup> groups, ImmutableDictionary<DonorClass, CompiledGroup> byClass)
    {
        (Document, Digest, Criteria, Groups, _groups) = (document, digest, criteria, groups, byClass);
    }

    /// <summary>As it was read. Not to be changed.</summary>
    public DonorPolicy Document { get; }

    /// <summary>SHA-256 of its bytes, in lower-case hexadecimal.</summary>
    public string Digest { get; }

    /// <summary>Every criterion, in the order of the document's tiers.</summary>
    public ImmutableArray<CompiledCriterion> Criteria { get; }

    /// <summary>Every group, in order of tiers.</summary>
    public ImmutableArray<CompiledGroup> Groups { get; }

    /// <summary><c>policies/{id}/versions/{version}</c>.</summary>
    public string Name => $"policies/{Document.Id}/versions/{Document.Version}";

    /// <summary>How many tiers there are.</summary>
    public int TierCount => Document.Tiers.Count;

    /// <summary>Where a class stands; null: the policy says nothing of it.</summary>
    public CompiledGroup? GroupOf(DonorClass donorClass) => _groups.GetValueOrDefault(donorClass);

    /// <summary>Citations in full.</summary>
    public IEnumerable<Citation> Cite(Values? because) => (because?.Values_ ?? new RepeatedField<string>()).Select(citation =>
    {
        var (source, locator) = Clinical.Documents.Citations.Split(citation);
        var found = Document.Sources[source];
        return new Citation { Source = found.Title, Locator = locator.Length == 0 ? "" : found.Locators[locator] };
    });
}
