using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Relapse.Tests.Edge.Authentication;

/// <summary>How often a process judged a token, and did not know it from before.</summary>
internal sealed class TokensJudged
{
    private int _count;

    public int Count => _count;

    public static TokensJudged By(IServiceProvider process)
    {
        var judged = new TokensJudged();
        var bearer = process.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        bearer.Events.OnMessageReceived = _ =>
        {
            Interlocked.Increment(ref judged._count);
            return Task.CompletedTask;
        };
        return judged;
    }
}
