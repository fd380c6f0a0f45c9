namespace Relapse.Cli;

/// <summary>What is said of a response before its decisions: which one it is, and what earlier ones and the rules of count recovery say.</summary>
internal static class ResponseLines
{
    public static void Print(Answer answer, TextWriter output)
    {
        output.WriteLine(answer.Assessed.Length == 0 ? "The case has no response, or none that is certainly the latest." : $"The response assessed is {answer.Assessed}.");
        foreach (var line in answer.EarlierFindings.Select(finding => finding.From.Length == 0 ? finding.Detail : $"{finding.From}: {finding.Detail}")
            .Concat(answer.CountRecovery.Where(recovery => recovery.Detail.Length > 0).Select(recovery => $"{AnswerTable.Heading(recovery.Protocol)}: {recovery.Detail}")))
        {
            output.WriteLine(line);
        }

        output.WriteLine();
    }
}
