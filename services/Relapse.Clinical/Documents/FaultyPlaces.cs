namespace Relapse.Clinical.Documents;

/// <summary>Places of a document at which something is wrong, by their paths.</summary>
internal sealed class FaultyPlaces
{
    private readonly HashSet<string> _at = new(StringComparer.Ordinal);
    private readonly HashSet<string> _around = new(StringComparer.Ordinal);

    public FaultyPlaces(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            Add(path);
        }
    }

    /// <summary>Every one of them.</summary>
    public IReadOnlySet<string> Paths => _at;

    public void Add(string path)
    {
        _at.Add(path);
        for (var around = path; around.Length > 0 && _around.Add(around); around = Around(around))
        {
        }
    }

    /// <summary>Whether something is wrong at a place or inside it.</summary>
    public bool Touch(string path) => _around.Contains(path);

    /// <summary>Whether something is wrong at a place itself, as a whole.</summary>
    public bool Are(string path) => _at.Contains(path);

    /// <summary>Whether something is wrong at a place, or at one around it as a whole.</summary>
    public bool Cover(string path)
    {
        for (var around = path; around.Length > 0; around = Around(around))
        {
            if (_at.Contains(around))
            {
                return true;
            }
        }
        return _at.Contains("");
    }

    private static string Around(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
