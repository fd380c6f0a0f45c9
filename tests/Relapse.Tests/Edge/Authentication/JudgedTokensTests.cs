using System.Collections.Frozen;
using Relapse.Edge;

namespace Relapse.Tests.Edge.Authentication;

/// <summary>How long, under which keys and how many accepted tokens are remembered.</summary>
public sealed class JudgedTokensTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly object Keys = new();

    private readonly SetClock _clock = new() { Now = Noon };
    private readonly JudgedTokens _judged;

    public JudgedTokensTests() => _judged = new JudgedTokens(_clock);

    [Fact]
    public void A_token_names_whom_it_named_and_no_other_token_does()
    {
        Remember("one.two.three", "north");
        Remember("one.two.four", "south");
        Assert.Equal("north", _judged.Find("one.two.three", Keys)?.Centre);
        Assert.Equal("south", _judged.Find("one.two.four", Keys)?.Centre);
        Assert.Null(_judged.Find("one.two.thre", Keys));
        Assert.Null(_judged.Find("one.two.threE", Keys));
        Assert.Null(_judged.Find("", Keys));
    }

    [Fact]
    public void A_token_is_judged_anew_from_the_moment_it_ends()
    {
        Remember("token", "north");
        _clock.Now = Noon.AddMinutes(5).AddTicks(-1);
        Assert.NotNull(_judged.Find("token", Keys));
        _clock.Now = Noon.AddMinutes(5);
        Assert.Null(_judged.Find("token", Keys));
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_let_a_token_in_before_its_time()
    {
        Remember("token", "north");
        _clock.Now = Noon.AddMinutes(-5);
        Assert.NotNull(_judged.Find("token", Keys));
        _clock.Now = Noon.AddMinutes(-5).AddTicks(-1);
        Assert.Null(_judged.Find("token", Keys));
    }

    [Fact]
    public void Nothing_is_left_of_what_was_judged_by_keys_that_were_fetched_again_since()
    {
        Remember("token", "north");
        var fetched = new object();
        Assert.Null(_judged.Find("token", fetched));
        _judged.Remember("another", fetched, Named("south"), Noon, Noon.AddMinutes(5));
        Assert.Equal(1, _judged.Count);
        Assert.Null(_judged.Find("token", fetched));
        Assert.Null(_judged.Find("token", Keys));
        Assert.NotNull(_judged.Find("another", fetched));
    }

    [Fact]
    public void However_many_tokens_come_only_so_many_are_remembered_and_those_in_use_stay()
    {
        Remember("in use", "north");
        Remember("used once", "south");
        for (var number = 0; number < 3 * JudgedTokens.Most; number++)
        {
            Remember("token " + number, "east");
            Assert.True(_judged.Count <= JudgedTokens.Most);
            Assert.Equal("north", _judged.Find("in use", Keys)?.Centre);
        }

        Assert.Null(_judged.Find("used once", Keys));
    }

    [Fact]
    public async Task Callers_at_the_same_time_get_their_own_or_nothing()
    {
        await Parallel.ForAsync(0, 4 * JudgedTokens.Most, TestContext.Current.CancellationToken, (number, _) =>
        {
            Remember("token " + number, "centre-" + number);
            Assert.Contains(_judged.Find("token " + number, Keys)?.Centre, (string?[])[null, "centre-" + number]);
            Assert.Contains(_judged.Find("token " + (number / 2), Keys)?.Centre, (string?[])[null, "centre-" + (number / 2)]);
            return ValueTask.CompletedTask;
        });
        Assert.InRange(_judged.Count, 1, JudgedTokens.Most);
    }

    private static Caller Named(string centre) => new(centre, FrozenSet<string>.Empty);

    private void Remember(string token, string centre) => _judged.Remember(token, Keys, Named(centre), Noon.AddMinutes(-5), Noon.AddMinutes(5));

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
