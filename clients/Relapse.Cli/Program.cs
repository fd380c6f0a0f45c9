using System.Globalization;
using System.Net.Http.Headers;
using Relapse.Cli;
using Relapse.Cli.Protocol;

var standard = new Uri("http://localhost:8080");
var standardGrpc = new Uri("http://localhost:8081");
using var http = new HttpClient();
var token = Environment.GetEnvironmentVariable("RELAPSE_TOKEN") is { Length: > 0 } given ? given : null;
if (token is not null)
{
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
}

switch (args)
{
    case [var word, var file] when Question.Find(word) is { } question:
        return await AskCommand.Run(http, standard, question, file, Console.Out, Console.Error);
    case [var word, var file, "--url", var url] when Question.Find(word) is { } question && Uri.TryCreate(url, UriKind.Absolute, out var address):
        return await AskCommand.Run(http, address, question, file, Console.Out, Console.Error);
    case ["assess", .. var rest] when AssessCommand.Parse(rest, standard, standardGrpc) is { } asked:
        return await AssessCommand.Run(http, asked with { Token = token }, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected);
    case ["wait", var url, var seconds]
        when Uri.TryCreate(url, UriKind.Absolute, out var address) && int.TryParse(seconds, CultureInfo.InvariantCulture, out var patience):
        return await WaitCommand.Run(http, address, TimeSpan.FromSeconds(patience), TimeProvider.System);
    case ["protocol", .. var rest]:
        return await ProtocolCommand.Run(http, rest, standard, Console.Out, Console.Error);
    default:
        await Console.Error.WriteLineAsync("""
            relapse assess FILE... [--json] [--url ...]           assesses each case as a whole: where it stands, what comes next, what is missing
                                                                  of a cohort (.jsonl) what every protocol concludes: [--protocol NAME]... [--grpc-url ...]
            relapse classify FILE [--url http://localhost:8080]   posts a case file and prints the answer as a table
            relapse interpret FILE [--url ...]                    likewise: its MRD results, and the series
            relapse assess-response FILE [--url ...]              likewise: its latest response
            relapse eligibility FILE [--url ...]                  likewise: what is advised after remission
            relapse rank FILE [--url http://localhost:8080]       posts a request with donors and prints the list
            relapse estimate FILE [--url ...]                     posts a case with what is asked and prints the published figures that apply
            relapse plot FILE [--url ...]                         likewise: the same figures as an SVG image, to standard output
            relapse protocol ...                                  what authors of protocols do; alone it says how
            relapse wait URL SECONDS                              returns 0 as soon as the service there is ready
            """);
        return 2;
}
