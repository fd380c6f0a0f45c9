using System.Collections.Immutable;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>The genotypes that a typing can be read as, as far as a family can tell them apart.</summary>
internal static class GenotypeReadings
{
    /// <summary>All of them, or one more than <see cref="FamilyReadings.Most"/>.</summary>
    /// <param name="typing">The typing.</param>
    /// <param name="others">Classes that others of the family may have. Those that nobody else has are all alike.</param>
    public static ImmutableArray<LocusTyping> Of(LocusTyping typing, IReadOnlySet<int> others)
    {
        var found = new HashSet<Genotype>();
        foreach (var genotype in typing.Genotypes)
        {
            // An antigen that stands twice hides what it does not know: as it stands that copy is open for a family, and stays so.
            if (genotype.First.Antigen != AllelePosition.NoAntigen && genotype.First.Equals(genotype.Second))
            {
                found.Add(genotype);
                continue;
            }

            foreach (var reading in Copies(genotype.First, others).SelectMany(_ => Copies(genotype.Second, others), Ordered))
            {
                found.Add(reading);
                if (found.Count > FamilyReadings.Most)
                {
                    break;
                }
            }
        }

        return [.. found.Select(genotype => LocusTyping.Of(genotype.First, genotype.Second))];
    }

    private static Genotype Ordered(AllelePosition one, AllelePosition other) => Rank(one) <= Rank(other) ? new Genotype(one, other) : new Genotype(other, one);

    private static int Rank(AllelePosition position) => position.Classes.IsEmpty ? -(int)position.Kind : position.Classes[0];

    private static IEnumerable<AllelePosition> Copies(AllelePosition copy, IReadOnlySet<int> others)
    {
        if (copy.IsSilent || copy.IsOneClass)
        {
            return [copy];
        }

        var isUnknown = copy.Kind == PositionKind.Unknown;
        var own = isUnknown ? int.MaxValue : copy.Classes.FirstOrDefault(code => !others.Contains(code), int.MinValue);
        // One by one: an antigen stands for thousands, of which the first are enough to see that there are too many.
        var all = (isUnknown ? others : copy.Classes.Where(others.Contains)).Concat(own == int.MinValue ? [] : [own]).Select(code => AllelePosition.Expressed([code], same => same, mayBeNull: copy.MayBeNull));
        return all.Concat(copy.MayBeNew || isUnknown ? [AllelePosition.New] : []).Concat(isUnknown ? [AllelePosition.Null] : []);
    }
}
