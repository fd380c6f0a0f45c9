using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Which result of a series stands for a measurement of a protocol, and why each other does not.</summary>
/// <param name="Measurement">The name of the measurement, <c>decision</c>.</param>
/// <param name="Used">
/// Places in <c>case.mrd</c> of the results used. None: no result can stand for it. Several: nothing says which of them stands for it, and they
/// say different things; the level is from the least to the most that any says.
/// </param>
/// <param name="Reason">Why it is used, in words without values of the case; empty when none is.</param>
/// <param name="Level">The level as a fraction of cells, 0 to 1; null when no result is used, or none that found anything out.</param>
/// <param name="IsByOwnMethod">
/// Whether the result is by a method that the protocol's cut-offs are made for: true also when the protocol names none; null when that is
/// not known, or no result is used.
/// </param>
/// <param name="Unused">Every other result, in the order of the case.</param>
public sealed record MrdSelection(
    string Measurement, ImmutableArray<int> Used, string Reason, Interval? Level, bool? IsByOwnMethod, ImmutableArray<UnusedMrd> Unused)
{
    /// <summary>
    /// Places of results of which it is not stated whether they are of the measurement's time point and specimen, and that would stand for it,
    /// or might, if they were: what they say is possible beside what those used say. They are among <see cref="Unused"/> too, with what is not
    /// stated.
    /// </summary>
    public ImmutableArray<int> MayCount { get; init; } = [];

    /// <summary>Whether the result used counts only after some reinductions, and that given is not stated: nothing is concluded from it.</summary>
    public bool HangsOnReinduction { get; init; }

    /// <summary>
    /// Reinductions after which the result used would not be of the protocol's time point, where that given is not stated: what is concluded
    /// from it holds unless it was one of them. Empty: none, or it is stated.
    /// </summary>
    public ImmutableArray<Reinduction> CountsUnlessAfter { get; init; } = [];

    /// <summary>Whether the result used is, or may be by what is not stated, of a time point that counts on a condition, and no other stands beside it.</summary>
    public bool IsProvided { get; init; }
}

/// <summary>A result that does not stand for a measurement.</summary>
/// <param name="Index">Its place in <c>case.mrd</c>.</param>
/// <param name="Code">
/// <c>OTHER_TIME_POINT</c>, <c>TIME_POINT_NOT_STATED</c>, <c>OTHER_SPECIMEN</c>, <c>OTHER_REINDUCTION</c>, <c>NOT_EVALUABLE</c>,
/// <c>OTHER_METHOD</c>, <c>EARLIER</c> or <c>DUPLICATE</c>.
/// </param>
/// <param name="Detail">In words, without values of the case.</param>
public sealed record UnusedMrd(int Index, string Code, string Detail)
{
    /// <summary>For a duplicate the place of the result that it repeats.</summary>
    public int? SameAs { get; init; }
}
