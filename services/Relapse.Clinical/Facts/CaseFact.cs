namespace Relapse.Clinical.Facts;

/// <summary>The facts of the catalogue that are read from a case one by one, found once.</summary>
internal static class CaseFact
{
    public static FactDefinition RelapseNumber { get; } = Find(FactId.RelapseNumber);

    public static FactDefinition FirstRemission { get; } = Find(FactId.FirstRemission);

    public static FactDefinition PriorTransplant { get; } = Find(FactId.PriorTransplant);

    public static FactDefinition Disease { get; } = Find(FactId.Disease);

    public static FactDefinition Lineage { get; } = Find(FactId.Lineage);

    public static FactDefinition MarrowBlasts { get; } = Find(FactId.MarrowBlasts);

    public static FactDefinition BloodBlasts { get; } = Find(FactId.BloodBlasts);

    public static FactDefinition CsfWbc { get; } = Find(FactId.CsfWbc);

    public static FactDefinition CsfBlasts { get; } = Find(FactId.CsfBlasts);

    public static FactDefinition CsfErythrocytes { get; } = Find(FactId.CsfErythrocytes);

    public static FactDefinition CsfConsecutive { get; } = Find(FactId.CsfConsecutive);

    public static FactDefinition CnsSigns { get; } = Find(FactId.CnsSigns);

    public static FactDefinition CnsMass { get; } = Find(FactId.CnsMass);

    public static FactDefinition Sex { get; } = Find(FactId.Sex);

    public static FactDefinition TesticularEnlargement { get; } = Find(FactId.TesticularEnlargement);

    public static FactDefinition TesticularBiopsy { get; } = Find(FactId.TesticularBiopsy);

    public static FactDefinition ContralateralBiopsy { get; } = Find(FactId.ContralateralBiopsy);

    public static FactDefinition OtherSitesInvolved { get; } = Find(FactId.OtherSitesInvolved);

    public static FactDefinition OtherSitesSuspected { get; } = Find(FactId.OtherSitesSuspected);

    public static FactDefinition TherapyStoppedEarly { get; } = Find(FactId.TherapyStoppedEarly);

    public static FactDefinition AgeAtDiagnosis { get; } = Find(FactId.AgeAtDiagnosis);

    public static FactDefinition AgeAtRelapse { get; } = Find(FactId.AgeAtRelapse);

    public static FactDefinition WbcAtDiagnosis { get; } = Find(FactId.WbcAtDiagnosis);

    public static FactDefinition WbcAtRelapse { get; } = Find(FactId.WbcAtRelapse);

    public static FactDefinition CnsStatusAtDiagnosis { get; } = Find(FactId.CnsStatusAtDiagnosis);

    public static FactDefinition PrednisoneResponse { get; } = Find(FactId.PrednisoneResponse);

    public static FactDefinition InductionFailure { get; } = Find(FactId.InductionFailure);

    public static FactDefinition MrdDay33 { get; } = Find(FactId.MrdDay33);

    public static FactDefinition MrdDay78 { get; } = Find(FactId.MrdDay78);

    public static FactDefinition EarlyTPrecursor { get; } = Find(FactId.EarlyTPrecursor);

    public static FactDefinition DownSyndrome { get; } = Find(FactId.DownSyndrome);

    public static FactDefinition TreatmentArm { get; } = Find(FactId.TreatmentArm);

    public static FactDefinition ReinductionGiven { get; } = Find(FactId.ReinductionGiven);

    public static FactDefinition TransplantPlanned { get; } = Find(FactId.TransplantPlanned);

    public static FactDefinition PriorRegimens { get; } = Find(FactId.PriorRegimens);

    private static FactDefinition Find(string id) => FactCatalogue.Find(id)!;
}
