using System.Text.Json;
using Google.Protobuf;
using Relapse.Contracts.Assessment.V1;

namespace Relapse.Cli.Cohort;

/// <summary>
/// A cohort in a file of JSON Lines: each line an item of AssessCohort, <c>{"itemId": "a", "case": {...}}</c>; empty lines are passed over. An item
/// without an id is called by its line. Lines are read as they are sent: of a file of any length only its ids are held, once, to find one given twice.
/// </summary>
internal sealed class CohortFile(string path)
{
    /// <summary>As many faults as a person reads.</summary>
    private const int MostFaults = 20;

    /// <summary>As in the contract.</summary>
    private const int LongestId = 64;

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool Is(string path) => Path.GetExtension(path) is ".jsonl" or ".ndjson";

    /// <summary>Reads every line once, before any is sent: the number of items, and what is wrong with lines as JSON.</summary>
    public (long Items, IReadOnlyList<string> Faults) Check()
    {
        var (items, faults, ids) = (0L, new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (number, line) in Lines())
        {
            items++;
            try
            {
                var id = Parse(number, line).ItemId;
                if (id.Length > LongestId || id.Any(char.IsControl))
                {
                    faults.Add($"line {number}: an id has at most {LongestId} characters, none a control character");
                }
                else if (!ids.Add(id))
                {
                    faults.Add($"line {number}: an item before it has the same id");
                }
            }
            catch (Exception fault) when (IsOfALine(fault))
            {
                faults.Add($"line {number}: {fault.Message}");
            }

            if (faults.Count == MostFaults)
            {
                faults.Add("and what stands after it was not looked at");
                break;
            }
        }

        return (items, faults);
    }

    /// <summary>The items, in order.</summary>
    public async IAsyncEnumerable<AssessItem> ItemsAsync()
    {
        foreach (var (number, line) in Lines())
        {
            yield return Parse(number, line);
        }

        await Task.CompletedTask;
    }

    /// <summary>Whether something is wrong with a line, as far as it can be read here.</summary>
    public static bool IsOfALine(Exception fault) => fault is InvalidProtocolBufferException or InvalidJsonException or JsonException or InvalidDataException;

    private IEnumerable<(int Number, string Line)> Lines() =>
        File.ReadLines(path).Select((line, index) => (index + 1, line)).Where(line => !string.IsNullOrWhiteSpace(line.line));

    private static AssessItem Parse(int number, string line)
    {
        var item = JsonParser.Default.Parse<AssessItem>(line);
        if (RepeatedKey.In(line) is { } key)
        {
            // It is a field's name: any other was refused.
            throw new InvalidDataException($"`{key}` stands twice in one object");
        }

        item.ItemId = item.ItemId.Length > 0 ? item.ItemId : $"line {number}";
        return item;
    }
}
