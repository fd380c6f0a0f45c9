using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Relapse.Edge;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Edge.Authentication;

/// <summary>Whose tokens the edge believes, and what it says otherwise in each protocol.</summary>
public sealed class TokenTests
{
    private static readonly string[] Both = ["relapse.read", "relapse.publish"];
    private static readonly string[] TwoCentres = ["north", "south"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_the_issuer_says_who_calls()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        using var answer = await GetAsync(process, issuer.Token("north", "relapse.read relapse.label"));
        Assert.Equal("north may relapse.label relapse.read", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.DoesNotContain("WITHOUT AUTHENTICATION", process.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("North")]
    [InlineData("../north")]
    [InlineData("")]
    [InlineData("north south")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_centre_that_can_be_none_is_none(string centre)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        using var answer = await GetAsync(process, issuer.Token(centre, "relapse.read"));
        Assert.Equal("nobody may relapse.read", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Scopes_may_stand_in_scp_as_a_list_and_two_centres_are_none()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        var token = issuer.Token(claims => (claims["scp"], claims["centre"]) = (Both, TwoCentres));
        using var answer = await GetAsync(process, token);
        Assert.Equal("nobody may relapse.publish relapse.read", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("garbage")]
    [InlineData("another key")]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("expired")]
    [InlineData("not yet")]
    [InlineData("unsigned")]
    [InlineData("public key as password")]
    [InlineData("changed")]
    [InlineData("huge")]
    [InlineData("basic")]
    public async Task What_is_no_token_of_the_issuer_is_refused_in_both_protocols_and_goes_no_further(string what)
    {
        await using var issuer = await TestIssuer.StartAsync();
        var reached = 0;
        await using var process = await StartAsync(issuer.Arguments, () => reached++);
        var token = Bad(issuer, what);
        using var json = await GetAsync(process, token, what == "basic" ? "Basic" : "Bearer");
        await StatusJson.Is(json, 401, RpcCode.Unauthenticated, "UNAUTHENTICATED");
        Assert.Equal("Bearer", Assert.Single(json.Headers.WwwAuthenticate).Scheme);

        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAsync(process, token));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Equal("UNAUTHENTICATED", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal(0, reached);
        Assert.Empty(process.Log.Errors);
        if (token.Length > 20)
        {
            Assert.DoesNotContain(token, process.Log.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/openapi.json")]
    [InlineData("/docs/contract")]
    public async Task Probes_and_the_contract_need_none(string path)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        using var answer = await process.Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Keys_that_were_never_had_are_no_fault_of_the_caller()
    {
        await using var process = await StartAsync(["--RELAPSE_OIDC_AUTHORITY=http://127.0.0.1:9", "--RELAPSE_OIDC_AUDIENCE=relapse"]);
        await using var issuer = await TestIssuer.StartAsync();
        using var json = await GetAsync(process, issuer.Token("north"));
        await StatusJson.Is(json, 503, RpcCode.Unavailable, "ISSUER_UNREACHABLE");
        using var bare = await GetAsync(process, "");
        await StatusJson.Is(bare, 401, RpcCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Keys_may_come_from_a_file_with_the_issuer_said()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        var file = Path.Combine(folder.Path, "keys.json");
        await File.WriteAllTextAsync(file, issuer.KeySet(), Cancel);
        await using var process = await StartAsync(["--RELAPSE_OIDC_ISSUER=" + issuer.Address, "--RELAPSE_OIDC_KEYS=" + file, "--RELAPSE_OIDC_AUDIENCE=relapse"]);
        using var answer = await GetAsync(process, issuer.Token("north", "relapse.read"));
        Assert.Equal("north may relapse.read", await answer.Content.ReadAsStringAsync(Cancel));
        using var wrong = await GetAsync(process, issuer.Token(_ => { }, issuer: "https://somebody.else"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(0, issuer.Asked);
    }

    [Fact]
    public async Task A_token_is_judged_again_when_the_keys_were_fetched_again()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        var (token, judged) = (issuer.Token("north", "relapse.read"), process.Services.GetRequiredService<JudgedTokens>());
        using var first = await GetAsync(process, token);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var before = await KeysAsync(process);
        Assert.Equal("north", judged.Find(token, before)?.Centre);

        // A token of a key that is not in the set has the set fetched, beside the call.
        issuer.Rotate();
        var newer = issuer.Token("south", "relapse.read");
        while (ReferenceEquals(before, await KeysAsync(process)))
        {
            using var unknown = await GetAsync(process, newer);
            await Task.Delay(10, Cancel);
        }

        var after = await KeysAsync(process);
        Assert.Null(judged.Find(token, after));
        using var second = await GetAsync(process, newer);
        Assert.Equal("south may relapse.read", await second.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("south", judged.Find(newer, after)?.Centre);

        // Accepted for an hour yet, as the library has it, by the key that the issuer took away: each time judged, never remembered.
        using var late = await GetAsync(process, token);
        Assert.Null(judged.Find(token, after));
    }

    [Fact]
    public async Task A_refused_token_leaves_nothing_and_takes_nothing_from_others()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        var judged = process.Services.GetRequiredService<JudgedTokens>();
        using var accepted = await GetAsync(process, issuer.Token("north"));
        foreach (var what in (string[])["garbage", "another key", "another issuer", "another audience", "expired", "not yet", "changed"])
        {
            using var refused = await GetAsync(process, Bad(issuer, what));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Equal(1, judged.Count);
    }

    [Fact]
    public async Task Scopes_that_the_contract_does_not_know_are_passed_over()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync(issuer.Arguments);
        using var answer = await GetAsync(process, issuer.Token("north", "openid relapse.read relapse.everything"));
        Assert.Equal("north may relapse.read", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Other_machines_may_be_served_when_tokens_are_asked_for()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var process = await StartAsync([.. issuer.Arguments, "--RELAPSE_BIND=*"]);
        Assert.DoesNotContain("WITHOUT AUTHENTICATION", process.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<object> KeysAsync(EdgeProcess process) => (await process.Services.GetRequiredService<IssuerKeys>().CurrentAsync(Cancel))!;

    private static string Bad(TestIssuer issuer, string what) => what switch
    {
        "none" => "",
        "garbage" => "a.b.c",
        "another key" => issuer.Token(_ => { }, new SigningCredentials(TestIssuer.NewKey(), SecurityAlgorithms.RsaSha256)),
        "another issuer" => issuer.Token(_ => { }, issuer: "https://somebody.else"),
        "another audience" => issuer.Token(_ => { }, audience: "somebody-else"),
        "expired" => issuer.Token(_ => { }, from: TimeSpan.FromHours(-2), to: TimeSpan.FromMinutes(-5)),
        "not yet" => issuer.Token(_ => { }, from: TimeSpan.FromMinutes(5), to: TimeSpan.FromHours(1)),
        "unsigned" => issuer.Unsigned(),
        "public key as password" => issuer.Token(_ => { }, new SigningCredentials(
            new SymmetricSecurityKey(issuer.Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = issuer.Key.KeyId }, SecurityAlgorithms.HmacSha256)),
        "changed" => Changed(issuer.Token("north"), issuer.Token("south")),
        "huge" => issuer.Token(claims => claims["fill"] = new string('x', 15_000)),
        _ => Convert.ToBase64String("north:secret"u8),
    };

    private static string Changed(string signed, string other) => $"{signed.Split('.')[0]}.{other.Split('.')[1]}.{signed.Split('.')[2]}";

    private static Task<EdgeProcess> StartAsync(string[] arguments, Action? reached = null) => EdgeProcess.Start(
        app =>
        {
            app.MapGet("/who", (HttpContext context) =>
            {
                reached?.Invoke();
                var caller = Caller.Of(context);
                return $"{caller.Centre ?? "nobody"} may {string.Join(' ', caller.Scopes.Order(StringComparer.Ordinal))}";
            });
            app.MapPost("/some.Service/Method", () => reached?.Invoke());
            app.MapGet("/healthz/live", () => "");
            app.MapGet("/openapi.json", () => "");
            app.MapGet("/docs/contract", () => "");
        },
        null,
        [.. arguments.Select(argument => argument.TrimStart('-').Split('=', 2)).Select(parts => (parts[0], parts[1]))]);

    private static async Task<HttpResponseMessage> GetAsync(EdgeProcess process, string token, string scheme = "Bearer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Authorization = token.Length == 0 ? null : new AuthenticationHeaderValue(scheme, token);
        return await process.Http.SendAsync(request, Cancel);
    }

    private static async Task CallAsync(EdgeProcess process, string token)
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, "some.Service", "Method", Marshallers.Create<byte[]>(b => b, b => b), Marshallers.Create<byte[]>(b => b, b => b));
        var headers = token.Length == 0 ? [] : new Metadata { { "authorization", "Bearer " + token } };
        await process.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, cancellationToken: Cancel), Encoding.UTF8.GetBytes("x"));
    }
}
