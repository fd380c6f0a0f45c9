using Relapse.Clinical;
using Relapse.Contracts.Case.V1;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>What cannot be of an MRD result is refused at its field, and no value is repeated.</summary>
public sealed class MrdFaultTests
{
    [Theory]
    [InlineData("""{"quantified":"-1e-4","unit":"MRD_UNIT_FRACTION"}""", "quantified", "0 or more")]
    [InlineData("""{"quantified":"1.1","unit":"MRD_UNIT_FRACTION"}""", "quantified", "0 to 1")]
    [InlineData("""{"quantified":"100.1","unit":"MRD_UNIT_PERCENT"}""", "quantified", "0 to 100")]
    [InlineData("""{"quantified":"NaN","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"Infinity","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1e-400","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1e-99999999999","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1e-40","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1e400","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"0.00009999999999999999999999999999999","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"0,0001","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1 in 0","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"2/1","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1 in 10 000","unit":"MRD_UNIT_PERCENT"}""", "quantified", "is a fraction")]
    [InlineData("""{"quantified":"1e-4"}""", "unit", "required with a number")]
    [InlineData("""{"belowDetection":true,"sensitivity":"1e-4"}""", "unit", "required with a number")]
    [InlineData("""{"belowDetection":true,"sensitivity":"2","unit":"MRD_UNIT_FRACTION"}""", "sensitivity", "0 to 1")]
    [InlineData("""{"belowDetection":true,"sensitivity":"0","unit":"MRD_UNIT_FRACTION"}""", "sensitivity", "above 0")]
    [InlineData("""{"quantified":"1e-5","sensitivity":"1e-4","unit":"MRD_UNIT_FRACTION"}""", "sensitivity", "above the level")]
    [InlineData("""{"positiveNotQuantifiable":true,"sensitivity":"1e-4","quantifiableFrom":"1e-5","unit":"MRD_UNIT_FRACTION"}""", "quantifiable_from", "below the sensitivity")]
    [InlineData("""{"quantified":"5e-5","quantifiableFrom":"1e-3","unit":"MRD_UNIT_FRACTION"}""", "quantifiable_from", "above the level")]
    [InlineData("""{"quantified":"1 in 1 0 0 0 0","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"1 in 10 00","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    [InlineData("""{"quantified":"9999999999999999999999/99999999999999999999990001","unit":"MRD_UNIT_FRACTION"}""", "quantified", "decimal number")]
    public void A_result_that_cannot_be_is_refused(string result, string field, string message)
    {
        var faults = CaseValidator.Validate(RelapseCase.Parser.ParseJson($$"""{"mrd":[{{result}}]}"""));
        var fault = Assert.Single(faults, fault => fault.Field == $"case.mrd[0].{field}");
        Assert.Contains(message, fault.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e-4", 0)]
    [InlineData("0.0001", 0)]
    [InlineData("1/10000", 0)]
    [InlineData("1 in 10000", 0)]
    [InlineData("1 in 10 000", 0)]
    [InlineData("1 in 10\u00a0000", 0)]
    [InlineData("100e-6", 0)]
    [InlineData("0.010", 1)]
    [InlineData("1E-2", 1)]
    public void One_number_has_many_spellings(string text, int percent)
    {
        var @case = MrdCase.Of(MrdCase.Quantified(text, percent == 1 ? MrdUnit.Percent : MrdUnit.Fraction));
        Assert.Empty(CaseValidator.Validate(@case));
        Assert.Equal(Relapse.Decisions.Interval.Point(0.0001m), MrdCase.Select("ukall-r3", @case).Level);
    }

    [Theory]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","quantified":"0.001"}],"bounded":[{"field":"case.mrd[0].sensitivity","min":0.001,"max":0.01}]}""")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","sensitivity":"0.001"}],"bounded":[{"field":"case.mrd[0].quantified","max":0.0001}]}""")]
    public void Bounds_within_which_a_result_can_be_are_taken(string @case) => Assert.Empty(CaseValidator.Validate(RelapseCase.Parser.ParseJson(@case)));

    [Fact]
    public void Ten_thousand_results_are_one_fault()
    {
        var @case = new RelapseCase();
        @case.Mrd.Add(Enumerable.Repeat(new MrdResult { Quantified = "x" }, 10_000));
        Assert.Equal("case.mrd", Assert.Single(CaseValidator.Validate(@case)).Field);
    }

    [Theory]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_PERCENT"}],"bounded":[{"field":"case.mrd[0].quantified","min":101}]}""", "case.bounded[0]", "0 to 100")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION"}],"bounded":[{"field":"case.mrd[0].quantified","max":1.5}]}""", "case.bounded[0]", "0 to 1")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","belowDetection":true}],"bounded":[{"field":"case.mrd[0].quantified","max":0.5}]}""", "case.mrd[0].quantified", "no other result")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","quantified":"0.0001"}],"bounded":[{"field":"case.mrd[0].sensitivity","min":0.001,"max":0.01}]}""", "case.mrd[0].sensitivity", "above the level")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","positiveNotQuantifiable":true,"sensitivity":"1e-3"}],"bounded":[{"field":"case.mrd[0].quantifiable_from","min":0.00001,"max":0.0001}]}""", "case.mrd[0].quantifiable_from", "below the sensitivity")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_PERCENT","sensitivity":"0.1"}],"bounded":[{"field":"case.mrd[0].quantified","min":0.001,"max":0.01}]}""", "case.mrd[0].sensitivity", "above the level")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","quantified":"1 in 10,000"}]}""", "case.mrd[0].quantified", "1 in 10 000")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","quantified":"1e-27"}]}""", "case.mrd[0].quantified", "26 decimal places")]
    public void Bounds_that_cannot_be_are_refused(string @case, string field, string message) =>
        Assert.Contains(CaseValidator.Validate(RelapseCase.Parser.ParseJson(@case)), fault => fault.Field == field && fault.Description.Contains(message, StringComparison.Ordinal));
}
