using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;

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
        foreach (var fault in LimitFaults(result, path))
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

    /// <summary>An assay quantifies nothing that it cannot detect; nothing at all is below detection in a number.</summary>
    private static IEnumerable<FieldFault> LimitFaults(MrdResult result, string path)
    {
        var sensitivity = result.HasSensitivity ? MrdNumber.ReadFraction(result.Sensitivity, result.Unit) : null;
        var quantifiable = result.HasQuantifiableFrom ? MrdNumber.ReadFraction(result.QuantifiableFrom, result.Unit) : null;
        var level = result.HasQuantified ? MrdNumber.ReadFraction(result.Quantified, result.Unit) : null;
        if (level > 0 && sensitivity > level)
        {
            yield return new FieldFault($"{path}.sensitivity", "above the level that was quantified: one that was not detected is below_detection");
        }
        if (level > 0 && quantifiable > level)
        {
            yield return new FieldFault($"{path}.quantifiable_from", "above the level that was quantified: one that is positive below the quantifiable range is positive_not_quantifiable");
        }
        if (sensitivity > quantifiable)
        {
            yield return new FieldFault($"{path}.quantifiable_from", "below the sensitivity of the assay");
        }
    }

    private static string Whole(MrdUnit unit) => unit is MrdUnit.Fraction ? "a fraction of 0 to 1" : "0 to 100 percent";
}
