using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Relapse.Hosting.OpenApi;

/// <summary>
/// The contract at the port of a process. <c>GET /openapi.json</c> is about the services that this process hosts; with
/// <c>?services=classification,registry</c> about those, hosted here or not, which is how a gateway asks any one service
/// for the document of all that stand behind it. <c>GET /docs/contract</c> is the whole contract, wherever it is asked.
/// </summary>
internal static class ContractEndpoints
{
    private const string Words = "services";

    // Made when first asked for, and kept: there are no more of them than there are sets of services.
    private static readonly ConcurrentDictionary<string, byte[]> Documents = new(StringComparer.Ordinal);
    private static readonly Lazy<byte[]> Page = new(() => ContractPage.Write(Contract.Shipped));

    public static void MapContract(this WebApplication app)
    {
        var hosted = app.Services.GetServices<ServiceDescriptor>().Select(service => service.FullName).ToHashSet(StringComparer.Ordinal);
        // As plain delegates: for any other the framework builds and compiles its binding of parameters, at every start.
        app.MapGet("/openapi.json", context => Document(context, hosted).ExecuteAsync(context));
        app.MapGet("/docs/contract", context =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            return Results.Bytes(Page.Value, "text/html; charset=utf-8").ExecuteAsync(context);
        });
    }

    private static IResult Document(HttpContext context, HashSet<string> hosted)
    {
        var words = context.Request.Query[Words].SelectMany(value => (value ?? "").Split(',')).ToHashSet(StringComparer.Ordinal);
        var services = Contract.Shipped.Services
            .Where(service => words.Count == 0 ? hosted.Contains(service.FullName) : words.Contains(Contract.WordOf(service)))
            .ToList();

        // The edge gives a bare status its body.
        return services.Count == 0
            ? Results.StatusCode(StatusCodes.Status404NotFound)
            : Results.Bytes(
                Documents.GetOrAdd(string.Join(',', services.Select(service => service.FullName)), _ => OpenApiDocument.Write(Contract.Shipped, services)),
                "application/json");
    }
}
