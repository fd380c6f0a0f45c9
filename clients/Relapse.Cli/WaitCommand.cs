namespace Relapse.Cli;

/// <summary>Waits until a service says it is ready.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<int> Run(HttpClient http, Uri service, TimeSpan patience, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < patience)
        {
            if (await IsReady(http, service))
            {
                return 0;
            }

            await Task.Delay(Pause, time);
        }

        return 1;
    }

    private static async Task<bool> IsReady(HttpClient http, Uri service)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(service, "/healthz/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet: the next look may find it.
            return false;
        }
    }
}
