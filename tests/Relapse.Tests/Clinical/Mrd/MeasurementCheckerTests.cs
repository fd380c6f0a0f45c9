namespace Relapse.Tests.Clinical.Mrd;

/// <summary>Faults of measurements and of what a rule's conclusion stands on, each at its place.</summary>
public sealed class MeasurementCheckerTests
{
    private const string Points = "    time_points: [TIME_POINT_END_OF_INDUCTION]\n    specimens: [SPECIMEN_MARROW]\n    methods: [MRD_METHOD_PCR_IG_TR]\n";
    private const string Condition = "          id: mrd-method\n          kind: CONDITION_KIND_METHOD_MISMATCH\n";
    private const string At = "decisions.mrd_response.rules[1].condition";

    [Theory]
    [InlineData("measurements:\n", "measurements:\n  later:\n    time_points: [TIME_POINT_WEEK_12]\n    specimens: [SPECIMEN_MARROW]\n    because: fuster2014.mrd_marrow\n", "measurements.later", "no such measurement; known: decision")]
    [InlineData("measurements:\n", "measurements:\n  pre_transplant:\n    time_points: [TIME_POINT_PRE_TRANSPLANT]\n    specimens: [SPECIMEN_MARROW]\n    because: fuster2014.mrd_marrow\n", "measurements.pre_transplant", "never used")]
    [InlineData(Points, "    specimens: [SPECIMEN_MARROW]\n    methods: [MRD_METHOD_PCR_IG_TR]\n", "measurements.decision.time_points", "required")]
    [InlineData(Points, "    time_points: [TIME_POINT_END_OF_INDUCTION, TIME_POINT_END_OF_INDUCTION]\n    specimens: [SPECIMEN_MARROW]\n    methods: [MRD_METHOD_PCR_IG_TR]\n", "measurements.decision.time_points", "given 2 times")]
    [InlineData(Points, "    time_points: [TIME_POINT_END_OF_INDUCTION]\n    specimens: [SPECIMEN_UNSPECIFIED]\n    methods: [MRD_METHOD_PCR_IG_TR]\n", "measurements.decision.specimens[0]", "expected one of SPECIMEN_MARROW")]
    [InlineData(Points, "    time_points: [TIME_POINT_END_OF_INDUCTION]\n    specimens: [SPECIMEN_MARROW]\n", "inputs.mrd_decision_method", "names no methods")]
    [InlineData("  mrd_decision_method:\n    values: [PROTOCOL, OTHER]\n", "  mrd_decision_method:\n    values: [PROTOCOL, OTHER]\n  mrd_pre_transplant_level:\n    bands:\n      ANY: \"[0, 1]\"\n", "inputs.mrd_pre_transplant_level", "needs the measurement 'pre_transplant'")]
    [InlineData("    provided:\n      time_point: TIME_POINT_END_OF_BLOCK_1\n", "    provided:\n      time_point: TIME_POINT_END_OF_INDUCTION\n", "measurements.decision.provided.time_point", "none of the measurement's own")]
    [InlineData("      id: block-1-is-the-induction\n", "      id: Block 1\n", "measurements.decision.provided.id", "lower-case letters")]
    [InlineData("      id: block-1-is-the-induction\n", "      id: not-mrd\n", "measurements.decision.provided.id", "already that of")]
    [InlineData("      - time_point: TIME_POINT_END_OF_BLOCK_1\n        after: [REINDUCTION_ALL_REZ_BFM, REINDUCTION_AALL01P2]\n", "      - time_point: TIME_POINT_WEEK_12\n        after: [REINDUCTION_ALL_REZ_BFM]\n", "measurements.decision.excluded[0].time_point", "a time point of the measurement")]
    [InlineData("        after: [REINDUCTION_ALL_REZ_BFM, REINDUCTION_AALL01P2]\n", "        after: []\n", "measurements.decision.excluded[0].after", "required")]
    [InlineData(Condition, "          id: MRD method\n          kind: CONDITION_KIND_METHOD_MISMATCH\n", At + ".id", "lower-case letters")]
    [InlineData(Condition, "          id: blood_blasts_with_m1\n          kind: CONDITION_KIND_METHOD_MISMATCH\n", At + ".id", "lower-case letters")]
    [InlineData(Condition, "          id: not-mrd\n          kind: CONDITION_KIND_METHOD_MISMATCH\n", At + ".id", "already that of a reading or scope rule")]
    [InlineData(Condition, "          id: mrd-method\n          kind: CONDITION_KIND_READING\n", At + ".kind", "others come from elsewhere")]
    [InlineData(Condition, "          id: mrd-method\n", At + ".kind", "must be CONDITION_KIND_METHOD_MISMATCH")]
    [InlineData(Condition, "          id: mrd-informative\n          kind: CONDITION_KIND_METHOD_MISMATCH\n", "decisions.mrd_response.rules[4].condition.kind", "another kind for 'mrd-informative'")]
    [InlineData(Condition, Condition + "          otherwise: MAYBE\n", At + ".otherwise", "'MAYBE' is not a conclusion")]
    [InlineData(Condition, Condition + "          otherwise: AT_OR_ABOVE_CUT_OFF\n", At + ".otherwise", "what the rule concludes")]
    [InlineData("        then: [BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF]\n", "        condition: {id: open-one, kind: CONDITION_KIND_METHOD_MISMATCH, detail: d}\n        then: [BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF]\n", "decisions.mrd_response.rules[6].condition", "only for a rule with one conclusion")]
    public void A_fault_is_named_at_its_path(string passage, string by, string path, string message)
    {
        // What a document does not measure is named in one that does not.
        var folder = path.EndsWith("pre_transplant", StringComparison.Ordinal) || path.EndsWith("pre_transplant_level", StringComparison.Ordinal) ? "intreall-sr-2010/2010.2" : "ukall-r3/2003.1";
        var text = new DocumentText(Shipped.Text($"{folder}/protocol.yaml"), Shipped.Text($"{folder}/cases.yaml")).Change(passage, by);
        var faults = text.Compile().Faults;
        var fault = faults.FirstOrDefault(fault => fault.Path == path && fault.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(fault is not null, string.Join("\n", faults));
        Assert.True(fault.Line > 1 && fault.Column >= 1, fault.ToString());
    }
}
