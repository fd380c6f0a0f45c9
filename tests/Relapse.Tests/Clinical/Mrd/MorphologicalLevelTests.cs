using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Clinical.Measurements;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>Morphological disease that an answer does not rest on is warned of on advice too, with where the sources say so (AMB-32).</summary>
public sealed class MorphologicalLevelTests
{
    [Theory]
    [InlineData("ukall-r3", "post_remission")]
    [InlineData("ukall-r3", "mrd_response")]
    [InlineData("intreall-hr-2010", "post_remission")]
    public void Advice_is_warned_of_disease_later_than_its_level_and_its_remission(string protocol, string decision)
    {
        var later = Of(1, Measured.Quantified("0.00005", TimePoint.EndOfInduction), Measured.Quantified("0.2", TimePoint.EndOfBlock3, method: MrdMethod.Flow));
        var warning = Warned(later, protocol, decision);
        Assert.NotNull(warning);
        Assert.StartsWith("case.mrd[1]: 5 % or more of the cells", warning.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(warning.Citations);
        Assert.All(warning.Citations, citation => Assert.True(citation.Source.Length > 0 && citation.Locator.Length > 0));

        Assert.Null(Warned(Of(1, Measured.Quantified("0.00005", TimePoint.EndOfInduction)), protocol, decision));
    }

    /// <summary>A response after it shows that the disease has gone; one that shows it too shows nothing of the kind.</summary>
    [Fact]
    public void A_later_remission_is_one_and_a_later_level_too()
    {
        var gone = Of(1, Measured.Quantified("0.2", TimePoint.EndOfBlock1, method: MrdMethod.Flow), Measured.Quantified("0.00005", TimePoint.EndOfBlock3));
        gone.Responses[0].TimePoint = TimePoint.EndOfBlock3;
        Assert.Null(Warned(gone, "intreall-hr-2010", "post_remission"));
        Assert.NotNull(Warned(gone.With(@case => @case.Responses[0].MarrowBlastsPercent = 40), "intreall-hr-2010", "post_remission"));
    }

    [Theory]
    [InlineData("ukall-r3", "post_remission", 5, true)]
    [InlineData("ukall-r3", "mrd_response", 5, true)]
    [InlineData("ukall-r3", "mrd_response", 4.9, false)]
    public void A_low_level_of_a_marrow_with_morphological_disease_is_warned_of(string protocol, string decision, double blasts, bool warned)
    {
        var warning = Warned(Of(blasts, Measured.Quantified("0.00005", TimePoint.EndOfInduction)), protocol, decision);
        Assert.Equal(warned, warning is not null);
        if (warning is not null)
        {
            Assert.StartsWith("case.responses[0].marrow_blasts_percent: 5 % or more blasts", warning.Detail, StringComparison.Ordinal);
            Assert.NotEmpty(warning.Citations);
        }
    }

    [Fact]
    public void Marrows_of_two_days_may_differ()
    {
        var @case = Of(40, Measured.Quantified("0.00005", TimePoint.EndOfInduction, SoundCase.Day(2013, 8, 1)));
        @case.Responses[0].AssessDate = SoundCase.Day(2013, 8, 1);
        Assert.NotNull(Warned(@case, "ukall-r3", "mrd_response"));
        @case.Responses[0].AssessDate = SoundCase.Day(2013, 8, 20);
        Assert.Null(Warned(@case, "ukall-r3", "mrd_response"));
    }

    private static Warning? Warned(RelapseCase @case, string protocol, string decision) =>
        Shipped.Protocol(protocol).Decide(@case, decision).Warnings.SingleOrDefault(warning => warning.Code == "MORPHOLOGICAL_LEVEL");

    private static RelapseCase Of(double blasts, params MrdResult[] results) => SoundCase.LateIsolatedMarrow().With(@case =>
    {
        (@case.AgeAtRelapseYears, @case.Treatment) = (9, new Treatment { Reinduction = Reinduction.AllR3 });
        @case.Responses.Add(new Response { TimePoint = TimePoint.EndOfInduction, MarrowBlastsPercent = blasts });
        @case.Mrd.Add(results);
    });
}
