using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Tests of the marrow at relapse beside its morphology, ordered by what they found: a document that asks for two tests at
/// some level asks for the second highest. Tests that nobody listed are not known, so that only their lower end is, unless
/// the case says that none was made; a test not made found nothing.
/// </summary>
internal sealed partial class CaseFacts
{
    private void AddMarrowTests(RelapseCase @case)
    {
        if (@case.Unknown.Count > 0 && @case.Unknown.Any(unknown => unknown is { Field: MarrowTestFact.TestsField, Reason: UnknownReason.NotDone }))
        {
            foreach (var (id, fact) in MarrowTestFact.OfEach(Interval.Point(0)))
            {
                _facts[FactCatalogue.Find(id)!] = fact;
            }
        }
        else if (@case.Mrd.Count > 0)
        {
            var (first, twoOnOneSecond) = MarrowTests.ByMarrow(@case, _numbers);
            Set(FactId.HighestMarrowTest, first.Length > 0 ? first[0] : null);
            Set(FactId.SecondMarrowTest, first.Length > 1 ? first[1] : null);
            Set(FactId.SecondTestOfSecondMarrow, twoOnOneSecond);
        }

        void Set(string id, decimal? atLeast)
        {
            if (atLeast is { } least)
            {
                _facts[FactCatalogue.Find(id)!] = (MarrowTestFact)_facts[id] with { Interval = new Interval(least, false, 100, false) };
            }
        }
    }
}
