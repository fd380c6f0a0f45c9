using System.Collections.Immutable;
using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// The questions that a case leaves open, in the caller's fields. A joint input is never named: what is asked for is the
/// date, the status or the months that the caller could give.
/// </summary>
internal sealed class OpenQuestions
{
    private const string Ended = "COMPLETED or STOPPED_EARLY";

    private readonly ProtocolFacts _facts;
    private readonly Dictionary<(string Field, string Label), Func<TimingKnown, TimingKnown>> _given = [];

    public OpenQuestions(ProtocolFacts facts, ReadOnlySpan<ValueSet> values, ImmutableArray<int> support)
    {
        _facts = facts;
        var questions = ImmutableArray.CreateBuilder<Question>();
        var settling = ImmutableArray.CreateBuilder<Question>();
        foreach (var input in support)
        {
            if (values[input].IsSingle)
            {
                continue;
            }
            if (facts.Protocol.Bindings[input] is ClocksInput clocks)
            {
                AddClocks(input, clocks, questions, settling);
            }
            else if (Plain(input, values[input]) is { } question)
            {
                questions.Add(question);
                settling.Add(question);
            }
        }
        (All, Settling) = (questions.ToImmutable(), settling.ToImmutable());
    }

    /// <summary>The questions, each with every answer: a date's answers are the stretches of days that come to the same.</summary>
    public ImmutableArray<Question> All { get; }

    /// <summary>The same questions for finding what settles together: where several dates are open, answers are single days.</summary>
    public ImmutableArray<Question> Settling { get; }

    /// <summary>What several answers about the clocks leave of them together.</summary>
    public ValueSet Combine(int input, IReadOnlyList<(Question Question, Answer Answer)> given)
    {
        var clocks = (ClocksInput)_facts.Protocol.Bindings[input];
        var known = given.Aggregate(_facts.CaseFacts.Timing.Known, (timing, answer) => _given[(answer.Question.Name, answer.Answer.Label)](timing));
        return known.Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd);
    }

    private Question? Plain(int input, ValueSet values)
    {
        var domain = _facts.Protocol.Model.Inputs[input].Domain;
        return _facts.Protocol.Bindings[input] switch
        {
            WordInput word => new(_facts.CaseFacts[word.Fact].Field, input, Answers(values, index => domain.Values[index])),
            NumberInput number => Number(input, values, number, (NumberFact)_facts.CaseFacts[number.Fact.Id]),
            ReadingInput reading => new($"readings.{reading.Id}", input, Answers(values, index => domain.Values[index])),
            OpenInput open => new(open.SettledBy, input, Answers(values, index => domain.Values[index])),
            _ => null,
        };
    }

    private static Question Number(int input, ValueSet values, NumberInput number, NumberFact fact) => new(
        fact.Field,
        input,
        Answers(values, index => number.Bands.IntervalOf(index) is { } band ? band.Intersect(fact.Interval).ToString() : number.Bands.Domain.Values[index]));

    private static ImmutableArray<Answer> Answers(ValueSet values, Func<int, string> label)
    {
        var answers = ImmutableArray.CreateBuilder<Answer>(values.Count);
        foreach (var value in values)
        {
            answers.Add(new Answer(label(value), ValueSet.Of(value)));
        }
        return answers.MoveToImmutable();
    }

    private void AddClocks(int input, ClocksInput clocks, ImmutableArray<Question>.Builder questions, ImmutableArray<Question>.Builder settling)
    {
        var timing = _facts.CaseFacts.Timing;
        var dates = timing.OpenDates().ToArray();
        foreach (var date in dates)
        {
            var stretches = Stretches(input, clocks, date);
            questions.Add(stretches);
            settling.Add(dates.Length == 1 ? stretches : Days(input, clocks, date));
        }
        if (timing.AsksMonthsFromDiagnosis)
        {
            Add(Months(input, clocks, TimingFacts.MonthsFromDiagnosisField, clocks.SinceDiagnosis, timing.Known.MonthsFromDiagnosis, (known, months) => known with { MonthsFromDiagnosis = months }));
        }
        if (timing.AsksMonthsFromTherapyEnd)
        {
            Add(Months(
                input,
                clocks,
                TimingFacts.MonthsFromTherapyEndField,
                clocks.SinceTherapyEnd,
                timing.Known.MonthsFromTherapyEnd,
                (known, months) => known with { MonthsFromTherapyEnd = months, MayBeOnTreatment = false }));
        }
        if (timing.AsksStatus)
        {
            Add(new Question(TimingFacts.StatusField, input, [
                Given(clocks, TimingFacts.StatusField, FactCatalogue.OnTreatment, known => known with { MayHaveEnded = false, TherapyEnd = DateInterval.Everything }),
                Given(clocks, TimingFacts.StatusField, Ended, known => known with { MayBeOnTreatment = false }),
            ]));
        }

        void Add(Question question)
        {
            questions.Add(question);
            settling.Add(question);
        }
    }

    private Question Months(int input, ClocksInput clocks, string field, Bands bands, Interval known, Func<TimingKnown, Interval, TimingKnown> give)
    {
        var answers = bands.Cover(known);
        return new Question(field, input, Answers(answers, index => bands.IntervalOf(index)!.Value.Intersect(known).ToString())
            .Select((answer, _) => Given(clocks, field, answer.Label, timing => give(timing, bands.IntervalOf(answer.Values.Single)!.Value.Intersect(known))))
            .ToImmutableArray());
    }

    /// <summary>The stretches of days of an open date that leave the same of the clocks, earliest first.</summary>
    private Question Stretches(int input, ClocksInput clocks, TimingDate date)
    {
        var known = _facts.CaseFacts.Timing.Known;
        var own = known[date];
        var days = known.CriticalDates(date, clocks.SinceDiagnosis, clocks.SinceTherapyEnd);
        var answers = ImmutableArray.CreateBuilder<Answer>();
        for (var first = 0; first < days.Count;)
        {
            var pairs = PairsOn(days[first]);
            var last = first;
            while (last + 1 < days.Count && PairsOn(days[last + 1]) == pairs)
            {
                last++;
            }
            if (!pairs.IsEmpty)
            {
                var stretch = new DateInterval(first == 0 ? own.Min : days[first], last == days.Count - 1 ? own.Max : days[last]);
                answers.Add(Given(clocks, TimingFacts.FieldOf(date), Describe(stretch), timing => timing.With(date, stretch)));
            }
            first = last + 1;
        }
        return new Question(TimingFacts.FieldOf(date), input, answers.ToImmutable());

        ValueSet PairsOn(DateOnly day) => known.With(date, DateInterval.Point(day)).Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd);
    }

    private Question Days(int input, ClocksInput clocks, TimingDate date) => new(
        TimingFacts.FieldOf(date),
        input,
        [
            .. _facts.CaseFacts.Timing.Known.CriticalDates(date, clocks.SinceDiagnosis, clocks.SinceTherapyEnd)
                .Select(day => Given(clocks, TimingFacts.FieldOf(date), Describe(DateInterval.Point(day)), timing => timing.With(date, DateInterval.Point(day))))
                .Where(answer => !answer.Values.IsEmpty),
        ]);

    private Answer Given(ClocksInput clocks, string field, string label, Func<TimingKnown, TimingKnown> give)
    {
        _given[(field, label)] = give;
        return new Answer(label, give(_facts.CaseFacts.Timing.Known).Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd));
    }

    private static string Describe(DateInterval stretch) => stretch switch
    {
        { Min: null, Max: null } => "any date",
        { Min: null, Max: { } last } => $"up to {Iso(last)}",
        { Min: { } first, Max: null } => $"from {Iso(first)}",
        { Min: { } first, Max: { } last } => first == last ? Iso(first) : $"{Iso(first)} to {Iso(last)}",
    };

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
