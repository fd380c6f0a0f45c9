using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>
/// How a case stands to alternatives of one population: within when it is within one of them, outside when it is outside every one. It says
/// so in the dimensions of the alternatives that are left. Alternatives that together hold every child that a case may be, while none alone
/// does, are open: no source puts such together.
/// </summary>
internal sealed class AlternativeFit
{
    /// <summary>Of a population without alternatives.</summary>
    public static AlternativeFit None { get; } = new([]);

    private readonly ImmutableArray<Population> _left;

    /// <param name="alternatives">Each with the dimensions that it names and how the case stands to them.</param>
    public AlternativeFit(ImmutableArray<(Population When, ImmutableArray<(string Dimension, CaseStanding Standing)> Named)> alternatives)
    {
        var left = alternatives.Where(alternative => !alternative.Named.Any(IsOutside)).ToArray();
        if (left.Length == 0)
        {
            // The one that differs least says in what.
            left = [.. alternatives.OrderBy(alternative => alternative.Named.Count(IsOutside)).Take(1)];
        }
        else if (left.FirstOrDefault(alternative => alternative.Named.All(named => named.Standing.Standing is Standing.Within)) is { When: not null } within)
        {
            left = [within];
        }
        _left = [.. left.Select(alternative => alternative.When)];
        Dimensions = left is [var only] ? only.Named : [.. left.SelectMany(alternative => alternative.Named).GroupBy(named => named.Dimension, named => named.Standing, StringComparer.Ordinal).Select(named => (named.Key, Either([.. named])))];
    }

    /// <summary>The dimensions, each with how the case stands.</summary>
    public ImmutableArray<(string Dimension, CaseStanding Standing)> Dimensions { get; }

    /// <summary>Whether there are alternatives and each that is left is so.</summary>
    public bool All(Predicate<Population> isSo) => !_left.IsEmpty && _left.All(alternative => isSo(alternative));

    private static bool IsOutside((string Dimension, CaseStanding Standing) named) => named.Standing.Standing is Standing.Outside;

    /// <summary>Which of several alternatives it is, is open; so is what they name, unless all that name it agree.</summary>
    private static CaseStanding Either(CaseStanding[] standings) => standings.All(standing => standing.Standing is Standing.Within)
        ? CaseStanding.Within
        : CaseStanding.Open([.. standings.SelectMany(standing => standing.Missing).Distinct()]);
}
