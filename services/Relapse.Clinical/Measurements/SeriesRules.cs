using System.Collections.Immutable;
using System.Security.Cryptography;
using Relapse.Clinical.Documents;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>The numbers by which MRD results are compared, from Library/mrd-comparison.yaml. They belong to no protocol.</summary>
public sealed class SeriesRules
{
    private const string Resource = "Library/mrd-comparison.yaml";

    // An exponent of more decimals has a root that takes long to compare exactly, and says nothing more.
    private const int MostDecimals = 2;

    private static readonly Lazy<SeriesRules> _shipped = new(Load);

    private SeriesRules(MrdComparison document, string digest, decimal assayError, decimal notMrdFrom)
    {
        (AssayErrorLog10, NotMrdFrom) = (assayError, notMrdFrom);
        NotMrdBecause = [.. Citations.Resolve(document.Sources, document.NotMrdFrom?.Because)];
        Reference = new ReferenceData { Name = document.Id, Version = document.Version, Digest = digest };
    }

    /// <summary>What the product ships.</summary>
    /// <exception cref="ProtocolLibraryException">The file has a fault; every fault is listed.</exception>
    public static SeriesRules Shipped => _shipped.Value;

    /// <summary>What repeated measurements of one sample differ by, in powers of ten.</summary>
    public decimal AssayErrorLog10 { get; }

    /// <summary>The fraction of cells from which on it is morphological disease.</summary>
    public decimal NotMrdFrom { get; }

    /// <summary>Where the sources say so. Not to be changed.</summary>
    public ImmutableArray<Citation> NotMrdBecause { get; }

    /// <summary>The version of the numbers, as receipts name it. Not to be changed.</summary>
    public ReferenceData Reference { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="yaml">Its bytes; the digest is theirs.</param>
    /// <returns>The rules; null when there is a fault, with every fault.</returns>
    internal static (SeriesRules? Rules, ImmutableArray<DocumentFault> Faults) Read(ReadOnlyMemory<byte> yaml)
    {
        var read = DocumentReader.Read<MrdComparison>(yaml);
        if (!read.Faults.IsEmpty)
        {
            return (null, read.Faults);
        }

        var (document, faults) = (read.Message, new List<DocumentFault>());
        Require(document.Id.Length > 0 && document.Version.Length > 0, "", "id and version are required");
        var error = Number(document.AssayErrorLog10, "assay_error_log10");
        Require(error > 0 && error.Scale <= MostDecimals, "assay_error_log10.value", $"must be above 0, with at most {MostDecimals} decimals");
        var notMrd = Number(document.NotMrdFrom, "not_mrd_from");
        Require(notMrd is > 0 and <= 1, "not_mrd_from.value", "must be a fraction above 0 and at most 1");
        return faults.Count > 0 ? (null, [.. faults]) : (new SeriesRules(document, Convert.ToHexStringLower(SHA256.HashData(yaml.Span)), error, notMrd), []);

        void Require(bool holds, string path, string message)
        {
            if (!holds)
            {
                faults.Add(read.FaultAt(path, FaultCode.Structure, message));
            }
        }

        decimal Number(ComparisonNumber? number, string path)
        {
            Require(number is not null, path, "required");
            var cited = number?.Because?.Values_ ?? [];
            Require(number is null || cited.Count > 0 || number.Note.Length > 0, path, "a number has a citation, or a note that says what it rests on");
            Require(cited.All(citation => Citations.Resolves(document.Sources, citation)), $"{path}.because", "cites what is not among the sources");
            return CaseNumbers.TryReadDecimal(number?.Value ?? "", out var value) ? value : 0;
        }
    }

    private static SeriesRules Load()
    {
        using var stream = typeof(SeriesRules).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var (rules, faults) = Read(bytes);
        return rules ?? throw new ProtocolLibraryException([.. faults.Select(fault => $"{Resource}: {fault}")]);
    }
}
