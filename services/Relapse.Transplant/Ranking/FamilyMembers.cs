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
    /// <summary>What it costs to follow the family once.</summary>
    public long Work => (long)HlaLoci.Count * (Transmissions.Count(Math.Min(Transmissions.MostSiblings, Siblings)) + Relatives.Length + Donors.Length) + 1;

    private int Siblings => Relatives.Count(relative => relative.Relationship == Relationship.Sibling) + Donors.Count(donor => donor.Message.Relationship == Relationship.Sibling);

    /// <summary>How relatives are typed at a locus, those who are not left out.</summary>
    public IEnumerable<LocusTyping> TypingsOf(HlaLocus locus) =>
        Relatives.Select(relative => relative.Typing[locus]).Concat(Donors.Select(donor => donor.Typings[0][locus])).Where(typing => typing.IsTyped);

    /// <summary>The typings that leave something open, the recipient's with them, and how many ways each can be read in: what nobody else of
    /// the family may have is all alike. Nothing is read yet: there may be too many.</summary>
    /// <param name="recipient">The recipient's typing.</param>
    /// <param name="left">Work that is left for families. Without any, whatever is open counts as too many.</param>
    /// <param name="cancellation">Looked at for each locus.</param>
    public ImmutableArray<OpenLocus> Open(Hla.HlaTyping recipient, ref long left, CancellationToken cancellation)
    {
        var (found, count) = (ImmutableArray.CreateBuilder<OpenLocus>(), 1L);
        foreach (var locus in HlaLoci.All)
        {
            cancellation.ThrowIfCancellationRequested();
            List<(Func<FamilyMembers, LocusTyping, FamilyMembers>? Set, string Path, LocusTyping Typing)> typed =
            [
                (null, "recipient.typing", recipient[locus]),
                .. Relatives.Select((relative, index) => (((Func<FamilyMembers, LocusTyping, FamilyMembers>?)((family, read) => family.WithRelative(index, locus, read))), $"family[{index}].typing", relative.Typing[locus])).Where(one => one.Item3.IsTyped),
                .. Donors.Select((donor, index) => (((Func<FamilyMembers, LocusTyping, FamilyMembers>?)((family, read) => family.WithDonor(index, locus, read))), donor.TypingPath(0), donor.Typings[0][locus])).Where(one => one.Item3.IsTyped),
            ];
            if (typed.Count == 1 || typed.TrueForAll(one => one.Typing.IsCertain))
            {
                continue;
            }

            var classes = new FamilyClasses(left > 0 ? typed.Select(one => one.Typing) : []);
            left -= classes.Work;
            foreach (var (set, path, typing) in typed.Where(one => !one.Typing.IsCertain))
            {
                // Beyond the limit it is enough to know that there is more than one.
                var readings = left <= 0 ? FamilyReadings.Most + 1 : classes.Count(typing, count > FamilyReadings.Most ? 2 : FamilyReadings.Most + 1, ref left);
                if (readings > 1)
                {
                    found.Add(new OpenLocus(locus, path, typing, classes, readings, set));
                    count = Math.Min(count * readings, FamilyReadings.Most + 1);
                }
            }
        }

        return found.ToImmutable();
    }

    private FamilyMembers WithRelative(int index, HlaLocus locus, LocusTyping read) =>
        this with { Relatives = Relatives.SetItem(index, Relatives[index] with { Typing = Relatives[index].Typing.With(locus, read) }) };

    private FamilyMembers WithDonor(int index, HlaLocus locus, LocusTyping read) =>
        this with { Donors = Donors.SetItem(index, Donors[index] with { Typings = [Donors[index].Typings[0].With(locus, read)] }) };
}

/// <summary>A typing of one of a family that leaves a locus open.</summary>
/// <param name="Locus">The locus.</param>
/// <param name="Path">Path of the typing.</param>
/// <param name="Typing">The typing.</param>
/// <param name="Classes">What the family is typed as there.</param>
/// <param name="Count">How many readings it has; where they are too many, a number that says so.</param>
/// <param name="Set">Sets it; null: it is the recipient's.</param>
internal sealed record OpenLocus(HlaLocus Locus, string Path, LocusTyping Typing, FamilyClasses Classes, int Count, Func<FamilyMembers, LocusTyping, FamilyMembers>? Set)
{
    /// <summary>What it can be. Made when it is asked for, and once for all who are typed alike.</summary>
    public ImmutableArray<LocusTyping> Readings => Classes.Readings(Typing);
}
