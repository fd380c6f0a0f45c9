using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using Condition = Relapse.Contracts.Decision.V1.Condition;

namespace Relapse.Clinical;

/// <summary>
/// Answers one decision of one protocol for one case: what is possible, what it rests on, what would settle it.
/// </summary>
internal sealed class DecisionAnswer
{
    private readonly ProtocolFacts _facts;
    private readonly ProtocolDecision _decision;
    private readonly Decision _answer;

    /// <summary>The facts, each reading at the one in use and each scope fact that is not stated taken to hold.</summary>
    private readonly ValueSet[] _assumed;

    public DecisionAnswer(ProtocolFacts facts, ProtocolDecision decision)
    {
        (_facts, _decision) = (facts, decision);
        _answer = new Decision { Decision_ = decision.Id, Protocol = facts.Protocol.Name, StratificationUse = decision.Table.StratificationUse };
        _assumed = facts.Assumed(decision);
    }

    private CompiledDecision Diagram => _decision.Diagram;

    /// <summary>Adds the words of the conclusions.</summary>
    public static void AddWords(RepeatedField<string> to, CompiledDecision diagram, ValueSet conclusions)
    {
        foreach (var conclusion in conclusions)
        {
            to.Add(diagram.Conclusions.Values[conclusion]);
        }
    }

    /// <summary>Derives the part of the answer that cases with the same possible values have in common; a trace, contradictions and what
    /// was established are a case's own.</summary>
    public CommonAnswer Derive(bool includeTrace, bool asksPlainly)
    {
        var possible = DeriveAnswer(includeTrace, asksPlainly);
        return new CommonAnswer(_decision, _answer, possible, asksPlainly, possible.IsEmpty ? [] : Flips(possible));
    }

    /// <summary>The same without what only the whole answer says: of what is missing the paths, and no boundaries.</summary>
    public CommonAnswer Conclude(bool asksPlainly)
    {
        var possible = DeriveAnswer(includeTrace: false, asksPlainly: false);
        if (asksPlainly && possible is { IsEmpty: false, IsSingle: false })
        {
            new OpenFacts(_facts, Diagram, _assumed).AddFieldsTo(_answer);
        }
        return new CommonAnswer(_decision, _answer, possible, asksPlainly, []);
    }

    private ImmutableArray<Flip> Flips(ValueSet possible)
    {
        List<Flip> flips = [];
        foreach (var input in _decision.Numbers)
        {
            if (_assumed[input].IsSingle)
            {
                Diagram.AddFlips(_assumed, input, possible, flips);
            }
        }
        return [.. flips];
    }

    /// <summary>Derives what cases with the same possible values have in common.</summary>
    /// <returns>The conclusions from which this case may look further; empty when there is nothing more to say.</returns>
    private ValueSet DeriveAnswer(bool includeTrace, bool asksPlainly)
    {
        if (includeTrace)
        {
            DecisionTrace.AddTo(_answer, _facts, _decision, _assumed);
        }
        if (AddContradictions())
        {
            _answer.Outcome = Outcome.Inconsistent;
            AddHistorical();
            return ValueSet.Empty;
        }
        var possible = Diagram.Possible(_assumed);
        if (possible.IsSingle && possible.Single == Diagram.ExcludedIndex)
        {
            _answer.Outcome = Outcome.OutOfScope;
            AddRules();
            if (!IsOutsideItself())
            {
                AddWarnings();
            }
            AddHistorical();
            return ValueSet.Empty;
        }
        AddWarnings();
        AddHistorical();
        AddScopeConditions(possible);
        if (_facts.Established.TryGetValue(_decision.Id, out var established))
        {
            AnswerEstablished(established.Conclusion);
            return ValueSet.Empty;
        }
        AddWords(_answer.Possible, Diagram, possible);
        AddReadingConditions(possible);
        var only = AddRules();
        AddUnreadSources(possible);
        RuleConditions.AddTo(_answer, _facts, _decision, _assumed, possible);
        if (asksPlainly && !possible.IsSingle)
        {
            new OpenFacts(_facts, Diagram, _assumed).AddTo(_answer);
        }
        AddIfConfirmed(only);
        _answer.Outcome = !possible.IsSingle ? Outcome.Undetermined : _answer.Conditions.Count > 0 ? Outcome.Conditional : Outcome.Determined;
        return possible;
    }

    private void AnswerEstablished(int conclusion)
    {
        _answer.Established = true;
        _answer.Possible.Add(Diagram.Conclusions.Values[conclusion]);
        _answer.Because.Add(new Because { Rule = "established", Note = "made by the centre, not derived", Conclusions = { Diagram.Conclusions.Values[conclusion] } });
        _answer.Outcome = _answer.Conditions.Count > 0 ? Outcome.Conditional : Outcome.Determined;
    }

    private bool AddContradictions()
    {
        if (!_facts.HasContradictions)
        {
            return false;
        }
        var inputs = _decision.OwnOverride >= 0 ? Diagram.SupportInputs.Add(_decision.OwnOverride) : Diagram.SupportInputs;
        inputs = inputs.AddRange(Diagram.RuleInputs.Where(input => !inputs.Contains(input) && TellsRules(input)));
        foreach (var contradiction in _facts.ContradictionsIn(inputs))
        {
            _answer.Contradictions.Add(new Contradiction { Fields = { contradiction.Fields }, Detail = contradiction.Detail });
        }
        return _answer.Contradictions.Count > 0;
    }

    /// <summary>Whether a contradicted measurement says which rule concludes, and so on what condition, though the conclusion is the same.</summary>
    private bool TellsRules(int input)
    {
        if (_facts.Protocol.Bindings[input] is not NumberInput { Fact.Measure: not null } || !_facts.ContradictionsIn([input]).Any())
        {
            return false;
        }
        ValueSet[] with = [.. _assumed];
        with[input] = _facts.Protocol.Model.Inputs[input].Domain.All;
        var any = Diagram.PossibleRules(with).Length;
        foreach (var value in with[input])
        {
            with[input] = ValueSet.Of(value);
            if (Diagram.PossibleRules(with).Length != any)
            {
                return true;
            }
        }
        return false;
    }

    private void AddScopeConditions(ValueSet possible)
    {
        foreach (var guard in _decision.GuardedInputs)
        {
            var stated = _facts.Values[guard.Input];
            if (stated == _assumed[guard.Input] || IsConcludedFrom(guard.Input) || PossibleWith(guard.Input, stated) == possible)
            {
                continue;
            }
            _answer.Conditions.Add(new Condition
            {
                Kind = ConditionKind.ScopeNotConfirmed,
                Id = guard.Scope.Id,
                Detail = $"{FieldOf(guard.Input)} does not say; not covered: {guard.Scope.Outside}",
            });
        }
    }

    /// <summary>A centre that has concluded from a measurement had one: that its level is in scope need not be said too.</summary>
    private bool IsConcludedFrom(int input) => _facts.Protocol.Bindings[input] is NumberInput { Fact.Measure: not null }
        && _facts.Established.Keys.Any(made => _facts.Protocol.Decisions[made].Guards.Any(guard => guard.Input == input));

    private string FieldOf(int input) => _facts.Protocol.Bindings[input] switch
    {
        // What is remembered of an answer holds for every case with the same possible values: no path of one of them.
        WordInput word => CaseFacts.Nothing[word.Fact].Field,
        NumberInput number => CaseFacts.Nothing[number.Fact.Id].Field,
        _ => "case.timing",
    };

    private void AddReadingConditions(ValueSet possible)
    {
        var (explained, mattering) = (possible, 0);
        foreach (var input in _facts.LiveReadings)
        {
            if (!Diagram.DependsOn(input))
            {
                continue;
            }
            mattering++;
            var otherwise = PossibleWith(input, _facts.Protocol.Model.Inputs[input].Domain.All.Except(_assumed[input]));
            if (otherwise != possible)
            {
                AddReading(input, otherwise);
                explained |= otherwise;
            }
        }
        if (mattering < 2)
        {
            return;
        }
        ValueSet[] live = [.. _assumed];
        foreach (var input in _facts.LiveReadings)
        {
            live[input] = _facts.Protocol.Model.Inputs[input].Domain.All;
        }
        var together = Diagram.Possible(live);
        if (together.IsSubsetOf(explained))
        {
            return;
        }
        // No reading alone leads there, several together do.
        var named = _answer.Conditions.Select(condition => condition.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var input in _facts.LiveReadings.Intersect(Diagram.Restrict(live).Support).Where(input => !named.Contains(_facts.Protocol.Model.Inputs[input].Name)))
        {
            AddReading(input, together.Except(possible));
        }
    }

    private void AddReading(int input, ValueSet otherwise)
    {
        var reading = (ReadingInput)_facts.Protocol.Bindings[input];
        var used = _facts.Protocol.Model.Inputs[input].Domain.Values[_assumed[input].Single];
        _answer.Conditions.Add(new Condition
        {
            Kind = ConditionKind.Reading,
            Id = reading.Id,
            Detail = $"{reading.Reading.Question} Read here as {used}: {reading.Reading.Values[used]}",
            Otherwise = { Diagram.Conclusions.Labels(otherwise) },
        });
    }

    /// <summary>Adds every rule still possible.</summary>
    /// <returns>The only one; -1 when there are several.</returns>
    private int AddRules()
    {
        Span<ulong> bits = stackalloc ulong[(Diagram.RuleIds.Length + 63) / 64];
        bits.Clear();
        Diagram.PossibleRules(_assumed, bits);
        var last = -1;
        for (var word = 0; word < bits.Length; word++)
        {
            foreach (var rule in new ValueSet(bits[word]))
            {
                last = (word * 64) + rule;
                _answer.Because.Add(_decision.Rules[last].Because);
            }
        }
        return _answer.Because.Count == 1 ? last : -1;
    }

    /// <summary>What would be possible if one input had other values.</summary>
    private ValueSet PossibleWith(int input, ValueSet values)
    {
        if (!Diagram.DependsOn(input))
        {
            return Diagram.Possible(_assumed);
        }
        var assumed = _assumed[input];
        _assumed[input] = values;
        var possible = Diagram.Possible(_assumed);
        _assumed[input] = assumed;
        return possible;
    }

    private void AddUnreadSources(ValueSet possible)
    {
        if (!_facts.Protocol.RestsOnUnread)
        {
            return;
        }
        foreach (var decision in _decision.Feeders.Select(feeder => _facts.Protocol.Decisions[feeder]).Append(_decision).Where(decision => decision.RestsOnUnread))
        {
            if (decision != _decision && !RuleConditions.RestsOn(_facts, _decision, decision.Id, _assumed, possible))
            {
                continue;
            }
            foreach (var rule in decision.Diagram.PossibleRules(_assumed).Select(index => decision.Rules[index]).Where(rule => rule.NotRead))
            {
                _answer.Conditions.Add(new Condition
                {
                    Kind = ConditionKind.SourceNotRead,
                    Id = $"{decision.Id}/{rule.Because.Rule}",
                    Detail = "the rule rests on a source known only second-hand",
                });
            }
        }
    }

    private void AddIfConfirmed(int only)
    {
        if (only < 0 || _decision.Rules[only].Rule is not { IfConfirmed.Count: > 0 } rule)
        {
            return;
        }
        foreach (var (decision, words) in rule.IfConfirmed)
        {
            var input = _facts.Protocol.Model.InputIndex(CompiledModel.OverrideName(decision));
            foreach (var conclusion in words.Values_)
            {
                var confirmed = ProtocolFacts.With(_assumed, input, _facts.Protocol.Model.Inputs[input].Domain.Of(conclusion));
                _answer.IfConfirmed.Add(new IfConfirmed
                {
                    Decision = decision,
                    Conclusion = conclusion,
                    Possible = { Diagram.Conclusions.Labels(Diagram.Possible(confirmed)) },
                });
            }
        }
    }

    private void AddWarnings()
    {
        foreach (var warning in _decision.Warnings)
        {
            if (IsRaised(warning) && !IsWarnedOf(warning.Rule))
            {
                _answer.Warnings.Add(warning.Warning);
            }
        }
    }

    /// <summary>Whether it is by a scope of this decision, and not by one on the way, that the case is not covered: what is warned of is
    /// then a conclusion that there is not. A level that is no residual disease is still to be warned of where it puts advice out of scope.</summary>
    private bool IsOutsideItself() => _decision.Guards.Any(guard => _decision.Table.Scope.Contains(guard.Scope) && (_assumed[guard.Input] & guard.InScope).IsEmpty);

    private void AddHistorical()
    {
        if (_facts.Protocol.Historical is { } historical)
        {
            _answer.Warnings.Add(historical);
        }
    }

    /// <summary>Whether it is there in the same words: two reasons of one code are two warnings.</summary>
    private bool IsWarnedOf(WarningRule rule)
    {
        foreach (var warning in _answer.Warnings)
        {
            if (string.Equals(warning.Code, rule.Code, StringComparison.Ordinal) && string.Equals(warning.Detail, rule.Detail, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Index 0 of a warning's conclusions is that it is raised.</summary>
    private bool IsRaised(PrintedWarning warning)
    {
        if (_facts.HasContradictions && _facts.ContradictionsIn(warning.Diagram.SupportInputs).Any())
        {
            return false;
        }
        var possible = warning.Diagram.Possible(_assumed);
        return possible.Contains(0)
            && (warning.Rule.Raise != Raise.WhenCertain || possible.IsSingle)
            && IsOpen(warning)
            && CouldBeOtherwise(warning);
    }

    private bool IsOpen(PrintedWarning warning) => !warning.Open.Any(input => _assumed[input].IsSingle);

    /// <summary>For a counterfactual warning: whether with other facts the decision that it is about could conclude what it warns of.</summary>
    private bool CouldBeOtherwise(PrintedWarning warning)
    {
        if (warning.Instead.IsEmpty)
        {
            return true;
        }
        if (_facts.HasContradictions && _facts.ContradictionsIn(warning.About.SupportInputs).Any())
        {
            return false;
        }
        ValueSet[] instead = [.. _assumed];
        foreach (var (input, values) in warning.Instead)
        {
            instead[input] = values;
        }
        return warning.About.Possible(instead).Overlaps(warning.Gives);
    }
}
