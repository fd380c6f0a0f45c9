using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using LocusTyping = Relapse.Transplant.Hla.LocusTyping;

namespace Relapse.Transplant.Ranking;

/// <summary>Relatives who are looked at together.</summary>
/// <param name="Relatives">Those who are no donors, by their index.</param>
/// <param name="Donors">The donors.</param>
internal sealed record FamilyMembers(ImmutableArray<Relative> Relatives, ImmutableArray<DonorCase> Donors)
{
    private static readonly int[] Nothing = [];

    /// <summary>What it costs to follow the family once.</summary>
    public long Work => (long)HlaLoci.Count * Transmissions.Count(Math.Min(Transmissions.MostSiblings, Siblings)) + 1;

    private int Siblings => Relatives.Count(relative => relative.Relationship == Relationship.Sibling) + Donors.Count(donor => donor.Message.Relationship == Relationship.Sibling);

    /// <summary>How relatives are typed at a locus, those who are not left out.</summary>
    public IEnumerable<LocusTyping> TypingsOf(HlaLocus locus) =>
        Relatives.Select(relative => relative.Typing[locus]).Concat(Donors.Select(donor => donor.Typings[0][locus])).Where(typing => typing.IsTyped);

    /// <summary>The typings that leave something open, the recipient's with them, and what each can be read as: what nobody else of the
    /// family may have is all alike.</summary>
    public ImmutableArray<OpenLocus> Open(Hla.HlaTyping recipient)
    {
        var found = ImmutableArray.CreateBuilder<OpenLocus>();
        foreach (var locus in HlaLoci.All)
        {
            List<(Func<FamilyMembers, LocusTyping, FamilyMembers>? Set, string Path, LocusTyping Typing)> typed =
            [
                (null, "recipient.typing", recipient[locus]),
                .. Relatives.Select((relative, index) => (((Func<FamilyMembers, LocusTyping, FamilyMembers>?)((family, read) => family.WithRelative(index, locus, read))), $"family[{index}].typing", relative.Typing[locus])).Where(one => one.Item3.IsTyped),
                .. Donors.Select((donor, index) => (((Func<FamilyMembers, LocusTyping, FamilyMembers>?)((family, read) => family.WithDonor(index, locus, read))), donor.TypingPath(0), donor.Typings[0][locus])).Where(one => one.Item3.IsTyped),
            ];
            foreach (var (set, path, typing) in typed.Where(one => !one.Typing.IsCertain && typed.Count > 1))
            {
                HashSet<int> others = [.. typed.Where(one => one.Typing != typing).SelectMany(one => Classes(one.Typing))];
                // Alike in two people: what the one has the other may have.
                others.UnionWith(typed.Count(one => one.Typing == typing) > 1 ? Classes(typing) : Nothing);
                if (GenotypeReadings.Of(typing, others) is { Length: > 1 } readings)
                {
                    found.Add(new OpenLocus(locus, path, readings, set));
                }
            }
        }

        return found.ToImmutable();
    }

    private FamilyMembers WithRelative(int index, HlaLocus locus, LocusTyping read) =>
        this with { Relatives = Relatives.SetItem(index, Relatives[index] with { Typing = Relatives[index].Typing.With(locus, read) }) };

    private FamilyMembers WithDonor(int index, HlaLocus locus, LocusTyping read) =>
        this with { Donors = Donors.SetItem(index, Donors[index] with { Typings = [Donors[index].Typings[0].With(locus, read)] }) };

    private static IEnumerable<int> Classes(LocusTyping typing) => typing.Genotypes.SelectMany(genotype => genotype.First.Classes.Concat(genotype.Second.Classes));
}

/// <summary>A typing of one of a family that leaves a locus open.</summary>
/// <param name="Locus">The locus.</param>
/// <param name="Path">Path of the typing.</param>
/// <param name="Readings">What it can be.</param>
/// <param name="Set">Sets it; null: it is the recipient's.</param>
internal sealed record OpenLocus(HlaLocus Locus, string Path, ImmutableArray<LocusTyping> Readings, Func<FamilyMembers, LocusTyping, FamilyMembers>? Set);
