using Relapse.Load.Measuring;

namespace Relapse.Load.Rows;

/// <summary>A line of the table that <c>./relapse bench</c> prints.</summary>
/// <param name="What">What was compared with what.</param>
/// <param name="Hold">What is to hold.</param>
/// <param name="Measured">What was measured: median, and least to most of the rounds.</param>
/// <param name="Verdict">Whether it holds.</param>
internal sealed record Row(string What, string Hold, string Measured, Verdict Verdict)
{
    /// <summary>A measurement in which a call failed is none.</summary>
    public Row Unless(long faults, string described) =>
        faults == 0 ? this : this with { Measured = $"{faults} calls failed: {described}", Verdict = Verdict.NotHeld };

    /// <inheritdoc/>
    public override string ToString() => $"| {What} | {Hold} | {Measured} | {Said} |";

    private string Said => Verdict switch
    {
        Verdict.Held => "held",
        Verdict.NotHeld => "NOT HELD",
        Verdict.Reported => "-",
        _ => "too noisy to say",
    };
}
