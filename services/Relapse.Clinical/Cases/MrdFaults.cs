using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Cases;

/// <summary>What cannot be of an MRD result, whatever the patient: more than all cells, a limit of the assay above what it measured.</summary>
internal static class MrdFaults
{
    public static IEnumerable<FieldFault> Find(RelapseCase @case) =>
        CaseValidator.Judged(@case.Mrd).SelectMany(entry => Find(@case, entry.Item, $"case.mrd[{entry.Index}]"));

    private static IEnumerable<FieldFault> Find(RelapseCase @case, MrdResult result, string path)
    {
        (string Name, bool Given, string Text)[] numbers =
        [
            ("quantified", result.HasQuantified, result.Quantified),
            ("sensitivity", result.HasSensitivity, result.Sensitivity),
            ("quantifiable_from", result.HasQuantifiableFrom, result.QuantifiableFrom),
        ];
        var bounds = @case.Bounded.Where(bound => Array.Exists(numbers, number => bound.Field == $"{path}.{number.Name}")).ToArray();
        if (result.Unit == MrdUnit.Unspecified && (bounds.Length > 0 || Array.Exists(numbers, number => number.Given)))
        {
            yield return new FieldFault($"{path}.unit", "required with a number");
        }
        foreach (var (name, given, text) in numbers)
        {
            if (given && NumberFault(text, result.Unit) is { } fault)
            {
                yield return new FieldFault($"{path}.{name}", fault);
            }
        }
        foreach (var bound in bounds)
        {
            if (BoundFault(bound, result.Unit) is { } fault)
            {
                yield return new FieldFault($"case.bounded[{@case.Bounded.IndexOf(bound)}]", fault);
            }
        }
        if (result.ResultCase is not MrdResult.ResultOneofCase.None && bounds.Any(bound => bound.Field == $"{path}.quantified"))
        {
            yield return new FieldFault($"{path}.quantified", "bounds of a level go with no other result");
        }
        foreach (var fault in LimitFaults(result, path, bounds))
        {
            yield return fault;
        }
    }

    private static string? NumberFault(string text, MrdUnit unit) =>
        !MrdNumber.TryRead(text, out var value, out var isRatio) ? null
        : isRatio && unit is MrdUnit.Percent ? "one cell in so many is a fraction, not a percentage"
        : value > MarrowTests.Whole(unit) ? $"must be {Whole(unit)}, both inclusive"
        : null;

    private static string? BoundFault(BoundedFact bound, MrdUnit unit) =>
        unit is not MrdUnit.Unspecified && Math.Max(bound.Min, bound.Max) > (double)MarrowTests.Whole(unit)
            ? $"the ends must be {Whole(unit)}, both inclusive"
            : bound.HasMax && bound.Max == 0 && !bound.Field.EndsWith(".quantified", StringComparison.Ordinal) ? "must be above 0"
            : null;

    /// <summary>
    /// An assay quantifies nothing that it cannot detect; nothing at all is below detection in a number. Of numbers within bounds only what is
    /// so whatever they are.
    /// </summary>
    private static IEnumerable<FieldFault> LimitFaults(MrdResult result, string path, BoundedFact[] bounds)
    {
        var sensitivity = Known(result.HasSensitivity, result.Sensitivity, "sensitivity");
        var quantifiable = Known(result.HasQuantifiableFrom, result.QuantifiableFrom, "quantifiable_from");
        var level = Known(result.HasQuantified, result.Quantified, "quantified");
        level = level is { } any && any.Contains(0) ? null : level;
        if (IsAbove(sensitivity, level))
        {
            yield return new FieldFault($"{path}.sensitivity", "above the level that was quantified: one that was not detected is below_detection");
        }
        if (IsAbove(quantifiable, level))
        {
            yield return new FieldFault($"{path}.quantifiable_from", "above the level that was quantified: one that is positive below the quantifiable range is positive_not_quantifiable");
        }
        if (IsAbove(sensitivity, quantifiable))
        {
            yield return new FieldFault($"{path}.quantifiable_from", "below the sensitivity of the assay");
        }

        Interval? Known(bool isGiven, string text, string name)
        {
            if (isGiven)
            {
                // What is no fraction is a fault of its own, and stands above or below nothing.
                return MrdNumber.ReadFraction(text, result.Unit) is { } number and >= 0 and <= 1 ? Interval.Point(number) : null;
            }
            var bound = Array.Find(bounds, bound => string.Equals(bound.Field, $"{path}.{name}", StringComparison.Ordinal));
            // What is wrong with the bounds themselves is said of them.
            return bound is null || result.Unit is MrdUnit.Unspecified || !double.IsFinite(bound.Min) || !double.IsFinite(bound.Max) || Math.Max(Math.Abs(bound.Min), Math.Abs(bound.Max)) > (double)MarrowTests.Whole(result.Unit) ? null
                : InUnit(CaseNumbers.Read(bound), MarrowTests.Whole(result.Unit));
        }
    }

    private static Interval InUnit(Interval bound, decimal whole) => new(bound.Min / whole, bound.MinExclusive, bound.Max / whole, bound.MaxExclusive);

    /// <summary>Whether one is above the other whatever both are.</summary>
    private static bool IsAbove(Interval? one, Interval? other) =>
        one is { Min: { } least } && other is { Max: { } most } && (least > most || (least == most && (one.Value.MinExclusive || other.Value.MaxExclusive)));

    private static string Whole(MrdUnit unit) => unit is MrdUnit.Fraction ? "a fraction of 0 to 1" : "0 to 100 percent";
}
