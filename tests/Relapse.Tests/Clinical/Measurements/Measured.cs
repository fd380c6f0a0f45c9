using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Mrd.V1;
using Date = Google.Type.Date;

namespace Relapse.Tests.Clinical.Measurements;

/// <summary>MRD results for tests, as a laboratory would report them: marrow, fraction of cells.</summary>
internal static class Measured
{
    public static MrdResult Quantified(string level, TimePoint point = TimePoint.Unspecified, Date? on = null, MrdMethod method = MrdMethod.PcrIgTr) =>
        new() { Quantified = level, TimePoint = point, CollectDate = on, Method = method, Unit = MrdUnit.Fraction, Specimen = Specimen.Marrow };

    public static MrdResult Below(string? sensitivity, TimePoint point = TimePoint.Unspecified, Date? on = null, MrdMethod method = MrdMethod.PcrIgTr)
    {
        var result = new MrdResult { BelowDetection = true, TimePoint = point, CollectDate = on, Method = method, Unit = MrdUnit.Fraction, Specimen = Specimen.Marrow };
        if (sensitivity is not null)
        {
            result.Sensitivity = sensitivity;
        }

        return result;
    }

    public static MrdResult Positive(string? quantifiableFrom, TimePoint point = TimePoint.Unspecified, Date? on = null, MrdMethod method = MrdMethod.PcrIgTr)
    {
        var result = new MrdResult { PositiveNotQuantifiable = true, TimePoint = point, CollectDate = on, Method = method, Unit = MrdUnit.Fraction, Specimen = Specimen.Marrow };
        if (quantifiableFrom is not null)
        {
            result.QuantifiableFrom = quantifiableFrom;
        }

        return result;
    }

    public static MrdResult NotEvaluable(TimePoint point = TimePoint.Unspecified, Date? on = null) =>
        new() { NotEvaluable = true, TimePoint = point, CollectDate = on, Method = MrdMethod.PcrIgTr, Specimen = Specimen.Marrow };

    public static Date Day(int number) => Date(new DateOnly(2014, 1, 1).AddDays(number));

    public static Date Date(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    public static RelapseCase Case(params IEnumerable<MrdResult> results) => new() { RelapseNumber = 1, Mrd = { results } };

    public static MrdSeries Series(params IEnumerable<MrdResult> results) => Series(Case(results));

    public static MrdSeries Series(RelapseCase @case)
    {
        Assert.Empty(CaseValidator.Validate(@case));
        return new MrdReading(new CaseEvaluator(@case), SeriesRules.Shipped).Series();
    }

    public static string[] Order(MrdSeries series) => [.. series.Points.Select(point => point.Field)];

    public static SeriesNote[] Notes(MrdSeries series, string code) => [.. series.Notes.Where(note => note.Code == code)];

    public static string Path(int index) => $"case.mrd[{index}]";
}
