using YamlDotNet.Core;

namespace Relapse.Clinical.Documents;

/// <summary>
/// What becomes of a fault: where it lets nothing be certified, and what is not said because it only follows from what could not be read.
/// </summary>
internal sealed partial class DocumentChecker
{
    // Of the top of a document, what no table and nothing beside the tables is made of.
    private static readonly string[] _inPrint = ["id", "version", "title", "study_group", "intended_use", "period", "superseded_by", "sources"];

    private readonly FaultyPlaces _misread;
    private readonly FaultyPlaces _unread;
    private readonly FaultyPlaces _faulty;
    private readonly bool _mayUseMore;

    /// <summary>Whether the entries of a part of the document were lost in reading, so that what names one may be right: it could not be read as a whole,
    /// or its key may be the one that is not known.</summary>
    private bool IsLost(string section) => _unread.Are(section) || (IsEmpty(section) && _read.Faults.Any(fault => fault.Code == FaultCode.UnknownKey && !fault.Path.Contains('.', StringComparison.Ordinal)));

    private bool IsEmpty(string section) => section switch
    {
        "inputs" => Document.Inputs.Count == 0,
        "readings" => Document.Readings.Count == 0,
        "decisions" => Document.Decisions.Count == 0,
        "measurements" => Document.Measurements.Count == 0,
        "sources" => Document.Sources.Count == 0,
        _ => false,
    };

    private void Require(bool? holds, string path, string message)
    {
        if (holds != true)
        {
            Fault(path, message);
        }
    }

    /// <summary>The same of what is held against a declaration: where that could not be read in full, nothing is said, and nothing certified.</summary>
    private void RequireOf(string declaration, bool holds, string path, string message)
    {
        if (!holds && (IsLost(declaration) || (declaration.Contains('.', StringComparison.Ordinal) && _misread.Touch(declaration))))
        {
            _faulty.Add(path);
            return;
        }
        Require(holds, path, message);
    }

    /// <summary>A fault of what the tables are made of: what rests on it cannot be certified.</summary>
    private void Fault(string path, string message)
    {
        _faulty.Add(path);
        FaultInPrint(path, message);
    }

    private void RequireInPrint(bool? holds, string path, string message, string code = FaultCode.Invalid)
    {
        if (holds != true)
        {
            FaultInPrint(path, message, code);
        }
    }

    /// <summary>That something is used. What could not be read may have used it.</summary>
    private void RequireUsed(bool isUsed, string path, string message)
    {
        if (!isUsed && !_mayUseMore)
        {
            FaultInPrint(path, message, FaultCode.Unused);
        }
    }

    /// <summary>A fault of what is printed beside the tables: they are certified all the same, so that all faults are seen at once.</summary>
    private void FaultInPrint(string path, string message, string code = FaultCode.Invalid)
    {
        // What was not read is not missing, and not known to be wrong; that it could not be read is said.
        if (_unread.Cover(path) || _unread.Touch(path))
        {
            return;
        }
        if (_faults.Count == DocumentReader.MostFaults)
        {
            throw new TooManyFaultsException(Mark.Empty);
        }
        _faults.Add(_read.FaultAt(path, code, message));
    }
}
