using System.Globalization;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Cli.Cohort;

/// <summary>What became of a cohort: for each protocol and decision how many cases came to each conclusion, and how many to none, and why.</summary>
internal static class CohortTable
{
    private const string OutcomePrefix = "OUTCOME_";

    public static void Print(AssessCohortSummary summary, TimeSpan took, TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{summary.Items:N0} cases in {took.TotalSeconds:N1} s{(summary.Refused > 0 ? $", {summary.Refused:N0} of them refused" : "")}"));
        foreach (var protocol in summary.Tallies.GroupBy(tally => tally.Protocol, StringComparer.Ordinal))
        {
            output.WriteLine();
            output.WriteLine(AnswerTable.Heading(protocol.Key));
            var width = protocol.Max(tally => tally.Decision.Length);
            foreach (var tally in protocol)
            {
                output.WriteLine($"  {tally.Decision.PadRight(width)}  {string.Join("  ", Counts(tally))}");
            }
        }
    }

    /// <summary>Conclusions first, in the protocol's order, then why there is none.</summary>
    private static IEnumerable<string> Counts(DecisionTally tally) =>
        tally.Conclusions.Select(count => Say(count.Conclusion, count.Items)).Concat(
            tally.Outcomes
                .Where(count => count.Outcome is not (Outcome.Determined or Outcome.Conditional))
                .Select(count => Say(ResultLine.NameOf(count.Outcome)[OutcomePrefix.Length..].Replace('_', ' ').ToLowerInvariant(), count.Items)));

    private static string Say(string what, long items) => string.Create(CultureInfo.InvariantCulture, $"{what} {items:N0}");
}
