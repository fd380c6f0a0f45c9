using System.Diagnostics;
using Grpc.Core;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>The issuer signs with another key from one moment to the next, and nobody restarts anything.</summary>
public sealed class KeyRotationTests
{
    [Fact]
    public async Task Tokens_of_the_new_key_are_accepted_soon_those_of_the_old_refused_and_nothing_is_lost()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new RelapseServer { Arguments = issuer.Arguments };
        await server.InitializeAsync();
        var (small, old) = (RegistryHouse.Fresh(), issuer.Token("north"));
        await RegistryFace.Of(server, "gRPC", old).Publish(small.Publish());

        issuer.Rotate();
        var north = RegistryFace.Of(server, "gRPC", issuer.Token("north"));
        for (var rotated = Stopwatch.StartNew(); await CodeAsync(north, small) is var code && code != StatusCode.OK; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            Assert.Equal(StatusCode.Unauthenticated, code);
            Assert.True(rotated.Elapsed < TimeSpan.FromSeconds(20), "the new key was not fetched");
        }

        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(RegistryFace.Of(server, "gRPC", old), small));
        await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        // Strangers' tokens name keys that nobody has, and do not make the process ask for each.
        var asked = issuer.Asked;
        for (var stranger = 0; stranger < 20; stranger++)
        {
            var token = issuer.Token(_ => { }, new(TestIssuer.NewKey(), "RS256"));
            Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(RegistryFace.Of(server, "gRPC", token), small));
        }

        Assert.InRange(issuer.Asked, asked, asked + 2);
    }

    private static async Task<StatusCode> CodeAsync(RegistryFace face, SmallProtocol small)
    {
        try
        {
            await face.Get(small.Name);
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
