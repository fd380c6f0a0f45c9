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
    /// <summary>Of a case that says nothing.</summary>
    public static CaseFacts Nothing { get; } = new(new RelapseCase());

    private readonly FactTable _facts = new();
    private readonly CaseNumbers _numbers;
    private readonly RelapseCase _case;

    /// <param name="case">A case without fault.</param>
    /// <param name="assessed">Which response is assessed, by its time point; UNSPECIFIED: the latest.</param>
    public CaseFacts(RelapseCase @case, TimePoint assessed = TimePoint.Unspecified)
        : this(@case, assessed, new ResponseOrder(@case))
    {
    }

    private CaseFacts(RelapseCase @case, TimePoint assessed, ResponseOrder order)
        : this(@case, AssessedResponse.Of(@case, assessed, order), order, isEarlier: false)
    {
    }

    private CaseFacts(RelapseCase @case, AssessedResponse assessed, ResponseOrder order, bool isEarlier)
    {
        (_case, Order) = (@case, order);
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
        AddTreatmentBefore(@case);
        AddTreatment(@case.Treatment);
        Assessed = assessed;
        AddResponse(@case);
        Timing = new TimingFacts(@case.Timing, _numbers);
        var contradictions = new List<CaseContradiction>();
        CaseContradictions.Find(@case, _numbers, Timing, contradictions);
        PrimaryContradictions.Find(@case, this, contradictions);
        TreatmentContradictions.Find(@case, contradictions);
        new ResponseContradictions(@case, order, _numbers, contradictions).Find(Assessed, isEarlier);
        Contradictions = [.. contradictions];
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
        AddInterval(CaseFact.RelapseNumber, counted.IsEmpty ? relapses : counted);

        // A relapse comes after a remission by its meaning, so that a stated relapse number states the remission too, and so does one
        // of which only is known that it is not the first.
        bool? remission = @case.HasFirstRemissionAchieved ? @case.FirstRemissionAchieved
            : @case.HasRelapseNumber || relapses.Min > 1 || @case.PreviousRelapses.Count > 0 ? true : null;
        AddWord(CaseFact.FirstRemission, remission is { } achieved ? achieved ? "ACHIEVED" : "NOT_ACHIEVED" : null);
        if (@case.History is { } history)
        {
            AddWord(CaseFact.PriorTransplant, HadTransplantBefore(history, @case.Timing) ? "ANY" : history.HasNoPriorTransplant ? history.NoPriorTransplant ? "NONE" : "ANY" : null);
        }
    }

    /// <summary>Whether one is listed; what was done after the relapse was not done before it.</summary>
    private static bool HadTransplantBefore(History history, Timing? timing)
    {
        foreach (var transplant in history.Transplants)
        {
            if (!(CaseNumbers.ReadDate(transplant.Date).Min > CaseNumbers.ReadDate(timing?.RelapseDate).Max))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>What the case says of its relapse number, whatever relapses it lists.</summary>
    public static Interval RelapseNumber(RelapseCase @case, CaseNumbers numbers) =>
        numbers.ReadCount("case.relapse_number", @case.HasRelapseNumber ? @case.RelapseNumber : null, CaseFact.RelapseNumber.Range!.Value);

    private void AddLineage(RelapseCase @case)
    {
        // An unknown lineage is one of the two of the disease.
        AddWord(CaseFact.Disease, @case.Lineage switch
        {
            Contracts.Case.V1.Lineage.MatureB => "MATURE_B",
            Contracts.Case.V1.Lineage.Lymphoma => "LYMPHOMA",
            _ => null,
        });
        AddWord(CaseFact.Lineage, @case.Lineage switch
        {
            Contracts.Case.V1.Lineage.BCellPrecursor => "B_CELL_PRECURSOR",
            Contracts.Case.V1.Lineage.TCell => "T_CELL",
            Contracts.Case.V1.Lineage.Unspecified or Contracts.Case.V1.Lineage.Mixed when @case is { HasEarlyTPrecursor: true, EarlyTPrecursor: true } => "T_CELL",
            _ => null,
        });
    }

    private void AddMarrowAndBlood(RelapseCase @case)
    {
        AddNumber(CaseFact.MarrowBlasts, @case.Marrow is { HasBlastsPercent: true } marrow ? marrow.BlastsPercent : null);
        AddPresence(CaseFact.BloodBlasts, @case.Blood is { HasBlastsPresent: true } blood ? blood.BlastsPresent : null);
    }

    private void AddCentralNervousSystem(RelapseCase @case)
    {
        var csf = @case.Csf;
        AddNumber(CaseFact.CsfWbc, csf is { HasWbcPerUl: true } ? csf.WbcPerUl : null);
        var samples = _numbers.ReadCount(
            "case.csf.consecutive_positive_samples",
            csf is { HasConsecutivePositiveSamples: true } ? csf.ConsecutivePositiveSamples : null,
            CaseFact.CsfConsecutive.Range!.Value);
        AddInterval(CaseFact.CsfConsecutive, samples);
        // A positive sample holds blasts.
        AddPresence(CaseFact.CsfBlasts, csf is { HasBlastsPresent: true } ? csf.BlastsPresent : samples.Min > 0 ? true : null);
        AddNumber(CaseFact.CsfErythrocytes, csf is { HasErythrocytesPerUl: true } ? csf.ErythrocytesPerUl : null);
        var cns = @case.Cns;
        AddPresence(CaseFact.CnsSigns, cns is { HasClinicalSigns: true } ? cns.ClinicalSigns : null);
        AddPresence(CaseFact.CnsMass, cns is { HasImagingMass: true } ? cns.ImagingMass : null);
    }

    private void AddTestes(RelapseCase @case)
    {
        var testes = @case.Testes;
        // Testicular findings say what the sex is when nothing else does.
        AddWord(CaseFact.Sex, @case.Sex switch
        {
            Sex.Female => "FEMALE",
            Sex.Male => "MALE",
            _ => CaseContradictions.HasFindings(testes) ? "MALE" : null,
        });
        AddWord(CaseFact.TesticularEnlargement, testes?.Enlarged switch
        {
            TesticularEnlargement.None => "NONE",
            TesticularEnlargement.Unilateral => "UNILATERAL",
            TesticularEnlargement.Bilateral => "BILATERAL",
            _ => null,
        });
        AddBiopsy(@case, CaseFact.TesticularBiopsy, testes is { HasBiopsyPositive: true } ? testes.BiopsyPositive : null);
        AddBiopsy(@case, CaseFact.ContralateralBiopsy, testes is { HasContralateralBiopsyPositive: true } ? testes.ContralateralBiopsyPositive : null);
    }

    /// <summary>
    /// A biopsy without a result has not been done, unless the case lists the result as not known for another reason than
    /// that. What a biopsy not done means is for the protocol to say: with enlargement it leaves the question open.
    /// </summary>
    private void AddBiopsy(RelapseCase @case, FactDefinition biopsy, bool? positive)
    {
        if (positive is { } result)
        {
            AddWord(biopsy, result ? "POSITIVE" : "NEGATIVE");
            return;
        }
        var field = _facts[biopsy].Field;
        if (IsWithheld(@case, field))
        {
            _facts[biopsy] = new WordFact(ValueSet.Of(biopsy.Words.IndexOf("NEGATIVE"), biopsy.Words.IndexOf("POSITIVE")), field);
        }
    }

    /// <summary>Whether the case lists a result as not known for another reason than that there is none.</summary>
    private static bool IsWithheld(RelapseCase @case, string field)
    {
        foreach (var unknown in @case.Unknown)
        {
            if (string.Equals(unknown.Field, field, StringComparison.Ordinal) && unknown.Reason is not (UnknownReason.NotDone or UnknownReason.NotEvaluable))
            {
                return true;
            }
        }
        return false;
    }

    private void AddOtherSites(RelapseCase @case)
    {
        var assessed = @case is { HasOtherSitesAssessed: true, OtherSitesAssessed: true };
        if (@case.OtherSites.Count == 0)
        {
            if (assessed)
            {
                _facts[CaseFact.OtherSitesInvolved] = SitesFact.NoneOfAll;
                AddWord(CaseFact.OtherSitesSuspected, "NONE");
            }
            return;
        }
        var proven = @case.OtherSites.Count(site => site is { HasBiopsyPositive: true, BiopsyPositive: true });
        ImmutableArray<string> suspects =
            [.. @case.OtherSites.Index().Where(entry => IsOpen(entry.Item)).Select(entry => $"case.other_sites[{entry.Index}].biopsy_positive")];
        var sites = new SitesFact(proven, suspects, assessed);
        _facts[CaseFact.OtherSitesInvolved] = sites;
        AddWord(CaseFact.OtherSitesSuspected, suspects.Length > 0 ? "ANY" : assessed ? "NONE" : null);
        // Where a site is listed, its own field settles both.
        _facts[CaseFact.OtherSitesSuspected] = _facts[CaseFact.OtherSitesSuspected] with { Field = sites.Field };
    }

    /// <summary>A listed site without a biopsy is suspected unless the case says that it is not.</summary>
    private static bool IsOpen(OtherSite site) => !site.HasBiopsyPositive && (!site.HasSuspected || site.Suspected);

    private void AddTherapyStop(Timing? timing) => AddWord(CaseFact.TherapyStoppedEarly, timing?.PrimaryTherapyStatus switch
    {
        PrimaryTherapyStatus.StoppedEarly => "YES",
        PrimaryTherapyStatus.Completed or PrimaryTherapyStatus.OnTreatment => "NO",
        _ => null,
    });

    private void AddNumber(FactDefinition fact, double? value)
    {
        if (value is { } known)
        {
            AddInterval(fact, Interval.Point(CaseNumbers.ToDecimal(known)));
        }
        else if (_numbers.AreBounded)
        {
            AddInterval(fact, _numbers.Bound(_facts[fact].Field, fact.Range!.Value));
        }
    }

    private void AddInterval(FactDefinition fact, Interval interval)
    {
        if (interval != fact.Range)
        {
            _facts[fact] = new NumberFact(interval, _facts[fact].Field);
        }
    }

    private void AddPresence(FactDefinition fact, bool? present)
    {
        if (present is { } known)
        {
            // Of the two words the first is that it is absent.
            _facts.SetWord(fact, known ? 1 : 0);
        }
    }

    private void AddWord(FactDefinition fact, string? word)
    {
        if (word is not null)
        {
            _facts.SetWord(fact, word);
        }
    }
}
