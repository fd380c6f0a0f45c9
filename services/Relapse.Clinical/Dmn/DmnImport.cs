using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;
using Relapse.Contracts.Protocol.V1;
using static Relapse.Clinical.Dmn.DmnNames;

namespace Relapse.Clinical.Dmn;

/// <summary>
/// Reads the tables of a DMN file as decisions of a protocol document, where nothing of them is lost: hit policy UNIQUE, one output, every
/// cell a closed set of words or numbers, every input a fact of the catalogue, a reading or another decision. What is otherwise is refused
/// with its line.
/// </summary>
public sealed class DmnImport
{
    /// <summary>A file of this many characters is no table that anybody wrote.</summary>
    private const int MaxCharacters = 4 * 1024 * 1024;

    private const int MostFaults = 100;

    private readonly List<DmnFault> _faults = [];
    private readonly XElement _definitions;
    private readonly DmnInputs _inputs;

    private DmnImport(XElement definitions)
    {
        _definitions = definitions;
        _inputs = new DmnInputs(definitions, Fault);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="xml">Its bytes.</param>
    public static ImportedDecisions Read(ReadOnlyMemory<byte> xml)
    {
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(xml.ToArray(), writable: false),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters, IgnoreComments = true, IgnoreProcessingInstructions = true });
            var file = new DmnDepth(reader).Load();
            return file.Name != Model + "definitions"
                ? ImportedDecisions.Refused(new DmnFault(1, 1, $"the file is not DMN 1.3: its root must be definitions of {Model.NamespaceName}"))
                : new DmnImport(file).Run();
        }
        catch (XmlException broken)
        {
            return ImportedDecisions.Refused(new DmnFault(broken.LineNumber, broken.LinePosition, "the file is not XML that can be read, is too large, nests too deeply or has a document type"));
        }
    }

    private ImportedDecisions Run()
    {
        var decisions = ImmutableArray.CreateBuilder<(string Id, DecisionTable Table)>();
        foreach (var decision in _definitions.Elements(Model + "decision"))
        {
            if (DmnInputs.DecisionId(decision) is not { } id)
            {
                Fault(decision, "the decision has no name that is a known decision id");
            }
            else if (decision.Element(Model + "decisionTable") is not { } table)
            {
                Fault(decision, $"the decision {id} has no decision table");
            }
            else
            {
                decisions.Add((id, new DmnTable(id, decision, table, _inputs, Fault).Read()));
            }
        }

        if (decisions.Count == 0 && _faults.Count == 0)
        {
            Fault(_definitions, "the file has no decision");
        }

        return _faults.Count > 0
            ? new ImportedDecisions([], ImmutableDictionary<string, Input>.Empty, [.. _faults])
            : new ImportedDecisions(decisions.ToImmutable(), _inputs.Used(), []);
    }

    private void Fault(XElement at, string why)
    {
        if (_faults.Count < MostFaults)
        {
            var line = (IXmlLineInfo)at;
            _faults.Add(new DmnFault(line.LineNumber, line.LinePosition, why));
        }
    }
}

/// <summary>Why a file, or a part of it, cannot be taken over without loss.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Why">In words.</param>
public sealed record DmnFault(int Line, int Column, string Why);

/// <summary>What was read.</summary>
/// <param name="Decisions">The decisions by id, in the order of the file. None when there is a fault.</param>
/// <param name="Inputs">The facts that they look at, with their bands.</param>
/// <param name="Faults">Every fault.</param>
public sealed record ImportedDecisions(ImmutableArray<(string Id, DecisionTable Table)> Decisions, ImmutableDictionary<string, Input> Inputs, ImmutableArray<DmnFault> Faults)
{
    internal static ImportedDecisions Refused(DmnFault fault) => new([], ImmutableDictionary<string, Input>.Empty, [fault]);
}

/// <summary>Loads XML that nests no deeper than DMN does: what walks it afterwards may then do so in turn.</summary>
internal sealed class DmnDepth(XmlReader reader)
{
    private const int Deepest = 32;

    public XElement Load()
    {
        XElement? root = null;
        Stack<XElement> open = new();
        var line = (IXmlLineInfo)reader;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (open.Count >= Deepest)
                    {
                        throw new XmlException("too deep", null, line.LineNumber, line.LinePosition);
                    }

                    var empty = reader.IsEmptyElement;
                    var element = ReadElement(line);
                    root ??= element;
                    if (open.TryPeek(out var parent))
                    {
                        parent.Add(element);
                    }

                    if (!empty)
                    {
                        open.Push(element);
                    }

                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when open.TryPeek(out var around):
                    around.Add(reader.Value);
                    break;
                default:
                    break;
            }
        }

        return root ?? throw new XmlException("empty", null, 1, 1);
    }

    /// <summary>The element that the reader stands on, with its attributes.</summary>
    private LocatedElement ReadElement(IXmlLineInfo line)
    {
        var element = new LocatedElement(XName.Get(reader.LocalName, reader.NamespaceURI), line.LineNumber, line.LinePosition);
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI != XNamespace.Xmlns.NamespaceName)
            {
                element.SetAttributeValue(XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value);
            }
        }

        return element;
    }

    private sealed class LocatedElement(XName name, int line, int column) : XElement(name), IXmlLineInfo
    {
        int IXmlLineInfo.LineNumber => line;

        int IXmlLineInfo.LinePosition => column;

        bool IXmlLineInfo.HasLineInfo() => true;
    }
}
