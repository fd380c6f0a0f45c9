using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Assessment;

/// <summary>The facts that are not known and would settle a finding, each once.</summary>
internal sealed class NeededFacts
{
    private readonly Dictionary<string, (NeededFact Fact, bool ForWhatComesNext)> _facts = new(StringComparer.Ordinal);

    /// <summary>Adds what a decision, and what it requires, hangs on.</summary>
    public void Add(Decision decision, bool comesNext)
    {
        var fields = decision.Missing.Select(missing => missing.Field).Concat(decision.Requires.SelectMany(required => required.Missing));
        foreach (var field in fields.Distinct(StringComparer.Ordinal))
        {
            var (fact, forNext) = _facts.GetValueOrDefault(field, (new NeededFact { Field = field }, false));
            fact.NeededFor.Add(new NeededFor { Protocol = decision.Protocol, Decision = decision.Decision_ });
            _facts[field] = (fact, forNext || comesNext);
        }
    }

    /// <summary>Those that what comes next hangs on first, and among them those that most findings hang on.</summary>
    public IEnumerable<NeededFact> InOrder() => _facts.Values
        .OrderByDescending(entry => entry.ForWhatComesNext)
        .ThenByDescending(entry => entry.Fact.NeededFor.Count)
        .ThenBy(entry => entry.Fact.Field, StringComparer.Ordinal)
        .Select(entry => entry.Fact);
}
