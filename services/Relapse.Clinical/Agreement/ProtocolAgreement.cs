using System.Collections.Concurrent;
using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>One protocol version of a call, and the readings chosen for it.</summary>
public sealed record EvaluatedProtocol(CompiledProtocol Protocol, ImmutableArray<ChosenReading> Readings);

/// <summary>
/// Whether the protocols of one call conclude alike, and where they part. Made once for the call; exact for each case: two protocols
/// agree when they do in every completion of what is not known, and differ when they agree in none. Safe for concurrent use.
/// </summary>
public sealed class ProtocolAgreement
{
    private readonly ImmutableArray<ComparedDecisionOfAll> _decisions;
    private readonly ProtocolWords? _words;

    /// <param name="protocols">The versions, in the order asked for.</param>
    /// <param name="decisions">Well-known ids, in the order of the answers.</param>
    public ProtocolAgreement(ImmutableArray<EvaluatedProtocol> protocols, ImmutableArray<string> decisions)
    {
        _decisions =
        [
            .. from id in decisions
               let defining = protocols.Where(each => each.Protocol.Decisions.ContainsKey(id)).ToImmutableArray()
               where defining.Length > 1
               select new ComparedDecisionOfAll(id, defining),
        ];
        _words = _decisions.IsEmpty ? null : new ProtocolWords([.. protocols.Select(each => each.Protocol)]);
    }

    /// <summary>
    /// Compares beforehand what calls over these versions compare, whatever their cases, for those that come later. Last first: a call that
    /// comes meanwhile begins with the first, and they meet.
    /// </summary>
    /// <param name="protocols">The versions, in the order of such calls.</param>
    /// <param name="decisions">Well-known ids, in the order of the answers.</param>
    /// <returns>How many pairs of them differ somewhere.</returns>
    public static int Prepare(ImmutableArray<EvaluatedProtocol> protocols, ImmutableArray<string> decisions) =>
        new ProtocolAgreement(protocols, decisions)._decisions.Reverse().Sum(decision => decision.Prepare());

    /// <summary>Compares what one case was answered.</summary>
    /// <param name="evaluator">The evaluator that answered.</param>
    /// <param name="answers">Its answers under every protocol of the call.</param>
    /// <returns>One agreement for each decision that two or more of the protocols define, in the order of the decisions.</returns>
    public IEnumerable<Agreement> Compare(CaseEvaluator evaluator, IReadOnlyList<Decision> answers)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        if (_words is not { } words)
        {
            return [];
        }

        var @case = new ComparedCase(evaluator.Facts);
        var byKey = answers.ToDictionary(answer => (answer.Protocol, answer.Decision_));
        return [.. _decisions.Select(decision => new CaseAgreement(
            decision,
            [.. decision.Sides.Select(side => byKey[(side.Protocol.Name, decision.Id)])],
            decision.SidesFor(evaluator.Case, evaluator.Facts),
            @case,
            words).Answer())];
    }
}

/// <summary>One decision under all protocols of a call that define it.</summary>
internal sealed class ComparedDecisionOfAll
{
    private readonly ConcurrentDictionary<(int One, int Other), ComparedPair> _pairs = new();
    private int[]? _heads;

    public ComparedDecisionOfAll(string id, ImmutableArray<EvaluatedProtocol> protocols)
    {
        Id = id;
        Sides = [.. protocols.Select(each => ComparedSide.Of(each, id))];
    }

    public string Id { get; }

    /// <summary>As the documents and the readings have it, nothing established.</summary>
    public ImmutableArray<ComparedSide> Sides { get; }

    /// <summary>The sides, with what the centre established for each on the way to the decision, and with the results that each uses.</summary>
    public ImmutableArray<ComparedSide> SidesFor(RelapseCase @case, CaseFacts facts)
    {
        var measured = @case.Mrd.Count > 0 && Sides.Any(side => side.Decision.LooksAtMeasurements);
        return @case.Established.Count == 0 && !measured ? Sides
            : [.. Sides.Select(side => With(measured ? side with { Measured = MeasuredInputs.ByResult(side.Protocol, facts) } : side, @case))];
    }

    /// <summary>For each side the first that is one function of the facts with it: what holds of that one holds of all of them.</summary>
    public IReadOnlyList<int> Heads => _heads ??= [.. Enumerable.Range(0, Sides.Length).Select(side => Enumerable.Range(0, side).Where(other => Pair(other, side).IsOne).Append(side).First())];

    /// <summary>Works out where any two of them differ; how many do.</summary>
    public int Prepare()
    {
        int[] heads = [.. Heads.Distinct().Reverse()];
        var apart = heads.SelectMany((other, index) => heads[(index + 1)..].Select(one => Pair(one, other))).Where(pair => pair is { IsComplete: true, IsOne: false });
        return apart.Count(pair => !pair.Result.Agree);
    }

    public ComparedPair Pair(int one, int other) =>
        _pairs.GetOrAdd((one, other), static (key, sides) => ComparedPairs.Shared.Of(sides[key.One], sides[key.Other]), Sides);

    private static ComparedSide With(ComparedSide side, RelapseCase @case)
    {
        var held = side.Held;
        foreach (var established in @case.Established.Where(established => ProtocolFacts.Names(established.Protocol, side.Protocol)))
        {
            // Index 0 of an override is "derived". What a side does not look at makes it no other.
            if (side.Decision.Feeders.Contains(established.Decision) && side.Protocol.Decisions[established.Decision] is { OwnOverride: >= 0 } decision)
            {
                held = held.SetItem(CompiledModel.OverrideName(established.Decision), decision.Table.Conclusions.IndexOf(established.Conclusion) + 1);
            }
        }

        return held == side.Held ? side : side with { Held = held };
    }
}
