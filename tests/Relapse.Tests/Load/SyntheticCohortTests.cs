using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Load.Traffic;

namespace Relapse.Tests.Load;

/// <summary>The children of the generated cohort are in the shares that the review prints, sound, and the same each time.</summary>
public sealed class SyntheticCohortTests
{
    private const int Children = 6000;

    // Some five standard deviations of a share of so many.
    private const double Noise = 0.032;

    private static readonly RelapseCase[] _children = [.. Enumerable.Range(0, Children).Select(number => SyntheticCohort.Child(number))];

    [Fact]
    public void Sites_and_times_are_in_the_shares_of_the_review()
    {
        // L757: 42.9 % isolated marrow, 19.6 % combined, 37.5 % isolated extramedullary.
        AssertShare(0.625, child => child.Marrow.BlastsPercent >= 25);
        // Reissmueller, L679-684: 41 % very early, 22 % early, 37 % late.
        AssertShare(0.41, child => child.Timing.PrimaryTherapyStatus is PrimaryTherapyStatus.OnTreatment);
        AssertShare(0.22, child => child.Timing.PrimaryTherapyEndDate is not null && Days(child) < 183);
        AssertShare(0.37, child => child.Timing.PrimaryTherapyEndDate is not null && Days(child) > 183);
        Assert.All(_children.Where(child => child.Timing.PrimaryTherapyStatus is PrimaryTherapyStatus.OnTreatment), child => Assert.True(Since(child.Timing.DiagnosisDate, child) < 548));
    }

    [Fact]
    public void A_fifth_of_what_a_registry_may_lack_is_not_known()
    {
        AssertShare(0.2, child => child.Lineage is Lineage.Unspecified);
        AssertShare(0.2, child => child.Csf is null);
        AssertShare(0.2, child => child.Mrd.Count == 0);
        AssertShare(0.2, child => child.Responses.Count == 0);
    }

    [Fact]
    public void Every_child_is_sound_and_of_its_number_alone()
    {
        Assert.All(_children, child => Assert.Empty(CaseValidator.Validate(child)));
        Assert.Equal(_children[4711], SyntheticCohort.Child(4711));
        Assert.InRange(_children.Distinct().Count(), Children - 5, Children);
    }

    private static void AssertShare(double share, Func<RelapseCase, bool> isOf) =>
        Assert.InRange((double)_children.Count(isOf) / Children, share - Noise, share + Noise);

    private static int Days(RelapseCase child) => Since(child.Timing.PrimaryTherapyEndDate, child);

    private static int Since(Google.Type.Date date, RelapseCase child) => Day(child.Timing.RelapseDate).DayNumber - Day(date).DayNumber;

    private static DateOnly Day(Google.Type.Date date) => new(date.Year, date.Month, date.Day);
}
