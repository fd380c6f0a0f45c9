using System.Net.Http.Headers;
using System.Text.Json;
using Relapse.Cli.Cohort;

namespace Relapse.Cli;

/// <summary>
/// Assesses the case of each file, or the cohort of a file of JSON Lines, and prints it for people, or as the JSON that came. A file that is
/// refused does not end the rest. Returns 0 when every assessment is complete, 1 when one could not be had, 3 when one lacks a part or a cohort a case.
/// </summary>
internal static class AssessCommand
{
    private const string Path = "/v1/assessment/cases:assess";
    private const int NotHad = 1;
    private const int Incomplete = 3;

    /// <summary>What the words after the command ask for; null when they say nothing that can be done.</summary>
    public static AssessQuestion? Parse(IReadOnlyList<string> words, Uri standard, Uri standardGrpc)
    {
        var (service, grpc, files, protocols, asJson) = (standard, standardGrpc, new List<string>(), new List<string>(), false);
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--json":
                    asJson = true;
                    break;
                case "--url" when i + 1 < words.Count && Uri.TryCreate(words[i + 1], UriKind.Absolute, out var address):
                    service = address;
                    i++;
                    break;
                case "--grpc-url" when i + 1 < words.Count && Uri.TryCreate(words[i + 1], UriKind.Absolute, out var address):
                    grpc = address;
                    i++;
                    break;
                case "--protocol" when i + 1 < words.Count:
                    protocols.Add(words[i + 1]);
                    i++;
                    break;
                case ['-', ..]:
                    return null;
                default:
                    files.Add(words[i]);
                    break;
            }
        }

        // What is asked about one case stands in its file.
        return files.Count == 0 || (protocols.Count > 0 && !files.TrueForAll(CohortFile.Is)) ? null : new AssessQuestion(service, grpc, files, protocols, asJson);
    }

    public static async Task<int> Run(HttpClient http, AssessQuestion asked, TextWriter output, TextWriter error, bool isTerminal = false)
    {
        var code = 0;
        foreach (var (index, file) in asked.Files.Index())
        {
            if (asked.Files.Count > 1)
            {
                await error.WriteLineAsync($"[{index + 1}/{asked.Files.Count}] {file}");
            }

            var of = CohortFile.Is(file) && File.Exists(file)
                ? await CohortCommand.Run(asked, file, output, error, isTerminal)
                : await RunOne(http, asked.Service, file, asked.AsJson, output, error);
            code = code is 0 or Incomplete && of != 0 ? of : code;
        }

        return code;
    }

    private static async Task<int> RunOne(HttpClient http, Uri service, string file, bool asJson, TextWriter output, TextWriter error)
    {
        if (!File.Exists(file))
        {
            await error.WriteLineAsync($"There is no file {file}.");
            return NotHad;
        }

        try
        {
            using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(new Uri(service, Path), content);
            var body = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
            {
                await error.WriteLineAsync(Refusal.Parse(body).ToString());
                return NotHad;
            }

            var assessment = Assessment.Parse(body);
            if (asJson)
            {
                await output.WriteLineAsync(body);
            }
            else
            {
                AssessmentText.Print(assessment, output);
            }

            return assessment.Unavailable.Count == 0 ? 0 : Incomplete;
        }
        catch (HttpRequestException)
        {
            await error.WriteLineAsync($"Nothing answers at {service}; ./relapse up starts it.");
        }
        catch (TaskCanceledException)
        {
            await error.WriteLineAsync($"{service} did not answer in time.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{file} cannot be read: {failure.Message}");
        }
        catch (JsonException)
        {
            await error.WriteLineAsync($"What answers at {service} is not Relapse.");
        }

        return NotHad;
    }
}

/// <summary>What is asked.</summary>
/// <param name="Service">Where JSON is answered.</param>
/// <param name="Grpc">Where gRPC is, for cohorts.</param>
/// <param name="Files">The files, at least one.</param>
/// <param name="Protocols">For cohorts, the protocols; none for every current one.</param>
/// <param name="AsJson">Whether to print what came.</param>
internal sealed record AssessQuestion(Uri Service, Uri Grpc, IReadOnlyList<string> Files, IReadOnlyList<string> Protocols, bool AsJson)
{
    /// <summary>The bearer token; null for none. JSON has it from its HTTP client.</summary>
    public string? Token { get; init; }
}
