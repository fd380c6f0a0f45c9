using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Every statement of the review on what bears on relapse and its outcome is a feature with a direction and a source, in answers and not in comments.</summary>
public sealed class PrognosticStatementTests
{
    /// <summary>CLS-036 to CLS-056 of the reading of the review.</summary>
    private static readonly (int Statement, string[] Codes)[] _statements =
    [
        (36, ["TIMING_VERY_EARLY", "TIMING_EARLY", "TIMING_INTERMEDIATE", "TIMING_LATE"]),
        (37, ["SITE_ISOLATED_MARROW", "SITE_ISOLATED_EXTRAMEDULLARY"]),
        (38, ["SITE_ISOLATED_MARROW", "SITE_COMBINED", "SITE_ISOLATED_EXTRAMEDULLARY"]),
        (39, ["SITE_COMBINED", "SITE_ISOLATED_EXTRAMEDULLARY", "TIMING_INTERMEDIATE"]),
        (40, ["T_CELL_LINEAGE"]),
        (41, ["T_CELL_LINEAGE"]),
        (42, ["WBC_AT_RELAPSE_DISPUTED", "BLOOD_BLASTS_DISPUTED"]),
        (43, ["WBC_AT_DIAGNOSIS_BELOW_50"]),
        (44, ["AGE_AT_DIAGNOSIS_TEN_OR_MORE", "AGE_AT_DIAGNOSIS_INFANT"]),
        (45, ["AGE_AT_DIAGNOSIS_FIFTEEN_OR_MORE"]),
        (46, ["GENETICS_NOT_STATED"]),
        (47, ["BCR_ABL1", "KMT2A_REARRANGED"]),
        (48, ["BCR_ABL1"]),
        (49, ["ETV6_RUNX1"]),
        (50, ["MALE_SEX", "CNS_DISEASE_AT_DIAGNOSIS"]),
        (51, ["RELAPSE_AFTER_TRANSPLANT"]),
        (52, ["FRONTLINE_INTENSITY_DISPUTED"]),
        (53, ["CRLF2", "IKZF1", "JAK"]),
        (54, ["CNS_RELAPSE_RISK", "CNS_RELAPSE_RISK_NOT_COMPLETE"]),
        (55, ["AGE_RELAPSE_RISK", "RELAPSED_COHORT_MALE_SEX", "RELAPSED_COHORT_WBC_ABOVE_100", "SLOW_EARLY_RESPONSE", "RELAPSED_COHORT_LINEAGE"]),
        (56, ["AGE_RELAPSE_RISK", "WBC_RELAPSE_RISK"]),
    ];

    [Fact]
    public void Each_is_a_feature_of_the_newest_documents_that_cites_the_review()
    {
        Assert.Equal(Enumerable.Range(36, 21), _statements.Select(entry => entry.Statement));
        var modifiers = Shipped.Ids.SelectMany(id => Shipped.Protocol(id).Document.Modifiers).ToLookup(modifier => modifier.Code);
        foreach (var (statement, codes) in _statements)
        {
            Assert.True(codes.Length > 0, $"CLS-{statement:000}");
            Assert.All(codes, code =>
            {
                Assert.NotEmpty(modifiers[code]);
                Assert.All(modifiers[code], modifier => Assert.NotEqual(ModifierDirection.Unspecified, modifier.Direction));
                Assert.All(modifiers[code], modifier => Assert.Contains(modifier.Because.Values_, citation => citation.StartsWith("fuster2014.", StringComparison.Ordinal)));
            });
        }
    }

    /// <summary>It is among the features of Table 1, of the relapsed cohort (CLS-055) and of survival after relapse (CLS-050).</summary>
    [Fact]
    public void That_ethnicity_is_left_out_is_said_with_each_place_that_names_it() => Assert.Superset(
        new HashSet<string> { "fuster2014.table1_ethnicity", "fuster2014.relapsed_cohort", "fuster2014.sex_and_cns" },
        Shipped.Protocol("review-2014").Document.Warnings.Single(warning => warning.Code == "ETHNICITY_NOT_COLLECTED").Because.Values_.ToHashSet());
}
