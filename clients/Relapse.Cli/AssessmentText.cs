namespace Relapse.Cli;

/// <summary>
/// An assessment for people, read as Figure 1 is: for each protocol where the case stands and what comes next, with the rule, where it is
/// printed and the way to it; then what is missing, and what was published.
/// </summary>
internal static class AssessmentText
{
    /// <summary>The findings that Figure 1 is read by; what they are made of is in the answer.</summary>
    private static readonly string[] Shown =
    [
        "relapse_site", "timing", "risk_group", "remission", "reinduction", "refractory", "relapse_after_remission", "dfs_event",
        "mrd_response", "mrd_band", "mrd_timing_prognosis", "pre_transplant_mrd",
    ];

    public static void Print(Assessment assessment, TextWriter output)
    {
        var sources = new List<string>();
        foreach (var protocol in assessment.Protocols)
        {
            output.WriteLine(AnswerTable.Heading(protocol.Name));
            Print("where the case stands", [.. protocol.Stands.Where(finding => Shown.Contains(finding.Decision, StringComparer.Ordinal))], sources, output);
            Print("what comes next", protocol.Next, sources, output);
            foreach (var warning in protocol.Stands.Concat(protocol.Next).SelectMany(finding => finding.Warnings).Distinct())
            {
                output.WriteLine($"  warning {warning.Code}: {warning.Detail}");
            }

            output.WriteLine();
        }

        PrintAgreements([.. assessment.Classification.Answer?.Agreements ?? [], .. assessment.Eligibility.Answer?.Agreements ?? []], output);
        AnswerTable.PrintModifiers(assessment.Modifiers, output);
        Print(assessment.Missing, output);
        if (assessment.Outcome.Answer is { Detail.Length: > 0 } figures)
        {
            output.WriteLine("published figures");
            output.WriteLine($"  {figures.Detail}");
            output.WriteLine();
        }

        if (assessment.Unavailable.Count > 0)
        {
            output.WriteLine($"NOT COMPLETE: {string.Join(", ", assessment.Unavailable.Select(Part))} could not be had; try again.");
            output.WriteLine();
        }

        for (var source = 0; source < sources.Count; source++)
        {
            output.WriteLine($"[{source + 1}] {sources[source]}");
        }
    }

    private static void Print(string heading, IReadOnlyList<Assessment.Finding> findings, List<string> sources, TextWriter output)
    {
        if (findings.Count == 0)
        {
            return;
        }

        output.WriteLine($"  {heading}");
        var width = findings.Max(finding => finding.Decision.Length);
        foreach (var finding in findings)
        {
            output.WriteLine($"    {finding.Decision.PadRight(width)}  {Conclusion(finding)}{Rule(finding, sources)}");
            foreach (var line in Remarks(finding))
            {
                output.WriteLine($"    {string.Empty.PadRight(width)}    {line}");
            }
        }
    }

    // On the two questions that all of it comes to.
    private static void PrintAgreements(IReadOnlyList<Answer.Agreement> agreements, TextWriter output)
    {
        var shown = agreements.Where(agreement => agreement.Id is "risk_group" or "post_remission").ToList();
        foreach (var agreement in shown)
        {
            output.WriteLine($"between protocols, {agreement.Id}");
            foreach (var sentence in agreement.Summary.Split(". "))
            {
                output.WriteLine($"  {sentence.TrimEnd('.')}.");
            }
        }

        if (shown.Count > 0)
        {
            output.WriteLine();
        }
    }

    private static void Print(IReadOnlyList<Assessment.Needed> missing, TextWriter output)
    {
        if (missing.Count == 0)
        {
            return;
        }

        output.WriteLine("what is missing, what comes next hangs on first");
        foreach (var needed in missing)
        {
            var findings = needed.NeededFor.GroupBy(finding => finding.Decision, StringComparer.Ordinal)
                .Select(decision => $"{decision.Key} ({string.Join(", ", decision.Select(finding => AnswerTable.Heading(finding.Protocol)))})");
            output.WriteLine($"  {needed.Field}: {string.Join("; ", findings)}");
        }

        output.WriteLine();
    }

    private static string Conclusion(Assessment.Finding finding) =>
        AnswerTable.Conclusion(new Answer.Decision { Outcome = finding.Outcome, Possible = finding.Possible });

    private static string Rule(Assessment.Finding finding, List<string> sources)
    {
        if (finding.Because is not [var rule, ..] || finding.Outcome is not ("OUTCOME_DETERMINED" or "OUTCOME_CONDITIONAL"))
        {
            return string.Empty;
        }

        return $"   {rule.Id}  {AnswerTable.Place(rule, sources)}".TrimEnd();
    }

    private static IEnumerable<string> Remarks(Assessment.Finding finding) =>
    [
        .. finding.Requires.Select(required => $"given {required.Decision} is {required.Needed.Replace('_', ' ')}: {AnswerTable.State(required.State)}"),
        .. finding.Conditions.Select(condition => $"if {condition.Id}: {condition.Detail}"),
        .. finding.IfConfirmed.Select(confirmed => $"{string.Join(" or ", confirmed.Possible)} if {confirmed.Decision} is {confirmed.Conclusion}"),
        .. finding.Contradictions.Select(contradiction => $"against {string.Join(", ", contradiction.Fields)}: {contradiction.Detail}"),
        .. Way(finding),
    ];

    private static IEnumerable<string> Way(Assessment.Finding finding)
    {
        var steps = finding.Way.Where(step => step.Decision != finding.Decision && step.Possible.Count > 0 && Shown.Contains(step.Decision, StringComparer.Ordinal)).Select(step =>
            $"{step.Decision} {string.Join(" or ", step.Possible)}{(step.Measurements.Count > 0 ? $" by {string.Join(", ", step.Measurements)}" : string.Empty)}").ToList();
        return steps.Count == 0 ? [] : [$"by way of {string.Join(", ", steps)}"];
    }

    private static string Part(string part) => part.Replace("PART_", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
}
