using System.Reflection;
using System.Text;
using Google.Protobuf;
using Relapse.Clinical;

namespace Relapse.Tests.Clinical;

/// <summary>
/// Shipped versions rest on the certificates of the build, and on nothing that is not of these documents and this engine: what is anything
/// else is certified in full, and loaded all the same.
/// </summary>
public sealed class ShippedCertificateTests
{
    private static readonly byte[] _file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, ShippedCertificates.FileName));

    // The smallest version by itself: certifying all of them in full takes seconds.
    private const string Version = "intreall-hr-2010/2010.1";

    [Fact]
    public void Every_version_rests_on_the_certificate_of_the_build() => Assert.Empty(Shipped.Library.CertifiedInFull);

    [Fact]
    public void The_certificate_is_the_whole_one_and_the_document_what_is_read_in_the_file()
    {
        // One with rules that rest on what was not read.
        var certified = Shipped.Library.Versions.Where(version => version.Certificate.RulesNotRead.Count > 0).MinBy(version => version.Certificate.Cases)!;
        var inFull = ProtocolCompiler.Compile(certified.Yaml, Shipped.Bytes($"{Shipped.Of(certified)}/cases.yaml")).Protocol!;
        Assert.Equal(inFull.Certificate, certified.Certificate);
        Assert.Equal(inFull.Document.ToByteString(), certified.Document.ToByteString());
        Assert.Equal((inFull.Digest, inFull.CasesDigest), (certified.Digest, certified.CasesDigest));
        Assert.Equal(inFull.Model.Inputs.Select(input => input.Name), certified.Model.Inputs.Select(input => input.Name));
        Assert.Equal(inFull.Model.DecisionNames, certified.Model.DecisionNames);
    }

    [Fact]
    public void Another_build_of_any_part_of_the_engine_is_believed_nothing() => Assert.All(EngineIdentity.Current.Parts.Keys, part =>
    {
        var other = new EngineIdentity(EngineIdentity.Current.Parts.SetItem(part, "0"));
        Assert.EndsWith($"is of another build of {part}", WhyNot(ShippedCertificates.Of(_file, other)), StringComparison.Ordinal);
    });

    /// <summary>An assembly that answers rest on and that is not named could be another one unnoticed.</summary>
    [Fact]
    public void The_engine_names_every_assembly_of_ours_and_of_others_that_its_answers_rest_on()
    {
        var reached = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        var open = new Queue<Assembly>([typeof(ProtocolCompiler).Assembly]);
        while (open.TryDequeue(out var assembly))
        {
            if (reached.TryAdd(assembly.GetName().Name!, assembly))
            {
                // The framework is named by its version. The calls of gRPC stand in the assembly of the messages and make no answer.
                Array.ForEach([.. assembly.GetReferencedAssemblies().Where(name => !name.Name!.StartsWith("System.", StringComparison.Ordinal) && name.Name is not ("netstandard" or "mscorlib") && !name.Name.StartsWith("Grpc.", StringComparison.Ordinal))], name => open.Enqueue(Assembly.Load(name)));
            }
        }

        Assert.Equal(reached.Keys.Append(".NET").Order(StringComparer.Ordinal), EngineIdentity.Current.Parts.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_was_changed_is_believed_nothing()
    {
        var counts = Shipped.Protocol(Version).Certificate;
        Assert.All(
            [
                Changed($" {counts.Cells} {counts.Cases} ", $" {counts.Cells} {counts.Cases + 1} "),
                Changed("engine YamlDotNet ", "engine YamlDotNet 0"),
                Changed("sha256 ", "sha256 0"),
                Changed("sha256 ", ""),
                _file[..(_file.Length / 2)],
                [],
            ],
            file => Assert.EndsWith("is damaged", WhyNot(ShippedCertificates.Of(file, EngineIdentity.Current)), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("protocol.yaml")]
    [InlineData("cases.yaml")]
    public void A_version_whose_file_was_changed_is_certified_in_full_and_the_others_are_not(string file)
    {
        var library = Load($"{Version}/{file}", text => text + "# and a remark\n");
        Assert.Equal($"{ShippedCertificates.FileName} has {Version} with other documents", Assert.Single(library.CertifiedInFull));
        Assert.Equal(Shipped.Library.Versions.Length, library.Versions.Length);
        Assert.Equal(Shipped.Protocol(Version).Certificate, library.Versions.Single(version => Shipped.Of(version) == Version).Certificate);
    }

    [Fact]
    public void A_golden_case_that_fails_is_found_although_the_build_certified_the_version_before()
    {
        var refused = Assert.Throws<ProtocolLibraryException>(() => Load($"{Version}/cases.yaml", text => text.Replace("risk_group: {outcome: OUTCOME_DETERMINED, possible: [STANDARD]}", "risk_group: {outcome: OUTCOME_DETERMINED, possible: [HIGH]}", StringComparison.Ordinal)));
        Assert.Contains($"Library/{Version}/", refused.Message, StringComparison.Ordinal);
        Assert.Contains("expected {HIGH}, concluded {STANDARD}", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Changed(string before, string after)
    {
        var text = Encoding.UTF8.GetString(_file);
        Assert.Contains(before, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>The shipped library with one file changed; the list of frozen versions, which would refuse it, is empty.</summary>
    internal static ProtocolLibrary Load(string changed, Func<string, string> change) => ProtocolLibrary.Load(
        ShippedCertificates.OfThisProgram(),
        name => name == "RELEASED" ? Stream.Null
            : name == changed ? new MemoryStream(Encoding.UTF8.GetBytes(change(Shipped.Text(name))))
            : ProtocolLibrary.Open(name));

    private static string WhyNot(ShippedCertificates certificates)
    {
        var version = Shipped.Protocol(Version);
        var (found, why) = certificates.Find(Version, version.Digest, version.CasesDigest);
        Assert.Null(found);
        return why;
    }
}
