using BenchmarkDotNet.Attributes;
using Relapse.Transplant.Hla;

namespace Relapse.Benchmarks.Transplant;

/// <summary>Counting 10,000 parsed donors against one recipient over five loci: the part of ranking that grows with the typings. To hold:
/// with all the rest of ranking, under 50 ms on one core.</summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private const int Donors = 10_000;

    private readonly MatchCounter _counter = new();
    private readonly HlaTyping[] _donors = new HlaTyping[Donors];
    private HlaTyping _recipient = HlaTyping.Untyped;

    /// <summary>How many copies in a hundred are known only as a set, of 2 to 40 classes; as many loci again in five hundred are
    /// untyped.</summary>
    [Params(0, 30)]
    public int Ambiguous { get; set; }

    /// <summary>Draws them.</summary>
    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(1);
        _recipient = Draw(random, 0);
        for (var donor = 0; donor < Donors; donor++)
        {
            _donors[donor] = Draw(random, Ambiguous);
        }
    }

    /// <summary>Every donor's n/10, in bounds and both directions.</summary>
    [Benchmark]
    public int Count()
    {
        var sum = 0;
        foreach (var donor in _donors)
        {
            sum += _counter.Count(_recipient, donor, CountScheme.Ten).PerLocus.Min;
        }

        return sum;
    }

    private static HlaTyping Draw(Random random, int ambiguous)
    {
        var loci = new Dictionary<HlaLocus, LocusTyping>();
        foreach (var locus in CountScheme.Ten.Loci())
        {
            if (random.Next(500) >= ambiguous)
            {
                loci[locus] = LocusTyping.Of(Copy(random, ambiguous), Copy(random, ambiguous));
            }
        }

        return new HlaTyping(loci);
    }

    private static AllelePosition Copy(Random random, int ambiguous)
    {
        var size = random.Next(100) < ambiguous ? random.Next(2, 41) : 1;
        return AllelePosition.Expressed(Enumerable.Range(0, size).Select(_ => random.Next(1, 200)), protein => protein);
    }
}
