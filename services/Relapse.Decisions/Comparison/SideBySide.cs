using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Any number of decisions over their common inputs: on which words all of them agree in some completion of a case. Immutable and safe
/// for concurrent use.
/// </summary>
public sealed class SideBySide
{
    private const int Apart = 0;
    private readonly ImmutableArray<string> _words;
    private readonly Diagram _alike;

    private SideBySide(ImmutableArray<CommonInput> inputs, ImmutableArray<string> words, Diagram alike)
    {
        Inputs = [.. inputs.Select(ComparedInput.Of)];
        (_words, _alike) = (words, alike);
    }

    /// <summary>The inputs, in the order in which boxes give them.</summary>
    public ImmutableArray<ComparedInput> Inputs { get; }

    /// <summary>Puts decisions side by side.</summary>
    /// <returns>Null when an input of several has not the same values with all of them, or they are too large together.</returns>
    /// <exception cref="ArgumentException">There is no decision, or a model has no such one.</exception>
    public static SideBySide? Of(IReadOnlyList<ComparedDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentOutOfRangeException.ThrowIfZero(decisions.Count);
        try
        {
            return Within(new WorkBudget(WorkBudget.OfComparison), decisions);
        }
        catch (TooMuchWorkException)
        {
            return null;
        }
    }

    private static SideBySide? Within(WorkBudget budget, IReadOnlyList<ComparedDecision> decisions)
    {
        SideFunctions[] sides = [.. decisions.Select((decision, side) => new SideFunctions(decision, side, readingsFree: false))];
        var domains = sides.Select(side => side.FreeInputs.ToDictionary(domain => domain.Name, StringComparer.Ordinal)).ToList();
        List<CommonInput> inputs = [];
        foreach (var name in domains.SelectMany(own => own.Keys).Distinct(StringComparer.Ordinal))
        {
            Domain?[] same = [.. domains.Select(own => own.GetValueOrDefault(name))];
            var first = same.First(domain => domain is not null)!;
            if (CommonInput.Of(same) is not { } common || same.OfType<Domain>().Any(other => CommonInput.OneSided(first, other).Any()))
            {
                return null;
            }

            inputs.Add(common);
        }

        var store = new DiagramStore([.. inputs.Select(input => input.Values.Length)], budget: budget);
        foreach (var side in sides)
        {
            side.Use(store, inputs);
        }

        ImmutableArray<string> words = [.. sides.SelectMany(Words).Distinct(StringComparer.Ordinal)];
        var alike = sides.Skip(1).Aggregate(InWords(store, sides[0], words), (known, side) => Both(store, known, InWords(store, side, words), words.Length));
        return new SideBySide([.. inputs], words, new Diagram(store, alike, words.Length + 1));
    }

    /// <summary>The words on which all agree in some completion of a case, which is given as the union of boxes over
    /// <see cref="Inputs"/>.</summary>
    /// <exception cref="ArgumentException">A box has a value that an input has not.</exception>
    public IEnumerable<string> MayAgreeOn(IEnumerable<ValueSet[]> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        var bits = new ulong[(_alike.TerminalCount + 63) / 64];
        foreach (var box in boxes.Where(box => !box.Contains(ValueSet.Empty)))
        {
            _alike.Reach(box, bits);
        }

        return _words.Where((_, word) => (bits[(word + 1) / 64] >> ((word + 1) % 64) & 1) != 0);
    }

    private static IEnumerable<string> Words(SideFunctions side) => side.Top.Table.Conclusions.Values.Append(CompiledDecision.OutOfScope);

    /// <summary>A side's conclusion as a function whose terminal 1 + n is the n-th word.</summary>
    private static int InWords(DiagramStore store, SideFunctions side, ImmutableArray<string> words) =>
        store.Select(side.Conclusion(side.Top), [.. Words(side).Select(word => ~(1 + words.IndexOf(word))), ~Apart]);

    /// <summary>The word where both have it, else apart.</summary>
    private static int Both(DiagramStore store, int one, int other, int words) => store.Select(
        one,
        [
            ~Apart,
            .. Enumerable.Range(1, words).Select(word => store.Select(other, [.. Enumerable.Range(0, words + 1).Select(each => each == word ? ~word : ~Apart)])),
        ]);
}
