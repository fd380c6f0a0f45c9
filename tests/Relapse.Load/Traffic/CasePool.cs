using Google.Protobuf;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>
/// The requests of a load, each with values drawn anew, so that no two are alike and an answer remembered from the last call helps
/// nobody. The same draw every time.
/// </summary>
internal sealed class CasePool
{
    /// <summary>How many distinct cases there are; also how many make a chunk of a cohort.</summary>
    public const int Count = 256;

    private const string Protocol = "protocols/all-rez-bfm";
    private const int Chunks = 4;

    private readonly string _id;

    private CasePool(string id, string name, Func<int, Random, RelapseCase> draw)
    {
        var random = new Random(1);
        (_id, Name) = (id, name);
        Requests = [.. Enumerable.Range(0, Count).Select(number => Request(number, draw(number, random)))];
    }

    /// <summary>Every pool: what is to hold is to hold for each.</summary>
    public static IEnumerable<CasePool> All => [Known(), Examples()];

    /// <summary>What its cases are, as a row says it.</summary>
    public string Name { get; }

    /// <summary>One request for each case, of one protocol, with a request id that is unique in the pool.</summary>
    public IReadOnlyList<ClassifyRelapseRequest> Requests { get; }

    /// <summary>What all items of a cohort share.</summary>
    public static CohortSettings CohortSettings => new() { Protocols = { Protocol }, RequestId = "cohort" };

    /// <summary>Cases of which everything is known that the protocol asks for, as of most children of a trial.</summary>
    public static CasePool Known() => new("known", "all facts known", (_, random) => KnownCase.Draw(random));

    /// <summary>The named examples, which are there to show what is left open.</summary>
    public static CasePool Examples()
    {
        var examples = ReadExamples();
        return new CasePool("example", "the named examples (many of them partly known)", (number, random) => Vary(examples[number % examples.Length].Clone(), random));
    }

    /// <summary>The cases as chunks of a cohort; each chunk has all of them, beginning elsewhere.</summary>
    public IReadOnlyList<ClassifyCohortRequest> CohortChunks() =>
    [
        .. Enumerable.Range(0, Chunks).Select(chunk => new ClassifyCohortRequest
        {
            Items =
            {
                Enumerable.Range(0, Count).Select(position => new CohortItem
                {
                    ItemId = $"{_id}-{chunk}-{position}",
                    Case = Requests[(position + (chunk * Count / Chunks)) % Count].Case,
                }),
            },
        }),
    ];

    private static RelapseCase[] ReadExamples()
    {
        var assembly = typeof(CasePool).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith("examples/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return JsonParser.Default.Parse<ClassifyRelapseRequest>(text).Case;
            }),
        ];
    }

    private static RelapseCase Vary(RelapseCase drawn, Random random)
    {
        if (drawn.Marrow is { HasBlastsPercent: true } marrow)
        {
            marrow.BlastsPercent = random.Next(0, 1001) / 10.0;
        }

        if (drawn.Timing?.RelapseDate is { Day: > 0 } relapse)
        {
            relapse.Day = random.Next(1, 29);
        }

        if (drawn.Csf is { HasWbcPerUl: true } csf)
        {
            csf.WbcPerUl = random.Next(0, 40);
        }

        return drawn;
    }

    private ClassifyRelapseRequest Request(int number, RelapseCase drawn)
    {
        drawn.CaseRef = $"{_id}-{number}";
        return new ClassifyRelapseRequest { Case = drawn, Protocols = { Protocol }, RequestId = $"{_id}-{number}" };
    }
}
