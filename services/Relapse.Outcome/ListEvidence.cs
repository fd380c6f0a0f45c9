using Grpc.Core;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

internal sealed partial class OutcomeRpcs
{
    private const int UsualPage = 50;
    private const int MostOfPage = 1000;

    /// <summary>Lists the library, by id.</summary>
    public override Task<ListEvidenceResponse> ListEvidence(ListEvidenceRequest request, ServerCallContext context)
    {
        var (library, faults) = (EvidenceLibrary.Shipped, new FaultList());
        EvidenceFilter.Check(request, library, faults);
        var list = EvidenceFilter.ListName(request, library);
        var after = request.PageToken.Length == 0 ? "" : PageToken.KeyOf(list, request.PageToken);
        if (after is null)
        {
            faults.Invalid("page_token", "is not a token of this list");
        }
        if (request.PageSize < 0)
        {
            faults.Invalid("page_size", "must be 0 or more");
        }
        faults.ThrowIfAny();

        EvidenceRow[] fitting = [.. EvidenceFilter.Apply(request, library)];
        EvidenceRow[] rest = [.. fitting.Where(row => string.CompareOrdinal(row.Id, after) > 0)];
        EvidenceRow[] page = [.. rest.Take(request.PageSize == 0 ? UsualPage : Math.Min(request.PageSize, MostOfPage))];
        var response = new ListEvidenceResponse { TotalSize = fitting.Length, Library = library.Reference, NextPageToken = page.Length < rest.Length ? PageToken.After(list, page[^1].Id) : "" };
        if (request.Format is EvidenceFormat.Csv)
        {
            response.Csv = EvidenceCsv.Of(page);
            return Task.FromResult(response);
        }
        response.Rows.AddRange(page.Select(row => row.Figure));
        if (request.PageToken.Length == 0)
        {
            response.Omitted.Add(library.Omitted);
            response.Statements.AddRange(library.Statements.Where(_ => IsUnfiltered(request)).Select(statement => statement.Statement));
        }
        foreach (var source in page.SelectMany(row => row.Figure.Source).Concat(response.Statements.SelectMany(statement => statement.Source)).Select(source => source.Split('.')[0]).Distinct())
        {
            response.Sources.Add(source, library.Sources[source]);
        }
        return Task.FromResult(response);
    }

    private static bool IsUnfiltered(ListEvidenceRequest request) =>
        request is { Endpoint.Length: 0, Clock: Clock.Unspecified, Family.Length: 0, Read: Reading.Unspecified, RelapseNumber: RelapseOrdinal.Unspecified, Treatment: Modality.Unspecified };
}
