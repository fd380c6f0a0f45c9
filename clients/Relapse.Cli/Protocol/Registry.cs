using System.Net.Http.Headers;
using System.Text.Json;

namespace Relapse.Cli.Protocol;

/// <summary>A registry over JSON.</summary>
internal sealed class Registry(HttpClient http, Uri service)
{
    /// <exception cref="UnansweredException">Nothing answers there, or it refuses.</exception>
    public Task<string> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, At(path)));

    /// <exception cref="UnansweredException">Nothing answers there, or it refuses.</exception>
    public Task<string> Post(string path, string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Send(new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = content });
    }

    private Uri At(string path) => new(service, "/v1/registry/" + path);

    private async Task<string> Send(HttpRequestMessage request)
    {
        using var owned = request;
        try
        {
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? body : throw new UnansweredException(Refusal.Parse(body).ToString());
        }
        catch (HttpRequestException)
        {
            throw new UnansweredException($"Nothing answers at {service}; ./relapse up starts it.");
        }
        catch (JsonException)
        {
            throw new UnansweredException($"What answers at {service} is not Relapse.");
        }
    }
}

/// <summary>There is no answer to print.</summary>
internal sealed class UnansweredException(string message) : Exception(message);
