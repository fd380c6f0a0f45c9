using System.Collections.Immutable;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Names the typings that leave a comparison open, with the loci concerned as in <c>recipient.typing(DQB1)</c>: the recipient's, the
/// donor's, or both. Where both are known and it is open all the same, the reference data cannot tell; unless the recipient's was completed,
/// with an allele of which they say nothing: then it is that typing, of which another may be what the laboratory finds.
/// </summary>
/// <param name="context">Knows the recipient's typing.</param>
internal sealed class OpenTypings(HlaContext context)
{
    /// <summary>What reference data that is not configured, or has no such sequence or group, is called.</summary>
    public const string Reference = "reference.hla_release";

    private const string RecipientTyping = "recipient.typing";

    /// <summary>Of loci at which a comparison is open; none where there is no such locus.</summary>
    public ImmutableArray<string> Of(DonorCase donor, int typing, ImmutableArray<HlaLocus> open)
    {
        ImmutableArray<string> paths = [.. OfRecipient(open), .. OfDonor(donor, typing, open)];
        return open.IsEmpty ? paths : OrReference(paths, open);
    }

    /// <summary>What reference data leave open, where no typing does.</summary>
    /// <param name="typings">Typings that do.</param>
    /// <param name="open">The loci that are asked for.</param>
    public ImmutableArray<string> OrReference(ImmutableArray<string> typings, ImmutableArray<HlaLocus> open)
    {
        if (!typings.IsEmpty)
        {
            return typings;
        }

        var completed = Named(context.Asked, RecipientTyping, open);
        return completed.IsEmpty || context.Release is null ? [Reference] : completed;
    }

    /// <summary>The recipient's alone.</summary>
    public ImmutableArray<string> OfRecipient(ImmutableArray<HlaLocus> open) => Named(context.Recipient, RecipientTyping, open);

    /// <summary>The donor's alone.</summary>
    public static ImmutableArray<string> OfDonor(DonorCase donor, int typing, ImmutableArray<HlaLocus> open) =>
        Named(donor.Typings[typing], donor.TypingPath(typing), open);

    private static ImmutableArray<string> Named(Hla.HlaTyping typing, string path, ImmutableArray<HlaLocus> open)
    {
        ImmutableArray<string> loci = [.. open.Where(locus => !typing[locus].IsCertain).Select(locus => locus.Name())];
        return loci.IsEmpty ? [] : [$"{path}({string.Join(",", loci)})"];
    }
}
