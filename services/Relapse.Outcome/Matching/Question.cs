using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Decisions;

namespace Relapse.Outcomes;

/// <summary>What is asked: a case with its facts, the decisions that rows look at, and what is said of treatment and state.</summary>
internal sealed class Question
{
    private readonly ImmutableDictionary<(string Scheme, string Decision), Decision> _decisions;
    private readonly string _general;

    /// <param name="evaluator">The case with its facts.</param>
    /// <param name="decisions">The decisions made for it, each with the id of its protocol; none whose words are not those of the library.</param>
    /// <param name="general">Id of the protocol in whose words site and remission are read.</param>
    /// <param name="treatment">What is said of treatment and state.</param>
    public Question(CaseEvaluator evaluator, IEnumerable<(string Scheme, Decision Decision)> decisions, string general, AskedIntention treatment)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(treatment);
        Standings = new CaseStandings(evaluator);
        _decisions = decisions.ToImmutableDictionary(made => (made.Scheme, made.Decision.Decision_), made => made.Decision);
        _general = general;
        Treatment = treatment;
    }

    public CaseStandings Standings { get; }

    /// <summary>What is said of treatment, what the case says of it included.</summary>
    public AskedIntention Treatment { get; }

    /// <summary>Whether a decision was made in the words that rows use.</summary>
    public bool Has(string scheme, string decision) => _decisions.ContainsKey((scheme, decision));

    /// <summary>How the case stands to conclusions of a decision in the words of a scheme.</summary>
    public CaseStanding Conclusion(string scheme, string decision, IReadOnlyCollection<string> conclusions) =>
        _decisions.TryGetValue((scheme, decision), out var made) ? CaseStandings.Conclusion(made, conclusions) : CaseStanding.Open();

    /// <summary>How the case stands to conclusions of a decision that belongs to no scheme of the source.</summary>
    public CaseStanding General(string decision, params IReadOnlyCollection<string> conclusions) => Conclusion(_general, decision, conclusions);

    /// <summary>Whether there is one conclusion of a decision that belongs to no scheme, and which.</summary>
    public string? Settled(string decision) =>
        _decisions.TryGetValue((_general, decision), out var made) && made.Possible.Count == 1 && made.Outcome is Contracts.Decision.V1.Outcome.Determined or Contracts.Decision.V1.Outcome.Conditional
            ? made.Possible[0]
            : null;

    /// <summary>How the case stands to a relapse that rows name.</summary>
    public CaseStanding Relapse(IReadOnlyCollection<RelapseOrdinal> ordinals)
    {
        var numbers = ordinals.Select(NumbersOf).OfType<Interval>().Select(Standings.RelapseNumber).ToArray();
        var refractory = ordinals.Contains(RelapseOrdinal.Refractory) ? General(SchemeDecisions.Refractory, "YES") : CaseStanding.Outside;
        CaseStanding[] all = [.. numbers, refractory];
        return all.Any(one => one.Standing is Standing.Within) || IsWithinTogether(ordinals) ? CaseStanding.Within
            : all.All(one => one.Standing is Standing.Outside) ? CaseStanding.Outside
            : CaseStanding.Open([.. all.Where(one => one.Standing is not Standing.Outside).SelectMany(one => one.Missing).Distinct()]);
    }

    /// <summary>How the case stands to remissions in which a clock starts.</summary>
    public CaseStanding Remission(IReadOnlyCollection<RemissionState> states) => State is { } state
        ? states.Contains(state) ? CaseStanding.Within : CaseStanding.Outside
        : CaseStanding.Open(_decisions.TryGetValue((_general, SchemeDecisions.Remission), out var made) ? [.. made.Missing.Select(fact => fact.Field)] : []);

    /// <summary>The remission that the child is in, or asked about; null where it is not known.</summary>
    public RemissionState? State
    {
        get
        {
            if (Treatment.Intention.State is not RemissionState.Unspecified)
            {
                return Treatment.Intention.State;
            }
            var remission = Settled(SchemeDecisions.Remission);
            if (remission is "NOT_IN_REMISSION")
            {
                return RemissionState.AtRelapse;
            }
            if (remission is not ("COMPLETE" or "COMPLETE_WITHOUT_PLATELETS"))
            {
                return null;
            }
            return Standings.RelapseNumber(Interval.Point(1)).Standing is Standing.Within ? RemissionState.SecondRemission
                : Standings.RelapseNumber(Interval.Point(2)).Standing is Standing.Within ? RemissionState.ThirdRemission
                : null;
        }
    }

    private bool IsWithinTogether(IReadOnlyCollection<RelapseOrdinal> ordinals)
    {
        Interval[] numbers = [.. ordinals.Select(NumbersOf).OfType<Interval>().OrderBy(interval => interval.Min)];
        if (numbers.Length < 2)
        {
            return false;
        }
        // First, second and later are counted without a gap, so that neighbours are one interval.
        var isRun = numbers.Zip(numbers.Skip(1)).All(pair => pair.Second.Min == pair.First.Max + 1);
        return isRun && Standings.RelapseNumber(new Interval(numbers[0].Min, false, numbers[^1].Max, false)).Standing is Standing.Within;
    }

    private static Interval? NumbersOf(RelapseOrdinal ordinal) => ordinal switch
    {
        RelapseOrdinal.First => Interval.Point(1),
        RelapseOrdinal.Second => Interval.Point(2),
        RelapseOrdinal.Later => new Interval(3, false, null, false),
        _ => null,
    };
}
