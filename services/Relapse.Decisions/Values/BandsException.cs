using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>What can be wrong with bands.</summary>
public enum BandFaultKind
{
    /// <summary>There is no band, or there are more labels than a domain may have.</summary>
    Count,

    /// <summary>A label is empty or given twice.</summary>
    Label,

    /// <summary>A band holds no value.</summary>
    Empty,

    /// <summary>A band reaches outside the range.</summary>
    OutsideRange,

    /// <summary>Two bands share a value.</summary>
    Overlap,

    /// <summary>A band is written before one that lies below it.</summary>
    OutOfOrder,

    /// <summary>A part of the range is in no band.</summary>
    Gap,
}

/// <summary>One fault of bands.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">A sentence naming the labels and intervals concerned.</param>
public sealed record BandFault(BandFaultKind Kind, string Message);

/// <summary>Bands are not disjoint, ordered and complete; every fault is listed.</summary>
public sealed class BandsException : Exception
{
    /// <summary>The faults of the bands called <paramref name="name"/>.</summary>
    public BandsException(string name, ImmutableArray<BandFault> faults)
        : base($"The bands of '{name}' have {faults.Length} fault(s): {string.Join(" ", faults.Select(fault => fault.Message))}")
    {
        Faults = faults;
    }

    /// <summary>Every fault, in the order in which the bands are written; gaps last.</summary>
    public ImmutableArray<BandFault> Faults { get; }
}
