using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// What each MRD result of a case says of the level, as an interval of the fraction of cells. Below detection, and 0, is from 0 to the
/// sensitivity, which is left out; positive and not quantifiable from 0 to the quantifiable range, both left out.
/// </summary>
internal sealed class MrdLevels(RelapseCase @case, CaseNumbers numbers)
{
    public static Interval Fraction { get; } = new(0, false, 1, false);

    /// <summary>The level, and the field that would narrow it; the whole range of a result that says nothing.</summary>
    public MrdLevel this[int index]
    {
        get
        {
            var result = @case.Mrd[index];
            var path = $"case.mrd[{index}]";
            return result switch
            {
                // A laboratory that quantifies nothing has not detected anything.
                { HasQuantified: true } when !IsNothing(result) => Quantified(result, $"{path}.quantified"),
                { HasQuantified: true } or { HasBelowDetection: true, BelowDetection: true } => UpTo(path, "sensitivity", result.HasSensitivity ? result.Sensitivity : null, result.Unit, isPositive: false),
                { HasPositiveNotQuantifiable: true, PositiveNotQuantifiable: true } => UpTo(path, "quantifiable_from", result.HasQuantifiableFrom ? result.QuantifiableFrom : null, result.Unit, isPositive: true),
                { HasNotEvaluable: true, NotEvaluable: true } => new(Fraction, MrdLevelOf.NewResult, MarrowTestFact.TestsField, Fraction),
                _ when numbers.IsBounded($"{path}.quantified") => new(Bound($"{path}.quantified", result.Unit), MrdLevelOf.Number, $"{path}.quantified", Fraction),
                _ => new(Fraction, MrdLevelOf.Number, $"{path}.quantified", Fraction),
            };
        }
    }

    /// <summary>Whether anything was found out: not by a result that is not evaluable; null when the result is not stated.</summary>
    public bool? IsEvaluable(int index) => @case.Mrd[index] switch
    {
        { HasQuantified: true } or { HasBelowDetection: true, BelowDetection: true } or { HasPositiveNotQuantifiable: true, PositiveNotQuantifiable: true } => true,
        { HasNotEvaluable: true, NotEvaluable: true } => false,
        _ => numbers.IsBounded($"case.mrd[{index}].quantified") ? true : null,
    };

    /// <summary>Whether the number is 0, which is below detection in other words.</summary>
    public static bool IsNothing(MrdResult result) => result.HasQuantified && MrdNumber.ReadFraction(result.Quantified, result.Unit) == 0;

    private static MrdLevel Quantified(MrdResult result, string field) =>
        new(MrdNumber.ReadFraction(result.Quantified, result.Unit) is { } level ? Interval.Point(level) : Fraction, MrdLevelOf.Number, field, Fraction);

    /// <summary>
    /// Below a limit of the assay. A limit that is stated cannot be found out any better: only a new result could say more. One that is not,
    /// or only within bounds, is what is missing.
    /// </summary>
    private MrdLevel UpTo(string path, string name, string? stated, MrdUnit unit, bool isPositive)
    {
        var field = $"{path}.{name}";
        if (stated is not null && MrdNumber.ReadFraction(stated, unit) is { } limit)
        {
            return new(new Interval(0, isPositive, limit, true), MrdLevelOf.NewResult, MarrowTestFact.TestsField, Fraction);
        }
        var bounds = numbers.IsBounded(field) ? Bound(field, unit) : Fraction;
        // Nothing is below nothing: a limit is above 0, so that a limit of all cells leaves the whole range.
        return new(new Interval(0, isPositive, bounds.Max, bounds.Max < 1), isPositive ? MrdLevelOf.QuantifiableFrom : MrdLevelOf.Sensitivity, field, bounds);
    }

    private Interval Bound(string field, MrdUnit unit)
    {
        var whole = MarrowTests.Whole(unit);
        var bound = numbers.Bound(field, new Interval(0, false, whole, false));
        return new Interval(bound.Min / whole, bound.MinExclusive, bound.Max / whole, bound.MaxExclusive);
    }
}

/// <summary>What one result says of the level.</summary>
/// <param name="Interval">The level, as a fraction of cells.</param>
/// <param name="Of">What the field that would narrow it is.</param>
/// <param name="Field">The caller's field that would narrow it.</param>
/// <param name="Limit">What is known of a limit that is not stated, as a fraction of cells.</param>
internal readonly record struct MrdLevel(Interval Interval, MrdLevelOf Of, string Field, Interval Limit);

/// <summary>What would narrow a level.</summary>
internal enum MrdLevelOf
{
    /// <summary>A result, or a better one.</summary>
    NewResult,

    /// <summary>The number itself.</summary>
    Number,

    /// <summary>The sensitivity of an assay below whose detection the level is.</summary>
    Sensitivity,

    /// <summary>The lower end of the quantifiable range of an assay that was positive below it.</summary>
    QuantifiableFrom,
}
