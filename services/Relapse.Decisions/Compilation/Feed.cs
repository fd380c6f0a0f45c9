using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A named thing that tables look at, as a function of the raw inputs. Its terminals are: the values; then one for each reason for which it
/// can be out of scope; then one for the cases in which a faulty table gives it no value.
/// </summary>
/// <param name="Name">The name of an input, a component or a decision.</param>
/// <param name="Values">The values that tables may name.</param>
/// <param name="Reasons">The ids of the guards that can put it out of scope.</param>
/// <param name="Function">The function, in the store of the model.</param>
internal sealed record Feed(string Name, Domain Values, ImmutableArray<string> Reasons, int Function)
{
    /// <summary>The values, then out of scope if that can be: what a person is told.</summary>
    public Domain Shown { get; } = Reasons.IsEmpty ? Values : new Domain(Values.Name, Values.Values.Append(CompiledDecision.OutOfScope));

    /// <summary>The terminal of the cases without a value.</summary>
    public int NoValue => Values.Count + Reasons.Length;

    /// <summary>How many terminals the function may have.</summary>
    public int TerminalCount => NoValue + 1;

    /// <summary>Whether terminal <paramref name="terminal"/> stands for the shown value <paramref name="shown"/>.</summary>
    public bool Shows(int terminal, int shown) => terminal < NoValue && Math.Min(terminal, Values.Count) == shown;
}
