using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>Treatment of the relapse, one result for each measurement, and one response.</summary>
internal sealed partial class ExampleCase
{
    private readonly Dictionary<string, MrdResult> _results = new(StringComparer.Ordinal);
    private const string FarthestSensitivity = "0.00000001";

    private bool _isCsfDone;
    private bool _isMarrowDone;

    private Response Assessed
    {
        get
        {
            if (_case.Responses.Count == 0)
            {
                _case.Responses.Add(new Response { TimePoint = TimePoint.EndOfInduction });
            }

            return _case.Responses[0];
        }
    }

    private bool SayTreatment(string fact, string word)
    {
        switch (fact)
        {
            case FactId.TreatmentArm:
                (_case.Treatment ??= new Treatment()).Arm = word;
                return true;
            case FactId.TransplantPlanned:
                (_case.Treatment ??= new Treatment()).TransplantPlanned = word == "YES";
                return true;
            case FactId.ReinductionGiven:
                (_case.Treatment ??= new Treatment()).Reinduction = word switch
                {
                    "ALL_REZ_BFM" => Reinduction.AllRezBfm,
                    "ALL_R3" => Reinduction.AllR3,
                    "AALL01P2" => Reinduction.Aall01P2,
                    _ => Reinduction.Other,
                };
                return true;
            default:
                return false;
        }
    }

    private bool SayMrdMethod(string fact, string word)
    {
        if (ResultOf(fact, isNumber: false) is not { } result)
        {
            return false;
        }

        if (word == "OTHER")
        {
            var own = _measurements[FactCatalogue.Find(fact)!.Measurement].Methods;
            result.Method = own.Count == 0 ? MrdMethod.Unspecified : Enum.GetValues<MrdMethod>().FirstOrDefault(method => method != MrdMethod.Unspecified && !own.Contains(method));
        }

        return result.Method != MrdMethod.Unspecified;
    }

    private bool SayMrdLevel(string fact, decimal level)
    {
        if (ResultOf(fact, isNumber: true) is not { } result)
        {
            return false;
        }

        result.Unit = MrdUnit.Fraction;
        if (level > 0)
        {
            result.Quantified = IntervalWords.Number(level);
        }
        else
        {
            // Nothing is below the detection of an assay that reaches further than any cut-off.
            (result.BelowDetection, result.Sensitivity) = (true, FarthestSensitivity);
        }

        return true;
    }

    /// <summary>The one result of a fact's measurement: by the protocol's method, and of no level until one is said; null for other facts.</summary>
    private MrdResult? ResultOf(string id, bool isNumber)
    {
        if (FactCatalogue.Find(id) is not { Measurement.Length: > 0 } fact || fact.IsNumber != isNumber || !_measurements.TryGetValue(fact.Measurement, out var measurement))
        {
            return null;
        }

        if (!_results.TryGetValue(fact.Measurement, out var result))
        {
            result = new MrdResult
            {
                TimePoint = measurement.TimePoints[0],
                Specimen = measurement.Specimens[0],
                Method = measurement.Methods is [var own, ..] ? own : MrdMethod.Flow,
                NotEvaluable = true,
            };
            SayReinduction(measurement);
            _results.Add(fact.Measurement, result);
            _case.Mrd.Add(result);
        }

        return result;
    }

    /// <summary>A result that counts after some reinductions alone counts only when one of them is said to have been given.</summary>
    private void SayReinduction(Measurement measurement)
    {
        if (measurement.NotAfter.Count > 0 && (_case.Treatment?.Reinduction ?? Reinduction.Unspecified) == Reinduction.Unspecified)
        {
            (_case.Treatment ??= new Treatment()).Reinduction = CaseFacts.ReinductionWords.First(given => !measurement.NotAfter.Contains(given.Value)).Value;
        }
    }

    /// <summary>An examination that is not mentioned was not done.</summary>
    private bool SayResponse(string fact, string word)
    {
        switch (fact)
        {
            case FactId.ResponseBloodBlasts:
                Assessed.BloodBlastsPresent = word == "PRESENT";
                return true;
            case FactId.ResponseCsf:
                _isCsfDone = word == "DONE";
                return Assessed is not null;
            case FactId.ResponseMarrow:
                _isMarrowDone = word == "DONE";
                return Assessed is not null;
            case FactId.ResponseCsfBlasts:
                Assessed.CsfBlastsPresent = word == "PRESENT";
                return true;
            case FactId.ResponseSigns:
                Assessed.ClinicalSigns = word == "PRESENT";
                return true;
            case FactId.ResponseTimePoint:
                Assessed.TimePoint = ResponseFacts.TimePoints.First(point => point.Word == word).Value;
                return true;
            default:
                return SayCourse(fact, word) || SayExamination(fact, word);
        }
    }

    private bool SayCourse(string fact, string word)
    {
        switch (fact)
        {
            case FactId.ReinductionCompleted:
                Assessed.ReinductionCompleted = word == "YES";
                return true;
            case FactId.Died:
                Assessed.Died = word == "YES";
                return true;
            case FactId.SecondMalignancy:
                Assessed.SecondMalignancy = word == "YES";
                return true;
            case FactId.RemissionReachedBefore:
                Assessed.RemissionReachedBefore = word == "YES";
                return true;
            case FactId.EventBefore:
                // Another response would say it, and more with it.
                return word == "NO";
            default:
                return false;
        }
    }

    private bool SayExamination(string fact, string word)
    {
        switch (fact)
        {
            case FactId.ResponseTestes or FactId.ResponseOtherSites or FactId.ResponseBiopsy when word is "NOT_EXAMINED" or "NOT_ASSESSED" or "NOT_DONE":
                return Assessed is not null;
            case FactId.ResponseTestes:
                Assessed.TestesNormal = word == "NORMAL";
                return true;
            case FactId.ResponseOtherSites:
                Assessed.OtherSitesClear = word == "CLEAR";
                return true;
            case FactId.ResponseBiopsy:
                Assessed.ResidualBiopsyPositive = word == "POSITIVE";
                return true;
            default:
                return false;
        }
    }

    private bool SayResponse(string fact, double value)
    {
        switch (fact)
        {
            case FactId.ResponseMarrowBlasts:
                Assessed.MarrowBlastsPercent = value;
                return true;
            case FactId.ResponseWbc:
                Assessed.WbcPerUl = value;
                return true;
            case FactId.ResponseNeutrophils:
                Assessed.NeutrophilsPerUl = value;
                return true;
            case FactId.ResponsePlatelets:
                Assessed.PlateletsPerUl = value;
                return true;
            case FactId.ResponseCsfWbc:
                Assessed.CsfWbcPerUl = value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Marrow or fluid that was taken, and of which nothing is asked for, has a result that is awaited.</summary>
    private void WithholdResults()
    {
        if (_isMarrowDone && !Assessed.HasMarrowBlastsPercent)
        {
            _case.Unknown.Add(new UnknownFact { Field = ResponseFacts.Path(0, "marrow_blasts_percent"), Reason = UnknownReason.Pending });
        }

        if (_isCsfDone && !Assessed.HasCsfWbcPerUl && !Assessed.HasCsfBlastsPresent)
        {
            _case.Unknown.Add(new UnknownFact { Field = ResponseFacts.Path(0, "csf_wbc_per_ul"), Reason = UnknownReason.Pending });
        }
    }
}
