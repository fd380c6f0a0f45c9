using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Measurements;

/// <summary>Says what a new measurement would have to be to settle a decision that is open.</summary>
internal static class SettlingMeasurement
{
    /// <summary>In words; empty when no measurement could settle it, because it is not the measurement that leaves it open.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="measurement">What the protocol measures.</param>
    /// <param name="selection">What it found among the results of the case.</param>
    /// <param name="cutOffs">The cut-offs, lowest first, and how the level stands to them.</param>
    public static string Say(MeasuredDecision decision, Measurement measurement, MrdSelection selection, IReadOnlyList<CutOff> cutOffs)
    {
        // Which reinduction it was, no measurement says.
        if (selection.HangsOnReinduction || !decision.IsOpen || !decision.IsSettledBySome || cutOffs.Count == 0)
        {
            return "";
        }

        var sample = $"a {MeasurementWords.Or([.. measurement.Specimens.Select(MeasurementWords.Of)])} sample of "
            + MeasurementWords.Or([.. measurement.TimePoints.Select(MeasurementWords.Of)]);
        var method = measurement.Methods.Count == 0 ? "" : $" by {MeasurementWords.Or([.. measurement.Methods.Select(MeasurementWords.Of)])}";
        var reach = $" with a sensitivity of {cutOffs[0].Level} or better";
        var provided = decision.IsSettledByAny ? "" : ", unless it lies where other facts that are missing decide";
        return $"{Lead(selection, cutOffs)}{sample}{method}{reach}{provided}";
    }

    /// <summary>What is wrong with the result there is.</summary>
    private static string Lead(MrdSelection selection, IReadOnlyList<CutOff> cutOffs) =>
        selection.Level is { IsPoint: false, Min: 0 } && cutOffs.Any(cutOff => cutOff.State is CutOffState.Open) ? "a more sensitive assay: "
        : selection is { Used.IsEmpty: false, IsByOwnMethod: false } ? "a result by the protocol's method: "
        : "";
}
