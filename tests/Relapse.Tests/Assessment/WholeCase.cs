using Relapse.Contracts.Case.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Clinical.Measurements;

namespace Relapse.Tests.Assessment;

/// <summary>A late isolated marrow relapse in second remission, of which everything is known that a table looks at.</summary>
internal static class WholeCase
{
    /// <param name="level">MRD at the end of induction; null: none was measured.</param>
    public static RelapseCase Of(string? level = "5e-4")
    {
        var @case = SoundCase.LateIsolatedMarrow();
        (@case.PhPositive, @case.DownSyndrome, @case.AgeAtRelapseYears) = (false, false, 9);
        @case.Treatment = new Treatment { Reinduction = Reinduction.AllR3, Arm = "B" };
        @case.Responses.Add(new Response
        {
            TimePoint = TimePoint.EndOfInduction,
            MarrowBlastsPercent = 1,
            WbcPerUl = 3000,
            NeutrophilsPerUl = 1600,
            PlateletsPerUl = 150_000,
            BloodBlastsPresent = false,
            CsfWbcPerUl = 1,
            CsfBlastsPresent = false,
            TestesNormal = true,
            ClinicalSigns = false,
            OtherSitesClear = true,
            ReinductionCompleted = true,
        });
        if (level is not null)
        {
            @case.Mrd.Add(Measured.Quantified(level, TimePoint.EndOfInduction));
        }

        return @case;
    }
}
