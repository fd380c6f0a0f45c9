using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

/// <summary>The filter of a listing.</summary>
internal static class EvidenceFilter
{
    /// <summary>Adds every fault of the filter.</summary>
    public static void Check(ListEvidenceRequest request, EvidenceLibrary library, FaultList faults)
    {
        CheckWords(library, request.Endpoint, request.Family, faults);
        CheckEnum(request.Clock, "clock", faults);
        CheckEnum(request.Read, "read", faults);
        CheckEnum(request.RelapseNumber, "relapse_number", faults);
        CheckEnum(request.Treatment, "treatment", faults);
        CheckEnum(request.Format, "format", faults);
    }

    public static void CheckWords(EvidenceLibrary library, string endpoint, string family, FaultList faults)
    {
        if (endpoint.Length > 0 && !library.Words.Endpoints.ContainsKey(endpoint))
        {
            faults.Invalid("endpoint", $"is none of {string.Join(", ", library.Words.Endpoints.Keys)}");
        }
        if (family.Length > 0 && !library.Words.Families.ContainsKey(family))
        {
            faults.Invalid("family", $"is none of {string.Join(", ", library.Words.Families.Keys)}");
        }
    }

    public static void CheckEnum<T>(T value, string field, FaultList faults)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            faults.Invalid(field, $"not a value of {typeof(T).Name}");
        }
    }

    /// <summary>The rows that fit, by id.</summary>
    public static IEnumerable<EvidenceRow> Apply(ListEvidenceRequest request, EvidenceLibrary library) => (request.IncludeSuperseded ? library.Rows : library.Used).Where(row =>
        (request.Endpoint.Length == 0 || row.Figure.Endpoint == request.Endpoint)
        && (request.Clock is Clock.Unspecified || row.Figure.Clock == request.Clock)
        && (request.Family.Length == 0 || row.Figure.Family == request.Family)
        && (request.Read is Reading.Unspecified || row.Figure.Read == request.Read)
        && (request.RelapseNumber is RelapseOrdinal.Unspecified || row.Population.When.RelapseNumber.Contains(request.RelapseNumber))
        && (request.Treatment is Modality.Unspecified || row.Population.When.Treatment.Contains(request.Treatment)));

    /// <summary>Name of the filtered list, which a page token is bound to.</summary>
    public static string ListName(ListEvidenceRequest request, EvidenceLibrary library) => string.Join('/',
        "evidence", library.Reference.Digest, request.Endpoint, request.Clock, request.Family, request.Read, request.RelapseNumber, request.Treatment, request.IncludeSuperseded);
}
