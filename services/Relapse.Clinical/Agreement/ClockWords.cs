using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Says how two sides come to what both need and each makes for itself: by clocks from other starts, or as the centre established it.</summary>
internal sealed class ClockWords(ComparedPair pair, ProtocolWords words)
{
    private const string Divide = "they divide";

    private static readonly string[] _starts = [.. FactWords.Starts.Select(clock => clock.Fact)];

    public static bool IsClock(string name) => FactCatalogue.Find(name)?.Group == FactCatalogue.TimingGroup;

    public static bool IsTimed(ComparedSide side, string decision) =>
        side.Protocol.Document.Decisions.TryGetValue(decision, out var table) && table.Inputs.Any(_starts.Contains);

    /// <summary>A clause for each decision that only one side derives, or that was established for them apart; empty for none.</summary>
    public IEnumerable<string> Established() =>
        from decision in Shared()
        let given = new[] { pair.One, pair.Other }.Where(side => Given(side, decision) is not null).ToList()
        where given.Count > 0 && Given(pair.One, decision) != Given(pair.Other, decision)
        select $"{ProtocolWords.Spoken(decision)} is established by the centre for {ProtocolWords.And(given.Select(Name))}{Rest(decision, given)}";

    /// <summary>A clause on how each counts, when both do and not alike; null otherwise.</summary>
    /// <param name="case">The case for which they do not; null for any.</param>
    public string? Counted(ComparedCase? @case = null)
    {
        if (Derived(@case) is not { } decision)
        {
            return null;
        }

        string[] read = [.. pair.One.Protocol.Document.Decisions[decision].Inputs.Where(input => pair.One.ReadAs(input) is { } value && pair.Other.ReadAs(input) is { } another && value != another)];
        var (one, other) = (Starts(pair.One), Starts(pair.Other));
        return read.Length > 0 ? $"they are read differently on {ProtocolWords.And(read.Select(ProtocolWords.Spoken))}"
            : one == other ? $"{Divide} {ProtocolWords.Spoken(decision)} differently, both counting from {one}"
            : @case is null || HangsOnStarts(decision, @case) ? $"they count from different starts, {Name(pair.One)} from {one} and {Name(pair.Other)} from {other}"
            : $"{Divide} {ProtocolWords.Spoken(decision)} differently";
    }

    /// <summary>Whether a clause of <see cref="Counted"/> says that the classes are others, and nothing of what is counted from.</summary>
    public static bool OnlyDivides(string? counted) => counted?.StartsWith(Divide, StringComparison.Ordinal) == true;

    /// <summary>Whether it would come out otherwise were the clock another that one of them only looks at: else it is not why they differ.</summary>
    private bool HangsOnStarts(string decision, ComparedCase @case)
    {
        var compared = ComparedPairs.Shared.Of(Of(pair.One, decision), Of(pair.Other, decision));
        var one = _starts.Where(start => Looks(pair.One, decision, start) != Looks(pair.Other, decision, start)).ToArray();
        var (here, freed) = (compared.Facts.Boxes(@case), compared.Facts.Freed(@case, one));
        return compared.May(freed).Alike || !Differing(compared, here).SetEquals(Differing(compared, freed));
    }

    private static HashSet<(string, string)> Differing(ComparedPair compared, IReadOnlyList<ValueSet[]> boxes) =>
        [.. compared.Differing(boxes).Regions.Select(region => (region.ConclusionA, region.ConclusionB))];

    /// <summary>
    /// The decision by the clocks that both derive, that may come out differently, and by which they part: two words for the same patients, as
    /// VERY EARLY here and EARLY there can be, part nobody.
    /// </summary>
    private string? Derived(ComparedCase? @case) => Shared().Append(pair.One.Decision.Id).FirstOrDefault(decision =>
    {
        if (!IsTimed(pair.One, decision) || !IsTimed(pair.Other, decision) || Given(pair.One, decision) is not null || Given(pair.Other, decision) is not null)
        {
            return false;
        }

        var compared = ComparedPairs.Shared.Of(Of(pair.One, decision), Of(pair.Other, decision));
        return compared.IsComplete && (@case is null
            ? !compared.IsOne && compared.DivideApart(null, null)
            : compared.Facts.Boxes(@case) is var here && compared.May(here).Differ && compared.DivideApart(here, compared.Facts.Freed(@case, _starts)));
    });

    private static ComparedSide Of(ComparedSide side, string decision) => side with { Decision = side.Protocol.Decisions[decision] };

    private IEnumerable<string> Shared() => pair.One.Decision.Feeders.Intersect(pair.Other.Decision.Feeders, StringComparer.Ordinal);

    private static string? Given(ComparedSide side, string decision) =>
        side.Held.TryGetValue(CompiledModel.OverrideName(decision), out var value) && value > 0 ? side.Protocol.Decisions[decision].Table.Conclusions[value - 1] : null;

    private string Rest(string decision, List<ComparedSide> given) => given switch
    {
        [var only] when IsTimed(only == pair.One ? pair.Other : pair.One, decision) =>
            $", and {Name(only == pair.One ? pair.Other : pair.One)} counts from {Starts(only == pair.One ? pair.Other : pair.One)}",
        [_] => "",
        _ => ", not alike",
    };

    /// <summary>The starts of the clocks that a side looks at.</summary>
    public static string Starts(ComparedSide side)
    {
        string[] starts =
        [
            .. FactWords.Starts
                .Where(clock => side.Decision.Feeders.Append(side.Decision.Id).Any(decision => Looks(side, decision, clock.Fact)))
                .Select(clock => clock.Start),
        ];
        return starts.Length == 1 ? starts[0] + " only" : ProtocolWords.And(starts);
    }

    /// <summary>Whether a table goes by the clock; one that is in the model for another's sake has no bearing on it.</summary>
    private static bool Looks(ComparedSide side, string decision, string clock) =>
        side.Protocol.Document.Decisions[decision].Inputs.Contains(clock)
        && side.Protocol.Decisions[decision].Diagram.SupportInputs.Contains(side.Protocol.Model.InputIndex(clock));

    private string Name(ComparedSide side) => words.Name(side.Protocol.Name);
}
