using BenchmarkDotNet.Attributes;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Receipts;
using Relapse.Transplant;
using Relapse.Transplant.Answers;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Ranking;

namespace Relapse.Benchmarks.Transplant;

/// <summary>Ranking 10,000 unrelated donors for one recipient under the review's policy. To hold: the kernel on parsed donors under 50 ms on
/// one core. Reading the typings and writing the answer are measured beside it.</summary>
[MemoryDiagnoser]
public class RankingBenchmarks
{
    private const int Donors = 10_000;
    private static readonly HlaReference Reference = new(null, null);
    private readonly RankDonorsRequest _request = new() { Recipient = new Recipient { Cmv = Serostatus.Negative } };
    private RankingQuestion _question = null!;
    private DonorReader _read = null!;

    /// <summary>How many donors in a hundred lack their age, CMV and one locus.</summary>
    [Params(0, 30)]
    public int Unknown { get; set; }

    /// <summary>Draws them.</summary>
    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(1);
        _request.Recipient.Typing = Typing(random, false);
        _request.Settings.Add(new PolicySetting { Id = "matched.unrelated", Value = "9/10" });
        for (var index = 0; index < Donors; index++)
        {
            var isUnknown = random.Next(100) < Unknown;
            var donor = new Donor { DonorId = $"donor {index}", Kind = DonorKind.Unrelated, Typing = Typing(random, isUnknown) };
            if (!isUnknown)
            {
                (donor.AgeYears, donor.Cmv) = (random.Next(18, 60), (Serostatus)random.Next(1, 3));
            }

            _request.Donors.Add(donor);
        }

        var faults = new FaultList();
        _question = RankingQuestion.Read(_request, Reference, faults)!;
        _read = Read();
        faults.ThrowIfAny();
    }

    /// <summary>Parsed donors to a ranked list.</summary>
    [Benchmark(Baseline = true)]
    public int Rank() => DonorRanking.Rank(_question, _read.Donors, Reference).List.Length;

    /// <summary>Reading and checking the donors of the request, their typings as GL Strings.</summary>
    [Benchmark]
    public int ReadAll() => Read().Donors.Count;

    private DonorReader Read()
    {
        var reader = new DonorReader(Reference, null, new FaultList());
        foreach (var donor in _request.Donors)
        {
            reader.Read(donor);
        }

        return reader;
    }

    /// <summary>Parsed donors to the whole answer, receipt included.</summary>
    [Benchmark]
    public int Answer() => DonorAnswer.Write(_question, _read.Donors, _request.Compare, "benchmark", "benchmark", ReceiptWriter.RequestDigest("benchmark", _request), Reference).Ranked.Length;

    private static HlaTyping Typing(Random random, bool lacksOne)
    {
        string[] loci = lacksOne ? ["A", "B", "DRB1", "DQB1"] : ["A", "B", "C", "DRB1", "DQB1"];
        return new HlaTyping
        {
            GlString = string.Join('^', loci.Select(locus => $"{locus}*{random.Next(1, 5):00}:{random.Next(1, 4):00}+{locus}*{random.Next(1, 5):00}:{random.Next(1, 4):00}")),
        };
    }
}
