using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>A case is written for every value of every fact, and says just that.</summary>
public sealed class ExampleCaseTests
{
    private static readonly Dictionary<string, Measurement> _measurements = FactCatalogue.Measurements.ToDictionary(name => name, name => new Measurement
    {
        TimePoints = { name == "at_relapse" ? TimePoint.AtRelapse : TimePoint.EndOfInduction }, Specimens = { Specimen.Marrow }, Methods = { MrdMethod.Flow },
    });

    [Fact]
    public void Every_fact_can_be_written_into_a_case_that_says_just_that()
    {
        foreach (var fact in FactCatalogue.Ids.Select(id => FactCatalogue.Find(id)!).Where(fact => fact.Group.Length == 0 && !fact.IsNumber))
        {
            foreach (var word in fact.Words.Where(word => (fact.Id, word) is not ((FactId.TherapyStoppedEarly, _) or (FactId.EventBefore, "YES"))))
            {
                var written = ExampleCase.Write(new Dictionary<string, string> { [fact.Id] = word }, new Dictionary<string, Interval>(), _measurements);
                Assert.True(written is not null, $"{fact.Id} {word} is not written");
                Assert.Empty(CaseValidator.Validate(written));
                Assert.Equal([word], fact.Words.Where((_, index) => ((WordFact)new CaseFacts(written)[Measured(fact)]).Possible.Contains(index)));
            }
        }
    }

    [Fact]
    public void Every_number_can_be_written_into_a_case_that_says_just_that()
    {
        // Of marrow tests a case says only the least that they were; of second tests of a second marrow no example is made.
        string[] tests = [FactId.HighestMarrowTest, FactId.SecondMarrowTest, FactId.SecondTestOfSecondMarrow];
        foreach (var fact in FactCatalogue.Ids.Select(id => FactCatalogue.Find(id)!).Where(fact => fact.Group.Length == 0 && fact.IsNumber && !tests.Contains(fact.Id)))
        {
            var asked = fact.IsCount ? Interval.Point(1) : new Interval(0.25m, true, 0.75m, true);
            var written = ExampleCase.Write(new Dictionary<string, string>(), new Dictionary<string, Interval> { [fact.Id] = asked }, _measurements);
            Assert.True(written is not null, $"{fact.Id} is not written");
            Assert.Empty(CaseValidator.Validate(written));
            var said = ((NumberFact)new CaseFacts(written)[Measured(fact)]).Interval;
            Assert.True(said.IsPoint && asked.Contains(said.Min!.Value), $"{fact.Id} is {said}");
        }
    }

    private static FactDefinition Measured(FactDefinition fact) =>
        fact.Measurement.Length == 0 ? fact : fact with { Measure = MrdMeasure.Of(fact.Measurement, _measurements[fact.Measurement]) };
}
