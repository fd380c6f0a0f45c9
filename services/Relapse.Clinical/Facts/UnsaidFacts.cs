using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>Every fact that a case has a field for, as a case leaves it that does not say it, with the field that would.</summary>
internal static class UnsaidFacts
{
    public static IEnumerable<(FactDefinition Fact, Fact Unsaid)> All =>
    [
        .. Open.Select(open => (open.Fact, OpenFact(open.Fact, open.Field))),
        // Every call is about acute lymphoblastic leukaemia unless it says otherwise.
        (CaseFact.Disease, new WordFact(ValueSet.Of(CaseFact.Disease.Words.IndexOf("ACUTE_LYMPHOBLASTIC")), "case.lineage")),
        (CaseFact.TesticularBiopsy, NotDone(CaseFact.TesticularBiopsy, "case.testes.biopsy_positive")),
        (CaseFact.ContralateralBiopsy, NotDone(CaseFact.ContralateralBiopsy, "case.testes.contralateral_biopsy_positive")),
        (CaseFact.OtherSitesInvolved, new SitesFact(0, [], Assessed: false)),
        .. from marker in GeneticMarkers.All
           from fact in new[] { marker.Found, marker.AtDiagnosis }
           select (FactCatalogue.Find(fact)!, (Fact)OfMarker(marker, fact)),
        .. TreatmentBefore.All.Select(given => (FactCatalogue.Find(given.Fact)!, (Fact)new WordFact(ValueSet.All(2), given.Field) { Subject = given.Name })),
        // A case without a response is asked for its first one; that nothing was looked at is known without it.
        .. ResponseFacts.All.Select(response => (response.Fact, OfNoResponse(response.Fact, ResponseFacts.Path(0, response.Field)))),
        // What no earlier response shows has not been before: there is none that could.
        (FactCatalogue.Find(FactId.EventBefore)!, new WordFact(ValueSet.Of(0), "case.responses") { Subject = "an event at an earlier response:" }),
        .. FactCatalogue.Measurements.SelectMany(Measured),
        .. MarrowTestFact.OfEach(new Interval(0, false, 100, false)).Select(test => (FactCatalogue.Find(test.Id)!, test.Fact)),
    ];

    private static (FactDefinition Fact, string Field)[] Open =>
    [
        (CaseFact.RelapseNumber, "case.relapse_number"),
        (CaseFact.FirstRemission, "case.first_remission_achieved"),
        (CaseFact.PriorTransplant, "case.history.no_prior_transplant"),
        (CaseFact.Lineage, "case.lineage"),
        (CaseFact.MarrowBlasts, "case.marrow.blasts_percent"),
        (CaseFact.BloodBlasts, "case.blood.blasts_present"),
        (CaseFact.CsfWbc, "case.csf.wbc_per_ul"),
        (CaseFact.CsfBlasts, "case.csf.blasts_present"),
        (CaseFact.CsfErythrocytes, "case.csf.erythrocytes_per_ul"),
        (CaseFact.CsfConsecutive, "case.csf.consecutive_positive_samples"),
        (CaseFact.CnsSigns, "case.cns.clinical_signs"),
        (CaseFact.CnsMass, "case.cns.imaging_mass"),
        (CaseFact.Sex, "case.sex"),
        (CaseFact.TesticularEnlargement, "case.testes.enlarged"),
        (CaseFact.OtherSitesSuspected, SitesFact.AssessedField),
        (CaseFact.TherapyStoppedEarly, "case.timing.primary_therapy_status"),
        (CaseFact.AgeAtDiagnosis, "case.primary_disease.age_years"),
        (CaseFact.AgeAtRelapse, "case.age_at_relapse_years"),
        (CaseFact.WbcAtDiagnosis, "case.primary_disease.wbc_per_ul"),
        (CaseFact.WbcAtRelapse, "case.blood.wbc_per_ul"),
        (CaseFact.CnsStatusAtDiagnosis, "case.primary_disease.cns_status"),
        (CaseFact.PrednisoneResponse, "case.primary_disease.prednisone_response"),
        (CaseFact.InductionFailure, "case.primary_disease.induction_failure"),
        (CaseFact.MrdDay33, "case.primary_disease.mrd_day_33"),
        (CaseFact.MrdDay78, "case.primary_disease.mrd_day_78"),
        (CaseFact.EarlyTPrecursor, "case.early_t_precursor"),
        (CaseFact.DownSyndrome, "case.down_syndrome"),
        (CaseFact.TreatmentArm, "case.treatment.arm"),
        (CaseFact.ReinductionGiven, "case.treatment.reinduction"),
        (CaseFact.TransplantPlanned, "case.treatment.transplant_planned"),
        (CaseFact.PriorRegimens, "case.history.prior_regimens"),
    ];

    private static Fact OpenFact(FactDefinition fact, string field) =>
        fact.Range is { } range ? new NumberFact(range, field) : new WordFact(ValueSet.All(fact.Words.Length), field);

    /// <summary>The Philadelphia chromosome has a field of its own; when it was found, only the list of findings can say.</summary>
    private static WordFact OfMarker(GeneticMarkerFacts marker, string fact) => marker.Marker is GeneticMarker.BcrAbl1 && fact == marker.Found
        ? new WordFact(ValueSet.All(2), "case.ph_positive")
        : new WordFact(ValueSet.All(2), CaseFacts.GeneticsField) { Subject = marker.Name };

    private static Fact OfNoResponse(FactDefinition fact, string field) =>
        ResponseFacts.AreExaminations.Contains(fact.Id) ? new WordFact(ValueSet.Of(0), field) : OpenFact(fact, field);

    private static IEnumerable<(FactDefinition, Fact)> Measured(string measurement) =>
    [
        (FactCatalogue.Find(FactId.MrdLevelOf(measurement))!, MrdLevelFact.None),
        (FactCatalogue.Find(FactId.MrdMethodOf(measurement))!, MrdLevelFact.NoMethod),
    ];

    /// <summary>A biopsy without a result has not been done. What that means is for the protocol to say.</summary>
    private static WordFact NotDone(FactDefinition biopsy, string field) => new(ValueSet.Of(biopsy.Words.IndexOf("NOT_DONE")), field);
}
