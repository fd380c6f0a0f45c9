using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A decision under facts, as the reduced diagram over the values which they allow: canonical, so each input in it matters. Immutable and
/// safe for concurrent use.
/// </summary>
public sealed class RestrictedDecision
{
    private readonly Diagram _diagram;
    private readonly ValueSet[] _facts;

    internal RestrictedDecision(Domain conclusions, Diagram diagram, ReadOnlySpan<ValueSet> facts)
    {
        _diagram = diagram;
        _facts = facts.ToArray();
        Conclusions = conclusions;
        Possible = new ValueSet(diagram.Reach(facts));
        Support = [.. diagram.Support];
    }

    /// <summary>The decision's conclusions.</summary>
    public Domain Conclusions { get; }

    /// <summary>Exactly the conclusions that some completion of the facts has.</summary>
    public ValueSet Possible { get; }

    /// <summary>Exactly the inputs that still matter, ascending: two completions that differ only there conclude differently.</summary>
    public ImmutableArray<int> Support { get; }

    /// <summary>How many nodes the restricted diagram has.</summary>
    public int NodeCount => _diagram.NodeCount;

    /// <summary>Whether one conclusion is left.</summary>
    public bool IsSettled => Possible.IsSingle;

    /// <summary>
    /// The values which the facts allow an input, parted into those which the decision cannot tell apart: whatever else is the case, the
    /// values of one part conclude alike. Ordered by first value. One part exactly when the input is outside <see cref="Support"/>.
    /// </summary>
    public ImmutableArray<ValueSet> Alike(int input)
    {
        List<ValueSet> parts = [];
        foreach (var value in _facts[input])
        {
            var part = parts.FindIndex(known => AreAlike(input, known.First, value));
            if (part < 0)
            {
                parts.Add(ValueSet.Of(value));
            }
            else
            {
                parts[part] |= ValueSet.Of(value);
            }
        }

        return [.. parts];
    }

    private bool AreAlike(int input, int one, int other)
    {
        for (var node = 0; node < _diagram.NodeCount; node++)
        {
            if (_diagram.Variable(node) == input && _diagram.Child(node, one) != _diagram.Child(node, other))
            {
                return false;
            }
        }

        return true;
    }
}
