using System.Text;
using Google.Protobuf;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Tests.Registry;

/// <summary>The smallest protocol that certifies: T-cell is high, the rest is low.</summary>
internal sealed record SmallProtocol(string Id, string Version)
{
    public string Name => $"protocols/{Id}/versions/{Version}";

    public string Title { get; init; } = "A small protocol";

    public bool ForAll { get; init; }

    /// <summary>Whether it can be read so that T-cell is low.</summary>
    public bool Read { get; init; }

    public string Yaml => $"""
        id: {Id}
        version: "{Version}"
        title: {Title}
        study_group: A centre
        intended_use: For tests; whoever reads the table can review it.
        period: PERIOD_CURRENT
        sources:
          book:
            title: A book
        inputs:
          lineage:
            values: [B_CELL_PRECURSOR, T_CELL]
        {(Read ? Reading : "")}
        decisions:
          risk_group:
            question: Which group?
            inputs: [lineage{(Read ? ", t_cell_group" : "")}]
            conclusions: [LOW, HIGH]
            rules:
              - id: low
                when:
                  lineage: B_CELL_PRECURSOR
                then: LOW
                because: [book]
              - id: high
                when:
                  lineage: T_CELL
        {(Read ? AsRead : Plain)}
        {(ForAll ? Modifier : "")}
        """;

    public static string Cases => """
        cases:
          - id: t-cell
            source: book
            why: The book says so.
            case:
              lineage: LINEAGE_T_CELL
            expect:
              risk_group:
                outcome: OUTCOME_DETERMINED
                possible: [HIGH]
        """;

    private static string Modifier => """
        modifiers_for_all: true
        modifiers:
          - code: T_CELL
            decisions: [risk_group]
            when:
              lineage: T_CELL
            direction: MODIFIER_DIRECTION_ADVERSE
            detail: "T-cell."
            because: [book]
        """;

    private static string Reading => """
        readings:
          t_cell_group:
            question: Which group is T-cell?
            kind: READING_KIND_VARIANT
            values:
              AS_HIGH: High.
              AS_LOW: Low.
            default: AS_HIGH
            because: [book]
        """;

    private static string Plain => """
                then: HIGH
                because: [book]
        """;

    private static string AsRead => """
                  t_cell_group: AS_HIGH
                then: HIGH
                because: [book]
              - id: low-as-read
                when:
                  lineage: T_CELL
                  t_cell_group: AS_LOW
                then: LOW
                because: [book]
        """;

    public PublishProtocolVersionRequest Publish(bool shared = false) => new()
    {
        ProtocolYaml = ByteString.CopyFrom(Encoding.UTF8.GetBytes(Yaml)),
        CasesYaml = ByteString.CopyFrom(Encoding.UTF8.GetBytes(Cases)),
        Shared = shared,
    };
}
