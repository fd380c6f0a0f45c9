using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Everything the catalogue can say of one case, derived once for all protocols. What the case does not say stays open:
/// absent is never false, never negative and never zero.
/// </summary>
internal sealed partial class CaseFacts
{
    /// <summary>Facts of what most cases leave out, and in those they are not looked for one by one.</summary>
    private static readonly FactTable _notGiven = new([.. OfPrimaryDisease(), .. OfMarkers(), .. OfMarrowTests(new Interval(0, false, 100, false)), .. OfMeasurements(), .. OfTreatment(), .. OfResponse()]);

    /// <summary>Of a case that says nothing.</summary>
    public static CaseFacts Nothing { get; } = new(new RelapseCase());

    private readonly FactTable _facts = new(_notGiven);
    private readonly CaseNumbers _numbers;
    private readonly RelapseCase _case;

    /// <param name="case">A case without fault.</param>
    /// <param name="assessed">Which response is assessed, by its time point; UNSPECIFIED: the latest.</param>
    public CaseFacts(RelapseCase @case, TimePoint assessed = TimePoint.Unspecified)
    {
        _case = @case;
        _numbers = new CaseNumbers(@case);
        AddHistory(@case);
        AddLineage(@case);
        AddMarrowAndBlood(@case);
        AddCentralNervousSystem(@case);
        AddTestes(@case);
        AddOtherSites(@case);
        AddTherapyStop(@case.Timing);
        AddPrimaryDisease(@case);
        AddMarkers(@case);
        AddMarrowTests(@case);
        AddTreatment(@case.Treatment);
        AddResponse(@case, assessed);
        Timing = new TimingFacts(@case.Timing, _numbers);
        Contradictions = [.. CaseContradictions.Find(@case, _numbers, Timing), .. PrimaryContradictions.Find(@case, this)];
    }

    public TimingFacts Timing { get; }

    public CaseContradiction[] Contradictions { get; }

    public Fact this[string id] => _facts[id];

    public Fact this[FactDefinition fact] => fact.Measure is { } measure && _case.Mrd.Count > 0 ? Measured(fact, measure) : _facts[fact.Place];

    private void AddHistory(RelapseCase @case)
    {
        var relapses = RelapseNumber(@case, _numbers);
        var counted = relapses.Intersect(new Interval(@case.PreviousRelapses.Count + 1, false, null, false));
        // Nothing is concluded from a number that the list contradicts, but the diagrams need a value to walk.
        _facts[FactId.RelapseNumber] = new NumberFact(counted.IsEmpty ? relapses : counted, "case.relapse_number");

        // A relapse comes after a remission by its meaning, so that a stated relapse number states the remission too.
        bool? remission = @case.HasFirstRemissionAchieved ? @case.FirstRemissionAchieved
            : @case.HasRelapseNumber || @case.PreviousRelapses.Count > 0 ? true : null;
        AddWord(FactId.FirstRemission, "case.first_remission_achieved", remission is { } achieved ? achieved ? "ACHIEVED" : "NOT_ACHIEVED" : null);

        var history = @case.History;
        var relapse = CaseNumbers.ReadDate(@case.Timing?.RelapseDate);
        // What was done after the relapse was not done before it.
        var transplanted = history?.Transplants.Any(transplant => !(CaseNumbers.ReadDate(transplant.Date).Min > relapse.Max)) == true ? "ANY" : history is { HasNoPriorTransplant: true } ? history.NoPriorTransplant ? "NONE" : "ANY" : null;
        AddWord(FactId.PriorTransplant, "case.history.no_prior_transplant", transplanted);
    }

    /// <summary>What the case says of its relapse number, whatever relapses it lists.</summary>
    public static Interval RelapseNumber(RelapseCase @case, CaseNumbers numbers) => numbers
        .ReadCount("case.relapse_number", @case.HasRelapseNumber ? @case.RelapseNumber : null, FactCatalogue.Find(FactId.RelapseNumber)!.Range!.Value)
        .Interval;

    private void AddLineage(RelapseCase @case)
    {
        // Every call is about acute lymphoblastic leukaemia unless it says otherwise: an unknown lineage is one of its two.
        AddWord(FactId.Disease, "case.lineage", @case.Lineage switch
        {
            Contracts.Case.V1.Lineage.MatureB => "MATURE_B",
            Contracts.Case.V1.Lineage.Lymphoma => "LYMPHOMA",
            _ => "ACUTE_LYMPHOBLASTIC",
        });
        AddWord(FactId.Lineage, "case.lineage", @case.Lineage switch
        {
            Contracts.Case.V1.Lineage.BCellPrecursor => "B_CELL_PRECURSOR",
            Contracts.Case.V1.Lineage.TCell => "T_CELL",
            Contracts.Case.V1.Lineage.Unspecified or Contracts.Case.V1.Lineage.Mixed when @case is { HasEarlyTPrecursor: true, EarlyTPrecursor: true } => "T_CELL",
            _ => null,
        });
    }

    private void AddMarrowAndBlood(RelapseCase @case)
    {
        AddNumber(FactId.MarrowBlasts, "case.marrow.blasts_percent", @case.Marrow is { HasBlastsPercent: true } marrow ? marrow.BlastsPercent : null);
        AddPresence(FactId.BloodBlasts, "case.blood.blasts_present", @case.Blood is { HasBlastsPresent: true } blood ? blood.BlastsPresent : null);
    }

    private void AddCentralNervousSystem(RelapseCase @case)
    {
        var csf = @case.Csf;
        AddNumber(FactId.CsfWbc, "case.csf.wbc_per_ul", csf is { HasWbcPerUl: true } ? csf.WbcPerUl : null);
        var samples = _numbers.ReadCount(
            "case.csf.consecutive_positive_samples",
            csf is { HasConsecutivePositiveSamples: true } ? csf.ConsecutivePositiveSamples : null,
            FactCatalogue.Find(FactId.CsfConsecutive)!.Range!.Value);
        _facts[FactId.CsfConsecutive] = samples;
        // A positive sample holds blasts.
        AddPresence(FactId.CsfBlasts, "case.csf.blasts_present", csf is { HasBlastsPresent: true } ? csf.BlastsPresent : samples.Interval.Min > 0 ? true : null);
        AddNumber(FactId.CsfErythrocytes, "case.csf.erythrocytes_per_ul", csf is { HasErythrocytesPerUl: true } ? csf.ErythrocytesPerUl : null);
        var cns = @case.Cns;
        AddPresence(FactId.CnsSigns, "case.cns.clinical_signs", cns is { HasClinicalSigns: true } ? cns.ClinicalSigns : null);
        AddPresence(FactId.CnsMass, "case.cns.imaging_mass", cns is { HasImagingMass: true } ? cns.ImagingMass : null);
    }

    private void AddTestes(RelapseCase @case)
    {
        var testes = @case.Testes;
        // Testicular findings say what the sex is when nothing else does.
        AddWord(FactId.Sex, "case.sex", @case.Sex switch
        {
            Sex.Female => "FEMALE",
            Sex.Male => "MALE",
            _ => CaseContradictions.HasFindings(testes) ? "MALE" : null,
        });
        AddWord(FactId.TesticularEnlargement, "case.testes.enlarged", testes?.Enlarged switch
        {
            TesticularEnlargement.None => "NONE",
            TesticularEnlargement.Unilateral => "UNILATERAL",
            TesticularEnlargement.Bilateral => "BILATERAL",
            _ => null,
        });
        AddBiopsy(@case, FactId.TesticularBiopsy, "case.testes.biopsy_positive", testes is { HasBiopsyPositive: true } ? testes.BiopsyPositive : null);
        AddBiopsy(
            @case,
            FactId.ContralateralBiopsy,
            "case.testes.contralateral_biopsy_positive",
            testes is { HasContralateralBiopsyPositive: true } ? testes.ContralateralBiopsyPositive : null);
    }

    /// <summary>
    /// A biopsy without a result has not been done, unless the case lists the result as not known for another reason than
    /// that. What a biopsy not done means is for the protocol to say: with enlargement it leaves the question open.
    /// </summary>
    private void AddBiopsy(RelapseCase @case, string id, string field, bool? positive)
    {
        var words = FactCatalogue.Find(id)!.Words;
        var withheld = IsWithheld(@case, field);
        var possible = positive switch
        {
            true => ValueSet.Of(words.IndexOf("POSITIVE")),
            false => ValueSet.Of(words.IndexOf("NEGATIVE")),
            null when withheld => ValueSet.Of(words.IndexOf("NEGATIVE"), words.IndexOf("POSITIVE")),
            null => ValueSet.Of(words.IndexOf("NOT_DONE")),
        };
        _facts[id] = new WordFact(possible, field);
    }

    /// <summary>Whether the case lists a result as not known for another reason than that there is none.</summary>
    private static bool IsWithheld(RelapseCase @case, string field) => @case.Unknown.Any(unknown =>
        string.Equals(unknown.Field, field, StringComparison.Ordinal)
        && unknown.Reason is not (UnknownReason.NotDone or UnknownReason.NotEvaluable));

    private void AddOtherSites(RelapseCase @case)
    {
        var assessed = @case is { HasOtherSitesAssessed: true, OtherSitesAssessed: true };
        var proven = @case.OtherSites.Count(site => site is { HasBiopsyPositive: true, BiopsyPositive: true });
        ImmutableArray<string> suspects =
            [.. @case.OtherSites.Index().Where(entry => IsOpen(entry.Item)).Select(entry => $"case.other_sites[{entry.Index}].biopsy_positive")];
        var sites = new SitesFact(proven, suspects, assessed);
        _facts[FactId.OtherSitesInvolved] = sites;
        AddWord(FactId.OtherSitesSuspected, sites.Field, suspects.Length > 0 ? "ANY" : assessed ? "NONE" : null);
    }

    /// <summary>A listed site without a biopsy is suspected unless the case says that it is not.</summary>
    private static bool IsOpen(OtherSite site) => !site.HasBiopsyPositive && (!site.HasSuspected || site.Suspected);

    private void AddTherapyStop(Timing? timing) =>
        AddWord(FactId.TherapyStoppedEarly, "case.timing.primary_therapy_status", timing?.PrimaryTherapyStatus switch
        {
            PrimaryTherapyStatus.StoppedEarly => "YES",
            PrimaryTherapyStatus.Completed or PrimaryTherapyStatus.OnTreatment => "NO",
            _ => null,
        });

    private void AddNumber(string id, string field, double? value) => _facts[id] = _numbers.Read(field, value, FactCatalogue.Find(id)!.Range!.Value);

    private void AddPresence(string id, string field, bool? present) =>
        AddWord(id, field, present is { } known ? known ? "PRESENT" : "ABSENT" : null);

    private void AddWord(string id, string field, string? word)
    {
        var words = FactCatalogue.Find(id)!.Words;
        _facts[id] = new WordFact(word is null ? ValueSet.All(words.Length) : ValueSet.Of(words.IndexOf(word)), field);
    }
}

/// <summary>Facts by their place in the catalogue.</summary>
internal sealed class FactTable
{
    private readonly Fact[] _byPlace;

    public FactTable((string Id, Fact Fact)[] facts)
    {
        _byPlace = new Fact[FactCatalogue.Places];
        foreach (var (id, fact) in facts)
        {
            this[id] = fact;
        }
    }

    /// <summary>A copy, to be changed.</summary>
    public FactTable(FactTable other) => _byPlace = [.. other._byPlace];

    public Fact this[int place] => _byPlace[place];

    public Fact this[string id]
    {
        get => _byPlace[FactCatalogue.Find(id)!.Place];
        set => _byPlace[FactCatalogue.Find(id)!.Place] = value;
    }
}
