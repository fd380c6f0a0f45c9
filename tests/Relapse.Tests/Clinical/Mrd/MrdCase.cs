using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>Cases of a marrow relapse with MRD results, in one line.</summary>
internal static class MrdCase
{
    /// <summary>A marrow relapse, all known, with these results after reinduction of ALL R3.</summary>
    public static RelapseCase Of(params MrdResult[] results) => SoundCase.LateIsolatedMarrow().With(@case =>
    {
        @case.Treatment = new Treatment { Reinduction = Reinduction.AllR3 };
        @case.Mrd.Add(results);
    });

    public static MrdResult Quantified(string level, MrdUnit unit = MrdUnit.Fraction) => Marrow(new MrdResult { Quantified = level, Unit = unit });

    public static MrdResult BelowDetection(string? sensitivity) => Marrow(WithSensitivity(new MrdResult { BelowDetection = true }, sensitivity));

    public static MrdResult Positive(string? quantifiableFrom)
    {
        var result = Marrow(new MrdResult { PositiveNotQuantifiable = true });
        if (quantifiableFrom is not null)
        {
            (result.QuantifiableFrom, result.Unit) = (quantifiableFrom, MrdUnit.Fraction);
        }
        return result;
    }

    public static MrdResult NotEvaluable() => Marrow(new MrdResult { NotEvaluable = true });

    public static MrdResult By(this MrdResult result, MrdMethod method) => Changed(result, copy => copy.Method = method);

    public static MrdResult At(this MrdResult result, TimePoint timePoint) => Changed(result, copy => copy.TimePoint = timePoint);

    public static MrdResult On(this MrdResult result, Specimen specimen) => Changed(result, copy => copy.Specimen = specimen);

    public static MrdResult Collected(this MrdResult result, int month, int day) => Changed(result, copy => copy.CollectDate = SoundCase.Day(2013, month, day));

    public static Decision Response(string protocol, params MrdResult[] results) => Shipped.Protocol(protocol).Decide(Of(results), "mrd_response");

    public static MrdSelection Select(string protocol, RelapseCase @case) => new CaseEvaluator(@case).SelectMrd(Shipped.Protocol(protocol), "decision")!;

    private static MrdResult WithSensitivity(MrdResult result, string? sensitivity)
    {
        if (sensitivity is not null)
        {
            (result.Sensitivity, result.Unit) = (sensitivity, MrdUnit.Fraction);
        }
        return result;
    }

    private static MrdResult Marrow(MrdResult result) =>
        Changed(result, copy => (copy.TimePoint, copy.Specimen, copy.Method) = (TimePoint.EndOfInduction, Specimen.Marrow, MrdMethod.PcrIgTr));

    private static MrdResult Changed(MrdResult result, Action<MrdResult> change)
    {
        var copy = result.Clone();
        change(copy);
        return copy;
    }
}
