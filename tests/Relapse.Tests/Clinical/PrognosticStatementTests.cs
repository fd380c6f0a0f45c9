using System.Text;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Every statement of the review on what bears on relapse and its outcome is a feature with a direction and a source, or it is written why not.</summary>
public sealed class PrognosticStatementTests
{
    /// <summary>CLS-036 to CLS-056 of the reading of the review; whether some of a statement is left out, which the document then says.</summary>
    private static readonly (int Statement, string[] Codes, bool LeftOut)[] _statements =
    [
        (36, ["TIMING_VERY_EARLY", "TIMING_EARLY", "TIMING_INTERMEDIATE", "TIMING_LATE"], true),
        (37, ["SITE_ISOLATED_MARROW", "SITE_ISOLATED_EXTRAMEDULLARY"], false),
        (38, ["SITE_ISOLATED_MARROW", "SITE_COMBINED", "SITE_ISOLATED_EXTRAMEDULLARY"], false),
        (39, ["SITE_COMBINED", "SITE_ISOLATED_EXTRAMEDULLARY", "TIMING_INTERMEDIATE"], false),
        (40, ["T_CELL_LINEAGE"], false),
        (41, ["T_CELL_LINEAGE"], false),
        (42, ["WBC_AT_RELAPSE_DISPUTED", "BLOOD_BLASTS_DISPUTED"], false),
        (43, ["WBC_AT_DIAGNOSIS_BELOW_50"], false),
        (44, ["AGE_AT_DIAGNOSIS_TEN_OR_MORE", "AGE_AT_DIAGNOSIS_INFANT"], false),
        (45, ["AGE_AT_DIAGNOSIS_FIFTEEN_OR_MORE"], false),
        (46, ["GENETICS_NOT_STATED"], true),
        (47, ["BCR_ABL1", "KMT2A_REARRANGED"], false),
        (48, ["BCR_ABL1"], false),
        (49, ["ETV6_RUNX1"], false),
        (50, ["MALE_SEX", "CNS_DISEASE_AT_DIAGNOSIS"], true),
        (51, ["RELAPSE_AFTER_TRANSPLANT"], false),
        (52, [], true),
        (53, ["CRLF2", "IKZF1", "JAK"], false),
        (54, ["CNS_RELAPSE_RISK"], true),
        (55, ["SLOW_EARLY_RESPONSE", "RELAPSED_COHORT_WBC_ABOVE_100"], true),
        (56, ["AGE_RELAPSE_RISK", "WBC_RELAPSE_RISK"], false),
    ];

    [Fact]
    public void Each_is_a_feature_or_stands_among_what_is_left_out()
    {
        Assert.Equal(Enumerable.Range(36, 21), _statements.Select(entry => entry.Statement));
        var modifiers = Shipped.Library.Versions.SelectMany(protocol => protocol.Document.Modifiers).ToLookup(modifier => modifier.Code);
        var preface = string.Join('\n', Encoding.UTF8.GetString(Shipped.Bytes("review-2014/2014.1/protocol.yaml")).Split('\n').TakeWhile(line => line.StartsWith('#')));
        foreach (var (statement, codes, leftOut) in _statements)
        {
            Assert.True(codes.Length > 0 || leftOut, $"CLS-{statement:000}");
            Assert.Equal((statement, leftOut), (statement, preface.Contains($"CLS-{statement:000}", StringComparison.Ordinal)));
            Assert.All(codes, code =>
            {
                Assert.NotEmpty(modifiers[code]);
                Assert.All(modifiers[code], modifier => Assert.NotEqual(ModifierDirection.Unspecified, modifier.Direction));
                Assert.All(modifiers[code], modifier => Assert.Contains(modifier.Because.Values_, citation => citation.StartsWith("fuster2014.", StringComparison.Ordinal)));
            });
        }
    }
}
