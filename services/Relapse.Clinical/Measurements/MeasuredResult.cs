using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Decisions;
using MrdLevel = Relapse.Contracts.Mrd.V1.MrdLevel;

namespace Relapse.Clinical.Measurements;

/// <summary>One MRD result of a case as the series looks at it.</summary>
/// <param name="Index">Its place in the case.</param>
/// <param name="Result">What was reported.</param>
/// <param name="Level">Its level as a fraction of cells; null when there is none: not evaluable, or nothing that a number could be read from.</param>
internal sealed record MeasuredResult(int Index, MrdResult Result, Interval? Level)
{
    /// <summary>Its path.</summary>
    public string Field { get; } = $"case.mrd[{Index}]";

    /// <summary>The days on which it may have been taken.</summary>
    public DateInterval Dates { get; } = CaseNumbers.ReadDate(Result.CollectDate);

    public bool HasDate => Result.CollectDate is not null;

    /// <summary>Whether residual disease was certainly found.</summary>
    public bool IsPositive => Level is { } level && !level.Contains(0);

    /// <summary>Whether none was found, as far as the assay reaches.</summary>
    public bool IsNegative => Result.BelowDetection || MrdLevels.IsNothing(Result) || Level is { Max: 0 };

    /// <summary>Whether both are one measurement reported twice: alike in everything, in whatever unit. Two of which no result is stated are two.</summary>
    public bool IsSameAs(MeasuredResult other) =>
        Result.TimePoint == other.Result.TimePoint
        && Result.Method == other.Result.Method
        && Result.Specimen == other.Result.Specimen
        && Result.ResultCase == other.Result.ResultCase
        && Equals(Result.CollectDate, other.Result.CollectDate)
        && Level == other.Level
        && Result.ResultCase is not MrdResult.ResultOneofCase.None;

    /// <summary>Whether they are of one specimen and measured alike, as far as both are stated.</summary>
    public bool IsComparableWith(MeasuredResult other) =>
        Result.Method == other.Result.Method && Result.Method != MrdMethod.Unspecified
        && Result.Specimen == other.Result.Specimen && Result.Specimen != Specimen.Unspecified;

    /// <summary>A level as the contract has it.</summary>
    public static MrdLevel? Message(Interval? level) => level is not { } known ? null : new MrdLevel
    {
        Min = Text(known.Min ?? 0),
        Max = Text(known.Max ?? 1),
        MinExclusive = known.MinExclusive,
        MaxExclusive = known.MaxExclusive,
    };

    /// <summary>A fraction in digits, without zeros that say nothing.</summary>
    public static string Text(decimal fraction)
    {
        var text = fraction.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }
}
