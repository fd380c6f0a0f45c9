namespace Relapse.Decisions;

/// <summary>
/// Bounds the work that one compilation, comparison or search may take. Diagrams are small for every table that somebody wrote, and grow
/// with the number of cells for some that nobody would. Work is counted and not timed: what is refused is refused on every machine. A step is
/// about one child of a node, or one choice at one value of a variable.
/// </summary>
internal sealed class WorkBudget(long most)
{
    private long _spent;

    /// <summary>Steps of a compilation: some 40 times what the largest shipped version takes, and a second or two.</summary>
    public const long OfModel = 30_000_000;

    /// <summary>Steps of a comparison of two decisions, which an answer to one case may have to wait for.</summary>
    public const long OfComparison = 10_000_000;

    /// <summary>Steps of a search for what would settle one case: far beyond any of a shipped decision, and some hundred milliseconds.</summary>
    public const long OfSearch = 3_000_000;

    /// <summary>Nodes of one decision's diagram. A case is put to it many times over, for what is missing and what would flip.</summary>
    public const int Nodes = 10_000;

    /// <summary>Inputs of a model, open questions among them: diagrams are gone through as deep as that.</summary>
    public const int Inputs = 1024;

    /// <summary>The steps so far.</summary>
    public long Spent => _spent;

    /// <exception cref="TooMuchWorkException">These are more than are left.</exception>
    public void Spend(long steps)
    {
        _spent += steps;
        if (_spent > most)
        {
            throw new TooMuchWorkException();
        }
    }
}

/// <summary>A budget is spent. Whoever made the budget says so in its result; nobody else sees this.</summary>
internal sealed class TooMuchWorkException() : Exception("The work is more than its budget.");
