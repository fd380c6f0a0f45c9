using System.Collections.Immutable;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Compares the answers of several protocols to one decision of one case.</summary>
internal sealed class CaseAgreement(
    ComparedDecisionOfAll decision, ImmutableArray<Decision> answers, ImmutableArray<ComparedSide> sides, ComparedCase @case, ProtocolWords words)
{
    private readonly List<List<int>> _alike = [];
    private readonly bool _establishes = sides != decision.Sides;
    private readonly Dictionary<(int One, int Other), (IReadOnlyList<ValueSet[]> Boxes, (bool Alike, bool Differ) May)> _put = [];

    public Agreement Answer()
    {
        var concluding = Enumerable.Range(0, answers.Length).Where(side => answers[side].Possible.Count > 0).ToList();
        var silent = Enumerable.Range(0, answers.Length).Except(concluding).GroupBy(side => answers[side].Outcome).ToList();
        concluding.ForEach(Place);
        var agreement = new Agreement { Decision = decision.Id, State = concluding.Count < 2 ? AgreementState.NothingToCompare : State() };
        // In the order asked for, whoever comes first in a position.
        agreement.Positions.Add(_alike.Concat(silent.Select(group => group.ToList())).OrderBy(position => position[0]).Select(Position));
        var partings = Partings().ToList();
        agreement.Partings.Add(partings.Select(said => said.Parting));
        var summary = new SummaryWords(agreement, partings, words, protocol => Proviso(Enumerable.Range(0, answers.Length).First(side => answers[side].Protocol == protocol)));
        agreement.Summary = summary.Say(word => new MeaningWords(decision, concluding, words).Say(word));
        return agreement;
    }

    /// <summary>A protocol joins those with which it concludes alike in every completion.</summary>
    private void Place(int side)
    {
        if (_alike.Find(position => IsAlike(position[0], side)) is { } position)
        {
            position.Add(side);
        }
        else
        {
            _alike.Add([side]);
        }
    }

    private bool IsAlike(int one, int other)
    {
        if (IsGiven(one) || IsGiven(other))
        {
            return May(one, other) == (true, false);
        }

        if (!_establishes && decision.Heads[one] == decision.Heads[other])
        {
            return true;
        }

        return Pair(one, other).IsOne || May(one, other) == (true, false);
    }

    /// <summary>Whether the centre made the conclusion: it is one word, whatever the facts are.</summary>
    private bool IsGiven(int side) => answers[side].Established;

    private AgreementState State()
    {
        if (_alike.Count == 1)
        {
            return MeansTheSame(_alike[0]) ? AgreementState.Agree : AgreementState.SameWordOnly;
        }

        var heads = _alike.Select(position => position[0]).ToList();
        var together = false;
        foreach (var (one, other) in Pairs(heads))
        {
            var (alike, differ) = May(one, other);
            if (differ && !alike)
            {
                return AgreementState.Differ;
            }

            together |= alike || differ;
        }

        // With no case that any two of them cover there is nothing to compare; of two positions the pair has said all.
        return !together ? AgreementState.NothingToCompare : heads.Count == 2 || MayAllAgree(heads) ? AgreementState.Open : AgreementState.Differ;
    }

    /// <summary>
    /// Whether two may conclude alike and whether they may differ. Their words alone say so of a conclusion that is given, and as much as can
    /// be said where two cannot be compared in full.
    /// </summary>
    private (bool Alike, bool Differ) May(int one, int other)
    {
        var common = answers[one].Possible.Intersect(answers[other].Possible, StringComparer.Ordinal).Any();
        if (IsGiven(one) || IsGiven(other) || !Pair(one, other).IsComplete)
        {
            return (common, !common || answers[one].Possible.Count > 1 || answers[other].Possible.Count > 1);
        }

        return Put(one, other).May;
    }

    /// <summary>The case put to two that are compared in full, and what they may conclude.</summary>
    private (IReadOnlyList<ValueSet[]> Boxes, (bool Alike, bool Differ) May) Put(int one, int other)
    {
        if (!_put.TryGetValue((one, other), out var known))
        {
            var pair = Pair(one, other);
            var boxes = pair.Facts.Boxes(@case);
            _put[(one, other)] = known = (boxes, pair.May(boxes));
        }

        return known;
    }

    /// <summary>Whether all of several positions, each two of which may agree, may agree at once.</summary>
    private bool MayAllAgree(List<int> heads)
    {
        ComparedSide[] derived = [.. heads.Where(side => !IsGiven(side)).Select(side => sides[side])];
        return ComparedPairs.Shared.Together(derived) is not { } together
            || !together.Facts.IsComplete
            || together.All.MayAgreeOn(together.Facts.Boxes(@case)).Any(word => heads.All(side => !IsGiven(side) || answers[side].Possible.Contains(word)));
    }

    /// <summary>Whether each word that is possible stands for the same patients with all of them, whatever a centre established.</summary>
    private bool MeansTheSame(List<int> position) => Pairs([.. position.Select(side => decision.Heads[side]).Distinct()]).All(pair =>
    {
        var compared = decision.Pair(pair.One, pair.Other);
        return compared.IsComplete && !answers[position[0]].Possible.Any(compared.ApartWords.Contains);
    });

    private Position Position(List<int> members) => new()
    {
        Protocols = { members.Select(side => answers[side].Protocol) },
        Possible = { answers[members[0]].Possible },
        Outcome = members.Max(side => answers[side].Outcome),
    };

    /// <summary>What must hold for one conclusion to stand: the readings by name, whatever else by where it is said.</summary>
    private string Proviso(int side)
    {
        if (answers[side].Outcome != Outcome.Conditional)
        {
            return "";
        }

        var readings = answers[side].Conditions.Where(condition => condition.Kind == ConditionKind.Reading).ToList();
        var others = readings.Count < answers[side].Conditions.Count;
        var read = readings.Select(condition => $"{ProtocolWords.Spoken(condition.Id)} as {ProtocolWords.Spoken(sides[side].ReadAs(condition.Id)!)}");
        return $"{(readings.Count > 0 ? $", on the reading of {ProtocolWords.And(read)}" : "")}{(others ? $", provided {(readings.Count > 0 ? "the other" : "the")} conditions of the answer hold" : "")}";
    }

    /// <summary>
    /// Of each two positions every reason for which a protocol of the one parts from one of the other, told of the first two that part by it: who
    /// concludes alike need not come to it alike.
    /// </summary>
    private IEnumerable<SaidParting> Partings()
    {
        var functions = _alike.Select(Functions).ToList();
        foreach (var (first, second) in Pairs([.. Enumerable.Range(0, functions.Count)]))
        {
            var (ones, others) = (functions[first], functions[second]);
            IEnumerable<(int One, int Other)> between = [.. others.Select(other => (ones[0], other)), .. ones.Skip(1).Select(one => (one, others[0]))];
            foreach (var said in between.Select(pair => Parting(pair.One, pair.Other)).OfType<SaidParting>().DistinctBy(said => said.Reason, StringComparer.Ordinal))
            {
                yield return said;
            }
        }
    }

    /// <summary>Of the protocols of a position those that are not one function of the facts with one before them.</summary>
    private List<int> Functions(List<int> position)
    {
        List<int> apart = [];
        foreach (var side in position.Where(side => !apart.Exists(other => !IsGiven(side) && !IsGiven(other) && Pair(other, side).IsOne)))
        {
            apart.Add(side);
        }

        return apart;
    }

    /// <summary>Why two part; null where they do not.</summary>
    private SaidParting? Parting(int one, int other)
    {
        if (IsGiven(one) || IsGiven(other))
        {
            return SaidParting.Of(answers[one].Protocol, answers[other].Protocol, words.Given(answers[one], answers[other]), words.Concluded(answers[one], answers[other]));
        }

        var pair = Pair(one, other);
        // Of two whose tables are too large together it may be known that they differ, and not where.
        if (!pair.IsComplete || (Put(one, other).May.Differ && pair.Result.IsTooLarge))
        {
            return SaidParting.Of(answers[one].Protocol, answers[other].Protocol, words.NotComparable(pair));
        }

        var (boxes, may) = Put(one, other);
        return may.Differ ? PartingWords.Of(pair, pair.Differing(boxes), certain: !may.Alike, words, @case) : null;
    }

    private ComparedPair Pair(int one, int other) =>
        _establishes ? ComparedPairs.Shared.Of(sides[one], sides[other]) : decision.Pair(one, other);

    private static IEnumerable<(int One, int Other)> Pairs(List<int> sides) =>
        from one in Enumerable.Range(0, sides.Count)
        from other in Enumerable.Range(one + 1, sides.Count - one - 1)
        select (sides[one], sides[other]);
}
