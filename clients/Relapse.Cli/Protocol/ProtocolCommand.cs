using System.Text.Json;

namespace Relapse.Cli.Protocol;

/// <summary>The commands of an author of protocols. Every one of them asks a running registry.</summary>
internal sealed class ProtocolCommand(Registry registry, ProtocolArguments arguments, TextWriter output, TextWriter error)
{
    public const int Clean = 0, Found = 1, Misused = 2, Unanswered = 3;

    public const string Usage = """
        relapse protocol verify FILE...                 checks protocol.yaml files (or their folders), each with the cases.yaml beside it
        relapse protocol compare ONE OTHER              for whom two conclude differently; each is ID, ID/VERSION, or as OTHER a protocol.yaml
                         [--decision ID] [--reading ID/READING=VALUE]...
        relapse protocol publish FILE [--shared] [--validate-only]
        relapse protocol export ID/VERSION [--output FILE]    as DMN 1.3
        relapse protocol import FILE [--output FILE]    the tables of a DMN file as parts of a protocol.yaml
        all of them: [--json] [--url http://localhost:8080]; RELAPSE_TOKEN is sent as bearer token
        exit code: 0 clean, 1 faults or differences, 2 not called as above, 3 no answer or refused
        """;

    public static async Task<int> Run(HttpClient http, string[] args, Uri service, TextWriter output, TextWriter error)
    {
        if (ProtocolArguments.Parse(args, service) is not { } arguments)
        {
            await error.WriteLineAsync(Usage);
            return Misused;
        }

        try
        {
            var command = new ProtocolCommand(new Registry(http, arguments.Url), arguments, output, error);
            return await command.Run();
        }
        catch (UnansweredException unanswered)
        {
            await error.WriteLineAsync(unanswered.Message);
            return Unanswered;
        }
        catch (IOException unreadable)
        {
            await error.WriteLineAsync(unreadable.Message);
            return Misused;
        }
        catch (UnauthorizedAccessException unreadable)
        {
            await error.WriteLineAsync(unreadable.Message);
            return Misused;
        }
    }

    private Task<int> Run() => arguments switch
    {
        { Command: "verify", Names.Count: > 0 } => Verify(),
        { Command: "compare", Names: [var one, var other] } => Compare(one, other),
        { Command: "publish", Names: [var file] } => Publish(file),
        { Command: "export", Names: [var name] } => Export(name),
        { Command: "import", Names: [var file] } => Import(file),
        _ => Misuse(),
    };

    private async Task<int> Misuse()
    {
        await error.WriteLineAsync(Usage);
        return Misused;
    }

    private async Task<int> Verify()
    {
        var faults = 0;
        foreach (var document in arguments.Names.Select(AuthorFiles.Of))
        {
            var answer = await registry.Post("protocols:verify", document.AsBody());
            var found = Verification.Parse(answer);
            faults += found.Faults.Count;
            Say(answer, () => VerificationTable.Print(found, document, output));
        }

        return faults == 0 ? Clean : Found;
    }

    private async Task<int> Compare(string one, string other)
    {
        Dictionary<string, object> body = new() { ["one"] = ProtocolArguments.Name(one), ["decision"] = arguments.Decision };
        if (AuthorFiles.IsFile(other))
        {
            body["otherProtocolYaml"] = Convert.ToBase64String(await File.ReadAllBytesAsync(AuthorFiles.Of(other).Protocol));
        }
        else
        {
            body["other"] = ProtocolArguments.Name(other);
        }

        body["readings"] = arguments.Readings.Select(reading => new Dictionary<string, string> { ["protocol"] = reading.Protocol, ["reading"] = reading.Reading, ["value"] = reading.Value });
        var answer = await registry.Post("protocols:compare", JsonSerializer.Serialize(body));
        var comparison = Comparison.Parse(answer);
        Say(answer, () => ComparisonTable.Print(comparison, output));
        return comparison.IsSame ? Clean : Found;
    }

    private async Task<int> Publish(string file)
    {
        var answer = await registry.Post("protocols:publish", AuthorFiles.Of(file).AsBody(("shared", arguments.Shared), ("validateOnly", arguments.ValidateOnly)));
        Say(answer, () => PublicationTable.Print(Publication.Parse(answer), arguments.ValidateOnly, output));
        return Clean;
    }

    private async Task<int> Export(string name)
    {
        await Keep(await registry.Get($"{ProtocolArguments.Name(name)}/dmn"));
        return Clean;
    }

    private async Task<int> Import(string file)
    {
        var answer = await registry.Post("decisions:import", JsonSerializer.Serialize(new Dictionary<string, string> { ["dmn"] = Convert.ToBase64String(await File.ReadAllBytesAsync(file)) }));
        var imported = Imported.Parse(answer);
        if (arguments.Json)
        {
            await output.WriteLineAsync(answer);
        }
        else if (imported.Faults.Count == 0)
        {
            await Keep(imported.Yaml);
        }
        else
        {
            imported.Faults.ToList().ForEach(fault => output.WriteLine(fault.Said(file)));
        }

        return imported.Faults.Count == 0 ? Clean : Found;
    }

    private async Task Keep(string text)
    {
        if (arguments.Output is { } path)
        {
            await File.WriteAllTextAsync(path, text);
            await error.WriteLineAsync($"Written to {path}.");
        }
        else
        {
            await output.WriteAsync(text);
        }
    }

    private void Say(string answer, Action print)
    {
        if (arguments.Json)
        {
            output.WriteLine(answer);
        }
        else
        {
            print();
        }
    }
}
