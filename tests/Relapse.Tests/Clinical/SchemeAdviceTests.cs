using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>
/// The advice that each scheme of Table 5 has for each of its cells and each side of its cut-off, read from the prose: high risk to
/// transplant; intermediate risk by residual disease (UKALL R3, ALL-REZ BFM 2002), standard risk by it in Figure 1 and never in the others.
/// </summary>
public sealed class SchemeAdviceTests
{
    private static readonly string[] _responses = ["BELOW_CUT_OFF", "AT_OR_ABOVE_CUT_OFF", ""];

    public static TheoryData<string, string, string> Cells
    {
        get
        {
            using var reader = new StreamReader(typeof(SchemeAdviceTests).Assembly.GetManifestResourceStream("table5.csv")!);
            var groups = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Select(cells => (Scheme: cells[1], Group: cells[5])).Distinct();
            var data = new TheoryData<string, string, string>();
            foreach (var ((scheme, group), response) in groups.SelectMany(cell => _responses.Select(response => (cell, response))))
            {
                data.Add(scheme, group, response);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_group_and_a_response_have_the_advice_of_the_scheme(string scheme, string group, string response)
    {
        var id = scheme switch { "BFM" => "all-rez-bfm", "UK_ALLR3" => "ukall-r3", _ => "i-bfm-sg" };
        var answer = Shipped.Protocol(id).Decide(Established(id, group switch { "SR" => "STANDARD", "IR" => "INTERMEDIATE", _ => "HIGH" }, response), "post_remission");

        var byResponse = group == "IR" || (id == "i-bfm-sg" && group == "SR");
        string[] expected = (byResponse, response) switch
        {
            (false, _) => [group == "HR" ? "TRANSPLANT" : "CONTINUATION"],
            (true, "") => ["TRANSPLANT", "CONTINUATION"],
            (true, var word) => [word == "BELOW_CUT_OFF" ? "CONTINUATION" : "TRANSPLANT"],
        };
        Assert.Equal(expected, answer.Possible);
        Assert.Equal(expected.Length == 1 ? Outcome.Determined : Outcome.Undetermined, answer.Outcome);
        // A result that decides nothing is not asked for.
        Assert.Equal(expected.Length > 1, answer.Missing.Any(missing => missing.Field == "case.mrd"));
    }

    private static RelapseCase Established(string id, string group, string response)
    {
        var @case = SoundCase.LateIsolatedMarrow();
        (@case.PhPositive, @case.AgeAtRelapseYears) = (false, 8);
        // What makes the group is not told: the group is.
        (@case.Lineage, @case.Timing, @case.Marrow, @case.Blood, @case.Csf, @case.Cns, @case.Testes) = (Lineage.Unspecified, null, null, null, null, null, null);
        @case.Established.Add(new EstablishedConclusion { Decision = "risk_group", Protocol = $"protocols/{id}", Conclusion = group });
        if (response.Length > 0)
        {
            @case.Established.Add(new EstablishedConclusion { Decision = "mrd_response", Protocol = $"protocols/{id}", Conclusion = response });
        }
        return @case;
    }
}
