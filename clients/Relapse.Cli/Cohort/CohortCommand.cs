using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Assessment.V1;

namespace Relapse.Cli.Cohort;

/// <summary>
/// Assesses a cohort and prints what each protocol concludes of how many, or each result as a line of JSON. Nothing is sent of a file with a line
/// that cannot be read. Returns 0 when every case was assessed, 1 when the cohort could not be had, 3 when cases were refused.
/// </summary>
internal static class CohortCommand
{
    private const int NotHad = 1;
    private const int Incomplete = 3;

    /// <param name="service">Where gRPC is answered.</param>
    /// <param name="path">The file.</param>
    /// <param name="protocols">The protocols asked; none for every current one.</param>
    /// <param name="asJson">Whether each result is printed.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where refusals and progress go.</param>
    /// <param name="isTerminal">Whether that is a terminal, on which progress is drawn.</param>
    public static async Task<int> Run(Uri service, string path, IReadOnlyList<string> protocols, bool asJson, TextWriter output, TextWriter error, bool isTerminal)
    {
        var file = new CohortFile(path);
        var (items, faults) = file.Check();
        if (faults.Count > 0)
        {
            await error.WriteLineAsync($"{path} cannot be read, and nothing of it was sent:{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", faults)}");
            return NotHad;
        }

        var services = new ServiceCollection();
        services.AddRelapseClient(options => options.Address = service);
        await using var provider = services.BuildServiceProvider();
        var progress = new ProgressBar(items, error, isTerminal);
        var answers = provider.GetRequiredService<RelapseClient>().AssessCohort(
            file.ItemsAsync(), new AssessCohortSettings { Protocols = { protocols } }, new CohortOptions { Patience = TimeSpan.FromSeconds(20) }, progress);
        try
        {
            return await PrintAsync(answers, asJson, output, error, progress);
        }
        catch (RpcException refused)
        {
            progress.End();
            await error.WriteLineAsync(refused.StatusCode == StatusCode.Unavailable ? $"Nothing answers at {service}; ./relapse up starts it." : RelapseError.From(refused).ToString());
            return NotHad;
        }
    }

    private static async Task<int> PrintAsync(CohortAnswers<AssessedItem, AssessCohortSummary> answers, bool asJson, TextWriter output, TextWriter error, ProgressBar progress)
    {
        var begun = Stopwatch.GetTimestamp();
        await foreach (var item in answers)
        {
            if (item.Error is { } refused)
            {
                progress.Clear();
                await error.WriteLineAsync($"{item.ItemId}: {RelapseError.From(refused)}");
            }

            if (asJson)
            {
                await output.WriteLineAsync(ResultLine.Of(item));
            }
        }

        progress.End();
        if (!asJson)
        {
            CohortTable.Print(answers.Summary, Stopwatch.GetElapsedTime(begun), output);
        }

        return answers.Summary.Refused == 0 ? 0 : Incomplete;
    }
}
