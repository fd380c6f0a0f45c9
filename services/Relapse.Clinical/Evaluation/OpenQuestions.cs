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
    private const string Positive = "POSITIVE";
    private const string Negative = "NEGATIVE";
    private const string Assessed = "true";
    private const string NotAssessed = "false";
    private const string Another = "another site, biopsy POSITIVE";
    private const string NoOther = "no other site";
    private const string NewFinding = "new finding: ";

    private readonly ProtocolFacts _facts;
    private readonly List<OpenFinding> _findings = [];
    private readonly Dictionary<string, DateInterval> _days = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Field, string Label), Func<TimingKnown, TimingKnown>> _given = [];

    public OpenQuestions(ProtocolFacts facts, ReadOnlySpan<ValueSet> values, ImmutableArray<int> support)
    {
        _facts = facts;
        Measured = new OpenMeasurements(facts, values, support);
        var questions = ImmutableArray.CreateBuilder<Question>();
        var settling = ImmutableArray.CreateBuilder<Question>();
        foreach (var input in support)
        {
            if (values[input].IsSingle || Measured.Asks(input))
            {
                continue;
            }
            if (facts.Protocol.Bindings[input] is ClocksInput)
            {
                AddClocks(input, questions, settling);
            }
            else if (SitesOf(input) is { } sites)
            {
                ImmutableArray<Question> aboutSites = [.. AboutSites(input, sites)];
                questions.AddRange(aboutSites);
                settling.AddRange(aboutSites);
            }
            else if (ProtocolDecision.FactBehind(facts.Protocol, input) is { } fact)
            {
                _findings.Add(new OpenFinding(input, fact, _facts.CaseFacts[((WordInput)facts.Protocol.Bindings[fact]).Definition].Field));
            }
            else if (LevelOf(input) is { } level)
            {
                AddMrd(input, values[input], level, questions, settling);
            }
            else if (facts.Earlier is { } earlier && facts.Protocol.Bindings[input] is WordInput { Fact: FactId.EventBefore } && earlier.Open(values.ToArray()).ToImmutableArray() is { IsEmpty: false } open)
            {
                Earlier = open;
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

    /// <summary>What is not stated of the results that may stand for a measurement.</summary>
    public OpenMeasurements Measured { get; }

    /// <summary>What other responses do not state and would say whether there had been an event, each answer with what it leaves.</summary>
    public ImmutableArray<(string Field, ImmutableArray<(string Label, ValueSet[] Values)> Answers)> Earlier { get; } = [];

    /// <summary>
    /// What a rule leaves open and a fact of the case would settle that is known not to have been looked at: a biopsy not
    /// done. No completion of the facts holds its answer; doing it would.
    /// </summary>
    public IReadOnlyList<OpenFinding> Findings => _findings;

    /// <summary>The answers that a fact not looked at could have: all its words but the one it has now.</summary>
    public IEnumerable<(string Label, ValueSet Value)> AnswersOf(OpenFinding finding)
    {
        var domain = _facts.Protocol.Model.Inputs[finding.Fact].Domain;
        foreach (var value in domain.All.Except(_facts.Values[finding.Fact]))
        {
            yield return (domain.Values[value], ValueSet.Of(value));
        }
    }

    /// <summary>The answers for the caller: neighbouring stretches of days that decide the same become one.</summary>
    public IEnumerable<(string Label, ValueSet Possible)> Describe(IEnumerable<MissingFact> questions, CompiledDecision diagram, ValueSet[] values)
    {
        foreach (var question in questions)
        {
            var answers = question.Answers.Select(answer => answer with
            {
                Possible = Concluded(question.Question.Input, answer.Answer.Label, diagram) ?? diagram.Possible(ImpliedFacts.Give(_facts, values, question.Question.Input, answer.Answer.Values)),
            }).ToArray();
            for (var first = 0; first < answers.Length;)
            {
                var last = first;
                while (last + 1 < answers.Length && _days.ContainsKey(answers[first].Answer.Label) && answers[last + 1].Possible == answers[first].Possible)
                {
                    last++;
                }
                yield return (
                    last == first ? answers[first].Answer.Label : Stretch.Describe(new DateInterval(_days[answers[first].Answer.Label].Min, _days[answers[last].Answer.Label].Max)),
                    answers[first].Possible);
                first = last + 1;
            }
        }
    }

    /// <summary>What several answers about the clocks, or about the other sites, leave of them together.</summary>
    public ValueSet Combine(int input, IReadOnlyList<(Question Question, Answer Answer)> given) => SitesOf(input) is { } sites
        ? ((NumberInput)_facts.Protocol.Bindings[input]).Bands.Cover(sites.After(
            given.Count(answer => answer.Answer.Label == Positive),
            given.Count(answer => answer.Answer.Label == Negative),
            sites.Assessed || given.Any(answer => answer.Answer.Label is Assessed or NoOther),
            given.Any(answer => answer.Answer.Label == Another)))
        : LevelOf(input) is not null ? given.Aggregate(_facts.Protocol.Model.Inputs[input].Domain.All, (left, answer) => left & answer.Answer.Values)
        : Clocks.Pairs(given.Aggregate(Clocks.Known, (timing, answer) => _given[(answer.Question.Name, answer.Answer.Label)](timing)));

    private ClockAnswers Clocks => _facts.Clocks!;

    private Question? Plain(int input, ValueSet values)
    {
        var domain = _facts.Protocol.Model.Inputs[input].Domain;
        return _facts.Protocol.Bindings[input] switch
        {
            WordInput word => Word(input, values, domain, _facts.CaseFacts[word.Definition]),
            NumberInput number => Number(input, values, number, (NumberFact)_facts.CaseFacts[number.Fact]),
            ReadingInput reading => new($"readings.{reading.Id}", input, Answers(values, index => domain.Values[index])),
            OpenInput open => new(open.SettledBy, input, Answers(values, index => $"{NewFinding}{domain.Values[index]}")),
            _ => null,
        };
    }

    /// <summary>A new measurement in the words of the decision's own conclusion concludes that, whatever is open of the one there is.</summary>
    private ValueSet? Concluded(int input, string label, CompiledDecision diagram) =>
        _facts.Protocol.Bindings[input] is OpenInput { SettledBy: MarrowTestFact.TestsField } && diagram.Conclusions.Values.IndexOf(label[NewFinding.Length..]) is >= 0 and var conclusion ? ValueSet.Of(conclusion) : null;

    private SitesFact? SitesOf(int input) => _facts.Protocol.Bindings[input] is NumberInput number ? _facts.CaseFacts[number.Fact] as SitesFact : null;

    private MrdLevelFact? LevelOf(int input) => _facts.Protocol.Bindings[input] is NumberInput number ? _facts.CaseFacts[number.Fact] as MrdLevelFact : null;

    private void AddMrd(int input, ValueSet values, MrdLevelFact level, ImmutableArray<Question>.Builder questions, ImmutableArray<Question>.Builder settling)
    {
        var number = (NumberInput)_facts.Protocol.Bindings[input];
        var question = MrdQuestion.About(input, values, number.Bands, level) ?? Number(input, values, number, level);
        questions.Add(question);
        settling.Add(question);
    }

    /// <summary>Each listed site that is open, and whether there are sites that nobody listed.</summary>
    private IEnumerable<Question> AboutSites(int input, SitesFact sites)
    {
        foreach (var suspect in sites.Suspects)
        {
            yield return new Question(suspect, input, [Answer(Positive, 1, 0, sites.Assessed, false), Answer(Negative, 0, 1, sites.Assessed, false)]);
        }
        if (!sites.Assessed)
        {
            yield return new Question(SitesFact.AssessedField, input, [Answer(Assessed, 0, 0, true, false), Answer(NotAssessed, 0, 0, false, false)]);
            yield return new Question(SitesFact.ListField, input, [Answer(Another, 0, 0, false, true), Answer(NoOther, 0, 0, true, false)]);
        }

        Answer Answer(string label, int positive, int negative, bool assessed, bool another) =>
            new(label, ((NumberInput)_facts.Protocol.Bindings[input]).Bands.Cover(sites.After(positive, negative, assessed, another)));
    }

    private static Question Word(int input, ValueSet values, Domain domain, Fact fact) =>
        new(fact.Field, input, Answers(values, index => Say(fact, domain.Values[index])));

    private static string Say(Fact fact, string value) => fact.Subject.Length == 0 ? value : $"{fact.Subject} {value}";

    private static Question Number(int input, ValueSet values, NumberInput number, NumberFact fact) => new(
        fact.Field,
        input,
        Answers(values, index => Say(fact, Describe(number, number.Bands.IntervalOf(index)!.Value.Intersect(fact.Interval)))));

    /// <summary>A count is said in whole things: <c>0</c>, <c>1 to 3</c>, <c>2 or more</c>.</summary>
    private static string Describe(NumberInput number, Interval interval)
    {
        if (!number.Fact.IsCount)
        {
            return interval.ToString();
        }
        var least = decimal.Ceiling(interval.Min ?? 0) + (interval.MinExclusive && decimal.IsInteger(interval.Min!.Value) ? 1 : 0);
        var most = interval.Max is { } max ? decimal.Floor(max) - (interval.MaxExclusive && decimal.IsInteger(max) ? 1 : 0) : (decimal?)null;
        return most is null ? string.Create(CultureInfo.InvariantCulture, $"{least} or more")
            : least == most ? least.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
    }

    private static ImmutableArray<Answer> Answers(ValueSet values, Func<int, string> label)
    {
        var answers = ImmutableArray.CreateBuilder<Answer>(values.Count);
        foreach (var value in values)
        {
            answers.Add(new Answer(label(value), ValueSet.Of(value)));
        }
        return answers.MoveToImmutable();
    }

    private void AddClocks(int input, ImmutableArray<Question>.Builder questions, ImmutableArray<Question>.Builder settling)
    {
        var timing = _facts.CaseFacts.Timing;
        // A protocol that counts from diagnosis alone has no use for the end of therapy, though it lies between the other two dates.
        var dates = timing.OpenDates().Where(date => date != TimingDate.TherapyEnd || Clocks.Clocks.SinceTherapyEnd.Intervals.Count(band => band is not null) > 1).ToArray();
        foreach (var date in dates)
        {
            var stretches = Stretches(input, date);
            questions.Add(stretches);
            settling.Add(dates.Length == 1 ? stretches : Days(input, date));
        }
        if (timing.AsksMonthsFromDiagnosis)
        {
            Add(Months(input, TimingFacts.MonthsFromDiagnosisField, Clocks.Clocks.SinceDiagnosis, timing.Known.MonthsFromDiagnosis, (known, months) => known with { MonthsFromDiagnosis = months }));
        }
        if (timing.AsksMonthsFromTherapyEnd)
        {
            Add(Months(input, TimingFacts.MonthsFromTherapyEndField, Clocks.Clocks.SinceTherapyEnd, timing.Known.MonthsFromTherapyEnd, (known, months) => known with { MonthsFromTherapyEnd = months, MayBeOnTreatment = false }));
        }
        if (timing.AsksStatus)
        {
            Add(new Question(TimingFacts.StatusField, input, [
                Given(TimingFacts.StatusField, FactCatalogue.OnTreatment, known => known with { MayHaveEnded = false, TherapyEnd = DateInterval.Everything }),
                Given(TimingFacts.StatusField, Ended, known => known with { MayBeOnTreatment = false }),
            ]));
        }

        void Add(Question question)
        {
            questions.Add(question);
            settling.Add(question);
        }
    }

    private Question Months(int input, string field, ClockBands clock, Interval known, Func<TimingKnown, Interval, TimingKnown> give)
    {
        var answers = ImmutableArray.CreateBuilder<Answer>();
        foreach (var band in clock.Bands.Cover(known))
        {
            var months = clock.Intervals[band]!.Value.Intersect(known);
            answers.Add(Given(field, months.ToString(), timing => give(timing, months)));
        }
        return new Question(field, input, answers.ToImmutable());
    }

    private Question Stretches(int input, TimingDate date)
    {
        var answers = ImmutableArray.CreateBuilder<Answer>();
        foreach (var stretch in Clocks.Stretches(date))
        {
            _days[stretch.ToString()] = stretch.Days;
            answers.Add(Given(TimingFacts.FieldOf(date), stretch.ToString(), timing => timing.With(date, stretch.Days)));
        }
        return new Question(TimingFacts.FieldOf(date), input, answers.ToImmutable());
    }

    /// <summary>
    /// Single days that several open dates settle by: where something comes or ceases to be possible, so the ends of the
    /// stretches. Every critical day would do as well, at a cost that grows with their product.
    /// </summary>
    private Question Days(int input, TimingDate date) => new(
        TimingFacts.FieldOf(date),
        input,
        [
            .. Clocks.Stretches(date)
                .SelectMany(stretch => stretch.First == stretch.Last ? [stretch.First] : new[] { stretch.First, stretch.Last })
                .Select(day => Given(TimingFacts.FieldOf(date), Stretch.Describe(DateInterval.Point(day)), timing => timing.With(date, DateInterval.Point(day))))
                .Where(answer => !answer.Values.IsEmpty),
        ]);

    private Answer Given(string field, string label, Func<TimingKnown, TimingKnown> give)
    {
        _given[(field, label)] = give;
        return new Answer(label, Clocks.Pairs(give(Clocks.Known)));
    }
}

/// <summary>Something a rule leaves open that a fact not looked at would settle.</summary>
/// <param name="Open">The latent input of the rule.</param>
/// <param name="Fact">The input of the fact.</param>
/// <param name="Field">The caller's field of the fact.</param>
internal sealed record OpenFinding(int Open, int Fact, string Field);
