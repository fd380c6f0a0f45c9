namespace Relapse.Load.Rows;

/// <summary>A line of the table that <c>./relapse bench</c> prints.</summary>
/// <param name="What">What was compared with what.</param>
/// <param name="Hold">What is to hold.</param>
/// <param name="Measured">What was measured: median, and least to most of the rounds.</param>
/// <param name="Held">Whether it holds, by the median; null when it could not be measured.</param>
internal sealed record Row(string What, string Hold, string Measured, bool? Held)
{
    /// <summary>A measurement in which a call failed is none.</summary>
    public Row Unless(long faults, string described) =>
        faults == 0 ? this : this with { Measured = $"{faults} calls failed: {described}", Held = false };

    /// <inheritdoc/>
    public override string ToString() => $"| {What} | {Hold} | {Measured} | {Held switch { true => "held", false => "NOT HELD", null => "not measured" }} |";
}
