using System.Text;
using Relapse.Clinical;

namespace Relapse.Tests.Clinical;

/// <summary>
/// What is refused is refused with every fault: those of later looks, too, as far as what is faulty lets them be had, and none that only
/// follows from another.
/// </summary>
public sealed class EveryFaultTests
{
    private const string Gapless = "high-t-cell-marrow";

    /// <summary>A folder of the library, and a key of one of its parts under which another may stand.</summary>
    public static TheoryData<string, string, string> Spots
    {
        get
        {
            var spots = new TheoryData<string, string, string>();
            foreach (var version in Shipped.Library.Versions)
            {
                foreach (var decision in version.Document.Decisions.Keys)
                {
                    spots.Add(Shipped.Of(version), "decisions", decision);
                }
                foreach (var (list, id) in version.Document.Inputs.Keys.Select(id => ("inputs", id)).Concat(version.Document.Readings.Keys.Select(id => ("readings", id))).Concat(version.Document.Measurements.Keys.Select(id => ("measurements", id))))
                {
                    spots.Add(Shipped.Of(version), list, id);
                }
            }
            return spots;
        }
    }

    /// <summary>Every eighth of them, of each version others.</summary>
    public static TheoryData<string, string, string> SomeSpots => [.. Spots.Where((_, spot) => spot % 8 == 0)];

    [Theory]
    [MemberData(nameof(SomeSpots), DisableDiscoveryEnumeration = true)]
    public void Whatever_cannot_be_read_the_rest_is_looked_through_and_found_as_faultless_as_it_is(string version, string list, string id) => LookThrough(version, list, id);

    [Theory]
    [Trait("Long", "true")]
    [MemberData(nameof(Spots), DisableDiscoveryEnumeration = true)]
    public void Wherever_it_cannot_be_read(string version, string list, string id) => LookThrough(version, list, id);

    private static void LookThrough(string version, string list, string id)
    {
        var text = Shipped.Text($"{version}/protocol.yaml");
        var at = text.IndexOf($"\n  {id}:\n", text.IndexOf($"\n{list}:\n", StringComparison.Ordinal), StringComparison.Ordinal) + id.Length + 5;
        var faults = ProtocolCompiler.Compile(Encoding.UTF8.GetBytes(text.Insert(at, "    no_such_key: 1\n")), Shipped.Bytes($"{version}/cases.yaml")).Faults;
        Assert.Equal(($"{list}.{id}.no_such_key", FaultCode.UnknownKey), (Assert.Single(faults).Path, faults[0].Code));
    }

    [Theory]
    [InlineData("warnings")]
    [InlineData("modifiers")]
    [InlineData("context")]
    public void The_same_of_what_stands_beside_the_tables(string list)
    {
        foreach (var version in Shipped.Library.Versions.Where(version => Shipped.Text($"{Shipped.Of(version)}/protocol.yaml").Contains($"\n{list}:\n  - ", StringComparison.Ordinal)))
        {
            var text = Shipped.Text($"{Shipped.Of(version)}/protocol.yaml");
            var at = text.IndexOf($"\n{list}:\n  - ", StringComparison.Ordinal) + list.Length + 7;
            var faults = ProtocolCompiler.Compile(Encoding.UTF8.GetBytes(text.Insert(at, "no_such_key: 1\n    ")), Shipped.Bytes($"{Shipped.Of(version)}/cases.yaml")).Faults;
            Assert.Equal($"{list}[0].no_such_key", Assert.Single(faults).Path);
        }
    }

    [Fact]
    public void A_document_with_a_fault_of_each_kind_is_refused_with_all_of_them()
    {
        var spoiled = DocumentText.Shipped
            // Read: a key that there is not. Checked: what is required, a word, a citation, what is never used.
            .Change("study_group: International BFM Study Group (I-BFM SG)\n", "study_grup: X\n")
            .Change("    default: MARROW_RELAPSE\n", "    default: MAYBE\n")
            .Change("        because: [fuster2014.table2_grades, fuster2014.grades]\n        note: >-", "        because: [fuster2014.table2_grades, fuster2014.table9]\n        note: >-")
            // Certified: a rule that is missing, and one too many, in tables that have no other fault.
            .Without("timing-early")
            .Change("          cns_imaging_mass: PRESENT\n", "")
            // Golden cases: of a decision that none of these touch.
            with
        { Cases = "cases:\n  - id: a\n    source: s\n    why: w\n    case: {marrow: {blasts_percent: 140}}\n    expect: {timing: {}}\n" + Expecting("b", "marrow_status: {possible: [M3]}") + Expecting("b", "risk_group: {possible: [NONE_SUCH]}") };
        var faults = spoiled.Compile().Faults.Select(fault => (fault.Code, fault.Path)).Distinct().ToArray();
        Assert.Contains((FaultCode.UnknownKey, "study_grup"), faults);
        Assert.Contains((FaultCode.Invalid, "study_group"), faults);
        Assert.Contains((FaultCode.Invalid, "readings.blood_blasts_with_m1.default"), faults);
        Assert.Contains((FaultCode.Citation, "decisions.marrow_status.rules[1].because"), faults);
        Assert.Contains((FaultCode.Gap, "decisions.timing"), faults);
        Assert.Contains((FaultCode.GoldenCase, "cases[0].case.marrow.blasts_percent"), faults);
        Assert.Contains((FaultCode.GoldenCase, "cases[1].expect.marrow_status"), faults);
        Assert.Contains((FaultCode.GoldenCase, "cases"), faults);
        // What a decision concludes that rests on a faulty table is not known.
        Assert.DoesNotContain(faults, fault => fault.Path.StartsWith("cases[2]", StringComparison.Ordinal));
    }

    [Fact]
    public void Golden_cases_are_run_beside_a_gap_of_another_table_and_not_of_what_rests_on_it()
    {
        var faults = (DocumentText.Shipped.Without(Gapless) with { Cases = "cases:\n" + Expecting("a", "marrow_status: {possible: [M3]}\n      risk_group: {possible: [STANDARD]}") }).Compile().Faults;
        Assert.Contains(faults, fault => fault.Code == FaultCode.Gap && fault.Path == "decisions.risk_group");
        Assert.Equal(["cases[0].expect.marrow_status"], faults.Where(fault => fault.Code == FaultCode.GoldenCase).Select(fault => fault.Path));
    }

    [Fact]
    public void A_circle_hides_no_gap_of_a_table_outside_it()
    {
        var faults = DocumentText.Shipped.Change("    inputs: [marrow_blasts_percent]", "    inputs: [marrow_blasts_percent, risk_group]").Without("timing-early").Compile().Faults;
        Assert.Contains(faults, fault => fault.Code == FaultCode.Structure);
        Assert.Contains(faults, fault => fault.Code == FaultCode.Gap && fault.Path == "decisions.timing");
    }

    [Fact]
    public void A_section_whose_key_is_misspelt_is_one_fault_and_not_one_for_each_use()
    {
        Assert.Equal(["inptus"], DocumentText.Shipped.Change("\ninputs:\n", "\ninptus:\n").Compile().Faults.Select(fault => fault.Path));
        Assert.Equal(["sorces"], DocumentText.Shipped.Change("\nsources:\n", "\nsorces:\n").Compile().Faults.Select(fault => fault.Path));
    }

    [Fact]
    public void What_could_not_be_read_of_a_golden_case_hides_no_fault_of_another()
    {
        var faults = (DocumentText.Shipped with { Cases = "cases:\n  - id: a\n    no_such_key: 1\n" + Expecting("b", "marrow_status: {possible: [M3]}") }).Compile().Faults;
        Assert.Equal([(FaultCode.UnknownKey, "cases[0].no_such_key"), (FaultCode.GoldenCase, "cases[1].expect.marrow_status")], faults.Select(fault => (fault.Code, fault.Path)));
    }

    [Fact]
    public void Of_a_file_that_breaks_off_only_that_is_said()
    {
        var broken = DocumentText.Shipped with { Protocol = DocumentText.Shipped.Protocol + "\nother: \"open\n", Cases = "cases:\n" + Expecting("a", "marrow_status: {possible: [M3]}") };
        Assert.Equal(FaultCode.Unreadable, broken.Compile().Faults[^1].Code);
        Assert.DoesNotContain(broken.Compile().Faults, fault => fault.Code is not FaultCode.Unreadable and not FaultCode.UnknownKey);
    }

    [Fact]
    public void A_conclusion_that_no_rule_comes_to_is_declared_and_never_used()
    {
        var fault = DocumentText.Shipped.Change("    conclusions: [TRANSPLANT, CONTINUATION, NOT_COVERED]", "    conclusions: [TRANSPLANT, CONTINUATION, NOT_COVERED, WAITING]").Compile().Faults;
        Assert.Equal((FaultCode.Unused, "decisions.post_remission.conclusions[3]"), (Assert.Single(fault).Code, fault[0].Path));
    }

    private static string Expecting(string id, string expected) =>
        $"  - id: {id}\n    source: s\n    why: w\n    case: {{marrow: {{blasts_percent: 2}}}}\n    expect:\n      {expected}\n";
}
