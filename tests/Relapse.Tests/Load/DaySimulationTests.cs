using Relapse.Load.Day;

namespace Relapse.Tests.Load;

/// <summary>The simulated day, against what the theory of queues says of the cases it can say anything of.</summary>
public sealed class DaySimulationTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void One_replica_with_equal_work_makes_calls_wait_as_long_as_Pollaczek_and_Khinchine_say(double load)
    {
        const double Work = 0.01;
        var random = new Random(1);
        var station = new Station("one", replicas: 1, cores: 1);
        var (now, waited, calls) = (0.0, 0.0, 400_000);
        for (var call = 0; call < calls; call++)
        {
            now -= Math.Log(1 - random.NextDouble()) * Work / load;
            waited += station.DoneAt(now, Work) - now - Work;
        }

        Assert.Equal(1, waited / calls / (load * Work / (2 * (1 - load))), 0.05);
    }

    [Fact]
    public void A_call_alone_takes_what_its_work_takes_of_the_processor_that_a_replica_has()
    {
        var day = new DaySimulation(DayShape.Even, calls: 50, assessments: 1, others: 1, cores: 0.5);
        day.Run(seed: 1);
        // In, asking, the slowest part, laying out and out again, at half a processor.
        Assert.All(day.Taken, taken => Assert.Equal((0.00032 + 0.0005 + 0.003 + 0.0056 + 0.00065) / 0.5, taken, 1e-9));
    }

    [Fact]
    public void No_call_is_lost_in_a_day_of_more_than_the_replicas_can_do_and_the_service_that_is_short_is_named()
    {
        var day = new DaySimulation(DayShape.Clinics, calls: 20_000, assessments: 1, others: 10, cores: 0.002);
        var line = day.Run(seed: 1);
        Assert.All(day.Taken, taken => Assert.True(taken > 0));
        Assert.True(day.Taken[^1] > 3600);
        Assert.Equal("assessment", day.Busiest.Name);
        Assert.Contains("busiest=assessment", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_come_as_the_hours_weigh_and_those_of_a_list_at_once()
    {
        var calls = DayShape.Clinics.Calls(100_000, new Random(1));
        var total = DayShape.Clinics.Hours.Sum();
        foreach (var (hour, weight) in DayShape.Clinics.Hours.Index())
        {
            var came = calls.Count(call => (int)(call.At / 3600) == hour);
            Assert.InRange(came / 100_000.0, (weight / total) - 0.01, (weight / total) + 0.01);
        }

        Assert.Equal(DayShape.Clinics.InLists, calls.GroupBy(call => call.At).Where(each => each.Count() > 1).Sum(each => each.Count()) / 100_000.0, 0.001);
        Assert.Equal(calls.Select(call => call.At), calls.Select(call => call.At).Order());
    }
}
