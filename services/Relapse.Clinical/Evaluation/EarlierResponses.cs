using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// What the other responses of a case say of the one assessed, by the protocol's own rules: that a complete remission had been reached, that
/// there has been an event or a second malignancy. Only what is certain is carried on; what they leave open stays open, and what may have
/// been before opens it.
/// </summary>
internal sealed class EarlierResponses
{
    private const string Yes = "YES";
    private const string No = "NO";
    private const string Remission = "remission";
    private const string Complete = "COMPLETE";
    private const string Event = "dfs_event";

    /// <summary>The decisions that say what is carried on from a response.</summary>
    public static ImmutableArray<string> RestOn { get; } = [Remission, Event];

    private static readonly string[] _carried = [FactId.RemissionReachedBefore, FactId.SecondMalignancy, FactId.EventBefore];

    private readonly RelapseCase _case;
    private readonly ProtocolFacts _assessed;

    /// <summary>Those certainly before the one assessed, each after those before it in turn, and then those that may have been.</summary>
    private readonly ImmutableArray<Other> _others;

    /// <summary>What is possible by the response assessed alone.</summary>
    private readonly ValueSet[] _said;

    private EarlierResponses(ProtocolFacts assessed, RelapseCase @case, ImmutableArray<ChosenReading> readings)
    {
        (_case, _assessed, _said) = (@case, assessed, [.. assessed.Values]);
        _others =
        [
            .. assessed.CaseFacts.Earlier.Select(earlier => new Other(ProtocolFacts.OfEarlier(assessed.Protocol, earlier, @case, readings), IsBefore: true)),
            .. assessed.CaseFacts.Beside.Select(beside => new Other(ProtocolFacts.OfEarlier(assessed.Protocol, beside, @case, readings), IsBefore: false)),
        ];
    }

    private int Assessed => _assessed.CaseFacts.Assessed.Index!.Value;

    private ResponseOrder Order => _assessed.CaseFacts.Order;

    /// <summary>Whether a protocol looks at what was before the response assessed, and the case has anything that may have been.</summary>
    public static bool Bear(CompiledProtocol protocol, CaseFacts facts) =>
        protocol.Model.InputIndex(FactId.RemissionReachedBefore) >= 0 && !(facts.Earlier.IsEmpty && facts.Beside.IsEmpty);

    /// <summary>Adds what the others say to what is possible at the one assessed.</summary>
    /// <param name="assessed">What is possible by the response assessed alone.</param>
    /// <param name="case">The case.</param>
    /// <param name="readings">The readings chosen.</param>
    /// <param name="derived">What the response assessed did not say itself.</param>
    public static EarlierResponses Tell(ProtocolFacts assessed, RelapseCase @case, ImmutableArray<ChosenReading> readings, out ImmutableArray<DerivedFact> derived)
    {
        var earlier = new EarlierResponses(assessed, @case, readings);
        var found = ImmutableArray.CreateBuilder<DerivedFact>();
        _ = earlier.Run([.. earlier._others.Select(other => other.Said())], assessed.Values, found);
        derived = found.ToImmutable();
        return earlier;
    }

    /// <summary>
    /// What the others do not state and would say whether there had been an event: for each field, what each answer would leave of the values
    /// of the response assessed.
    /// </summary>
    /// <param name="values">What is possible at the response assessed.</param>
    public IEnumerable<(string Field, ImmutableArray<(string Label, ValueSet[] Values)> Answers)> Open(ValueSet[] values)
    {
        ImmutableArray<ValueSet[]> told = [.. _others.Select(other => other.Said())];
        var events = Run(told, [.. _said], derived: null);
        for (var place = 0; place < _others.Length; place++)
        {
            var other = _others[place];
            if (events[place].Event is not null || !other.Facts.Protocol.Decisions.TryGetValue(Event, out var decision))
            {
                continue;
            }
            var (own, at) = ($"case.responses[{other.Index}].", place);
            var questions = new OpenQuestions(other.Facts, told[place], decision.Diagram.SupportInputs).All.Where(question => question.Name.StartsWith(own, StringComparison.Ordinal)).ToList();
            foreach (var missing in decision.Diagram.Missing(told[place], questions))
            {
                yield return (missing.Question.Name, [.. missing.Answers.Select(answer => (answer.Answer.Label, After(values, at, missing.Question.Input, answer.Answer.Values)))]);
            }
        }
    }

    private ValueSet[] After(ValueSet[] values, int place, int input, ValueSet answer)
    {
        ImmutableArray<ValueSet[]> stated = [.. _others.Select(other => other.Said())];
        stated[place][input] = answer;
        ValueSet[] assessed = [.. _said];
        _ = Run(stated, assessed, derived: null);
        ValueSet[] after = [.. values];
        foreach (var carried in _carried.Select(_assessed.Protocol.Model.InputIndex).Where(carried => carried >= 0))
        {
            // What the response assessed is cut down to, a scope for one, stays cut down.
            var left = values[carried] & assessed[carried];
            after[carried] = left.IsEmpty ? assessed[carried] : left;
        }
        return after;
    }

    /// <summary>Works out what each says in turn, and at last what they say of the one assessed.</summary>
    /// <param name="said">What each says itself; then also what those before it say of it.</param>
    /// <param name="assessed">What is possible at the response assessed; then also what the others say of it.</param>
    /// <param name="derived">Where to add what the response assessed did not say itself.</param>
    private List<Told> Run(ImmutableArray<ValueSet[]> said, ValueSet[] assessed, ImmutableArray<DerivedFact>.Builder? derived)
    {
        bool[] shows = [.. _others.Select((other, place) => other.Response(_case) is not { TimePoint: TimePoint.AtRelapse } && Concludes(other.Facts, said[place], Remission) is Complete)];
        List<Told> told = [];
        for (var place = 0; place < _others.Length; place++)
        {
            var (other, values) = (_others[place], said[place]);
            TellOf(other.Index, values, told, derived: null);
            Deny(place, values, assessed, shows);
            told.Add(new Told(other.Index, other.IsBefore, shows[place] || Is(values, FactId.RemissionReachedBefore, Yes), Is(values, FactId.SecondMalignancy, Yes), Concludes(other.Facts, values, Event)));
        }
        TellOf(Assessed, assessed, told, derived);
        return told;
    }

    /// <summary>
    /// What has not happened by now had not happened then. That answers for what a response leaves open, and undoes nothing that it says, or
    /// that one before it shows.
    /// </summary>
    private void Deny(int place, ValueSet[] values, ValueSet[] assessed, bool[] shows)
    {
        foreach (var fact in new[] { FactId.Died, FactId.SecondMalignancy, FactId.RemissionReachedBefore })
        {
            if (Is(assessed, fact, No) && !Is(values, fact, Yes) && !(fact == FactId.RemissionReachedBefore && MayFollowRemission(place, shows)))
            {
                Narrow(values, fact, No);
            }
        }
    }

    private bool MayFollowRemission(int place, bool[] shows)
    {
        for (var other = 0; other < shows.Length; other++)
        {
            if (shows[other] && other != place && !Order.IsBefore(_others[place].Index, _others[other].Index))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Adds to one response what those say that were certainly before it, and opens what those that may have been do not exclude.</summary>
    private void TellOf(int index, ValueSet[] values, List<Told> told, ImmutableArray<DerivedFact>.Builder? derived)
    {
        Told[] before = [.. told.Where(told => Order.IsBefore(told.Index, index))];
        Carry(FactId.RemissionReachedBefore, told => told.HasRemission);
        Carry(FactId.SecondMalignancy, told => told.HasMalignancy);
        Carry(FactId.EventBefore, told => told.Event is Yes);
        var mayBe = index == Assessed ? told.Where(told => !told.IsBefore) : [];
        if (_assessed.Protocol.Model.InputIndex(FactId.EventBefore) is >= 0 and var input && Is(values, FactId.EventBefore, No) && before.Concat(mayBe).Any(told => told.Event is not No))
        {
            values[input] = _assessed.Protocol.Model.Inputs[input].Domain.All;
            derived?.Add(new DerivedFact(FactId.EventBefore, index, null));
        }

        void Carry(string fact, Predicate<Told> isSaid)
        {
            if (_assessed.Protocol.Model.InputIndex(fact) < 0 || Is(values, fact, Yes) || Array.FindIndex(before, isSaid) is not (>= 0 and var place))
            {
                return;
            }
            var from = before[place].Index;
            // A centre that says that none had been reached says more than a marrow and counts in the middle of reinduction.
            var isDenied = fact == FactId.RemissionReachedBefore && Is(values, fact, No);
            if (!isDenied)
            {
                Narrow(values, fact, Yes);
            }
            derived?.Add(new DerivedFact(fact, index, from) { IsDenied = isDenied });
        }
    }

    /// <summary>The one conclusion of a decision whatever is not known and however it may be read; null when there are several, or none.</summary>
    private static string? Concludes(ProtocolFacts facts, ValueSet[] values, string id)
    {
        if (!facts.Protocol.Decisions.TryGetValue(id, out var decision) || facts.ContradictionsIn(decision.Diagram.SupportInputs).Any())
        {
            return null;
        }
        var possible = decision.Diagram.Possible(facts.UnderLiveReadings(values));
        return possible.IsSingle ? decision.Diagram.Conclusions.Values[possible.Single] : null;
    }

    private bool Is(ValueSet[] values, string fact, string word) =>
        _assessed.Protocol.Model.InputIndex(fact) is >= 0 and var input && values[input] == _assessed.Protocol.Model.Inputs[input].Domain.Of(word);

    private void Narrow(ValueSet[] values, string fact, string word)
    {
        if (_assessed.Protocol.Model.InputIndex(fact) is >= 0 and var input)
        {
            values[input] = _assessed.Protocol.Model.Inputs[input].Domain.Of(word);
        }
    }

    /// <summary>A response that was, or may have been, before the one assessed.</summary>
    private sealed record Other(ProtocolFacts Facts, bool IsBefore)
    {
        public int Index => Facts.CaseFacts.Assessed.Index!.Value;

        public Response Response(RelapseCase @case) => @case.Responses[Index];

        /// <summary>A copy of what it leaves possible by itself.</summary>
        public ValueSet[] Said() => [.. Facts.Values];
    }

    /// <summary>What one response says, worked out once; its event is null when it leaves open whether there was one.</summary>
    private sealed record Told(int Index, bool IsBefore, bool HasRemission, bool HasMalignancy, string? Event);
}

/// <summary>A fact of the response assessed that earlier ones say.</summary>
/// <param name="Fact">Its id.</param>
/// <param name="Response">The place of the response assessed.</param>
/// <param name="From">The place of the response that says that it is so; null when earlier ones leave open what nobody else says.</param>
internal sealed record DerivedFact(string Fact, int Response, int? From)
{
    /// <summary>Whether the response assessed says that it is not so, and stands.</summary>
    public bool IsDenied { get; init; }
}
