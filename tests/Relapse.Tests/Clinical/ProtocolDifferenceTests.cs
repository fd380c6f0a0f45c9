using System.Collections.Immutable;
using System.Text;
using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Decisions;
using DecisionComparison = Relapse.Contracts.Registry.V1.DecisionComparison;

namespace Relapse.Tests.Clinical;

/// <summary>For whom protocols conclude differently, in words, held to the review and to the services' own answers.</summary>
public sealed class ProtocolDifferenceTests
{
    private const string Bfm = "all-rez-bfm";

    private static IEnumerable<string> Newest => Shipped.Ids.Where(id => !id.Contains('/', StringComparison.Ordinal));

    public static TheoryData<string, string, string> Pairs => PairsThat(apart: false);

    public static TheoryData<string, string, string> PairsOfOtherResults => PairsThat(apart: true);

    public static TheoryData<string, string> Variants => new()
    {
        // One cell changed: early combined B-cell precursor relapse goes from standard to high.
        { "one cell", "risk_group" },
        { "cut-off", "marrow_status" },
        { "cut-off", "relapse_site" },
        { "cut-off", "risk_group" },
        { "reading", "timing" },
        { "open rule settled", "cns_involvement" },
        { "scope", "risk_group" },
    };

    [Fact]
    public void Bfm_and_ukall_r3_differ_in_one_sentence()
    {
        // L1046-1053: the one change of the UK ALLR3 Study.
        var said = Compare(Bfm, "ukall-r3", "risk_group");

        Assert.Equal("INTERMEDIATE in all-rez-bfm and HIGH in ukall-r3 for very early isolated extramedullary relapse.", said.Summary);
        var region = Assert.Single(said.Regions);
        Assert.Equal("very early isolated extramedullary relapse", region.Patients);
        Assert.Equal(("intermediate-isolated-extramedullary", "high-very-early-isolated-extramedullary"), (region.OneBecause.Single().Rule, region.OtherBecause.Single().Rule));
        Assert.NotEmpty(region.OneBecause.Single().Citations);
    }

    [Fact]
    public void I_bfm_and_ukall_r3_differ_in_five_cells()
    {
        // Table 5 (L770-782): every Intermediate of the UK grid is Standard in the I-BFM SG grid.
        var said = Compare("i-bfm-sg", "ukall-r3", "risk_group");

        string[] cells =
        [
            "early B-cell precursor combined relapse", "early B-cell precursor isolated extramedullary relapse", "early T-cell isolated extramedullary relapse",
            "late B-cell precursor combined relapse", "late B-cell precursor isolated marrow relapse",
        ];
        Assert.Equal(cells, said.Regions.Select(region => region.Patients).Order(StringComparer.Ordinal));
        Assert.All(said.Regions, region => Assert.Equal(("STANDARD", "INTERMEDIATE"), (region.OneConcludes.Single(), region.OtherConcludes.Single())));
        Assert.StartsWith("STANDARD in i-bfm-sg and INTERMEDIATE in ukall-r3 for ", said.Summary, StringComparison.Ordinal);
        Assert.All(cells, cell => Assert.Contains(cell, said.Summary, StringComparison.Ordinal));
    }

    [Fact]
    public void Cog_and_bfm_timing_differ_in_the_gap_that_hangs_on_the_end_of_therapy()
    {
        // L341-348: after 24 months of therapy, relapses from 30 to 36 months from diagnosis are late for the BFM Group and not for the COG.
        var said = Compare("cog", Bfm, "timing");

        Assert.Contains("INTERMEDIATE in cog and EARLY in all-rez-bfm are taken for one class under two names", said.Summary, StringComparison.OrdinalIgnoreCase);
        var gap = Assert.Single(said.Regions, region => region.OtherConcludes.Single() == "LATE");
        Assert.Equal("INTERMEDIATE", gap.OneConcludes.Single());
        Assert.Equal(
            "relapse from 18 to before 36 months from first diagnosis and more than 6 months after the end of frontline therapy."
            + " After N months of frontline therapy these are the relapses more than N + 6 (and at least 18) to before 36 months from first diagnosis; none when it lasted 30 months or more",
            gap.Patients);
        var other = Assert.Single(said.Regions, region => region != gap);
        Assert.Equal(("LATE", "EARLY"), (other.OneConcludes.Single(), other.OtherConcludes.Single()));
        Assert.Contains("only when it lasted 30 months or more or goes on", other.Patients, StringComparison.Ordinal);
        Assert.Contains("they count from different starts, cog from first diagnosis only and all-rez-bfm from first diagnosis and the end of frontline therapy", said.Summary, StringComparison.OrdinalIgnoreCase);
        for (var months = 25; months < 48; months++)
        {
            var @case = new RelapseCase { RelapseNumber = 1, Timing = new Timing { MonthsFromDiagnosis = $"{months}", MonthsFromTherapyEnd = $"{months - 24}", MonthsPrecision = MonthsPrecision.Exact } };
            var (cog, bfm) = (Shipped.Protocol("cog").Decide(@case, "timing").Possible.Single(), Shipped.Protocol(Bfm).Decide(@case, "timing").Possible.Single());
            Assert.Equal(months is > 30 and < 36, (cog, bfm) == ("INTERMEDIATE", "LATE"));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_example_comes_out_as_its_region_says(string one, string other, string decision) =>
        HoldExamples(Read(Shipped.Protocol(one)), Read(Shipped.Protocol(other)), Compare(one, other, decision));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Regions_are_exactly_the_difference_for_children_of_every_kind(string one, string other, string decision) =>
        HoldRegions(Shipped.Protocol(one), Shipped.Protocol(other), decision, Compare(one, other, decision));

    [Fact]
    public void Protocols_that_look_at_different_results_say_so()
    {
        // L844-850 and Table 2: the COG at the end of block 1 by flow cytometry, UK ALLR3 at the end of induction by PCR.
        var said = Compare("cog", "ukall-r3", "mrd_response");

        const string Results = "cog looks at marrow at the end of block 1 by flow cytometry, not after reinduction of ALL-REZ BFM; "
            + "ukall-r3 looks at marrow at the end of induction by PCR of Ig/TCR rearrangements, on a condition also at the end of block 1, "
            + "the end of block 1 not after reinduction of ALL-REZ BFM or AALL01P2, the end of induction not after reinduction of AALL01P2";
        Assert.Equal($"mrd_decision: {Results}; left open", said.NotComparable[0]);
        Assert.StartsWith($"Cog {Results[4..]}; what these show is left open on both sides. ", said.Summary, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Cut_offs_of_results_that_both_look_at_are_compared()
    {
        // ALL-REZ BFM 2002 parts at 1e-3, UK ALLR3 at 1e-4: both by PCR at the end of induction, and each at a block of its own.
        var said = Compare(Bfm, "ukall-r3", "mrd_response");

        Assert.False(said.Same);
        Assert.Contains("; compared by marrow at the end of induction by PCR of Ig/TCR rearrangements", said.NotComparable[0], StringComparison.Ordinal);
        var region = Assert.Single(said.Regions);
        Assert.Equal(("BELOW_CUT_OFF", "AT_OR_ABOVE_CUT_OFF"), (region.OneConcludes.Single(), region.OtherConcludes.Single()));
        Assert.Equal(["[0.0001, 0.001)"], region.Facts.Single(fact => fact.Fact == "mrd_decision_level").Values);
        Assert.Equal((TimePoint.EndOfInduction, MrdMethod.PcrIgTr), (region.Example.Mrd[0].TimePoint, region.Example.Mrd[0].Method));
    }

    [Theory]
    [MemberData(nameof(PairsOfOtherResults))]
    public void What_hangs_on_different_results_is_compared_by_those_in_common_or_whatever_they_show(string one, string other, string decision)
    {
        var said = Compare(one, other, decision);

        Assert.False(said.Same);
        Assert.All(said.NotComparable, line => Assert.Matches($"^mrd_[a-z_]+: {one} looks at .+; {other} looks at .+; (compared by|left open)", line));
        Assert.NotEmpty(said.NotComparable);
        HoldExamples(Read(Shipped.Protocol(one)), Read(Shipped.Protocol(other)), said);
        HoldRegions(Shipped.Protocol(one), Shipped.Protocol(other), decision, said);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variant_differs_exactly_where_it_was_changed(string variant, string decision)
    {
        var (one, other) = (Shipped.Protocol("i-bfm-sg"), Variant(variant));
        var said = ProtocolDifference.Compare(Read(one), Read(other), decision);

        Assert.False(said.Same);
        HoldExamples(Read(one), Read(other), said);
        HoldRegions(one, other, decision, said, children: 3000);
    }

    [Fact]
    public void A_changed_cut_off_is_said_in_percent()
    {
        var said = ProtocolDifference.Compare(Read(Shipped.Protocol("i-bfm-sg")), Read(Variant("cut-off")), "marrow_status");

        Assert.Equal("M3 in i-bfm-sg 2014.1 and M2 in i-bfm-sg 2014.1 as sent for relapse where blasts in the marrow, in percent, are more than 25, up to 30.", said.Summary);
    }

    [Fact]
    public void A_rule_that_leaves_open_is_compared_by_all_that_it_leaves()
    {
        var said = ProtocolDifference.Compare(Read(Shipped.Protocol("i-bfm-sg")), Read(Variant("open rule settled")), "cns_involvement");

        var region = Assert.Single(said.Regions);
        Assert.Equal(["INVOLVED", "NOT_INVOLVED"], region.OneConcludes.Order(StringComparer.Ordinal));
        Assert.Equal(["INVOLVED"], region.OtherConcludes);
    }

    [Fact]
    public void A_reading_that_is_chosen_is_compared()
    {
        var (one, late) = (Read(Shipped.Protocol(Bfm)), Read(Shipped.Protocol(Bfm), new ChosenReading("exactly_six_months", "LATE")));

        var said = ProtocolDifference.Compare(one, late, "timing");

        var region = Assert.Single(said.Regions);
        Assert.Equal(("EARLY", "LATE"), (region.OneConcludes.Single(), region.OtherConcludes.Single()));
        Assert.Contains("exactly 6 months after the end of frontline therapy", region.Patients, StringComparison.Ordinal);
        HoldExamples(one, late, said);
    }

    [Fact]
    public void A_document_that_is_changed_everywhere_is_compared_all_the_same()
    {
        var (one, compared) = (Shipped.Protocol("i-bfm-sg"), 0);
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            string[] words = ["INVOLVED", "NOT_INVOLVED"], sites = ["ISOLATED_MARROW", "COMBINED", "ISOLATED_EXTRAMEDULLARY", "CRITERIA_NOT_MET"];
            var text = string.Join('\n', DocumentText.Shipped.Protocol.Split('\n').Select(line => line.StartsWith("        then: ", StringComparison.Ordinal) && random.Next(3) > 0 && line.Split(": ")[1] is var word
                ? $"        then: {(words.Contains(word) ? words[random.Next(2)] : sites.Contains(word) ? sites[random.Next(4)] : word)}"
                : line));
            if (ProtocolCompiler.CompileTables(Encoding.UTF8.GetBytes(text)).Protocol is not { } other)
            {
                continue;
            }

            compared++;
            foreach (var decision in one.Document.Decisions.Keys)
            {
                var said = ProtocolDifference.Compare(Read(one), Read(other), decision);
                Assert.True(said.Regions.Count <= 1000 && said.Same == (said.Regions.Count == 0));
                Assert.All(said.Regions.Where(region => region.Example is not null), region =>
                    Assert.Equal(region.OtherConcludes.Where(word => word != "OUT_OF_SCOPE").Order(StringComparer.Ordinal), other.Decide(region.Example, decision).Possible.Where(word => word != "OUT_OF_SCOPE").Order(StringComparer.Ordinal)));
            }
        }

        Assert.True(compared > 0, $"only {compared} documents could be compiled");
    }

    [Fact]
    public void A_protocol_does_not_differ_from_itself()
    {
        foreach (var protocol in Shipped.Library.Versions)
        {
            Assert.All(protocol.Document.Decisions.Keys, decision => Assert.True(ProtocolDifference.Compare(Read(protocol), Read(protocol), decision).Same));
        }
    }

    private static CompiledProtocol Variant(string variant)
    {
        var text = variant switch
        {
            "one cell" => DocumentText.Shipped with { Protocol = Rule(DocumentText.Shipped.Protocol, "standard-bcp-late-isolated-marrow", "then: STANDARD", "then: HIGH") },
            "cut-off" => DocumentText.Shipped.Change("[5, 25]", "[5, 30]").Change("(25, 100]", "(30, 100]"),
            "reading" => DocumentText.Shipped.Change("    default: EARLY", "    default: LATE"),
            "open rule settled" => DocumentText.Shipped with { Protocol = Rule(DocumentText.Shipped.Protocol, "cns-csf-traumatic", "then: [INVOLVED, NOT_INVOLVED]\n        settled_by: case.csf\n", "then: INVOLVED\n") },
            _ => DocumentText.Shipped with { Protocol = Rule(DocumentText.Shipped.Protocol, "no-prior-transplant", "within: NONE", "within: ANY") },
        };
        var compiled = ProtocolCompiler.CompileTables(Encoding.UTF8.GetBytes(text.Protocol));
        return compiled.Protocol ?? throw new InvalidOperationException(string.Join("; ", compiled.Faults));
    }

    /// <summary>A passage replaced in one rule.</summary>
    private static string Rule(string text, string rule, string passage, string by)
    {
        var start = text.IndexOf($"- id: {rule}\n", StringComparison.Ordinal);
        var at = text.IndexOf(passage, start, StringComparison.Ordinal);
        Assert.True(start >= 0 && at >= 0, $"{rule}: {passage}");
        return text.Remove(at, passage.Length).Insert(at, by);
    }

    private static void HoldExamples(EvaluatedProtocol one, EvaluatedProtocol other, DecisionComparison said) => Assert.All(said.Regions, region =>
    {
        Assert.NotNull(region.Example);
        foreach (var (protocol, conclusions) in new[] { (one, region.OneConcludes), (other, region.OtherConcludes) })
        {
            var answer = protocol.Protocol.Decide(region.Example, said.Decision, [.. protocol.Readings]);
            string[] concluded = answer.Outcome == Outcome.OutOfScope ? ["OUT_OF_SCOPE"] : [.. answer.Possible];
            Assert.Equal(conclusions.Order(StringComparer.Ordinal), concluded.Order(StringComparer.Ordinal));
        }
    });

    /// <summary>Random children of whom everything is known, put to both tables, and to the facts of the regions.</summary>
    private static void HoldRegions(CompiledProtocol one, CompiledProtocol other, string decision, DecisionComparison said, int children = 1000)
    {
        var random = new Random(7);
        string[] ids = [.. one.Document.Inputs.Keys.Union(other.Document.Inputs.Keys, StringComparer.Ordinal)];
        var differing = 0;
        for (var child = 0; child < children; child++)
        {
            var raw = ids.ToDictionary(id => id, id => Draw(random, id, one, other), StringComparer.Ordinal);
            Aim(random, raw, said);
            if (decimal.TryParse(raw.GetValueOrDefault(FactId.MonthsFromTherapyEnd), out var ended) && decimal.TryParse(raw.GetValueOrDefault(FactId.MonthsFromDiagnosis), out var since) && ended > since)
            {
                continue;
            }

            foreach (var name in InCommon(said))
            {
                raw[FactId.MrdMethodOf(name)] = FactCatalogue.OwnMethod;
            }

            var (inOne, inOther) = (Conclude(one, decision, raw, LeftOpen(said)), Conclude(other, decision, raw, LeftOpen(said)));
            // Where a decision on the way is left open by a rule, the child is in as many regions as that may come to.
            if (said.Regions.SelectMany(region => region.Facts).Select(fact => fact.Fact).Distinct().Any(name => one.Decisions.ContainsKey(name) && Conclude(one, name, raw).Count > 1))
            {
                continue;
            }

            var inside = said.Regions.Where(region => region.Facts.All(fact => Holds(fact, raw, one))).ToList();
            var same = Renamed(said, inOne).SetEquals(inOther);
            Assert.True(inside.Count == (same ? 0 : 1), $"{inside.Count} regions where {string.Join(",", inOne)} and {string.Join(",", inOther)}");
            Assert.All(inside, region => Assert.True(inOne.SetEquals(region.OneConcludes) && inOther.SetEquals(region.OtherConcludes)));
            differing += same ? 0 : 1;
        }

        Assert.True(said.Same == (said.Regions.Count == 0) || said.NotComparable.Count > 0);
        Assert.True(said.Regions.Count == 0 || differing > 3, $"only {differing} children differ");
    }

    /// <summary>Every other child has scope and the plain facts of a region, so that regions are met.</summary>
    private static void Aim(Random random, Dictionary<string, string> raw, DecisionComparison said)
    {
        if (said.Regions.Count == 0 || random.Next(4) == 0)
        {
            return;
        }

        foreach (var fact in said.Regions[random.Next(said.Regions.Count)].Facts.Where(fact => raw.ContainsKey(fact.Fact)))
        {
            var value = fact.Values[random.Next(fact.Values.Count)];
            raw[fact.Fact] = Interval.TryParse(value, out var interval, out _) ? Text(ExampleCase.Within(interval, whole: false)!.Value) : value;
        }
    }

    /// <summary>The classes under two names, as the summary of the timing of the COG has them.</summary>
    private static HashSet<string> Renamed(DecisionComparison said, HashSet<string> words) => said.Decision == "timing" && said.Summary.Contains("one class", StringComparison.Ordinal)
        ? [.. words.Select(word => word switch { "EARLY" => "INTERMEDIATE", "INTERMEDIATE" => "EARLY", _ => word })]
        : words;

    private static string Draw(Random random, string id, CompiledProtocol one, CompiledProtocol other)
    {
        var fact = FactCatalogue.Find(id)!;
        if (fact.Words.Length > 0 && (!fact.IsNumber || random.Next(3) == 0))
        {
            return fact.Words[random.Next(fact.Words.Length)];
        }

        decimal[] ends = [.. new[] { one, other }.SelectMany(protocol => protocol.Document.Inputs.TryGetValue(id, out var input) ? input.Bands.Values : []).Select(Parse).SelectMany(interval => new[] { interval.Min, interval.Max }).OfType<decimal>()];
        var near = ends[random.Next(ends.Length)] + (random.Next(3) - 1) * 0.5m;
        return Text(fact.Range!.Value.Contains(near) ? near : fact.Range.Value.Min!.Value);
    }

    private static string[] InCommon(DecisionComparison said) => Measured(said, "; compared by ");

    private static string[] LeftOpen(DecisionComparison said) => Measured(said, "; left open");

    private static string[] Measured(DecisionComparison said, string how) =>
        [.. said.NotComparable.Where(line => line.Contains(how, StringComparison.Ordinal)).Select(line => line.Split(':')[0]["mrd_".Length..])];

    /// <summary>With what a measurement shows left open, as far as the decision covers it.</summary>
    private static HashSet<string> Conclude(CompiledProtocol protocol, string decision, Dictionary<string, string> raw, params string[] open)
    {
        var facts = protocol.Model.DefaultFacts();
        string[] left = [.. open.SelectMany(name => new[] { FactId.MrdLevelOf(name), FactId.MrdMethodOf(name) })];
        foreach (var input in protocol.Model.Inputs.Where(input => input.Role == InputRole.Fact))
        {
            facts[input.Index] = ValueSet.Of(input.Joint is { } joint
                ? joint.IndexOf([.. joint.Components.Select(component => raw.TryGetValue(component.Name, out var value) ? Index(component, value) : 0)])
                : Index(input.Domain, raw[input.Name]));
            if (left.Contains(input.Name))
            {
                facts[input.Index] = protocol.Document.Decisions.Values.SelectMany(table => table.Scope).Where(scope => scope.Input == input.Name)
                    .Aggregate(input.Domain.All, (within, scope) => within & input.Domain.Of([.. scope.Within.Values_]));
            }
        }

        var diagram = protocol.Model.Decision(decision);
        return [.. diagram.Conclusions.Labels(diagram.Possible(facts))];
    }

    private static bool Holds(RegionFact fact, Dictionary<string, string> raw, CompiledProtocol one) => raw.TryGetValue(fact.Fact, out var value)
        ? fact.Values.Contains(value) || (decimal.TryParse(value, out var number) && fact.Values.Any(each => Interval.TryParse(each, out var interval, out _) && interval.Contains(number)))
        : fact.Values.Contains(Conclude(one, fact.Fact, raw).Single());

    private static int Index(Domain domain, string value) => domain.Bands is { } bands && decimal.TryParse(value, out var number) ? bands.IndexOf(number) : domain.IndexOf(value);

    private static Interval Parse(string text) => Interval.TryParse(text, out var interval, out _) ? interval : throw new ArgumentException(text);

    private static string Text(decimal number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static TheoryData<string, string, string> PairsThat(bool apart) =>
    [
        .. from one in Newest
           from other in Newest
           where string.CompareOrdinal(one, other) < 0
           from decision in WellKnownDecisions.All
           where Defines(one, decision) && Defines(other, decision) && LookAtOtherResults(one, other, decision) == apart
           select new TheoryDataRow<string, string, string>(one, other, decision),
    ];

    /// <summary>As the documents have it: some measurement that both come to is not of the same results.</summary>
    private static bool LookAtOtherResults(string one, string other, string decision)
    {
        var (ofOne, ofOther) = (Shipped.Protocol(one).Document, Shipped.Protocol(other).Document);
        return Measurements(ofOne, decision).Intersect(Measurements(ofOther, decision), StringComparer.Ordinal).Any(name => Printed(ofOne.Measurements[name]) != Printed(ofOther.Measurements[name]));

        static string Printed(Measurement measurement) => string.Join("; ",
            string.Join(' ', measurement.TimePoints.Order()), string.Join(' ', measurement.Specimens.Order()), string.Join(' ', measurement.Methods.Order()), string.Join(' ', measurement.NotAfter.Order()));

        static IEnumerable<string> Measurements(ProtocolDocument document, string decision) => document.Decisions[decision].Inputs
            .SelectMany(input => document.Decisions.ContainsKey(input) ? Measurements(document, input) : FactCatalogue.Find(input) is { Measurement.Length: > 0 } fact ? [fact.Measurement] : [])
            .Distinct();
    }

    private static bool Defines(string protocol, string decision) => Shipped.Protocol(protocol).Document.Decisions.ContainsKey(decision);

    private static DecisionComparison Compare(string one, string other, string decision) =>
        ProtocolDifference.Compare(Read(Shipped.Protocol(one)), Read(Shipped.Protocol(other)), decision);

    private static EvaluatedProtocol Read(CompiledProtocol protocol, params ImmutableArray<ChosenReading> readings) => new(protocol, readings);
}
