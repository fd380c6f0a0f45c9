using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Every fault of a case is found at once, at its exact path, and no description repeats what the case says.</summary>
public sealed class CaseValidatorTests
{
    private const string Long = "a-text-of-65-characters-that-is-longer-than-any-field-of-a-case-is";

    [Fact]
    public void A_sound_case_and_an_empty_one_have_no_fault()
    {
        Assert.Empty(CaseValidator.Validate(SoundCase.LateCombined()));
        Assert.Empty(CaseValidator.Validate(new RelapseCase()));
    }

    [Theory]
    [InlineData("""{"timing":{"relapseDate":{"year":2013,"month":2,"day":30}}}""", "case.timing.relapse_date", "no such day")]
    [InlineData("""{"timing":{"relapseDate":{"year":2013,"month":2,"day":29}}}""", "case.timing.relapse_date", "no such day")]
    [InlineData("""{"timing":{"diagnosisDate":{"year":2013,"month":13,"day":1}}}""", "case.timing.diagnosis_date", "month must be 1 to 12")]
    [InlineData("""{"timing":{"diagnosisDate":{"year":2013,"month":-1}}}""", "case.timing.diagnosis_date", "month must be 1 to 12")]
    [InlineData("""{"timing":{"primaryTherapyEndDate":{"month":5,"day":1}}}""", "case.timing.primary_therapy_end_date", "year must be")]
    [InlineData("""{"timing":{"relapseDate":{"year":2013,"day":5}}}""", "case.timing.relapse_date", "a day without a month")]
    [InlineData("""{"history":{"transplants":[{},{"date":{"year":2013,"month":4,"day":31}}]}}""", "case.history.transplants[1].date", "no such day")]
    [InlineData("""{"marrow":{"blastsPercent":140}}""", "case.marrow.blasts_percent", "0 to 100 percent")]
    [InlineData("""{"marrow":{"blastsPercent":-0.1}}""", "case.marrow.blasts_percent", "0 to 100 percent")]
    [InlineData("""{"marrow":{"blastsPercent":"NaN"}}""", "case.marrow.blasts_percent", "finite")]
    [InlineData("""{"csf":{"wbcPerUl":"Infinity"}}""", "case.csf.wbc_per_ul", "finite")]
    [InlineData("""{"csf":{"wbcPerUl":-5}}""", "case.csf.wbc_per_ul", "0 to 1e9")]
    [InlineData("""{"csf":{"consecutivePositiveSamples":-1}}""", "case.csf.consecutive_positive_samples", "0 or more")]
    [InlineData("""{"ageAtRelapseYears":131}""", "case.age_at_relapse_years", "130 years")]
    [InlineData("""{"relapseNumber":0}""", "case.relapse_number", "1 to 20")]
    [InlineData("""{"relapseNumber":21}""", "case.relapse_number", "1 to 20")]
    [InlineData("""{"caseRef":"LONG"}""", "case.case_ref", "at most 64")]
    [InlineData("""{"otherSites":[{"suspected":true}]}""", "case.other_sites[0].site", "required")]
    [InlineData("""{"genetics":[{"marker":"GENETIC_MARKER_TP53"}]}""", "case.genetics[0].status", "required")]
    [InlineData("""{"antigens":[{"status":"FINDING_STATUS_PRESENT"}]}""", "case.antigens[0].antigen", "required")]
    [InlineData("""{"history":{"priorAgents":["PRIOR_AGENT_UNSPECIFIED"]}}""", "case.history.prior_agents[0]", "required")]
    [InlineData("""{"previousRelapses":[{"sites":["SITE_UNSPECIFIED"]}]}""", "case.previous_relapses[0].sites[0]", "required")]
    [InlineData("""{"otherSites":[{"site":"SITE_MARROW"}]}""", "case.other_sites[0].site", "fields of their own")]
    [InlineData("""{"otherSites":[{"site":"SITE_SKIN"},{"site":"SITE_SKIN"}]}""", "case.other_sites[1].site", "listed already")]
    [InlineData("""{"marrow":{"blastsPercent":3},"unknown":[{"field":"case.marrow.blasts_percent"}]}""", "case.unknown[0].field", "set and listed as not known")]
    [InlineData("""{"marrow":{"blastsPercent":3},"bounded":[{"field":"case.marrow.blasts_percent","max":5}]}""", "case.bounded[0].field", "set and listed as bounded")]
    [InlineData("""{"unknown":[{"field":"case.csf.wbc_per_ul"}],"bounded":[{"field":"case.csf.wbc_per_ul","max":5}]}""", "case.bounded[0].field", "listed already, at case.unknown[0].field")]
    [InlineData("""{"unknown":[{"field":"case.csf.wbc_per_ul"},{"field":"case.csf.wbc_per_ul"}]}""", "case.unknown[1].field", "listed already")]
    [InlineData("""{"unknown":[{"field":"case.csf.colour"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{"field":"marrow.blasts_percent"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{"field":"case"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{"field":"case.mrd[0].sensitivity"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{"field":"case.mrd[-1].sensitivity"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{"field":"case.mrd[99999999999].sensitivity"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{"field":"case.mrd.sensitivity"}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"unknown":[{}]}""", "case.unknown[0].field", "no field of this case")]
    [InlineData("""{"bounded":[{"field":"case.sex","max":1}]}""", "case.bounded[0].field", "only a number")]
    [InlineData("""{"bounded":[{"field":"case.previous_relapses","max":1}]}""", "case.bounded[0].field", "only a number")]
    [InlineData("""{"bounded":[{"field":"case.csf.wbc_per_ul"}]}""", "case.bounded[0]", "at least one of min and max")]
    [InlineData("""{"bounded":[{"field":"case.csf.wbc_per_ul","min":7,"max":6}]}""", "case.bounded[0]", "no number lies between")]
    [InlineData("""{"bounded":[{"field":"case.csf.wbc_per_ul","min":7,"max":7,"maxExclusive":true}]}""", "case.bounded[0]", "no number lies between")]
    [InlineData("""{"bounded":[{"field":"case.marrow.blasts_percent","max":140}]}""", "case.bounded[0].max", "0 to 100 percent")]
    [InlineData("""{"bounded":[{"field":"case.marrow.blasts_percent","min":"NaN"}]}""", "case.bounded[0].min", "finite")]
    [InlineData("""{"bounded":[{"field":"case.marrow.blasts_percent","max":2e15}]}""", "case.bounded[0].max", "out of range")]
    [InlineData("""{"bounded":[{"field":"case.relapse_number","max":0}]}""", "case.bounded[0]", "no whole number")]
    [InlineData("""{"bounded":[{"field":"case.relapse_number","min":1,"max":2,"minExclusive":true,"maxExclusive":true}]}""", "case.bounded[0]", "no whole number")]
    [InlineData("""{"bounded":[{"field":"case.timing.months_from_diagnosis","min":1201}]}""", "case.bounded[0].min", "0 to 1200 months")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"seventeen"}}""", "case.timing.months_from_diagnosis", "decimal number")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"17,5"}}""", "case.timing.months_from_diagnosis", "decimal number")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":""}}""", "case.timing.months_from_diagnosis", "decimal number")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"1e99"}}""", "case.timing.months_from_diagnosis", "decimal number")]
    [InlineData("""{"timing":{"monthsFromTherapyEnd":"-1"}}""", "case.timing.months_from_therapy_end", "0 or more")]
    [InlineData("""{"timing":{"monthsFromTherapyEnd":"1300"}}""", "case.timing.months_from_therapy_end", "0 to 1200 months")]
    [InlineData("""{"timing":{"monthsFromDiagnosis":"17.5","monthsPrecision":"MONTHS_PRECISION_COMPLETED_MONTHS"}}""", "case.timing.months_from_diagnosis", "whole number")]
    [InlineData("""{"mrd":[{"unit":"MRD_UNIT_FRACTION","sensitivity":"0"}]}""", "case.mrd[0].sensitivity", "above 0")]
    [InlineData("""{"mrd":[{"quantified":"1e-4"}]}""", "case.mrd[0].unit", "required with a number")]
    [InlineData("""{"primaryDisease":{"mrdDay33":"2"}}""", "case.primary_disease.mrd_day_33", "0 to 1")]
    [InlineData("""{"established":[{"decision":"post_remission","conclusion":"TRANSPLANT"}]}""", "case.established[0].decision", "can be marrow_status")]
    [InlineData("""{"established":[{"decision":"timing","conclusion":"EARLY"}]}""", "case.established[0].protocol", "required for this decision")]
    [InlineData("""{"established":[{"decision":"relapse_site"}]}""", "case.established[0].conclusion", "required")]
    public void A_fault_is_found_at_its_path_and_nothing_else_is(string json, string path, string description)
    {
        var @case = JsonParser.Default.Parse<RelapseCase>(json.Replace("LONG", Long, StringComparison.Ordinal));
        var fault = Assert.Single(CaseValidator.Validate(@case));
        Assert.Equal(path, fault.Field);
        Assert.Contains(description, fault.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 99, "case.lineage")]
    [InlineData(7, 99, "case.sex")]
    public void A_number_of_an_enum_that_is_none_of_its_values_is_refused(int field, int value, string path)
    {
        var @case = RelapseCase.Parser.ParseFrom([(byte)(field << 3), (byte)value]);
        Assert.Equal(path, Assert.Single(CaseValidator.Validate(@case)).Field);
    }

    [Fact]
    public void An_unknown_enum_value_inside_a_list_is_refused()
    {
        var @case = new RelapseCase { OtherSites = { new OtherSite { Site = (Site)77 } }, Genetics = { new GeneticFinding { Marker = (GeneticMarker)200, Status = FindingStatus.Present } } };
        Assert.Equal(["case.other_sites[0].site", "case.genetics[0].marker"], CaseValidator.Validate(@case).Select(fault => fault.Field));
    }

    [Fact]
    public void Too_many_entries_of_a_list_are_one_fault()
    {
        var @case = new RelapseCase();
        @case.Genetics.Add(Enumerable.Repeat(new GeneticFinding(), 201));
        // Each of these would have a fault of its own besides.
        @case.OtherSites.Add(Enumerable.Repeat(new OtherSite { Site = Site.Marrow }, 201));
        @case.Mrd.Add(Enumerable.Repeat(new MrdResult { Quantified = "1" }, 201));
        @case.Unknown.Add(Enumerable.Repeat(new UnknownFact { Field = "nowhere" }, 201));
        @case.Bounded.Add(Enumerable.Repeat(new BoundedFact { Field = "nowhere" }, 201));
        @case.Established.Add(Enumerable.Repeat(new EstablishedConclusion(), 201));
        var faults = CaseValidator.Validate(@case);
        Assert.All(faults, fault => Assert.Equal("at most 200 entries", fault.Description));
        Assert.Equal(
            ["case.bounded", "case.established", "case.genetics", "case.mrd", "case.other_sites", "case.unknown"],
            faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(201, "case.unknown[0].field")]
    [InlineData(1_000_000, "case.unknown[0].field")]
    public void A_path_longer_than_any_is_refused(int length, string path)
    {
        var @case = new RelapseCase { Unknown = { new UnknownFact { Field = new string('x', length) } } };
        Assert.All(CaseValidator.Validate(@case), fault => Assert.Equal(path, fault.Field));
        Assert.NotEmpty(CaseValidator.Validate(@case));
    }

    [Fact]
    public void The_name_of_a_protocol_has_a_longest_length_too() => Assert.Equal(
        "case.established[0].protocol",
        Assert.Single(CaseValidator.Validate(new RelapseCase { Established = { new EstablishedConclusion { Decision = "timing", Protocol = new string('p', 201), Conclusion = "EARLY" } } })).Field);

    [Fact]
    public void All_faults_are_found_at_once_and_none_repeats_a_value()
    {
        var @case = SoundCase.LateCombined().With(changed =>
        {
            changed.Marrow.BlastsPercent = 140.75;
            changed.Csf.WbcPerUl = -77.25;
            changed.Timing.RelapseDate = SoundCase.Day(2013, 2, 30);
            changed.Timing.MonthsFromDiagnosis = "secret-months";
            changed.Lineage = (Lineage)99;
            changed.OtherSites.Add(new OtherSite { Site = Site.Testis });
            changed.Unknown.Add(new UnknownFact { Field = "case.secret_field" });
            changed.Bounded.Add(new BoundedFact { Field = "case.csf.erythrocytes_per_ul", Min = 9.5, Max = 8.5 });
            changed.Established.Add(new EstablishedConclusion { Decision = "secret_decision", Conclusion = "SECRET" });
        });
        var faults = CaseValidator.Validate(@case);
        Assert.Equal(
            [
                "case.bounded[0]", "case.bounded[0].field", "case.csf.wbc_per_ul", "case.established[0].decision", "case.lineage", "case.marrow.blasts_percent",
                "case.other_sites[0].site", "case.timing.months_from_diagnosis", "case.timing.relapse_date", "case.unknown[0].field",
            ],
            faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
        foreach (var value in new[] { "140.75", "77.25", "2013", "secret", "SECRET", "99", "9.5", "8.5" })
        {
            Assert.All(faults, fault => Assert.DoesNotContain(value, fault.Description, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_established_conclusion_that_is_none_of_the_protocols_words_is_refused_for_that_protocol_only()
    {
        var @case = new RelapseCase
        {
            Established =
            {
                new EstablishedConclusion { Decision = "timing", Protocol = "protocols/cog", Conclusion = "EARLY" },
                new EstablishedConclusion { Decision = "timing", Protocol = "protocols/i-bfm-sg/versions/2014.1", Conclusion = "INTERMEDIATE" },
                new EstablishedConclusion { Decision = "relapse_site", Conclusion = "NOWHERE" },
            },
        };
        Assert.Empty(CaseValidator.Validate(@case));
        Assert.Equal(["case.established[0].conclusion", "case.established[2].conclusion"], CaseValidator.CheckEstablished(@case, [Shipped.Protocol("cog")]).Select(fault => fault.Field));
        Assert.Equal(["case.established[1].conclusion", "case.established[2].conclusion"], CaseValidator.CheckEstablished(@case, [Shipped.Protocol("i-bfm-sg")]).Select(fault => fault.Field));
    }

    [Fact]
    public void A_valid_bound_on_every_number_is_answered_and_never_fails()
    {
        foreach (var field in new[] { "case.relapse_number", "case.marrow.blasts_percent", "case.csf.wbc_per_ul", "case.csf.erythrocytes_per_ul", "case.csf.consecutive_positive_samples", "case.timing.months_from_diagnosis", "case.timing.months_from_therapy_end" })
        {
            foreach (var (min, max, exclusive) in new[] { (0, 1, false), (1, 1, false), (1, 2, false), (2, 20, false), (0, 20, true), (18, 20, true) })
            {
                var @case = new RelapseCase { PreviousRelapses = { new PreviousRelapse() }, Bounded = { new BoundedFact { Field = field, Min = min, Max = max, MinExclusive = exclusive, MaxExclusive = exclusive } } };
                Assert.All(Shipped.Library.Versions, protocol => Assert.NotEqual(0, (int)protocol.Decide(@case, "timing").Outcome));
            }
        }
    }
}
