using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A decision under facts, as the reduced diagram over the values which they allow: canonical, so each input in it matters. Immutable and
/// safe for concurrent use.
/// </summary>
public sealed class RestrictedDecision
{
    private readonly DiagramStore _store;
    private readonly ValueSet[] _facts;

    /// <summary>The nodes below the root, itself first: a child has a lower number than its parents.</summary>
    private readonly List<int> _nodes = [];

    internal RestrictedDecision(Domain conclusions, DiagramStore store, int root, ReadOnlySpan<ValueSet> facts, ValueSet possible)
    {
        _store = store;
        _facts = facts.ToArray();
        (Conclusions, Possible) = (conclusions, possible);
        Span<bool> reached = new bool[Math.Max(root, -1) + 1];
        Span<bool> asked = stackalloc bool[facts.Length];
        asked.Clear();
        for (var node = root; node >= 0; node--)
        {
            if (node == root || reached[node])
            {
                _nodes.Add(node);
                asked[store.Level(node)] = true;
                foreach (var child in store.Children(node))
                {
                    reached[Math.Max(child, 0)] |= child >= 0;
                }
            }
        }

        var support = ImmutableArray.CreateBuilder<int>();
        for (var input = 0; input < asked.Length; input++)
        {
            if (asked[input])
            {
                support.Add(input);
            }
        }

        Support = support.ToImmutable();
    }

    /// <summary>The decision's conclusions.</summary>
    public Domain Conclusions { get; }

    /// <summary>Exactly the conclusions that some completion of the facts has.</summary>
    public ValueSet Possible { get; }

    /// <summary>Exactly the inputs that still matter, ascending: two completions that differ only there conclude differently.</summary>
    public ImmutableArray<int> Support { get; }

    /// <summary>How many nodes the restricted diagram has.</summary>
    public int NodeCount => _nodes.Count;

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
        foreach (var node in _nodes)
        {
            if (_store.Level(node) == input && _store.Children(node)[one] != _store.Children(node)[other])
            {
                return false;
            }
        }

        return true;
    }
}
