using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>
/// Response decisions over random responses that are told in part, held to every response that what is told leaves possible: values of a
/// number are its thresholds and what lies on either side of each.
/// </summary>
public sealed class ResponsePropertyTests
{
    private const int MostCompletions = 250;

    /// <summary>What was looked at or was not: where it was and is not told it is awaited, since what is merely absent was not looked at.</summary>
    private static readonly string[] _examined = ["marrow_blasts_percent", "csf_wbc_per_ul", "testes_normal", "other_sites_clear", "residual_biopsy_positive"];

    private static readonly Dictionary<string, object[]> _values = new(StringComparer.Ordinal)
    {
        ["marrow_blasts_percent"] = [0d, 4.9, 5d, 12d, 25d, 25.1, 80d],
        ["wbc_per_ul"] = [500d, 2000d, 2000.5, 9000d],
        ["neutrophils_per_ul"] = [100d, 749d, 750d, 900d, 1000d, 3000d],
        ["platelets_per_ul"] = [20_000d, 50_000d, 50_001d, 75_000d, 99_999d, 100_000d, 300_000d],
        ["blood_blasts_present"] = [false, true],
        ["csf_wbc_per_ul"] = [0d, 4.5, 5d, 40d],
        ["csf_blasts_present"] = [false, true],
        ["testes_normal"] = [false, true],
        ["clinical_signs"] = [false, true],
        ["other_sites_clear"] = [false, true],
        ["residual_biopsy_positive"] = [false, true],
        ["reinduction_completed"] = [false, true],
        ["died"] = [false, true],
        ["second_malignancy"] = [false, true],
        ["remission_reached_before"] = [false, true],
    };

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void What_is_possible_is_what_some_completion_concludes(int block)
    {
        var open = 0;
        for (var seed = block * 100; seed < (block + 1) * 100; seed++)
        {
            var (told, readings) = Draw(new Random(seed));
            if (told.Completions() is not { } completions)
            {
                continue;
            }

            var answers = Decide(told.Case(), readings);
            var concluded = completions.Select(completion => Decide(completion.Case(), readings)).ToList();
            for (var decision = 0; decision < answers.Length; decision++)
            {
                var expected = concluded.SelectMany(of => of[decision].Possible).Distinct().Order(StringComparer.Ordinal);
                Assert.True(
                    expected.SequenceEqual(answers[decision].Possible.Order(StringComparer.Ordinal)),
                    $"seed {seed}, {answers[decision].Decision_}: {answers[decision].Say()}, completions {string.Join(", ", expected)}: {told.Case()}");
                open += answers[decision].Possible.Count > 1 ? 1 : 0;
            }
        }

        Assert.True(open > 50, $"{open}");
    }

    [Fact]
    public void A_fact_more_never_makes_more_possible_and_never_unsettles()
    {
        for (var seed = 1000; seed < 1400; seed++)
        {
            var random = new Random(seed);
            var (told, readings) = Draw(random);
            var answers = Decide(told.Case(), readings);
            while (told.Narrowed(random) is { CountsFit: true } more)
            {
                var later = Decide(more.Case(), readings);
                foreach (var (before, after) in answers.Zip(later))
                {
                    var said = $"seed {seed}, {before.Decision_}: {before.Say()}, with more facts {after.Say()}\n{told.Case()}\n{more.Case()}";
                    Assert.True(after.Possible.Count > 0 && !after.Possible.Except(before.Possible).Any(), said);
                    Assert.True(before.Outcome is not Outcome.Determined || after.Outcome is Outcome.Determined, said);
                }

                (told, answers) = (more, later);
            }
        }
    }

    /// <summary>What the missing facts are said to decide, they do: each value given as a caller would leaves what was said.</summary>
    [Fact]
    public void A_yes_or_no_that_is_missing_decides_what_is_said_of_it()
    {
        var given = 0;
        for (var seed = 2000; seed < 2150; seed++)
        {
            var (told, readings) = Draw(new Random(seed));
            foreach (var (answer, place) in Decide(told.Case(), readings).Select((answer, place) => (answer, place)))
            {
                foreach (var missing in answer.Missing.Where(missing => missing.Field.StartsWith("case.responses[0].", StringComparison.Ordinal)))
                {
                    var field = missing.Field["case.responses[0].".Length..];
                    foreach (var would in missing.WouldDecide.Where(would => would.Value is "YES" or "NO"))
                    {
                        var supplied = Decide(told.With(field, [would.Value == "YES"]).Case(), readings)[place];
                        Assert.True(would.Possible.SequenceEqual(supplied.Possible), $"seed {seed}, {answer.Decision_}, {field} {would.Value}: said {would.Possible}, is {supplied.Possible}");
                        given++;
                    }
                }
            }
        }

        Assert.True(given > 100, $"{given}");
    }

    private static (ToldResponse Told, ChosenReading[] Readings) Draw(Random random)
    {
        RelapseCase child = random.Next(5) switch
        {
            0 => SoundCase.LateCombined(),
            1 => SoundCase.LateIsolatedMarrow().With(@case => (@case.Sex, @case.Testes) = (Sex.Female, null)),
            2 => SoundCase.LateIsolatedMarrow().With(@case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Bilateral, BiopsyPositive = true }),
            3 => SoundCase.LateIsolatedMarrow().With(@case => @case.OtherSites.Add(new OtherSite { Site = Site.Skin, BiopsyPositive = true })),
            _ => SoundCase.LateIsolatedMarrow(),
        };
        var open = ImmutableDictionary.CreateBuilder<string, object[]>(StringComparer.Ordinal);
        var whole = random.NextDouble();
        foreach (var (field, values) in _values)
        {
            if ((field == "testes_normal" && child.Sex is Sex.Female) || (_examined.Contains(field) && random.Next(4) == 0) || (field == "csf_blasts_present" && !open.ContainsKey("csf_wbc_per_ul")))
            {
                continue;
            }

            // Mostly as in a remission, so that rules far down the table are reached.
            var usual = values.Length > 2 ? field == "marrow_blasts_percent" || field == "csf_wbc_per_ul" ? 0 : values.Length - 1 : field is "testes_normal" or "other_sites_clear" or "reinduction_completed" ? 1 : 0;
            var value = random.Next(3) == 0 ? random.Next(values.Length) : usual;
            var (first, last) = random.NextDouble() < whole ? (value, value) : (random.Next(value + 1), random.Next(value, values.Length));
            open[field] = values[first..(last + 1)];
        }

        ChosenReading[] readings = random.Next(3) == 0 ? [] : [new("count_recovery_rule", random.Next(3) switch { 0 => "A", 1 => "B_LOW", _ => "B_HIGH" })];
        return (new ToldResponse(child, open.ToImmutable()), readings);
    }

    private static ImmutableArray<Decision> Decide(RelapseCase @case, ChosenReading[] readings)
    {
        var faults = CaseValidator.Validate(@case);
        Assert.True(faults.IsEmpty, $"{string.Join("; ", faults)} {@case}");
        return new CaseEvaluator(@case).Decide(Shipped.Protocol("review-2014"), WellKnownDecisions.Response, [.. readings], includeTrace: false);
    }

    /// <summary>A response of a child: for each field the values that what is told leaves it; none for one that was not looked at.</summary>
    private sealed record ToldResponse(RelapseCase Child, ImmutableDictionary<string, object[]> Values)
    {
        public ToldResponse With(string field, object[] values) => this with { Values = Values.SetItem(field, values) };

        /// <summary>Neutrophils are white cells: of counts that contradict each other nothing is concluded.</summary>
        public bool CountsFit => (double)Values["neutrophils_per_ul"][0] <= (double)Values["wbc_per_ul"][^1];

        /// <summary>With the values of one field fewer, or one; null when all are told.</summary>
        public ToldResponse? Narrowed(Random random)
        {
            var open = Values.Where(entry => entry.Value.Length > 1).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
            if (open.Length == 0)
            {
                return null;
            }

            var (field, values) = open[random.Next(open.Length)];
            var first = random.Next(values.Length);
            return With(field, values[first..random.Next(first + 1, values.Length + (first == 0 ? 0 : 1))]);
        }

        /// <summary>Every response that is told whole and fits; null when there are too many.</summary>
        public List<ToldResponse>? Completions()
        {
            List<ToldResponse> completions = [this];
            foreach (var (field, values) in Values.Where(entry => entry.Value.Length > 1))
            {
                completions = [.. completions.SelectMany(told => values.Select(value => told.With(field, [value])))];
                if (completions.Count > MostCompletions)
                {
                    return null;
                }
            }

            return completions;
        }

        public RelapseCase Case() => Child.With(told =>
        {
            var response = new Response { TimePoint = TimePoint.EndOfInduction };
            told.Responses.Add(response);
            foreach (var (field, values) in Values)
            {
                var path = $"case.responses[0].{field}";
                if (values is [var only])
                {
                    Response.Descriptor.FindFieldByName(field).Accessor.SetValue(response, only);
                }
                else if (values[0] is double)
                {
                    told.Bounded.Add(new BoundedFact { Field = path, Min = (double)values[0], Max = (double)values[^1] });
                }
                else if (_examined.Contains(field))
                {
                    told.Unknown.Add(new UnknownFact { Field = path, Reason = UnknownReason.Pending });
                }
            }
        });
    }
}
