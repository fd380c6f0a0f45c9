using System.Collections.Immutable;
using System.Numerics;

namespace Relapse.Decisions;

/// <summary>What can be wrong with a model.</summary>
public enum FaultKind
{
    /// <summary>A name is unknown or used twice, a value is outside its domain, decisions feed each other in a circle, or the
    /// like.</summary>
    Structure,

    /// <summary>A case that can occur has no rule.</summary>
    Gap,

    /// <summary>A case that can occur has several rules.</summary>
    Overlap,

    /// <summary>A rule applies to no case that can occur.</summary>
    DeadRule,

    /// <summary>The model is too large to be analysed. Later decisions are not looked at.</summary>
    TooLarge,

    /// <summary>There are more faults than are listed.</summary>
    TooMany,
}

/// <summary>One input with the values it may have in a cell or a case.</summary>
/// <param name="Input">The name of an input, a component or a decision.</param>
/// <param name="Values">The values, by index in the domain named <paramref name="Input"/>; for a decision the last may be out of
/// scope.</param>
/// <param name="Labels">The labels of the values, in order.</param>
public sealed record Condition(string Input, ValueSet Values, ImmutableArray<string> Labels)
{
    /// <summary>The input and its labels, as in <c>site: A | B</c>.</summary>
    public override string ToString() => $"{Input}: {string.Join(" | ", Labels)}";
}

/// <summary>One fault of a model.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Decision">The decision concerned; empty when the fault belongs to none.</param>
/// <param name="RuleIds">The rules concerned: all that overlap, the dead one, none for a gap.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Cell">
/// The cells concerned, over the table's own inputs, every input named; for one decision and kind the cells of different faults are
/// disjoint
/// and each can occur. For a dead rule, the rule's own conditions. Empty for a structural fault.
/// </param>
/// <param name="Example">Raw facts that reach a case of the cell, every input and component with one value; empty for a structural fault
/// and a dead rule.</param>
public sealed record Fault(
    FaultKind Kind,
    string Decision,
    ImmutableArray<string> RuleIds,
    string Message,
    ImmutableArray<Condition> Cell,
    ImmutableArray<Condition> Example);

/// <summary>What was proved of one table.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Cells">How many combinations of values its inputs have.</param>
/// <param name="ReachableCells">How many of these can occur in scope; a feeding decision that is out of scope counts as one more
/// value.</param>
/// <param name="GapCells">How many of the reachable cells have no rule.</param>
/// <param name="OverlapCells">How many of the reachable cells have several rules.</param>
/// <param name="DeadRules">How many rules apply to no reachable cell.</param>
public sealed record TableCertificate(
    string Decision, BigInteger Cells, BigInteger ReachableCells, BigInteger GapCells, BigInteger OverlapCells, int DeadRules);

/// <summary>A compiled model, or every fault that prevents it.</summary>
/// <param name="Model">The model; null when there is a fault.</param>
/// <param name="Faults">
/// Every fault, up to some thousand. Structural faults come alone: tables are examined once the structure is sound. A faulty cell concludes
/// nothing, so it reaches nothing in a decision that it feeds.
/// </param>
/// <param name="Certificates">One for each decision in dependency order; none when the structure is not sound.</param>
public sealed record CompilationResult(
    CompiledModel? Model, ImmutableArray<Fault> Faults, ImmutableArray<TableCertificate> Certificates)
{
    /// <summary>Most steps that a model may take; one that would take more has the fault <see cref="FaultKind.TooLarge"/>.</summary>
    public const long MostSteps = WorkBudget.OfModel;

    /// <summary>The steps it took: counted, and the same wherever the model is compiled.</summary>
    public long Steps { get; init; }
}
