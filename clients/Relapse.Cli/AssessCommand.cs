using System.Net.Http.Headers;
using System.Text.Json;

namespace Relapse.Cli;

/// <summary>
/// Assesses the case of each file and prints it for people, or as the JSON that came. A file that is refused does not end the rest. Returns 0
/// when every assessment is complete, 1 when one could not be had, 3 when one lacks a part.
/// </summary>
internal static class AssessCommand
{
    private const string Path = "/v1/assessment/cases:assess";
    private const int NotHad = 1;
    private const int Incomplete = 3;

    /// <summary>What the words after the command ask for; null when they say nothing that can be done.</summary>
    public static (Uri Service, IReadOnlyList<string> Files, bool AsJson)? Parse(IReadOnlyList<string> words, Uri standard)
    {
        var (service, files, asJson) = (standard, new List<string>(), false);
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
                case ['-', ..]:
                    return null;
                default:
                    files.Add(words[i]);
                    break;
            }
        }

        return files.Count == 0 ? null : (service, files, asJson);
    }

    public static async Task<int> Run(HttpClient http, Uri service, IReadOnlyList<string> files, bool asJson, TextWriter output, TextWriter error)
    {
        var code = 0;
        foreach (var (index, file) in files.Index())
        {
            if (files.Count > 1)
            {
                await error.WriteLineAsync($"[{index + 1}/{files.Count}] {file}");
            }

            var of = await RunOne(http, service, file, asJson, output, error);
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

        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
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
        catch (JsonException)
        {
            await error.WriteLineAsync($"What answers at {service} is not Relapse.");
        }

        return NotHad;
    }
}
