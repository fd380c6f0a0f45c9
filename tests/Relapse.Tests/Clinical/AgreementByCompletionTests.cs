using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>
/// Agreements of random children, told in part, held to every completion of what is not told: each is read from the printed tables of each
/// protocol. The clocks of a completion are one of the pairs that some day allows, in bands finer than any protocol's.
/// </summary>
public sealed class AgreementByCompletionTests
{
    private const int MostCompletions = 600;

    /// <summary>Facts that classify in the tables of a study group; any value stands for all of the others.</summary>
    private static readonly HashSet<string> _decisive =
    [
        .. from version in Compared.Select(Shipped.Protocol)
           where version.Document.Decisions.ContainsKey("timing")
           from table in WellKnownDecisions.Classification.Where(version.Document.Decisions.ContainsKey).Select(id => version.Document.Decisions[id])
           from fact in table.Inputs.Concat(table.Scope.Select(scope => scope.Input))
           select fact,
    ];

    /// <summary>Those whose groups hang on the relapse alone: with a group that hangs on MRD there are too many completions to try all.</summary>
    private static IEnumerable<string> Compared => Shipped.Classifying.Where(id => !(Shipped.Protocol(id).Document.Decisions.GetValueOrDefault("risk_group")?.Inputs.Contains("mrd_response") ?? false));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void State_positions_and_partings_are_those_of_the_completions(int block)
    {
        var states = new Dictionary<AgreementState, int>();
        EvaluatedProtocol[] protocols = [.. Compared.Select(id => new EvaluatedProtocol(Shipped.Protocol(id), []))];
        var agreement = new ProtocolAgreement([.. protocols], WellKnownDecisions.Classification);
        for (var seed = block * 40; seed < (block + 1) * 40; seed++)
        {
            var random = new Random(seed);
            var @case = Told.Next(random, TrueChild.Next(random), 0.93).Case();
            if (Completions(@case) is not { } completions)
            {
                continue;
            }

            var evaluator = new CaseEvaluator(@case);
            var answers = protocols.SelectMany(each => evaluator.Decide(each.Protocol, WellKnownDecisions.Classification, [], includeTrace: false)).ToList();
            foreach (var found in agreement.Compare(evaluator, answers))
            {
                var concluding = answers.Where(answer => answer.Decision_ == found.Decision && answer.Possible.Count > 0).Select(answer => answer.Protocol).ToList();
                if (concluding.Count >= 2)
                {
                    Check(found, concluding, completions, $"seed {seed}, {found.Decision}: {found}");
                }

                states[found.State] = states.GetValueOrDefault(found.State) + 1;
            }
        }

        Assert.True(states.Keys.Count >= 4, string.Join(", ", states));
    }

    private static void Check(Agreement found, List<string> concluding, List<Dictionary<string, string>> completions, string context)
    {
        var concluded = completions
            .Select(words => (Words: words, Conclusions: concluding.Select(protocol => Conclude(protocol, found.Decision, words)).ToArray()))
            .ToList();
        // Scope that is not stated is taken to hold, as in the answers.
        var inScope = concluded.Where(each => !each.Conclusions.Contains(DocumentNaively.OutOfScope)).ToList();
        concluded = inScope.Count > 0 ? inScope : concluded;
        var alike = concluded.Count(each => each.Conclusions.Distinct(StringComparer.Ordinal).Count() == 1);
        Assert.True(
            alike == concluded.Count ? found.State is AgreementState.Agree or AgreementState.SameWordOnly
            : found.State == (alike == 0 ? AgreementState.Differ : AgreementState.Open),
            $"{context}: alike in {alike} of {concluded.Count}");
        var positions = concluding.GroupBy(protocol => string.Join(' ', concluded.Select(each => each.Conclusions[concluding.IndexOf(protocol)])), StringComparer.Ordinal);
        Assert.Equal(positions.Select(position => string.Join(' ', position)), found.Positions.Where(position => position.Possible.Count > 0).Select(position => string.Join(' ', position.Protocols)));
        foreach (var parting in found.Partings)
        {
            var apart = concluded.Where(each => each.Conclusions[concluding.IndexOf(parting.One)] != each.Conclusions[concluding.IndexOf(parting.Other)]).ToList();
            Assert.NotEmpty(apart);
            foreach (var fact in parting.Facts.Where(fact => WellKnownDecisions.All.Contains(fact.Fact)))
            {
                Assert.Equal(
                    apart.Select(each => Conclude(parting.One, fact.Fact, each.Words)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                    fact.Values.Order(StringComparer.Ordinal));
            }
        }
    }

    private static string Conclude(string protocol, string decision, Dictionary<string, string> words)
    {
        var version = Shipped.Library.Versions.Single(version => version.Name == protocol);
        return new DocumentNaively(version.Document).Decide(decision, InBands(version.Document, words)).Conclusion;
    }

    /// <summary>The words of a completion in a document's bands, readings at their defaults.</summary>
    private static Dictionary<string, string> InBands(ProtocolDocument document, Dictionary<string, string> words)
    {
        var own = new Dictionary<string, string>(words, StringComparer.Ordinal);
        foreach (var (id, input) in document.Inputs.Where(input => input.Value.Bands.Count > 0 && !input.Value.Values.Contains(words[input.Key])))
        {
            var number = decimal.Parse(words[id], System.Globalization.CultureInfo.InvariantCulture);
            own[id] = input.Bands.Single(band => Interval.TryParse(band.Value, out var interval, out _) && interval.Contains(number)).Key;
        }

        foreach (var (id, reading) in document.Readings)
        {
            own[id] = reading.Default;
        }

        return own;
    }

    /// <summary>Every completion, as a word or a number for each fact of the catalogue and each open rule; null when there are too many, or none.</summary>
    private static List<Dictionary<string, string>>? Completions(RelapseCase @case)
    {
        var facts = new CaseFacts(@case);
        var choices = new List<(string Name, string[] Values)>();
        foreach (var id in FactCatalogue.Ids.Where(id => FactCatalogue.Find(id)!.Group.Length == 0))
        {
            IEnumerable<string> values = facts[id] is WordFact word
                ? FactCatalogue.Find(id)!.Words.Where((_, index) => word.Possible.Contains(index))
                : Samples(id).Where(sample => ((NumberFact)facts[id]).Interval.Contains(sample)).Select(Text);
            choices.Add((id, _decisive.Contains(id) ? [.. values] : [FactCatalogue.Find(id)!.IsNumber ? Text(Samples(id).First()) : FactCatalogue.Find(id)!.Words[0]]));
        }

        foreach (var (decision, rule) in Shipped.Protocol("cog").Document.Decisions.Where(table => WellKnownDecisions.Classification.Contains(table.Key)).SelectMany(table => table.Value.Rules.Where(rule => rule.Then.Values_.Count > 1).Select(rule => (table.Key, rule))))
        {
            choices.Add(($"{decision}/{rule.Id}", [.. rule.Then.Values_]));
        }

        var pairs = Pairs(facts.Timing);
        var count = choices.Aggregate((long)pairs.Count, (product, choice) => Math.Min(product * choice.Values.Length, int.MaxValue));
        if (count is 0 or > MostCompletions * 8)
        {
            return null;
        }

        IEnumerable<Dictionary<string, string>> completions = pairs.Select(pair => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [FactId.MonthsFromDiagnosis] = pair.SinceDiagnosis, [FactId.MonthsFromTherapyEnd] = pair.SinceTherapyEnd,
        });
        foreach (var (name, values) in choices)
        {
            completions = completions.SelectMany(known => values.Select(value => new Dictionary<string, string>(known, StringComparer.Ordinal) { [name] = value }));
        }

        return [.. completions];
    }

    /// <summary>A number at each threshold of any protocol, between each two, and beyond the last.</summary>
    private static IEnumerable<decimal> Samples(string fact)
    {
        var ends = Thresholds(fact);
        return FactCatalogue.Find(fact)!.IsCount ? ends.Append(ends[^1] + 1) : ends.SelectMany(end => new[] { end, end + 0.5m });
    }

    private static decimal[] Thresholds(string fact) =>
    [
        .. Shipped.Library.Versions
            .SelectMany(version => version.Document.Inputs.TryGetValue(fact, out var input) ? input.Bands.Values.AsEnumerable() : [])
            .SelectMany(text => Interval.TryParse(text, out var interval, out _) ? new[] { interval.Min, interval.Max } : [])
            .OfType<decimal>().Append(FactCatalogue.Find(fact)!.Range!.Value.Min!.Value).Distinct().Order(),
    ];

    private static List<(string SinceDiagnosis, string SinceTherapyEnd)> Pairs(TimingFacts timing)
    {
        var (diagnosis, end) = (Fine(FactId.MonthsFromDiagnosis), Fine(FactId.MonthsFromTherapyEnd));
        var scales = new ClockScales(diagnosis, end);
        var known = timing.In(scales);
        var pairs = known.Pairs(scales.Under(known));
        return
        [
            .. from a in Enumerable.Range(0, diagnosis.Count)
               from b in Enumerable.Range(0, end.Count)
               where pairs.Contains((a * end.Count) + b)
               select (Sample(diagnosis, a), Sample(end, b)),
        ];
    }

    /// <summary>Bands that end at every threshold of any protocol, with the exact months apart where a protocol has them apart.</summary>
    private static ClockBands Fine(string clock)
    {
        var ends = Thresholds(clock);
        var bands = new List<(string, Interval)>();
        for (var i = 0; i < ends.Length; i++)
        {
            bands.Add(($"AT_{i}", Interval.Point(ends[i])));
            bands.Add(($"AFTER_{i}", new Interval(ends[i], true, i + 1 < ends.Length ? ends[i + 1] : null, true)));
        }

        return new ClockBands(Bands.Create(clock, FactCatalogue.Find(clock)!.Words, bands, FactCatalogue.Find(clock)!.Range!.Value));
    }

    private static string Sample(ClockBands bands, int band) => bands.Intervals[band] is { } interval
        ? Text(interval.Min!.Value + (interval.MinExclusive ? 0.5m : 0))
        : bands.Bands.Domain.Values[band];

    private static string Text(decimal number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
