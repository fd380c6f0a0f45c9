using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>What the family can say of each related donor where the recipient is typed in one way.</summary>
/// <param name="given">What it says of those whose tier does not hang on it.</param>
/// <param name="families">What is open of those whose does, by the donor's index.</param>
internal sealed class FamilyOutcomes(FamilyStudy given, IReadOnlyDictionary<int, FamilyReadings> families)
{
    /// <summary>Everything that it can say of a donor, each once.</summary>
    public ImmutableArray<RelativeFinding> Of(DonorCase donor) => families.GetValueOrDefault(donor.Index)?.Of(donor) ?? [given.Of(donor)];

    /// <summary>What it says of a donor in each reading, in their order; with too many, everything that it can say.</summary>
    public IEnumerable<RelativeFinding> Each(DonorCase donor) => families.GetValueOrDefault(donor.Index)?.Each(donor) ?? [given.Of(donor)];

    /// <summary>Paths of the typings that decide which of it.</summary>
    /// <param name="donor">The donor.</param>
    /// <param name="tells">What is told by a finding.</param>
    public ImmutableArray<string> Missing(DonorCase donor, Func<RelativeFinding, string> tells) => families.GetValueOrDefault(donor.Index)?.Missing(donor, tells) ?? [];
}

/// <summary>A family with its open copies read in every way, or in too many to be looked at: then all that could be said may be.</summary>
/// <param name="open">What is open.</param>
/// <param name="studies">One for each reading, the first open one varying fastest; none: there are too many.</param>
internal sealed class FamilyReadings(ImmutableArray<OpenLocus> open, ImmutableArray<FamilyStudy> studies)
{
    /// <summary>How many readings of a family are looked at.</summary>
    public const int Most = 256;

    private static readonly ImmutableArray<RelativeFinding> OfParent = [Sharing(1, 1), RelativeFinding.DoesNotFit];
    private static readonly ImmutableArray<RelativeFinding> OfSibling = [Sharing(0, 0), Sharing(0, 2), Sharing(1, 1), Sharing(2, 2), RelativeFinding.DoesNotFit];
    private static readonly ImmutableArray<RelativeFinding> OfOther = [Sharing(0, 0), Sharing(0, 1)];

    /// <summary>How many readings there are, or more than are looked at.</summary>
    public static long Count(ImmutableArray<OpenLocus> open) => open.Aggregate(1L, (count, one) => Math.Min(count * one.Count, Most + 1));

    /// <summary>Every reading.</summary>
    public static IEnumerable<(Hla.HlaTyping Recipient, FamilyMembers Family)> All(FamilyMembers family, Hla.HlaTyping recipient, ImmutableArray<OpenLocus> open)
    {
        IEnumerable<(Hla.HlaTyping Recipient, FamilyMembers Family)> all = [(recipient, family)];
        foreach (var one in open)
        {
            all = [.. one.Readings.SelectMany(_ => all, (read, so) => one.Set is { } set ? (so.Recipient, set(so.Family, read)) : (so.Recipient.With(one.Locus, read), so.Family))];
        }

        return all;
    }

    /// <summary>What is said of a donor in each reading; with too many, everything that can be.</summary>
    public IEnumerable<RelativeFinding> Each(DonorCase donor) => studies.IsEmpty ? Of(donor) : studies.Select(study => study.Of(donor));

    /// <summary>Everything that can be said of a donor.</summary>
    public ImmutableArray<RelativeFinding> Of(DonorCase donor) => !studies.IsEmpty ? [.. studies.Select(study => study.Of(donor)).Distinct()] : donor.Message.Relationship switch
    {
        Relationship.Mother or Relationship.Father => OfParent,
        Relationship.Sibling => OfSibling,
        _ => OfOther,
    };

    /// <summary>Paths of the typings that decide which.</summary>
    public ImmutableArray<string> Missing(DonorCase donor, Func<RelativeFinding, string> tells)
    {
        var (deciding, step) = (new List<OpenLocus>(), 1);
        foreach (var one in open)
        {
            if (studies.IsEmpty || Decides(one, step))
            {
                deciding.Add(one);
            }

            step *= one.Count;
        }

        return [.. deciding.GroupBy(one => one.Path, StringComparer.Ordinal).Select(same => $"{same.Key}({string.Join(',', same.Select(one => one.Locus.Name()))})")];

        bool Decides(OpenLocus one, int size) => Enumerable.Range(0, studies.Length).Any(index =>
            index / size % one.Count is > 0 and var reading && tells(studies[index].Of(donor)) != tells(studies[index - reading * size].Of(donor)));
    }

    private static RelativeFinding Sharing(byte min, byte max) => new(true, Genoidentity.Unproven, new Bounds(min, max), Truth.Open, Truth.Open, false);
}
