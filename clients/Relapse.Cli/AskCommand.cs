using System.Net.Http.Headers;
using System.Text.Json;

namespace Relapse.Cli;

/// <summary>Posts a file to the RPC of a question and prints the answer.</summary>
internal static class AskCommand
{
    public static async Task<int> Run(HttpClient http, Uri service, Question question, string file, TextWriter output, TextWriter error)
    {
        if (!File.Exists(file))
        {
            await error.WriteLineAsync($"There is no file {file}.");
            return 1;
        }

        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await http.PostAsync(new Uri(service, question.Path), content);
            var body = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode)
            {
                question.Print(body, output);
                return 0;
            }

            await error.WriteLineAsync(Refusal.Parse(body).ToString());
        }
        catch (HttpRequestException)
        {
            await error.WriteLineAsync($"Nothing answers at {service}; ./relapse up starts it.");
        }
        catch (JsonException)
        {
            await error.WriteLineAsync($"What answers at {service} is not Relapse.");
        }

        return 1;
    }
}
