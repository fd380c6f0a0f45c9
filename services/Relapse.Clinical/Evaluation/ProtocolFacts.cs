using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>A reading chosen for one protocol.</summary>
/// <param name="Id">Id of the reading.</param>
/// <param name="Value">The alternative chosen; must be one of the document's.</param>
public sealed record ChosenReading(string Id, string Value);

/// <summary>
/// What a case leaves possible of each input of one protocol's diagrams: facts in the document's bands, readings at the one
/// in use, conclusions that the centre established.
/// </summary>
internal sealed class ProtocolFacts
{
    private Dictionary<int, List<CaseContradiction>>? _contradicted;
    private ValueSet[]? _copy;
    private Dictionary<string, (int Conclusion, string Field)>? _established;

    public ProtocolFacts(CompiledProtocol protocol, CaseFacts caseFacts, RelapseCase @case, ImmutableArray<ChosenReading> readings)
        : this(protocol, caseFacts, @case, readings, isEarlier: false)
    {
        if (EarlierResponses.Bear(protocol, caseFacts))
        {
            Earlier = EarlierResponses.Tell(this, @case, readings, out var derived);
            Derived = derived;
        }
    }

    private ProtocolFacts(CompiledProtocol protocol, CaseFacts caseFacts, RelapseCase @case, ImmutableArray<ChosenReading> readings, bool isEarlier)
    {
        (Protocol, CaseFacts) = (protocol, caseFacts);
        var unsaid = protocol.Unsaid;
        Values = unsaid.Copy();
        foreach (var input in unsaid.Facts)
        {
            if (caseFacts[input.Fact] is var fact && !ReferenceEquals(fact, CaseFacts.Nothing[input.Fact]))
            {
                Values[input.Input] = UnsaidValues.Possible(input, fact);
            }
            if (input.Fact.Measure is { } measure && caseFacts.ContradictionIn(measure) is { } contradiction)
            {
                Contradict(input.Input, contradiction);
                // A decision that has more on the way than this must not rest on it either.
                Values[input.Input] = protocol.Model.Inputs[input.Input].Domain.All;
            }
        }
        if (unsaid.Clocks is { } clocks)
        {
            ClocksInput = unsaid.ClocksInput;
            Clocks = new ClockAnswers(caseFacts.Timing.In(clocks.Scales), clocks);
            var pairs = Clocks.Pairs(Clocks.Known);
            // Nothing is concluded from contradictory dates, but the diagrams need a value to walk.
            Values[ClocksInput] = pairs.IsEmpty ? clocks.Clocks.Domain.All : pairs;
        }
        LiveReadings = readings.IsEmpty ? unsaid.LiveReadings : unsaid.Read(readings, protocol.Model, Values);
        if (StatedConclusions.AreIn(@case))
        {
            ApplyEstablished(@case, isEarlier);
        }
        if (caseFacts.Contradictions.Length > 0)
        {
            Contradict(caseFacts.Contradictions, readings.IsEmpty ? protocol.LeftOut : new LeftOutInputs(protocol, Values, LiveReadings));
        }
    }

    public CompiledProtocol Protocol { get; }

    public CaseFacts CaseFacts { get; }

    /// <summary>What the dates leave of the clocks; null for a protocol that looks at no clock.</summary>
    public ClockAnswers? Clocks { get; private set; }

    /// <summary>The input of the clocks; -1 for a protocol that looks at none.</summary>
    public int ClocksInput { get; private set; } = -1;

    /// <summary>For each input what is possible, each reading at the one in use.</summary>
    public ValueSet[] Values { get; }

    /// <summary>Readings under which the answer must be looked at again: ambiguities, and variants that the caller chose.</summary>
    public ImmutableArray<int> LiveReadings { get; }

    /// <summary>Conclusions established for this protocol: by decision, the conclusion's index and the caller's field.</summary>
    public Dictionary<string, (int Conclusion, string Field)> Established => _established ??= new(StringComparer.Ordinal);

    public bool HasEstablished => _established is { Count: > 0 };

    public bool HasContradictions => _contradicted is not null;

    /// <summary>Whether more bears on the answers than what the case leaves possible.</summary>
    public bool AreItsOwn => HasContradictions || HasEstablished || !Derived.IsEmpty;

    /// <summary>What earlier responses say of the one assessed, which it does not say itself.</summary>
    public ImmutableArray<DerivedFact> Derived { get; } = [];

    /// <summary>The other responses of the case; null when none was or may have been before the one assessed.</summary>
    public EarlierResponses? Earlier { get; }

    /// <summary>What a case leaves possible at a response before the one assessed.</summary>
    public static ProtocolFacts OfEarlier(CompiledProtocol protocol, CaseFacts earlier, RelapseCase @case, ImmutableArray<ChosenReading> readings) =>
        new(protocol, earlier, @case, readings, isEarlier: true);

    private void Contradict(CaseContradiction[] contradictions, LeftOutInputs leftOut)
    {
        foreach (var contradiction in contradictions)
        {
            foreach (var fact in contradiction.Facts)
            {
                if (Protocol.Model.InputIndex(fact) is >= 0 and var input && !leftOut.Contains(input))
                {
                    Contradict(input, contradiction);
                }
            }
        }
    }

    /// <summary>Marks an input as not to be relied on.</summary>
    public void Contradict(int input, CaseContradiction contradiction)
    {
        _contradicted ??= [];
        if (!_contradicted.TryGetValue(input, out var known))
        {
            _contradicted[input] = known = [];
        }
        known.Add(contradiction);
    }

    /// <summary>Contradictions among the inputs that a decision looks at.</summary>
    public IEnumerable<CaseContradiction> ContradictionsIn(ImmutableArray<int> inputs) =>
        _contradicted is not { } contradicted ? [] : inputs.Where(contradicted.ContainsKey).SelectMany(input => contradicted[input]).Distinct();

    /// <summary>
    /// A copy of the values to work on, each scope fact that is not stated taken to hold; until the next is asked for, since
    /// decisions are answered one after the other.
    /// </summary>
    public ValueSet[] Assumed(ProtocolDecision decision)
    {
        var assumed = _copy ??= new ValueSet[Values.Length];
        Values.CopyTo(assumed, 0);
        foreach (var guard in decision.Guards)
        {
            var inScope = assumed[guard.Input] & guard.InScope;
            assumed[guard.Input] = inScope.IsEmpty ? assumed[guard.Input] : inScope;
        }
        return assumed;
    }

    /// <summary>The values, each live reading open. Not to be changed.</summary>
    public ValueSet[] UnderLiveReadings() => UnderLiveReadings(Values);

    /// <summary>Some values, each live reading open. Not to be changed.</summary>
    public ValueSet[] UnderLiveReadings(ValueSet[] values)
    {
        if (LiveReadings.IsEmpty)
        {
            return values;
        }
        ValueSet[] live = [.. values];
        foreach (var reading in LiveReadings)
        {
            live[reading] = Protocol.Model.Inputs[reading].Domain.All;
        }
        return live;
    }

    /// <summary>A copy of the values, some of them replaced.</summary>
    public static ValueSet[] With(ValueSet[] values, int input, ValueSet replacement)
    {
        ValueSet[] copy = [.. values];
        copy[input] = replacement;
        return copy;
    }

    /// <summary>What a centre concluded of a response it concluded of the one assessed, and not of those before it.</summary>
    private void ApplyEstablished(RelapseCase @case, bool isEarlier)
    {
        foreach (var (id, protocol, word, field) in StatedConclusions.Of(@case))
        {
            if ((isEarlier && WellKnownDecisions.Response.Contains(id)) || !Names(protocol, Protocol) || !Protocol.Decisions.TryGetValue(id, out var decision) || decision.Table.Conclusions.IndexOf(word) is not (>= 0 and var conclusion))
            {
                continue;
            }
            var stated = Established.TryGetValue(id, out var earlier);
            Established[id] = (conclusion, field);
            if (decision.OwnOverride is >= 0 and var input)
            {
                // Index 0 of an override is "derived".
                Values[input] = ValueSet.Of(conclusion + 1);
                if (stated && earlier.Conclusion != conclusion)
                {
                    Contradict(input, new CaseContradiction([earlier.Field, field], [], "the centre established two conclusions of one decision"));
                }
            }
        }
    }

    /// <summary>Whether a name that may be empty, for every protocol, is this one's, with its version or without.</summary>
    public static bool Names(string name, CompiledProtocol protocol) =>
        name.Length == 0
        || string.Equals(name, protocol.Name, StringComparison.Ordinal)
        || string.Equals(name, $"protocols/{protocol.Id}", StringComparison.Ordinal);
}
