using System.Collections.Immutable;

namespace Relapse.Clinical;

/// <summary>How a case stands to one restriction of a population.</summary>
public enum Standing
{
    /// <summary>Not known.</summary>
    Open = 0,

    /// <summary>Certainly within, whatever else becomes known.</summary>
    Within = 1,

    /// <summary>Within, provided that what a decision assumes and the case does not state holds.</summary>
    Conditional = 2,

    /// <summary>Certainly outside.</summary>
    Outside = 3,
}

/// <summary>How a case stands to one restriction of a population, and what could settle it.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="Missing">Paths of the caller's fields that could settle it, those that can settle most first; empty when it is settled.</param>
public sealed record CaseStanding(Standing Standing, ImmutableArray<string> Missing)
{
    /// <summary>For a conditional one what must hold, in words without values of the case.</summary>
    public ImmutableArray<string> Provided { get; init; } = [];

    /// <summary>Certainly within.</summary>
    public static CaseStanding Within { get; } = new(Standing.Within, []);

    /// <summary>Certainly outside.</summary>
    public static CaseStanding Outside { get; } = new(Standing.Outside, []);

    /// <summary>Not known.</summary>
    /// <param name="missing">The fields that could settle it.</param>
    public static CaseStanding Open(params ImmutableArray<string> missing) => new(Standing.Open, missing);

    /// <summary>In words of what is possible: whether all of it, none of it or some of it is within.</summary>
    internal static CaseStanding Of(bool all, bool none, params ImmutableArray<string> missing) =>
        all ? Within : none ? Outside : new(Standing.Open, missing);
}
