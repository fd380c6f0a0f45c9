namespace Relapse.Cli;

/// <summary>What the sources say beside the advice: by kind, what applies before what is open.</summary>
internal static class ContextTable
{
    private const string Open = "CONTEXT_FIT_OPEN";

    public static void Print(IReadOnlyList<Answer.Statement> context, TextWriter output)
    {
        foreach (var kind in context.GroupBy(statement => statement.Kind, StringComparer.Ordinal))
        {
            output.WriteLine(Words(kind.Key));
            foreach (var statement in kind.OrderBy(statement => statement.Fit == Open))
            {
                var agent = statement.Agent.Length == 0 ? string.Empty : $"{statement.Agent} ({statement.Status}, {statement.AsOf}): ";
                output.WriteLine($"  {(statement.Fit == Open ? "maybe" : string.Empty),-6}{agent}{statement.Text}{Missing(statement)}");
            }

            output.WriteLine();
        }
    }

    private static string Missing(Answer.Statement statement) =>
        statement.Missing.Count == 0 ? string.Empty : $" [hangs on {string.Join(", ", statement.Missing.Distinct(StringComparer.Ordinal))}]";

    private static string Words(string kind) => kind.Replace("CONTEXT_KIND_", string.Empty, StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant();
}
