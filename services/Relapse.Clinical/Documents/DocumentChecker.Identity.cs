using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Documents;

/// <summary>What a document calls itself, and that its lists are of a size that somebody wrote.</summary>
internal sealed partial class DocumentChecker
{
    /// <summary>Of an id and of a version, each of which is a part of a resource name.</summary>
    private const int MostOfName = 64;

    private void CheckIdentity()
    {
        RequireInPrint(IdPattern().IsMatch(Document.Id), "id", "required; lower-case letters, digits, dots and hyphens");
        RequireInPrint(IdPattern().IsMatch(Document.Version), "version", "required; lower-case letters, digits, dots and hyphens");
        RequireInPrint(Document.Id.Length <= MostOfName, "id", $"at most {MostOfName} characters");
        RequireInPrint(Document.Version.Length <= MostOfName, "version", $"at most {MostOfName} characters");
        RequireInPrint(Document.Title.Length > 0, "title", "required");
        RequireInPrint(Document.StudyGroup.Length > 0, "study_group", "required");
        RequireInPrint(Document.IntendedUse.Length > 0, "intended_use", "required");
        RequireInPrint(Document.Period != Period.Unspecified, "period", "required");
        RequireInPrint(Document.Decisions.Count > 0, "decisions", "a protocol decides something");
        for (var i = 0; i < Document.SupersededBy.Count; i++)
        {
            RequireInPrint(IdPattern().IsMatch(Document.SupersededBy[i]), $"superseded_by[{i}]", "not a protocol id");
        }
    }

    private void CheckSizes()
    {
        foreach (var (id, input) in Document.Inputs)
        {
            Require(input.Values.Count + input.Bands.Count <= Domain.MaximumValues, $"inputs.{id}", $"at most {Domain.MaximumValues} words and bands");
        }
        foreach (var (id, reading) in Document.Readings)
        {
            Require(reading.Values.Count <= Domain.MaximumValues, $"readings.{id}.values", $"at most {Domain.MaximumValues} alternatives");
        }
        foreach (var (id, table) in Document.Decisions)
        {
            Require(table.Conclusions.Count < Domain.MaximumValues, $"decisions.{id}.conclusions", $"at most {Domain.MaximumValues - 1} conclusions");
            Require(table.Inputs.Count <= Domain.MaximumValues, $"decisions.{id}.inputs", $"at most {Domain.MaximumValues} inputs");
        }
    }
}
