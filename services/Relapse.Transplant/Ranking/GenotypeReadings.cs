using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>The genotypes that a typing can be read as, as far as a family can tell them apart.</summary>
internal static class GenotypeReadings
{
    /// <summary>Each once, and one by one: an antigen stands for thousands, of which the first are enough to see that there are too many.</summary>
    /// <param name="typing">The typing.</param>
    /// <param name="others">Classes that others of the family may have. Those that nobody else has are all alike.</param>
    public static IEnumerable<Genotype> Of(LocusTyping typing, OtherClasses others) => typing.Genotypes.SelectMany(genotype => Of(genotype, others)).Distinct();

    private static IEnumerable<Genotype> Of(Genotype genotype, OtherClasses others)
    {
        // An antigen that stands twice may hide one that serology does not know, or a null allele.
        var isTwice = genotype.First.Antigen != AllelePosition.NoAntigen && genotype.First.Equals(genotype.Second);
        var seconds = isTwice ? Copies(genotype.Second, others).Concat(Copies(AllelePosition.Unknown, others)) : Copies(genotype.Second, others);
        return Copies(genotype.First, others).SelectMany(_ => seconds, Ordered);
    }

    private static Genotype Ordered(AllelePosition one, AllelePosition other) => Rank(one) <= Rank(other) ? new Genotype(one, other) : new Genotype(other, one);

    private static int Rank(AllelePosition position) => position.Classes.IsEmpty ? -(int)position.Kind : position.Classes[0];

    private static IEnumerable<AllelePosition> Copies(AllelePosition copy, OtherClasses others)
    {
        if (copy.IsSilent || copy.IsOneClass)
        {
            return [copy];
        }

        var isUnknown = copy.Kind == PositionKind.Unknown;
        var own = isUnknown ? int.MaxValue : copy.Classes.FirstOrDefault(code => !others.Contains(code), int.MinValue);
        var all = (isUnknown ? others.All : copy.Classes.Where(others.Contains)).Concat(own == int.MinValue ? [] : [own]).Select(code => AllelePosition.Expressed([code], same => same, mayBeNull: copy.MayBeNull));
        return all.Concat(copy.MayBeNew || isUnknown ? [AllelePosition.New] : []).Concat(isUnknown ? [AllelePosition.Null] : []);
    }
}
