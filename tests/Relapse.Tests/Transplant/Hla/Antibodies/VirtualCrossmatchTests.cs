using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class VirtualCrossmatchTests
{
    [Theory]
    // Antibody, recipient, donor.
    [InlineData("A92", "A*91:01+A*91:01", "A*92:01+A*91:01", "DonorSpecific")]
    [InlineData("A92", "A*91:01+A*91:01", "A*91:01+A*91:04", "NotDonorSpecific")]
    [InlineData("A90", "A*93:01L+A*93:01L", "A*92:01+A*93:01L", "DonorSpecific")]
    [InlineData("A9103", "A*91:01+A*91:01", "A*91:04+A*91:01", "DonorSpecific")]
    [InlineData("A91", "A*92:01+A*92:01", "A*91:04+A*92:01", "DonorSpecific")]
    // The recipient has it: an error, whatever the donor has.
    [InlineData("A92", "A*92:01+A*91:01", "A*92:01+A*91:01", "AgainstOwnAntigen")]
    [InlineData("A92", "A*92:01+A*91:01", "A*91:01+A*91:01", "AgainstOwnAntigen")]
    // Typings that leave it open: 92:03 may be 92 or 93; 95:01 is assigned the broad antigen alone.
    [InlineData("A92", "A*91:01+A*91:01", "A*92:03+A*91:01", "PossiblyDonorSpecific")]
    [InlineData("A92", "A*92:03+A*91:01", "A*92:01+A*91:01", "PossiblyDonorSpecific")]
    [InlineData("A92", "A*93:01L+A*93:01L", "A*95:01+A*93:01L", "PossiblyDonorSpecific")]
    [InlineData("A92", "A*91:01+A*91:01", "B*91:01+B*91:01", "PossiblyDonorSpecific")]
    [InlineData("A92", "B*91:01+B*91:01", "A*92:01+A*91:01", "PossiblyDonorSpecific")]
    [InlineData("A92", "A*91:01+A*91:01", "A*NEW+A*91:01", "PossiblyDonorSpecific")]
    // An antigen that was typed is certain, whichever allele carries it; what is below it is not.
    [InlineData("A92", "A92+A92", "A*92:01+A*91:01", "AgainstOwnAntigen")]
    [InlineData("A90", "A93+A93", "A92+A93", "DonorSpecific")]
    [InlineData("A92", "A90+A90", "A*92:01+A*91:01", "PossiblyDonorSpecific")]
    [InlineData("A9103", "A91+A91", "A*91:04+A*91:01", "PossiblyDonorSpecific")]
    // Alleles: by P group.
    [InlineData("A*91:01", "A*92:01+A*92:01", "A*91:02+A*92:01", "DonorSpecific")]
    [InlineData("A*91:01", "A*92:01+A*92:01", "A*91:04+A*92:01", "NotDonorSpecific")]
    [InlineData("A*91:01", "A*92:01+A*92:01", "A*91:XX+A*92:01", "PossiblyDonorSpecific")]
    [InlineData("A*91:01", "A*92:01+A*92:01", "A*91:03N+A*92:01", "NotDonorSpecific")]
    // Loci beyond the classic ones, and the second DR genes, which may be missing.
    [InlineData("DQA1*91:01", "DQA1*92:01+DQA1*92:01", "DQA1*91:01+DQA1*92:01", "DonorSpecific")]
    [InlineData("DPB1*93:02", "DPB1*92:01+DPB1*92:01", "DPB1*93:01+DPB1*92:01", "DonorSpecific")]
    [InlineData("DR52", "DRBX*NNNN+DRBX*NNNN", "DRB3*91:01+DRBX*NNNN", "DonorSpecific")]
    [InlineData("DR52", "DRBX*NNNN+DRBX*NNNN", "DRB4*91:01+DRBX*NNNN", "NotDonorSpecific")]
    [InlineData("DR52", "DRBX*NNNN+DRBX*NNNN", "DRB1*91:01+DRB1*91:01", "PossiblyDonorSpecific")]
    // Public epitopes, from the sequence; A is not sequenced here.
    [InlineData("Bw6", "B*92:01+B*92:01", "B*91:01+B*92:01", "DonorSpecific")]
    [InlineData("Bw6", "B*92:01+B*92:01", "B*92:02+B*92:01", "NotDonorSpecific")]
    [InlineData("Bw4", "A*91:01+A*91:01^B*91:01+B*91:01", "B*92:01+B*91:01", "PossiblyDonorSpecific")]
    [InlineData("Bw4", "A*91:01+A*91:01^B*92:01+B*91:01", "B*92:01+B*91:01", "AgainstOwnAntigen")]
    public void An_antibody_is_judged_in_the_direction_host_versus_graft(string antibody, string recipient, string donor, string verdict)
    {
        var specificity = AntibodySpecificity.Read(antibody, Releases.Synthetic, out var faults)!;
        Assert.Empty(faults);
        Assert.Equal(antibody, specificity.Written);
        Assert.Equal(
            Enum.Parse<AntibodyVerdict>(verdict), VirtualCrossmatch.Judge(specificity, Told.Synthetic(recipient), Told.Synthetic(donor)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A99")]
    [InlineData("A*99:01")]
    [InlineData("A*91:01/A*92:01")]
    [InlineData("A*91:01+A*92:01")]
    [InlineData("A*91:03N")]
    [InlineData("A*NEW")]
    [InlineData("DRBX*NNNN")]
    [InlineData("Bw5")]
    [InlineData("MICA*002")]
    public void What_is_no_specificity_is_refused(string text)
    {
        Assert.Null(AntibodySpecificity.Read(text, Releases.Synthetic, out var faults));
        Assert.Equal(0, Assert.Single(faults).Offset);
    }

    [Fact]
    public void Without_reference_data_alleles_are_judged_by_two_fields_and_antigens_stay_open()
    {
        var reader = new TypingReader(null);
        var (recipient, donor) = (Told.Typing(reader, "A*01:01+A*01:01"), Told.Typing(reader, "A*02:01+A*01:01"));
        Assert.Equal(AntibodyVerdict.DonorSpecific, VirtualCrossmatch.Judge(AntibodySpecificity.Read("A*02:01", null, out _)!, recipient, donor));
        Assert.Equal(AntibodyVerdict.PossiblyDonorSpecific, VirtualCrossmatch.Judge(AntibodySpecificity.Read("A2", null, out _)!, recipient, donor));
        Assert.Equal(AntibodyVerdict.PossiblyDonorSpecific, VirtualCrossmatch.Judge(AntibodySpecificity.Read("Bw4", null, out _)!, recipient, donor));
    }
}
