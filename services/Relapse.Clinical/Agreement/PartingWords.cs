using Relapse.Clinical.Facts;
using Relapse.Contracts.Classification.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Says where two protocols part for one case: on decisions that both share, else on the facts that each goes by.</summary>
internal sealed class PartingWords
{
    private const string TimingField = "case.timing";

    private readonly ComparedPair _pair;
    private readonly ProtocolWords _words;
    private readonly CaseFacts _facts;

    private PartingWords(ComparedPair pair, ProtocolWords words, CaseFacts facts) => (_pair, _words, _facts) = (pair, words, facts);

    public static Parting Of(ComparedPair pair, DifferingCase where, bool certain, ProtocolWords words, CaseFacts facts)
    {
        var writer = new PartingWords(pair, words, facts);
        return new Parting
        {
            One = pair.One.Protocol.Name,
            Other = pair.Other.Protocol.Name,
            Facts = { where.Conditions.Select(writer.Fact).DistinctBy(fact => fact.Fact) },
            Detail = writer.Detail(where, certain),
        };
    }

    private PartingFact Fact(RegionCondition condition)
    {
        if (IsDecision(condition.Name))
        {
            return new PartingFact { Fact = condition.Name, Values = { condition.Labels } };
        }

        return FactCatalogue.Find(condition.Name) switch
        {
            // Each protocol counts in bands of its own, from starts of its own.
            { Group: FactCatalogue.TimingGroup } => new PartingFact { Fact = TimingField },
            { } fact => new PartingFact { Fact = _facts[fact.Id].Field, Values = { Values(condition) } },
            null => new PartingFact { Fact = OtherField(condition.Name), Values = { Values(condition) } },
        };
    }

    private string Detail(DifferingCase where, bool certain)
    {
        var counts = where.Conditions.Any(condition => IsClock(condition.Name));
        string[] said = [.. counts ? ["timing"] : Array.Empty<string>(), .. where.Conditions.Where(condition => !IsClock(condition.Name)).Select(Say)];
        var on = said.Length == 0 ? "They part" : $"They {(certain ? "part" : "may part")} on {ProtocolWords.And(said)}";
        var starts = counts ? $", which {Name(_pair.One)} counts from {Starts(_pair.One)} and {Name(_pair.Other)} from {Starts(_pair.Other)}" : "";
        return $"{on}{starts}: {Concludes(_pair.One, where, region => region.ConclusionA, counts)}{(counts ? "; " : ", ")}{Concludes(_pair.Other, where, region => region.ConclusionB, counts)}.";
    }

    private string Say(RegionCondition condition)
    {
        if (IsDecision(condition.Name))
        {
            var labels = condition.Labels.Select(word => _words.ShortLabel(_pair.One.Protocol.Name, condition.Name, word));
            return $"{ProtocolWords.Spoken(condition.Name)} ({ProtocolWords.Or(labels)})";
        }

        return $"{FactWords.Of(condition.Name)} ({ProtocolWords.Or(condition.Labels.Select(FactWords.OfWord).Concat(condition.Intervals.Select(interval => interval.ToString())))})";
    }

    /// <summary>The starts of the clocks that a side looks at.</summary>
    private static string Starts(ComparedSide side)
    {
        var support = side.Decision.Diagram.SupportInputs;
        string[] starts =
        [
            .. FactWords.Starts
                .Where(clock => Looks(side, clock.Fact) && support.Contains(side.Protocol.Model.InputIndex(clock.Fact)))
                .Select(clock => clock.Start),
        ];
        return starts.Length == 1 ? starts[0] + " only" : ProtocolWords.And(starts);
    }

    private static bool Looks(ComparedSide side, string name) => side.Decision.Feeders.Append(side.Decision.Id)
        .Any(decision => side.Protocol.Document.Decisions[decision].Inputs.Contains(name));

    private string Concludes(ComparedSide side, DifferingCase where, Func<DifferingRegion, string> conclusion, bool explain)
    {
        var reached = where.Regions.Select(conclusion).ToHashSet(StringComparer.Ordinal);
        string[] inOrder = [.. side.Decision.Diagram.Conclusions.Values.Where(reached.Contains)];
        var said = $"{ProtocolWords.Or(inOrder.Select(word => word == CompiledDecision.OutOfScope ? ProtocolWords.Spoken(word) : word))} in {Name(side)}";
        // Where they part below what they share, a word says little without its label.
        return explain ? $"{said} is {ProtocolWords.Or(inOrder.Select(word => _words.Label(side.Protocol.Name, side.Decision.Id, word)))}" : said;
    }

    private string Name(ComparedSide side) => _words.Name(side.Protocol.Name);

    private bool IsDecision(string name) => _pair.One.Protocol.Decisions.ContainsKey(name);

    private static bool IsClock(string name) => FactCatalogue.Find(name)?.Group == FactCatalogue.TimingGroup;

    private static IEnumerable<string> Values(RegionCondition condition) =>
        condition.Labels.Concat(condition.Intervals.Select(interval => interval.ToString()));

    /// <summary>A reading without a default, or what a rule leaves open.</summary>
    private string OtherField(string name)
    {
        foreach (var protocol in new[] { _pair.One.Protocol, _pair.Other.Protocol })
        {
            if (protocol.Model.InputIndex(name) is >= 0 and var input && protocol.Bindings[input] is OpenInput open)
            {
                return open.SettledBy;
            }
        }

        return "readings." + name;
    }
}
