namespace Relapse.Decisions;

/// <summary>What one walk over the nodes of a store has made of each. Nodes are numbered without gaps, so it is an array, kept from walk to walk.</summary>
internal sealed class NodeMemo
{
    private (int Walk, int Result)[] _of = [];
    private int _walk;

    /// <summary>Begins a walk over nodes numbered below <paramref name="count"/>; what the one before made is forgotten.</summary>
    public void Begin(int count)
    {
        if (_of.Length < count)
        {
            _of = new (int, int)[Math.Max(count, 2 * _of.Length)];
        }

        _walk++;
    }

    /// <summary>What this walk has made of a node.</summary>
    public bool TryGet(int node, out int result)
    {
        (var walk, result) = _of[node];
        return walk == _walk;
    }

    /// <summary>Sets what this walk has made of a node.</summary>
    public void Set(int node, int result) => _of[node] = (_walk, result);

    /// <summary>Lets go of the memory.</summary>
    public void Clear() => _of = [];
}
