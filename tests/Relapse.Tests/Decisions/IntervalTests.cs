using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

public sealed class IntervalTests
{
    [Theory]
    [InlineData("[0, 5)")]
    [InlineData("(25, 100]")]
    [InlineData("[18, inf)")]
    [InlineData("(-inf, 0)")]
    [InlineData("(-inf, inf)")]
    [InlineData("[-0.5, 1.25]")]
    [InlineData("(5, 5)")]
    public void The_written_form_is_read_back(string text)
    {
        Assert.True(Interval.TryParse(text, out var interval, out var error), error);
        Assert.Equal(text, interval.ToString());
    }

    [Theory]
    [InlineData("[0,5)", "[0, 5)")]
    [InlineData(" [ 1e-4 , 0.001 ] ", "[0.0001, 0.001]")]
    public void Spaces_and_exponents_do_not_matter(string text, string written)
    {
        Assert.True(Interval.TryParse(text, out var interval, out _));
        Assert.Equal(written, interval.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("[0, 5")]
    [InlineData("0, 5)")]
    [InlineData("[0; 5)")]
    [InlineData("[0, 5, 6)")]
    [InlineData("[-inf, 5)")]
    [InlineData("[0, inf]")]
    [InlineData("(inf, 5)")]
    [InlineData("[a, 5)")]
    [InlineData("[1e99, 5)")]
    [InlineData("[0, x)")]
    public void What_is_not_an_interval_is_refused_with_a_reason(string? text)
    {
        Assert.False(Interval.TryParse(text, out var interval, out var error));
        Assert.NotEmpty(error);
        Assert.Equal(Interval.Everything, interval);
    }

    [Fact]
    public void Ends_belong_or_do_not()
    {
        var interval = Parse("(25, 100]");
        Assert.False(interval.Contains(25));
        Assert.True(interval.Contains(25.0001m));
        Assert.True(interval.Contains(100));
        Assert.False(interval.Contains(100.0001m));
        Assert.True(Interval.Everything.Contains(decimal.MinValue));
        Assert.True(Interval.Point(5).Contains(5.00m));
    }

    [Fact]
    public void One_interval_has_one_record()
    {
        Assert.Equal(new Interval(null, true, null, true), Interval.Everything);
        Assert.Equal(Parse("[1.0, 2)"), Parse("[1, 2.00)"));
        Assert.Equal(Parse("[1.0, 2)").GetHashCode(), Parse("[1, 2.00)").GetHashCode());
    }

    [Fact]
    public void Set_operations_agree_with_membership()
    {
        var ends = new decimal?[] { null, 0, 1, 2 };
        var flags = new[] { false, true };
        var intervals = (from min in ends from max in ends from low in flags from high in flags select new Interval(min, low, max, high))
            .Distinct().ToList();
        decimal[] points = [-1, 0, 0.5m, 1, 1.5m, 2, 3];
        foreach (var one in intervals)
        {
            // Between and at all the ends there is a point, so emptiness shows in the points.
            Assert.Equal(points.Any(one.Contains), !one.IsEmpty);
            foreach (var other in intervals)
            {
                var rest = one.Except(other);
                Assert.All(points, point =>
                    Assert.Equal(one.Contains(point) && other.Contains(point), one.Intersect(other).Contains(point)));
                Assert.All(points, point =>
                    Assert.Equal(one.Contains(point) && !other.Contains(point), rest.Count(part => part.Contains(point)) == 1));
                Assert.Equal(points.Any(point => one.Contains(point) && other.Contains(point)), one.Overlaps(other));
                Assert.Equal(points.All(point => !one.Contains(point) || other.Contains(point)), one.IsWithin(other));
            }
        }
    }

    internal static Interval Parse(string text) => Interval.TryParse(text, out var interval, out var error)
        ? interval : throw new FormatException(error);
}
