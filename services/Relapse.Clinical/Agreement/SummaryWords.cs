using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Clinical;

/// <summary>Says an agreement in one or two sentences.</summary>
/// <param name="agreement">The agreement, but for its summary.</param>
/// <param name="partings">Its partings.</param>
/// <param name="words">The names.</param>
/// <param name="proviso">What must hold for the answer of a protocol, to end a clause with, after a comma; empty for nothing.</param>
internal sealed class SummaryWords(Agreement agreement, IReadOnlyList<SaidParting> partings, ProtocolWords words, Func<string, string> proviso)
{
    private static readonly string[] _numbers = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private readonly List<Position> _concluding = [.. agreement.Positions.Where(position => position.Possible.Count > 0)];

    /// <param name="meaning">For a word, for whom it covers the same patients and for whom others.</param>
    public string Say(Func<string, string> meaning) => agreement.State switch
    {
        AgreementState.Agree when IsOpen => $"{All()} are undetermined alike: {Says()}{Silent()}.",
        AgreementState.Agree => $"{All()} agree: {Says()}{Silent()}.",
        AgreementState.SameWordOnly => $"{Same()}{Silent()}. {string.Join(" ", _concluding[0].Possible.Select(meaning))}",
        AgreementState.Differ => $"They differ: {Says()}{Silent()}.{Only()}",
        AgreementState.Open => $"{SaidParting.DependsOn("they", partings.SelectMany(parting => parting.Open))}: {Says()}{Silent()}.{Only()}",
        _ when _concluding.Count > 1 => $"There is nothing to compare, because no case is covered by {(Concluding == 2 ? "both" : "any two of them")}: {Says()}{Silent()}.",
        _ when _concluding.Count == 1 => $"There is nothing to compare: {Says()}{Silent()}.",
        _ => $"There is nothing to compare: {Silent()[2..]}.",
    };

    private bool IsOpen => _concluding.Exists(position => position.Possible.Count > 1);

    private int Concluding => _concluding.Sum(position => position.Protocols.Count);

    private string All()
    {
        var all = Concluding == 2 ? "Both" : Concluding - 2 < _numbers.Length ? "All " + _numbers[Concluding - 2] : "All";
        return agreement.Positions.Any(position => position.Possible.Count == 0) ? all + " that conclude" : all;
    }

    private string Same()
    {
        if (IsOpen)
        {
            return $"{All()} are undetermined alike: {Says()}";
        }

        var says = WellKnownDecisions.InProtocolWords.Contains(agreement.Decision) ? "call this relapse" : "conclude";
        return $"{All()} {says} {_concluding[0].Possible[0]}: {string.Join("; ", Provided(_concluding[0], proviso))}";
    }

    private string Says()
    {
        string[] provisos = [.. _concluding.SelectMany(position => position.Protocols).Select(proviso).Distinct(StringComparer.Ordinal)];
        // What all rest on is said once.
        return provisos is [{ Length: > 0 } shared] && _concluding.Count > 1
            ? $"{Clauses(_ => "")}, each{shared[1..]}"
            : Clauses(proviso);
    }

    private string Clauses(Func<string, string> ending) => string.Join(
        "; ", _concluding.SelectMany(position => Provided(position, ending).Select(who => $"{ProtocolWords.Or(position.Possible)} in {who}")));

    /// <summary>Protocols of a position, together where the same must hold for their answers.</summary>
    private IEnumerable<string> Provided(Position position, Func<string, string> ending) => position.Protocols
        .GroupBy(ending, StringComparer.Ordinal)
        .Select(same => ProtocolWords.And(same.Select(words.Name)) + same.Key);

    private string Silent() => agreement.Positions.All(position => position.Outcome == Outcome.Inconsistent)
        ? "; the facts of the case contradict each other"
        : string.Concat(agreement.Positions
            .Where(position => position.Possible.Count == 0)
            .Select(position => (Who: ProtocolWords.And(position.Protocols.Select(words.Name)), position.Outcome))
            .Select(silent => silent.Outcome == Outcome.Inconsistent ? $"; in {silent.Who} the facts of the case contradict each other" : $"; out of scope in {silent.Who}"));

    // One parting is said in the summary itself; several are read where they stand.
    private string Only() => partings is [var only] ? " " + only.Why : "";
}
