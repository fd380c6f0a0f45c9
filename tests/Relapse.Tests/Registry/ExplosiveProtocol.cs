using System.Globalization;
using System.Text;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Tests.Registry;

/// <summary>
/// Documents of a few kilobytes that are sound, table by table, and whose diagrams nobody could hold. Readings come in two rows; each
/// decision of a chain says whether one more of the first row has the word of its partner in the second.
/// </summary>
internal static class ExplosiveProtocol
{
    private static readonly string[] Chain = [.. WellKnownDecisions.Classification.Concat(WellKnownDecisions.Mrd).Concat(WellKnownDecisions.Response).Except(["risk_group"])];

    /// <summary>As many as there are decisions to make a chain of.</summary>
    public static int Longest => Chain.Length;

    /// <summary>Sound, and its diagram small: partners are asked one after the other.</summary>
    /// <param name="id">The protocol's id.</param>
    /// <param name="shift">How many places further the partner stands.</param>
    public static string Small(string id, int shift = 0) => Text(id, Longest, shift, first: "");

    /// <summary>Sound, and its diagram has a node for each way to choose the words of a whole row: that row is asked first.</summary>
    public static string Wide(string id, int pairs) => Text(id, pairs, shift: 0, first: string.Concat(Enumerable.Range(0, pairs).Select(pair => $"x{pair}, ")));

    /// <summary>So many rules that each leave something open and all apply to the same children.</summary>
    public static string ManyOpen(string id, int rules) => Head(id) + """
        inputs:
          lineage:
            values: [B_CELL_PRECURSOR, T_CELL]
        decisions:
          risk_group:
            question: Which?
            inputs: [lineage]
            conclusions: [LOW, HIGH]
            rules:

        """ + string.Concat(Enumerable.Range(0, rules).Select(rule => string.Create(
            CultureInfo.InvariantCulture, $"      - {{id: r{rule}, when: {{lineage: T_CELL}}, then: [LOW, HIGH], settled_by: 'case.lineage', because: [book]}}\n")));

    /// <summary>A table whose rules each look at two of many readings, so that combinations with no rule or with several are beyond counting.</summary>
    public static string ManyGaps(string id, int pairs)
    {
        var text = new StringBuilder(Head(id)).Append(Readings(pairs)).Append("decisions:\n  risk_group:\n    question: Which?\n    conclusions: [HIGH]\n");
        text.Append(CultureInfo.InvariantCulture, $"    inputs: [{string.Join(", ", Enumerable.Range(0, pairs).SelectMany(pair => new[] { $"x{pair}", $"y{pair}" }))}]\n    rules:\n");
        for (var pair = 0; pair < pairs; pair++)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - {{id: r{pair}, when: {{x{pair}: A, y{pair}: B}}, then: HIGH, because: [book]}}\n");
        }

        return text.ToString();
    }

    public static PublishProtocolVersionRequest Publish(string yaml) => new() { ProtocolYaml = ByteString.CopyFromUtf8(yaml), CasesYaml = ByteString.CopyFromUtf8(Cases) };

    /// <summary>One golden case that holds of every chain: nothing is known.</summary>
    public const string Cases = """
        cases:
          - {id: nothing, source: book, why: "Nothing is known.", case: {}, expect: {risk_group: {outcome: OUTCOME_UNDETERMINED, possible: [LOW, HIGH]}}}
        """;

    private static string Text(string id, int pairs, int shift, string first)
    {
        var text = new StringBuilder(Head(id)).Append(Readings(pairs)).Append("decisions:\n");
        for (var pair = 0; pair < pairs; pair++)
        {
            var (x, y) = ($"x{pair}", $"y{(pair + shift) % pairs}");
            text.Append(CultureInfo.InvariantCulture, $$"""
                  {{Chain[pair]}}:
                    question: The same so far?
                    inputs: [{{(pair == 0 ? "" : Chain[pair - 1] + ", ")}}{{x}}, {{y}}]
                    conclusions: ["SAME", "OTHER"]
                    rules:
                      - {id: same-a, when: {{{(pair == 0 ? "" : Chain[pair - 1] + ": SAME, ")}}{{x}}: A, {{y}}: A}, then: SAME, because: [book]}
                      - {id: same-b, when: {{{(pair == 0 ? "" : Chain[pair - 1] + ": SAME, ")}}{{x}}: B, {{y}}: B}, then: SAME, because: [book]}
                      - {id: other-a, when: {{{(pair == 0 ? "" : Chain[pair - 1] + ": SAME, ")}}{{x}}: A, {{y}}: B}, then: OTHER, because: [book]}
                      - {id: other-b, when: {{{(pair == 0 ? "" : Chain[pair - 1] + ": SAME, ")}}{{x}}: B, {{y}}: A}, then: OTHER, because: [book]}

                """);
            if (pair > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"      - {{id: other, when: {{{Chain[pair - 1]}: OTHER}}, then: OTHER, because: [book]}}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $$"""
              risk_group:
                question: Which?
                inputs: [{{first}}{{Chain[pairs - 1]}}]
                conclusions: [LOW, HIGH]
                rules:
                  - {id: low, when: { {{Chain[pairs - 1]}}: SAME}, then: LOW, because: [book]}
                  - {id: high, when: { {{Chain[pairs - 1]}}: OTHER}, then: HIGH, because: [book]}

            """);
        return text.ToString();
    }

    private static string Head(string id) => $"""
        id: {id}
        version: "1"
        title: An explosive protocol
        study_group: Nobody
        intended_use: For tests; nobody wrote it.
        period: PERIOD_CURRENT
        sources:
          book:
            title: A book

        """;

    private static string Readings(int pairs) => "readings:\n" + string.Concat("xy".SelectMany(row => Enumerable.Range(0, pairs).Select(pair => string.Create(
        CultureInfo.InvariantCulture, $"  {row}{pair}: {{question: Which?, kind: READING_KIND_AMBIGUITY, values: {{A: One., B: The other.}}, because: [book]}}\n"))));
}
