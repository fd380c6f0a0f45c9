using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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

    /// <param name="asked">What is asked.</param>
    /// <param name="path">The file.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where refusals and progress go.</param>
    /// <param name="isTerminal">Whether that is a terminal, on which progress is drawn.</param>
    public static async Task<int> Run(AssessQuestion asked, string path, TextWriter output, TextWriter error, bool isTerminal)
    {
        var file = new CohortFile(path);
        long items;
        IReadOnlyList<string> faults;
        try
        {
            (items, faults) = file.Check();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{path} cannot be read: {failure.Message}");
            return NotHad;
        }

        if (faults.Count > 0)
        {
            await error.WriteLineAsync($"{path} cannot be read, and nothing of it was sent:{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", faults)}");
            return NotHad;
        }

        var services = new ServiceCollection();
        services.AddRelapseClient(options => (options.Address, options.Token) = (asked.Grpc, asked.Token is { } token ? _ => ValueTask.FromResult<string?>(token) : null));
        await using var provider = services.BuildServiceProvider();
        var progress = new ProgressBar(items, error, isTerminal);
        try
        {
            var answers = provider.GetRequiredService<RelapseClient>().AssessCohort(
                file.ItemsAsync(), new AssessCohortSettings { Protocols = { asked.Protocols } }, new CohortOptions { Patience = TimeSpan.FromSeconds(20) }, progress);
            return await PrintAsync(answers, asked.AsJson, output, error, progress);
        }
        catch (Exception failure) when (WhyNot(failure, asked.Grpc, path) is { } why)
        {
            progress.End();
            await error.WriteLineAsync(why);
            return NotHad;
        }
    }

    private static string? WhyNot(Exception failure, Uri service, string path) => failure switch
    {
        RpcException { StatusCode: StatusCode.Unavailable } gone when RelapseError.From(gone).Reason.Length == 0 => $"Nothing answers at {service}; ./relapse up starts it.",
        RpcException refused => RelapseError.From(refused).ToString(),
        OptionsValidationException invalid => invalid.Message,
        _ when failure is IOException or UnauthorizedAccessException || CohortFile.IsOfALine(failure) => $"{path} is not what it was when its lines were checked; what was answered of it stands above.",
        _ => null,
    };

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
