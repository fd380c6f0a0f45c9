using Relapse.Clinical.Facts;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>How one input of the diagrams is filled from a case.</summary>
internal abstract record InputBinding;

/// <summary>A fact that is a word.</summary>
internal sealed record WordInput(string Fact) : InputBinding
{
    /// <summary>The fact; for one of a measurement, with what counts for it.</summary>
    public FactDefinition Definition { get; init; } = FactCatalogue.Find(Fact)!;
}

/// <summary>A fact that is a number, in the document's bands.</summary>
internal sealed record NumberInput(FactDefinition Fact, Bands Bands) : InputBinding;

/// <summary>
/// The clocks of the timing, always one joint input: a clock that the document does not look at has one band, and still
/// bears on which dates are possible.
/// </summary>
internal sealed record ClocksInput(JointInput Clocks, ClockScales Scales) : InputBinding
{
    public ClockBands SinceDiagnosis => Scales.SinceDiagnosis;

    public ClockBands SinceTherapyEnd => Scales.SinceTherapyEnd;
}

/// <summary>A reading of the document.</summary>
internal sealed record ReadingInput(string Id, Reading Reading, int? Default) : InputBinding;

/// <summary>A conclusion that the centre may have established.</summary>
internal sealed record OverrideInput(string Decision) : InputBinding;

/// <summary>What a rule leaves open until a new finding settles it.</summary>
internal sealed record OpenInput(string SettledBy) : InputBinding;
