using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>The smallest sets of dates that settle the timing, held to every day of every open date.</summary>
public sealed class SettlingDatesTests
{
    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_shortest_sets_are_those_that_some_days_settle_and_no_fewer_do(int block)
    {
        var protocol = Shipped.Protocol("i-bfm-sg");
        var clocks = protocol.Bindings.OfType<ClocksInput>().Single();
        for (var seed = block * 60; seed < (block + 1) * 60; seed++)
        {
            var random = new Random(seed);
            var (diagnosis, end, relapse) = TrueChild.Dates(random);
            if (end is not { } ended)
            {
                continue;
            }
            int[] parts = [random.Next(3), random.Next(3), random.Next(3)];
            var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing
            {
                DiagnosisDate = Part(diagnosis, parts[0]),
                PrimaryTherapyEndDate = Part(ended, parts[1]),
                RelapseDate = Part(relapse, parts[2]),
            });
            var answer = protocol.Decide(@case, "timing");
            if (answer.Outcome != Outcome.Undetermined)
            {
                continue;
            }
            var known = new CaseFacts(@case).Timing.Known;
            var diagram = protocol.Model.Decision("timing");
            var values = new ProtocolFacts(protocol, new CaseFacts(@case), @case, []).Values;
            var live = ProtocolFacts.With(values, protocol.Model.InputIndex("exactly_six_months"), ValueSet.All(2));
            bool Settles(TimingKnown given, ValueSet[] values) => given.Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd) is { IsEmpty: false } pairs
                && diagram.Possible(ProtocolFacts.With(values, protocol.Model.InputIndex(FactCatalogue.TimingGroup), pairs)).IsSingle;
            var open = Enum.GetValues<TimingDate>().Where(date => !known.IsExact(date)).ToArray();
            // For good, under either reading of exactly six months; where no day does that, under the one in use.
            var forGood = Smallest(known, open, given => Settles(given, live));
            var expected = (forGood.Length > 0 ? forGood : Smallest(known, open, given => Settles(given, values))).Order(StringComparer.Ordinal);
            var said = answer.Shortest.Select(set => string.Join(" ", set.Facts.Select(fact => fact.Field))).Order(StringComparer.Ordinal);
            Assert.True(expected.SequenceEqual(said), $"seed {seed}: said {string.Join("; ", said)}; found {string.Join("; ", expected)} for {@case.Timing}");
        }
    }

    private static string[] Smallest(TimingKnown known, TimingDate[] open, Func<TimingKnown, bool> settles) =>
        Enumerable.Range(1, open.Length)
            .Select(size => Choose(open, size).Where(dates => AnyDays(known, dates, settles)).Select(dates => string.Join(" ", dates.Select(TimingFacts.FieldOf))).ToArray())
            .FirstOrDefault(sets => sets.Length > 0) ?? [];

    private static bool AnyDays(TimingKnown known, ReadOnlyMemory<TimingDate> dates, Func<TimingKnown, bool> settles)
    {
        if (dates.IsEmpty)
        {
            return settles(known);
        }
        var date = dates.Span[0];
        for (var day = known[date].Min!.Value; day <= known[date].Max!.Value; day = day.AddDays(1))
        {
            if (AnyDays(known.With(date, DateInterval.Point(day)), dates[1..], settles))
            {
                return true;
            }
        }
        return false;
    }

    private static IEnumerable<TimingDate[]> Choose(TimingDate[] dates, int size) => size == 0
        ? [[]]
        : dates.Index().SelectMany(first => Choose(dates[(first.Index + 1)..], size - 1).Select(rest => (TimingDate[])[first.Item, .. rest]));

    /// <summary>The day, the month, or at times the year.</summary>
    private static Google.Type.Date Part(DateOnly date, int part) => part switch
    {
        0 => SoundCase.Day(date),
        1 => SoundCase.Day(date.Year, date.Month),
        _ => SoundCase.Day(date.Year),
    };
}
