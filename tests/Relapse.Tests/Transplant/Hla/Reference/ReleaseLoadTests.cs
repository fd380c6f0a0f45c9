using System.Collections.Immutable;
using System.IO.Compression;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class ReleaseLoadTests
{
    [Fact]
    public void A_sound_release_is_loaded_with_its_version_and_what_it_lacks()
    {
        var release = Releases.Synthetic;
        Assert.Equal("SYNTHETIC 1.0.0", release.Version);
        Assert.Equal(["A_prot.fasta"], release.MissingFiles);
        Assert.Matches("^[0-9a-f]{64}$", release.Digest);
    }

    [Fact]
    public void The_digest_is_of_the_contents_packed_or_not_wherever_they_stand()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            foreach (var file in Directory.EnumerateFiles(Releases.SyntheticFolder))
            {
                var place = folder.CreateSubdirectory(Path.GetExtension(file) switch { ".fasta" => "fasta", ".csv" => "tce", _ => "wmda" });
                using var packed = new GZipStream(File.Create(Path.Combine(place.FullName, Path.GetFileName(file) + ".gz")), CompressionLevel.Fastest);
                packed.Write(File.ReadAllBytes(file));
            }

            Assert.Equal(Releases.Synthetic.Digest, ReleaseLoad.FromFolder(folder.FullName).Release!.Digest);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.NotEqual(Releases.Synthetic.Digest, Releases.SyntheticBut("rel_ser_ser.txt", "Dw;6", "Dw;7").Release!.Digest);
    }

    [Fact]
    public void Without_a_file_that_it_needs_there_is_no_release_and_every_one_missing_is_named()
    {
        var load = Releases.SyntheticWithout("hla_nom.txt", "rel_ser_ser.txt");
        Assert.Null(load.Release);
        Assert.Equal(["hla_nom.txt is missing.", "rel_ser_ser.txt is missing."], load.Faults);
        Assert.Equal(5, ReleaseLoad.FromFolder("there is no such folder").Faults.Length);
    }

    [Fact]
    public void Without_the_files_that_it_can_spare_what_rests_on_them_is_missing()
    {
        var release = Releases.SyntheticWithout("dpb_tce.csv", "B_prot.fasta", "C_prot.fasta").Release!;
        Assert.Null(release.Tce);
        Assert.False(release.Residues.Has(HlaLocus.B));
        Assert.Equal(["dpb_tce.csv", "A_prot.fasta", "B_prot.fasta", "C_prot.fasta"], release.MissingFiles);
    }

    [Theory]
    [InlineData("hla_nom_p.txt", "A*;91:04;", "A*;91:04/91:02;", "A*91:02 stands in two P groups")]
    [InlineData("hla_nom_p.txt", "A*;92:01:01;", "A*;92:01:01/91:03N;", "the null allele A*91:03N stands in a P group")]
    [InlineData("hla_nom_p.txt", "A*;92:01:01;", "A*;92:01:01/99:01;", "A*99:01 is not a name in use")]
    [InlineData("hla_nom_p.txt", "92:02/92:03;92:02P", "92:03;92:02P\nA*;92:02;", "another P group has the name of this one")]
    [InlineData("hla_nom_p.txt", "92:02/92:03;92:02P", "92:03;92:02P\nA*;93:01/92:02;", "A*92:02P lacks the protein it is called by")]
    [InlineData("hla_nom_g.txt", "92:02/92:03;92:02:01G", "92:02/92:03/94:01;92:02:01G", "A*92:02:01G spans two P groups")]
    [InlineData("dpb_tce.csv", "DPB1*93:02,3,3$", "DPB1*93:02,3,2$", "DPB1*93:01P spans two epitope groups")]
    [InlineData("dpb_tce.csv", "V2_Assignment", "V3_Assignment", "no column V2_Assignment")]
    [InlineData("dpb_tce.csv", "DPB1*92:01,3,2", "DPB1*92:01,3,4", "'4' is not a group that DPB1*92:01 can have")]
    [InlineData("hla_nom.txt", "DPA1*;", "MICB*;", "has no allele of DPA1")]
    [InlineData("hla_nom.txt", "A*;92:02;", "A*;92-02;", "'92-02' is not an allele name")]
    [InlineData("hla_nom.txt", "A*;92:02;20000101;;;", "A*;92:02", "has 2 parts instead of 6")]
    [InlineData("rel_dna_ser.txt", "SYNTHETIC 1.0.0", "SYNTHETIC 1.0.1", "is of version 'SYNTHETIC 1.0.1'")]
    [InlineData("rel_dna_ser.txt", ";;92;", ";;x;", "'x' is not an antigen")]
    [InlineData("B_prot.fasta", "B*92:01", "C*92:01", "does not name an allele of B")]
    public void A_release_that_does_not_hold_together_is_refused_with_the_place(string file, string from, string to, string fault)
    {
        var load = Releases.SyntheticBut(file, from, to);
        Assert.Null(load.Release);
        Assert.Contains(load.Faults, one => one.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_without_a_line_for_each_of_its_own()
    {
        var files = ReleaseFiles.Read(Releases.SyntheticFolder);
        var noise = string.Concat(Enumerable.Repeat("# version: SYNTHETIC 1.0.0\nA*;nothing\n", 10_000));
        var load = ReleaseLoad.From(ReleaseFiles.Of(files.Texts.SetItem("hla_nom.txt", noise)));
        Assert.Null(load.Release);
        Assert.Equal(ReleaseLoad.MostFaults + 1, load.Faults.Length);
    }

    [Fact]
    public void A_seventh_part_of_the_antigens_is_let_pass_and_stands_in_where_nothing_else_is_assigned()
    {
        var release = Releases.SyntheticBut("rel_dna_ser.txt", "A*;94:02Q;?;;;", "A*;94:02Q;?;;;;92").Release!;
        Assert.Equal([92], release.Serology.Of(HlaLocus.A, ProteinCode.Of(94, 2)));
        var other = Releases.SyntheticBut("rel_dna_ser.txt", "A*;91:02;;;91;", "A*;91:02;;;91;;92").Release!;
        Assert.Equal([91], other.Serology.Of(HlaLocus.A, ProteinCode.Of(91, 2)));
    }
}
