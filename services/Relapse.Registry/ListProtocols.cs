using System.Collections.Immutable;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;

    /// <summary>Lists protocols, by id.</summary>
    public override Task<ListProtocolsResponse> ListProtocols(ListProtocolsRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var pageSize = PageSize(request, faults);
        var after = StartAfter(request, context.Method, faults);
        faults.ThrowIfAny();

        ImmutableArray<CatalogEntry> rest = [.. protocols.Catalog.Protocols.Where(entry => string.CompareOrdinal(entry.Id, after) > 0).Take(pageSize + 1)];
        var page = rest[..Math.Min(rest.Length, pageSize)];
        var response = new ListProtocolsResponse
        {
            NextPageToken = rest.Length > pageSize ? PageToken.After(context.Method, page[^1].Id) : "",
        };
        response.Protocols.AddRange(page.Select(Describe));
        return Task.FromResult(response);
    }

    private static int PageSize(ListProtocolsRequest request, FaultList faults)
    {
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            faults.Invalid("page_size", $"must be 1 to {MaxPageSize}, both inclusive, or 0 for {DefaultPageSize}");
        }

        return request.PageSize == 0 ? DefaultPageSize : request.PageSize;
    }

    private static string StartAfter(ListProtocolsRequest request, string list, FaultList faults)
    {
        if (request.PageToken.Length == 0)
        {
            return "";
        }

        var key = PageToken.KeyOf(list, request.PageToken);
        if (key is null)
        {
            faults.Invalid("page_token", "is not a token that this list gave");
        }

        return key ?? "";
    }

    private static Protocol Describe(CatalogEntry entry)
    {
        var document = (entry.Current ?? entry.Versions[^1]).Document;
        var protocol = new Protocol { Name = entry.Name, Title = document.Title, Period = document.Period };
        protocol.Versions.AddRange(entry.Versions.Select(version => version.Name));
        protocol.SupersededBy.AddRange(document.SupersededBy.Select(id => "protocols/" + id));
        if (entry.Current is { } current)
        {
            protocol.Labels.Add(ProtocolCatalog.CurrentLabel, current.Name);
        }

        return protocol;
    }
}
