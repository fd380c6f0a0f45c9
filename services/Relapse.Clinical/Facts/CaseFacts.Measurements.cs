using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>
/// MRD measurements: which results count is each document's own, so that the level and method are worked out when a document asks, once for
/// all documents that look at the same results.
/// </summary>
internal sealed partial class CaseFacts
{
    private readonly List<(MrdMeasure Measure, MeasuredFacts Facts)> _measured = [];

    /// <summary>Whether the case has any result.</summary>
    public bool HasMeasurements => _case.Mrd.Count > 0;

    /// <summary>Which result stands for a measurement.</summary>
    public MrdSelection Select(MrdMeasure measure) => Measured(measure).Selection;

    /// <summary>The time points, as a set, of the results that stand for a measurement or may; UNSPECIFIED, which is none, left out.</summary>
    public ulong TimePointsOf(MrdSelection selected) =>
        selected.Used.Concat(selected.MayCount).Aggregate(0UL, (points, index) => points | (1UL << (int)_case.Mrd[index].TimePoint)) & ~1UL;

    /// <summary>Why nothing can be concluded from the results that stand for a measurement; null for none.</summary>
    public CaseContradiction? ContradictionIn(MrdMeasure measure) => _case.Mrd.Count == 0 ? null : Measured(measure).Contradiction;

    private Fact Measured(FactDefinition fact, MrdMeasure measure) => fact.IsNumber ? Measured(measure).Level : Measured(measure).Method;

    private MeasuredFacts Measured(MrdMeasure measure)
    {
        foreach (var (known, facts) in _measured)
        {
            if (known == measure)
            {
                return facts;
            }
        }
        var selected = MrdSelector.Select(_case, _numbers, measure);
        _measured.Add((measure, selected));
        return selected;
    }
}
