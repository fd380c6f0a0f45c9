using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>What adding facts may do to an answer, over random children of whom more and more is told.</summary>
public sealed class MonotonicityTests
{
    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_fact_more_never_makes_more_possible_and_never_unsettles(int block) => TellMore(block * 25, 25);

    [Theory]
    [Trait("Long", "true")]
    [MemberData(nameof(Blocks))]
    public void A_fact_more_never_makes_more_possible_of_many(int block) => TellMore(1000 + (block * 1000), 1000);

    private static void TellMore(int first, int children)
    {
        for (var seed = first; seed < first + children; seed++)
        {
            var random = new Random(seed);
            var child = TrueChild.Next(random);
            var less = Told.Next(random, child, random.NextDouble());
            for (var step = 0; step < 3; step++)
            {
                var more = less.More(random, 1 + (4 * step));
                foreach (var protocol in Shipped.Library.Versions)
                {
                    Compare(protocol, less, more, Readings(protocol, random), $"seed {seed}, step {step}, {protocol.Id}");
                }
                less = more;
            }
        }
    }

    /// <summary>Mostly the defaults, now and then another reading.</summary>
    internal static ChosenReading[] Readings(CompiledProtocol protocol, Random random) =>
    [
        .. protocol.Document.Readings
            .Where(_ => random.Next(4) == 0)
            .Select(reading => new ChosenReading(reading.Key, reading.Value.Values.Keys.ElementAt(random.Next(reading.Value.Values.Count)))),
    ];

    private static void Compare(CompiledProtocol protocol, Told less, Told more, ChosenReading[] readings, string context)
    {
        var (sooner, later) = (Decide(protocol, less, readings), Decide(protocol, more, readings));
        foreach (var (before, after) in sooner.Zip(later))
        {
            var said = $"{context}, {before.Decision_}: {before.Say()}, with more facts {after.Say()}\n{less}\n{more}";
            Assert.True(before.Outcome != Outcome.Inconsistent && after.Outcome != Outcome.Inconsistent, said);
            if (after.Outcome == Outcome.OutOfScope)
            {
                continue;
            }
            Assert.True(before.Outcome != Outcome.OutOfScope, said);
            Assert.True(after.Possible.Count > 0 && !after.Possible.Except(before.Possible, StringComparer.Ordinal).Any(), said);
            Assert.True(before.Outcome != Outcome.Determined || after.Outcome == Outcome.Determined, said);
        }
    }

    private static ImmutableArray<Decision> Decide(CompiledProtocol protocol, Told told, ChosenReading[] readings)
    {
        var @case = told.Case();
        var faults = CaseValidator.Validate(@case);
        Assert.True(faults.IsEmpty, $"{string.Join("; ", faults)} {told}");
        return new CaseEvaluator(@case).Decide(protocol, [.. protocol.Document.Decisions.Keys], [.. readings], includeTrace: false);
    }
}
