using System.Collections.Immutable;

namespace Relapse.Load.Day;

/// <summary>When the calls of a day come. Assumed, and to be replaced by a network that knows its own.</summary>
/// <param name="Name">What it is called in a table.</param>
/// <param name="Hours">The weight of each of the 24 hours; within one calls come at random.</param>
/// <param name="InLists">The share of calls that come in lists, which is what an integration engine does that sends a ward, or a night's work, at once; 0 to 1.</param>
/// <param name="ListLength">How many calls such a list has, all of them due at the same moment; at least 1.</param>
/// <param name="Heavy">The share of calls that take more; 0 to 1.</param>
/// <param name="HeavyFactor">How many times as much they take.</param>
internal sealed record DayShape(string Name, ImmutableArray<double> Hours, double InLists, int ListLength, double Heavy, double HeavyFactor)
{
    private const double SecondsOfHour = 3600;

    /// <summary>Each hour like every other, and no lists: the least that a day can ask.</summary>
    public static DayShape Even { get; } = new("even", [.. Enumerable.Repeat(1.0, 24)], 0, 1, 0, 1);

    /// <summary>Clinics of one time zone, with a morning and an afternoon, of whose calls a third come in lists of fifty.</summary>
    public static DayShape Clinics { get; } = new("clinics", [.. Working], 1.0 / 3, 50, 0.05, 6);

    /// <summary>The same, but every engine sends on the hour what it has gathered, in lists of five hundred.</summary>
    public static DayShape OnTheHour { get; } = Clinics with { Name = "lists of 500", InLists = 0.5, ListLength = 500 };

    private static double[] Working => [1, 1, 1, 1, 1, 2, 4, 7, 11, 13, 15, 13, 10, 11, 13, 12, 9, 6, 4, 3, 2, 2, 1, 1];

    /// <summary>The calls of one day in the order in which they come: seconds since its begin, and how many times the usual work each takes.</summary>
    public (double At, double Factor)[] Calls(int count, Random random)
    {
        var cumulative = Hours.ToArray();
        for (var hour = 1; hour < cumulative.Length; hour++)
        {
            cumulative[hour] += cumulative[hour - 1];
        }

        var calls = new (double At, double Factor)[count];
        var inLists = (int)(count * InLists);
        for (var call = 0; call < count; call++)
        {
            var goesWithTheOneBefore = call < inLists && call % ListLength != 0;
            calls[call] = (goesWithTheOneBefore ? calls[call - 1].At : Moment(), random.NextDouble() < Heavy ? HeavyFactor : 1);
        }

        Array.Sort(calls, (one, other) => one.At.CompareTo(other.At));
        return calls;

        double Moment()
        {
            var drawn = random.NextDouble() * cumulative[^1];
            var hour = Array.FindIndex(cumulative, weight => weight > drawn);
            return (hour + random.NextDouble()) * SecondsOfHour;
        }
    }
}
