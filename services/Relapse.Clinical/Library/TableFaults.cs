using System.Collections.Immutable;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Every fault of the tables of a document, as far as they can be looked at: those that rest on something faulty are left out, and the
/// others gone through all the same.
/// </summary>
internal sealed class TableFaults
{
    private readonly ReadDocument<ProtocolDocument> _read;
    private readonly List<DocumentFault> _faults = [];
    private bool _isCut;

    public TableFaults(ReadDocument<ProtocolDocument> read, FaultyPlaces faulty)
    {
        (_read, Part) = (read, SoundPart.Of(read.Message, faulty));
        // A fault of structure comes alone: the tables are looked into without those that have one. Each time there are fewer.
        while (Look())
        {
        }
    }

    /// <summary>Every fault.</summary>
    public IReadOnlyList<DocumentFault> Faults => _faults;

    /// <summary>What of the document is without fault.</summary>
    public SoundPart Part { get; private set; }

    /// <summary>What compiling it gave; null when nothing was left to compile.</summary>
    public CompilationResult? Result { get; private set; }

    /// <summary>How a case fills the inputs of it.</summary>
    public IReadOnlyDictionary<string, InputBinding>? Bindings { get; private set; }

    /// <summary>The part without fault, compiled; null when there is none.</summary>
    public CertifiedPart? Certified(Func<SoundPart, CompilationResult, IReadOnlyDictionary<string, InputBinding>, CompiledProtocol> make)
    {
        if (_isCut || Part.Document.Decisions.Count == 0)
        {
            return null;
        }
        // What is concluded under the condition that a source was not read hangs on citations.
        var uncited = Part.Document.Decisions
            .Where(table => table.Value.Rules.Select(rule => rule.Because).Concat(table.Value.Scope.Select(scope => scope.Because)).Any(because => Citations.MayRestOnUnread(_read.Message, because)))
            .Select(table => table.Key).ToArray();
        if (uncited.Length > 0)
        {
            (Part, Result) = (Part.Without(uncited), null);
        }
        if (Part.Document.Decisions.Count == 0)
        {
            return null;
        }
        if (Result?.Model is null)
        {
            var (model, bindings) = ProtocolModel.Build(Part.Document);
            (Result, Bindings) = (DecisionCompiler.Compile(model), bindings);
        }
        return Result.Model is null ? null : new CertifiedPart(make(Part, Result, Bindings!), Part);
    }

    private bool Look()
    {
        var (model, bindings) = ProtocolModel.Build(Part.Document);
        var result = DecisionCompiler.Compile(model);
        (Result, Bindings) = (result, bindings);
        // Whether a part is too large says nothing of the whole, of which the engine may find a shorter way.
        _faults.AddRange(result.Faults.Where(fault => Part.IsWhole || fault.Kind != FaultKind.TooLarge).Select(fault => CertificationFault.Describe(_read, Part, fault)));
        if (result.Faults.IsEmpty)
        {
            return false;
        }
        // What was not gone through to its end has no part of which it is known that it is without fault.
        ImmutableArray<string> faulty = [.. result.Faults.Select(fault => fault.Decision).Distinct(StringComparer.Ordinal)];
        _isCut = result.Faults.Any(fault => fault.Kind is FaultKind.TooLarge or FaultKind.TooMany) || faulty.Contains("");
        if (_isCut)
        {
            return false;
        }
        var count = Part.Document.Decisions.Count;
        Part = Part.Without(faulty);
        return result.Faults.All(fault => fault.Kind == FaultKind.Structure) && Part.Document.Decisions.Count is > 0 and var left && left < count;
    }
}

/// <summary>What of a version is certified: all of it, or the part that is without fault.</summary>
internal sealed record CertifiedPart(CompiledProtocol Protocol, SoundPart Part);
