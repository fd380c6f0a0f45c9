namespace Relapse.Transplant.Hla;

/// <summary>Whether something holds, as far as the typings say.</summary>
internal enum Truth
{
    /// <summary>It holds in no case that is possible.</summary>
    False,

    /// <summary>It holds in some cases that are possible and not in others, or nobody knows.</summary>
    Open,

    /// <summary>It holds in every case that is possible.</summary>
    True,
}

/// <summary>Logic over <see cref="Truth"/>.</summary>
internal static class Truths
{
    /// <summary>What is known.</summary>
    public static Truth Of(bool holds) => holds ? Truth.True : Truth.False;

    /// <summary>Both.</summary>
    public static Truth And(this Truth one, Truth other) => one < other ? one : other;

    /// <summary>Either.</summary>
    public static Truth Or(this Truth one, Truth other) => one > other ? one : other;

    /// <summary>The opposite.</summary>
    public static Truth Not(this Truth one) => Truth.True - (int)one;

    /// <summary>What is so if one of several is the case and nobody knows which: open unless all agree.</summary>
    public static Truth OneOf(IEnumerable<Truth> cases)
    {
        Truth? all = null;
        foreach (var one in cases)
        {
            if (all is { } before && before != one)
            {
                return Truth.Open;
            }

            all = one;
        }

        return all ?? Truth.Open;
    }

    /// <summary>Whether a person has something that a protein has or has not, in one copy of the gene at least.</summary>
    /// <param name="typing">The person's locus.</param>
    /// <param name="protein">Whether a protein has it.</param>
    public static Truth Carried(LocusTyping typing, Func<int, Truth> protein) => Carried(typing, position =>
        OneOf(position.Proteins.Select(protein).Concat(position.MayBeNew ? [Truth.Open] : [])));

    /// <summary>The same, where it can be said of a copy.</summary>
    /// <param name="typing">The person's locus.</param>
    /// <param name="copy">Whether an expressed copy has it.</param>
    public static Truth Carried(LocusTyping typing, Func<AllelePosition, Truth> copy)
    {
        return OneOf(typing.Genotypes.Select(genotype => Copy(genotype.First).Or(Copy(genotype.Second))));

        Truth Copy(AllelePosition position) => position.Kind switch
        {
            PositionKind.Unknown => Truth.Open,
            PositionKind.Expressed => copy(position),
            _ => Truth.False,
        };
    }
}
