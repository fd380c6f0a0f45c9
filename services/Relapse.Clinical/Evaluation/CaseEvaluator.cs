using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Clinical;

/// <summary>
/// Decides one case under any number of protocols. The facts are derived once; each answer is exact under what is known.
/// </summary>
public sealed class CaseEvaluator
{
    private readonly RelapseCase _case;
    private readonly CaseFacts _facts;
    private readonly ImmutableArray<ModifierSource> _alongside;
    private StatedModifiers?[]? _shared;
    private Dictionary<string, FoundDecision?>? _required;

    /// <param name="validCase">A case that <see cref="CaseValidator"/> found no fault in. Not to be changed afterwards.</param>
    public CaseEvaluator(RelapseCase validCase)
        : this(validCase, [])
    {
    }

    /// <param name="validCase">A case that <see cref="CaseValidator"/> found no fault in. Not to be changed afterwards.</param>
    /// <param name="alongside">Documents whose modifiers stand beside the answers of every other protocol.</param>
    public CaseEvaluator(RelapseCase validCase, ImmutableArray<ModifierSource> alongside)
        : this(validCase, alongside, TimePoint.Unspecified)
    {
    }

    /// <param name="validCase">A case that <see cref="CaseValidator"/> found no fault in. Not to be changed afterwards.</param>
    /// <param name="alongside">Documents whose modifiers stand beside the answers of every other protocol.</param>
    /// <param name="assessed">Which response is assessed, by its time point; UNSPECIFIED: the latest.</param>
    public CaseEvaluator(RelapseCase validCase, ImmutableArray<ModifierSource> alongside, TimePoint assessed)
    {
        ArgumentNullException.ThrowIfNull(validCase);
        (_case, _alongside) = (validCase, alongside);
        _facts = new CaseFacts(validCase, assessed);
    }

    /// <summary>The response that the response decisions are about.</summary>
    public AssessedResponse Assessed => _facts.Assessed;

    internal RelapseCase Case => _case;

    internal CaseFacts Facts => _facts;

    /// <summary>Decides.</summary>
    /// <param name="protocol">The protocol version.</param>
    /// <param name="decisions">Well-known ids, in the order wanted.</param>
    /// <param name="readings">Readings that <see cref="CompiledProtocol.CheckReading"/> found sound.</param>
    /// <param name="includeTrace">Whether to return every decision on the way.</param>
    /// <returns>One answer for each id; <c>OUTCOME_NOT_DEFINED</c> for one that the protocol does not define.</returns>
    public ImmutableArray<Decision> Decide(
        CompiledProtocol protocol, ImmutableArray<string> decisions, ImmutableArray<ChosenReading> readings, bool includeTrace) =>
        Answer(protocol, decisions, readings, includeTrace).Decisions;

    /// <summary>Decides, and says with which other cases this one is answered alike.</summary>
    /// <param name="protocol">The protocol version.</param>
    /// <param name="decisions">Well-known ids, in the order wanted.</param>
    /// <param name="readings">Readings that <see cref="CompiledProtocol.CheckReading"/> found sound.</param>
    /// <param name="includeTrace">Whether to return every decision on the way.</param>
    /// <returns>One answer for each id; <c>OUTCOME_NOT_DEFINED</c> for one that the protocol does not define.</returns>
    public ProtocolAnswer Answer(
        CompiledProtocol protocol, ImmutableArray<string> decisions, ImmutableArray<ChosenReading> readings, bool includeTrace)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var facts = new ProtocolFacts(protocol, _facts, _case, readings);
        EstablishedConclusions.Check(facts);
        var alike = includeTrace || facts.AreItsOwn ? null : AnsweredAlike.Of(facts, decisions);
        var answers = new Decision[decisions.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = alike is null ? DecisionAnswers.Of(facts, decisions[i], includeTrace) : DecisionAnswers.Of(facts, alike.Answers[i]);
        }
        ResultConditions.AddTo(answers, facts);
        MorphologicalLevels.AddTo(answers, facts, _case);
        (alike?.Modifiers ?? StatedModifiers.Of(facts)).AddTo(answers, protocol);
        AddShared(answers, protocol);
        AddRequirements(answers, facts);
        return new ProtocolAnswer(ImmutableCollectionsMarshal.AsImmutableArray(answers), alike is not null && alike.IsWhatCameOf(answers) ? alike : null);
    }

    /// <summary>Concludes, and says nothing of why: in a cohort, where nobody reads each answer, most of an answer is never looked at.</summary>
    /// <param name="protocol">The protocol version.</param>
    /// <param name="decisions">Well-known ids, in the order wanted.</param>
    /// <param name="readings">Readings that <see cref="CompiledProtocol.CheckReading"/> found sound.</param>
    /// <returns>
    /// For each id what <see cref="Answer"/> would answer, with the outcome, the conclusions possible, the paths of what is missing and what is
    /// required alone.
    /// </returns>
    public IEnumerable<Decision> Conclude(CompiledProtocol protocol, ImmutableArray<string> decisions, ImmutableArray<ChosenReading> readings)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var facts = new ProtocolFacts(protocol, _facts, _case, readings);
        EstablishedConclusions.Check(facts);
        Decision[] answers = [.. decisions.Select(id => DecisionAnswers.Conclude(facts, id))];
        ResultConditions.AddTo(answers, facts);
        AddRequirements(answers, facts);
        return answers.Select(answer => new Decision
        {
            Decision_ = answer.Decision_,
            Protocol = answer.Protocol,
            Outcome = answer.Outcome,
            Possible = { answer.Possible },
            Missing = { answer.Missing.Select(missing => new MissingFact { Field = missing.Field }) },
            Requires = { answer.Requires },
        });
    }

    /// <summary>The context statements of a protocol that fit the case, or may, in the document's order.</summary>
    /// <param name="protocol">The protocol version.</param>
    /// <param name="readings">Readings that <see cref="CompiledProtocol.CheckReading"/> found sound.</param>
    public ImmutableArray<ContextStatement> Context(CompiledProtocol protocol, ImmutableArray<ChosenReading> readings)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        if (protocol.Context.IsEmpty)
        {
            return [];
        }
        var facts = new ProtocolFacts(protocol, _facts, _case, readings);
        EstablishedConclusions.Check(facts);
        return FittingContext.Of(facts);
    }

    /// <summary>What earlier responses say of the one assessed, by a protocol's rules.</summary>
    internal ImmutableArray<DerivedFact> Derived(CompiledProtocol protocol, ImmutableArray<ChosenReading> readings) =>
        EarlierResponses.Bear(protocol, _facts) ? new ProtocolFacts(protocol, _facts, _case, readings).Derived : [];

    /// <summary>Which result of the case stands for a measurement of a protocol, and why each other does not.</summary>
    /// <param name="protocol">The protocol version.</param>
    /// <param name="measurement">Name of the measurement, a key of <c>measurements</c> of the document.</param>
    /// <returns>The selection; null when the document has no such measurement.</returns>
    public MrdSelection? SelectMrd(CompiledProtocol protocol, string measurement)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return protocol.Document.Measurements.TryGetValue(measurement, out var measured) ? _facts.Select(MrdMeasure.Of(measurement, measured)) : null;
    }

    /// <summary>Worked out once for the case, and only when another protocol answers.</summary>
    private void AddShared(Decision[] answers, CompiledProtocol answering)
    {
        for (var i = 0; i < _alongside.Length; i++)
        {
            if (!string.Equals(_alongside[i].Protocol.Id, answering.Id, StringComparison.Ordinal))
            {
                _shared ??= new StatedModifiers[_alongside.Length];
                (_shared[i] ??= Evaluate(_alongside[i])).AddTo(answers, answering);
            }
        }
    }

    /// <summary>What a decision requires is answered by its own document, else by the first of those alongside that define it.</summary>
    private void AddRequirements(Decision[] answers, ProtocolFacts facts)
    {
        foreach (var answer in answers)
        {
            if (facts.Protocol.Decisions.TryGetValue(answer.Decision_, out var decision) && decision.Requirements.Length > 0)
            {
                RequiredDecisions.AddTo(answer, decision, facts.Protocol.Historical, required => Required(required, facts));
            }
        }
    }

    private FoundDecision? Required(string id, ProtocolFacts facts)
    {
        if (facts.Protocol.Decisions.ContainsKey(id))
        {
            return FoundDecision.Of(facts, id);
        }
        _required ??= new(StringComparer.Ordinal);
        if (!_required.TryGetValue(id, out var answer))
        {
            if (_alongside.FirstOrDefault(source => source.Protocol.Decisions.ContainsKey(id)) is { } source)
            {
                var others = new ProtocolFacts(source.Protocol, _facts, _case, source.Readings);
                EstablishedConclusions.Check(others);
                answer = FoundDecision.Of(others, id);
            }
            _required.Add(id, answer);
        }
        return answer;
    }

    private StatedModifiers Evaluate(ModifierSource source)
    {
        var facts = new ProtocolFacts(source.Protocol, _facts, _case, source.Readings);
        EstablishedConclusions.Check(facts);
        return StatedModifiers.Of(facts);
    }
}

/// <summary>A document whose modifiers stand beside the answers of every other protocol, and the readings to read it in.</summary>
/// <param name="Protocol">The version; one with <see cref="CompiledProtocol.HasModifiersForAll"/>.</param>
/// <param name="Readings">Readings that <see cref="CompiledProtocol.CheckReading"/> found sound.</param>
public sealed record ModifierSource(CompiledProtocol Protocol, ImmutableArray<ChosenReading> Readings);
