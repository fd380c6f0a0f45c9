using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A decision as diagrams over the raw inputs. Every answer is exact under all completions of the facts. Facts and known values are indexed
/// as <see cref="CompiledModel.Inputs"/>; those of inputs outside <see cref="SupportInputs"/> are not read. Immutable and safe for
/// concurrent use.
/// </summary>
public sealed class CompiledDecision
{
    /// <summary>The conclusion of a decision that does not apply to a case.</summary>
    public const string OutOfScope = "OUT_OF_SCOPE";

    private readonly ImmutableArray<ModelInput> _inputs;
    private readonly Diagram _conclusions;
    private readonly Diagram _rules;
    private readonly bool[] _matters;
    private readonly int[] _valueCounts;

    internal CompiledDecision(ImmutableArray<ModelInput> inputs, DiagramStore store, CompiledTable table)
    {
        _inputs = inputs;
        var declared = table.Table.Conclusions;
        Name = table.Table.Name;
        ExcludedIndex = table.Reasons.IsEmpty ? -1 : declared.Count;
        Conclusions = table.Reasons.IsEmpty ? declared : new Domain(declared.Name, declared.Values.Append(OutOfScope));
        List<string> rules = [.. table.Table.Rules.Select(rule => rule.Id).Distinct(StringComparer.Ordinal)];
        RuleIds = [.. rules, .. table.Reasons];
        int[] ruleTerminals =
        [
            .. table.Table.Rules.Select(rule => ~rules.IndexOf(rule.Id)),
            .. table.Reasons.Select((_, reason) => ~(rules.Count + reason)),
            ~RuleIds.Length,
        ];
        _conclusions = new Diagram(store, store.Select(table.Outcome, table.Conclusions(reasonsApart: false)), Conclusions.Count);
        _rules = new Diagram(store, store.Select(table.Outcome, ruleTerminals), RuleIds.Length);
        SupportInputs = [.. _conclusions.Support];
        RuleInputs = [.. _rules.Support];
        _valueCounts = [.. inputs.Select(input => input.Domain.Count)];
        _matters = [.. inputs.Select(input => SupportInputs.Contains(input.Index))];
    }

    /// <summary>The decision's name.</summary>
    public string Name { get; }

    /// <summary>The conclusions as declared, then <see cref="OutOfScope"/> if that can occur.</summary>
    public Domain Conclusions { get; }

    /// <summary>The index of <see cref="OutOfScope"/> among the conclusions; -1 if it cannot occur.</summary>
    public int ExcludedIndex { get; }

    /// <summary>
    /// The ids of the rules, each once, in the order of the table; then those of the guards, own and of feeding decisions, for which the
    /// decision can be out of scope.
    /// </summary>
    public ImmutableArray<string> RuleIds { get; }

    /// <summary>How many nodes the diagram of the conclusions has.</summary>
    public int NodeCount => _conclusions.NodeCount;

    /// <summary>How many nodes the diagram of the rules has.</summary>
    public int RuleNodeCount => _rules.NodeCount;

    /// <summary>The inputs on which the conclusion depends at all, ascending.</summary>
    public ImmutableArray<int> SupportInputs { get; }

    /// <summary>The inputs on which the rule depends at all, ascending; <see cref="PossibleRules(ReadOnlySpan{ValueSet})"/> and
    /// <see cref="RuleOf"/> read these.</summary>
    public ImmutableArray<int> RuleInputs { get; }

    /// <summary>Whether an input is among <see cref="SupportInputs"/>.</summary>
    public bool DependsOn(int input) => _matters[input];

    /// <summary>The conclusion of one known case, given the index of each input's value. Does not allocate.</summary>
    /// <exception cref="ArgumentException">A value that is read is missing or outside its input.</exception>
    public int Conclude(ReadOnlySpan<byte> known) => _conclusions.Walk(known);

    /// <summary>The rule, or guard, of one known case: an index into <see cref="RuleIds"/>. Does not allocate.</summary>
    /// <exception cref="ArgumentException">A value that is read is missing or outside its input.</exception>
    public int RuleOf(ReadOnlySpan<byte> known) => _rules.Walk(known);

    /// <summary>Exactly the conclusions that some completion of the facts has. Does not allocate.</summary>
    /// <exception cref="ArgumentException">A fact of the support is missing, empty or outside its input.</exception>
    public ValueSet Possible(ReadOnlySpan<ValueSet> facts) => new(_conclusions.Reach(facts));

    /// <summary>Adds to <paramref name="ruleBits"/>, 64 to a word, exactly the rules and guards that some completion of the facts has.
    /// Does not allocate.</summary>
    /// <exception cref="ArgumentException">A fact that is read is missing, empty or outside its input, or there is too little
    /// room.</exception>
    public void PossibleRules(ReadOnlySpan<ValueSet> facts, Span<ulong> ruleBits) => _rules.Reach(facts, ruleBits);

    /// <summary>Exactly the rules and guards that some completion of the facts has: indices into <see cref="RuleIds"/>,
    /// ascending.</summary>
    /// <exception cref="ArgumentException">A fact that is read is missing, empty or outside its input.</exception>
    public ImmutableArray<int> PossibleRules(ReadOnlySpan<ValueSet> facts)
    {
        var bits = new ulong[(RuleIds.Length + 63) / 64];
        _rules.Reach(facts, bits);
        var rules = ImmutableArray.CreateBuilder<int>();
        for (var word = 0; word < bits.Length; word++)
        {
            foreach (var rule in new ValueSet(bits[word]))
            {
                rules.Add((word * 64) + rule);
            }
        }

        return rules.ToImmutable();
    }

    /// <summary>The decision under the facts: what still matters and what does not.</summary>
    /// <exception cref="ArgumentException">A fact of the support is missing, empty or outside its input.</exception>
    public RestrictedDecision Restrict(ReadOnlySpan<ValueSet> facts)
    {
        var (store, root) = Restriction(facts);
        return new RestrictedDecision(Conclusions, store, root, facts, Possible(facts));
    }

    /// <summary>
    /// Which of the caller's questions still matter, each with what every answer would leave possible. Those with most answers that settle
    /// the decision come first, then those that leave fewest conclusions on average, then in the order given.
    /// </summary>
    /// <remarks>
    /// A question matters when, given some answers to the other questions about the same input, two of its answers leave different sets of
    /// values of that input, where values are one if the decision cannot tell them apart. A single question about an input matters exactly
    /// when its answers differ so. It may matter though each answer alone leaves the same conclusions possible.
    /// </remarks>
    /// <param name="facts">The facts; answers are cut down to them and impossible ones dropped.</param>
    /// <param name="questions">The open questions. Several may concern one input, and their answers may overlap.</param>
    /// <exception cref="ArgumentException">A fact of the support is missing, empty or outside its input.</exception>
    public ImmutableArray<MissingFact> Missing(ReadOnlySpan<ValueSet> facts, IReadOnlyList<Question> questions) =>
        OpenQuestions.Missing(this, facts, questions);

    /// <summary>
    /// The smallest sets of questions that settle the decision for at least one assignment of answers: all of them, each with one such
    /// assignment.
    /// </summary>
    /// <remarks>
    /// Searched by increasing size over the restricted diagram, each state once. The states are at most the ways to choose answers to that
    /// many
    /// questions, so the cost is exponential in the size of the result, not in the number of questions. Nothing is given up silently: a search
    /// that would take more than any for a decision that somebody wrote ends before the size it was at, and the result says so.
    /// </remarks>
    /// <param name="facts">The facts; answers are cut down to them and impossible ones dropped.</param>
    /// <param name="questions">The open questions.</param>
    /// <param name="combine">
    /// What several answers about one input leave of it, given at least two in the order of <paramref name="questions"/>; an empty set
    /// means
    /// that they contradict each other. By default their intersection. The result is cut down to the fact.
    /// </param>
    /// <param name="maximumSize">The largest size to search, 0 or more; the result says when larger sets were left out.</param>
    /// <exception cref="ArgumentException">A fact of the support is missing, empty or outside its input.</exception>
    public Settling Shortest(
        ReadOnlySpan<ValueSet> facts, IReadOnlyList<Question> questions, CombineAnswers? combine = null, int maximumSize = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentOutOfRangeException.ThrowIfNegative(maximumSize);
        if (questions is [var only] && maximumSize > 0 && DependsOn(only.Input) && !Possible(facts).IsSingle)
        {
            return SettledBy(only, facts);
        }

        var (store, root) = Restriction(facts, new WorkBudget(WorkBudget.OfSearch));
        return new SettlingSearch(store, root, facts, questions, combine).Run(maximumSize);
    }

    /// <summary>
    /// For each plain banded input whose value is known and is a band: each neighbouring band with which other conclusions would be
    /// possible,
    /// the lower neighbour first, in the order of the inputs.
    /// </summary>
    /// <exception cref="ArgumentException">A fact of the support is missing, empty or outside its input.</exception>
    public ImmutableArray<Flip> Flips(ReadOnlySpan<ValueSet> facts)
    {
        var flips = ImmutableArray.CreateBuilder<Flip>();
        var moved = facts.ToArray();
        var here = Possible(facts);
        foreach (var input in SupportInputs)
        {
            AddFlips(moved, input, here, flips);
        }

        return flips.ToImmutable();
    }

    /// <summary>Adds the flips of one input, as <see cref="Flips"/> would.</summary>
    /// <param name="facts">The facts; changed and restored on the way.</param>
    /// <param name="input">The index of the input.</param>
    /// <param name="here">What is possible under the facts.</param>
    /// <param name="flips">Where to add.</param>
    /// <exception cref="ArgumentException">A fact of the support is missing, empty or outside its input.</exception>
    public void AddFlips(Span<ValueSet> facts, int input, ValueSet here, ICollection<Flip> flips)
    {
        ArgumentNullException.ThrowIfNull(flips);
        var fact = facts[input];
        if (_inputs[input].Domain.Bands is not { } bands || !DependsOn(input) || !fact.IsSingle || bands.PlainValues.Overlaps(fact))
        {
            return;
        }

        for (var neighbour = fact.Single - 1; neighbour <= fact.Single + 1; neighbour += 2)
        {
            if (neighbour >= bands.PlainValues.Count && neighbour < bands.Domain.Count)
            {
                facts[input] = ValueSet.Of(neighbour);
                if (Possible(facts) is var there && there != here)
                {
                    flips.Add(new Flip(input, neighbour, there));
                }
            }
        }

        facts[input] = fact;
    }

    /// <summary>The set of the only question, with the first answer that leads to the first conclusion it can settle; an answer that
    /// another one narrows is not looked at, as in the search.</summary>
    private Settling SettledBy(Question question, ReadOnlySpan<ValueSet> facts)
    {
        var given = facts.ToArray();
        var fact = facts[question.Input];
        (Answer? Answer, int Conclusion) first = (null, int.MaxValue);
        var answers = OpenQuestions.Allowed(question, fact).Where(answer => answer.Values != fact).ToList();
        foreach (var answer in answers.Where(answer => !answers.Exists(other => other.Values != answer.Values && other.Values.IsSubsetOf(answer.Values))))
        {
            given[question.Input] = answer.Values;
            if (Possible(given) is { IsSingle: true, Single: var conclusion } && conclusion < first.Conclusion)
            {
                first = (answer, conclusion);
            }
        }

        return new Settling(first.Answer is { } settling ? [new SettlingSet([(question, settling)], first.Conclusion)] : [], 1, true);
    }

    /// <summary>The conclusions' diagram over the allowed values only, in a store of its own. Values that are not allowed follow the first
    /// allowed one.</summary>
    private (DiagramStore Store, int Root) Restriction(ReadOnlySpan<ValueSet> facts, WorkBudget? budget = null)
    {
        _conclusions.Check(facts);
        var store = new DiagramStore(_valueCounts, expectedNodes: 16, budget);
        var reached = _conclusions.Reached(facts);
        var made = new int[_conclusions.NodeCount];
        for (var node = made.Length - 1; node >= 0; node--)
        {
            if (reached[node])
            {
                made[node] = Restricted(node, facts[_conclusions.Variable(node)], store, made);
            }
        }

        return (store, _conclusions.Root < 0 ? _conclusions.Root : made[0]);
    }

    private int Restricted(int node, ValueSet values, DiagramStore store, int[] made)
    {
        var variable = _conclusions.Variable(node);
        Span<int> children = stackalloc int[store.ValueCount(variable)];
        for (var value = 0; value < children.Length; value++)
        {
            var child = _conclusions.Child(node, values.Contains(value) ? value : values.First);
            children[value] = child < 0 ? child : made[child];
        }

        return store.Make(variable, children);
    }
}
