using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;

namespace Relapse.Load.Traffic;

/// <summary>ClassifyRelapse as JSON over HTTP/1.1; the answers expected are those that the service gives when asked directly.</summary>
internal sealed class JsonTraffic
{
    private const string Path = "/v1/classification/relapses:classify";

    private readonly byte[][] _requests;
    private readonly byte[][] _answers;

    private JsonTraffic(byte[][] requests, byte[][] answers) => (_requests, _answers) = (requests, answers);

    /// <summary>Asks the service everything once.</summary>
    public static async Task<JsonTraffic> AskAsync(HttpClient service, CasePool pool)
    {
        byte[][] requests = [.. pool.Requests.Select(request => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(request)))];
        var answers = new List<byte[]>();
        foreach (var request in requests)
        {
            using var answer = await service.PostAsync(Path, Body(request));
            answers.Add(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        }

        return new JsonTraffic(requests, [.. answers]);
    }

    /// <summary>A caller over a client's connections.</summary>
    public Caller Over(HttpClient client) => new JsonCaller(this, client);

    private static ByteArrayContent Body(byte[] request)
    {
        var body = new ByteArrayContent(request);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return body;
    }

    private sealed class JsonCaller(JsonTraffic traffic, HttpClient client) : Caller
    {
        public override async Task<string?> CallAsync(int number)
        {
            var index = number % traffic._requests.Length;
            try
            {
                using var body = Body(traffic._requests[index]);
                using var answer = await client.PostAsync(Path, body).ConfigureAwait(false);
                if (!answer.IsSuccessStatusCode)
                {
                    return answer.StatusCode.ToString();
                }

                var bytes = await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
                return bytes.AsSpan().SequenceEqual(traffic._answers[index]) ? null : "another answer than before";
            }
            catch (HttpRequestException failure)
            {
                return failure.HttpRequestError.ToString();
            }
        }
    }
}
