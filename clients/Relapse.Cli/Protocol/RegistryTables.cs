namespace Relapse.Cli.Protocol;

/// <summary>What a check found, a fault a line; or that there is none, and what was counted.</summary>
internal static class VerificationTable
{
    public static void Print(Verification found, AuthorFiles files, TextWriter output)
    {
        foreach (var fault in found.Faults)
        {
            output.WriteLine(fault.Said(files.PathOf(fault.File)));
        }

        var name = found.Name.Length > 0 ? found.Name : files.Protocol;
        output.WriteLine(found.Faults.Count > 0
            ? $"{name}: {found.Faults.Count} {(found.Faults.Count == 1 ? "fault" : "faults")}"
            : $"{name}: clean; {found.Certificate.Rules} rules over {found.Certificate.Cells} cells, {found.Certificate.Cases} golden cases; SHA-256 {found.Digest}");
    }
}

/// <summary>What was stored, or would be.</summary>
internal static class PublicationTable
{
    public static void Print(Publication publication, bool validateOnly, TextWriter output) => output.WriteLine(
        $"{publication.Version.Name}: {(publication.AlreadyPublished ? "is published already" : validateOnly ? "could be published" : "published")}{(publication.Version.Shared ? ", for every centre to see" : string.Empty)}; SHA-256 {publication.Version.Digest}");
}

/// <summary>A comparison: for each decision its summary, then each region with what both conclude, by which rules, where those
/// stand, and one case of it.</summary>
internal static class ComparisonTable
{
    /// <summary>More regions than these are counted; --json has all.</summary>
    private const int Most = 30;

    public static void Print(Comparison comparison, TextWriter output)
    {
        output.WriteLine($"{Heading(comparison.One)} and {Heading(comparison.Other)}");
        foreach (var decision in comparison.Decisions)
        {
            output.WriteLine();
            output.WriteLine(decision.Decision);
            foreach (var sentence in decision.Summary.Split(". "))
            {
                output.WriteLine("  " + (sentence.EndsWith('.') ? sentence : sentence + "."));
            }

            foreach (var why in decision.NotComparable)
            {
                output.WriteLine("  not compared in full: " + why);
            }

            foreach (var region in decision.Regions.Take(Most))
            {
                output.WriteLine($"  - {region.Patients}");
                Print(comparison.One, region.OneConcludes, region.OneBecause, output);
                Print(comparison.Other, region.OtherConcludes, region.OtherBecause, output);
                output.WriteLine("      " + ExampleCase.Said(region.Example));
            }

            if (decision.Regions.Count > Most)
            {
                output.WriteLine($"  and {decision.Regions.Count - Most} more{(decision.Truncated ? ", at least" : string.Empty)}; --json has them");
            }
        }

        Print(comparison.One, comparison.OnlyOne, output);
        Print(comparison.Other, comparison.OnlyOther, output);
        PrintBeside(comparison, output);
    }

    private static void PrintBeside(Comparison comparison, TextWriter output)
    {
        if (comparison.Beside.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Beside the answers, changing no conclusion:");
        }

        foreach (var beside in comparison.Beside)
        {
            var where = beside is { InOne: true, InOther: true } ? "not the same" : $"only in {Heading(beside.InOne ? comparison.One : comparison.Other)}";
            output.WriteLine($"  {beside.Kind} {beside.Code}: {where}");
        }
    }

    private static void Print(string protocol, IReadOnlyList<string> only, TextWriter output)
    {
        if (only.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"Only {Heading(protocol)} defines: {string.Join(", ", only)}");
        }
    }

    private static void Print(string protocol, IReadOnlyList<string> conclusions, IReadOnlyList<ComparedRule> rules, TextWriter output)
    {
        output.WriteLine($"      {string.Join(" or ", conclusions)} in {Heading(protocol)}");
        foreach (var rule in rules)
        {
            output.WriteLine($"        {rule.Rule}: {string.Join("; ", rule.Citations.Select(citation => citation.Locator.Length > 0 ? citation.Locator : citation.Source))}");
        }
    }

    private static string Heading(string protocol) => protocol.Split('/') is [_, var id, _, var version] ? $"{id} {version}" : protocol;
}
