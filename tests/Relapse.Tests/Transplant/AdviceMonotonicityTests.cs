using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Clinical.Measurements;

namespace Relapse.Tests.Transplant;

/// <summary>What more knowledge may do to advice: it never adds a conclusion, and what applies goes on to apply.</summary>
public sealed class AdviceMonotonicityTests
{
    private static readonly string[] _levels = ["0", "0.00005", "0.0001", "0.0005", "0.001", "0.02"];
    private static readonly ModifierSource[] _review = [new(Shipped.Protocol("review-2014"), [])];

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_fact_more_never_adds_a_conclusion_nor_a_statement(int block)
    {
        for (var seed = block * 60; seed < (block + 1) * 60; seed++)
        {
            var random = new Random(seed);
            var more = Told.Next(random, TrueChild.Next(random), 1).Case();
            Treat(more, random);
            // Testicular findings in a girl contradict each other, whatever else is known.
            if (more.Sex == Sex.Female)
            {
                more.Responses[0].ClearTestesNormal();
            }
            for (var step = 0; step < 3; step++)
            {
                var less = more.Clone();
                foreach (var forget in Facts().Where(_ => random.Next(4) == 0))
                {
                    forget(less);
                }
                foreach (var protocol in Shipped.Library.Versions.Where(version => version.Document.Decisions.ContainsKey("post_remission") || version.Document.Context.Count > 0))
                {
                    Compare(protocol, less, more, $"seed {seed}, step {step}, {protocol.Name}\n{less}\n{more}");
                }
                more = less;
            }
        }
    }

    private static void Compare(CompiledProtocol protocol, RelapseCase less, RelapseCase more, string context)
    {
        var (before, after) = (Answer(protocol, less), Answer(protocol, more));
        foreach (var (sooner, later) in before.Decisions.Zip(after.Decisions))
        {
            var said = $"{sooner.Decision_}: {sooner.Say()} {sooner.Contradictions}, with more facts {later.Say()} {later.Contradictions} {later.Conditions}; {context}";
            Assert.True(sooner.Outcome == Outcome.Inconsistent == (later.Outcome == Outcome.Inconsistent), said);
            Assert.True(sooner.Outcome != Outcome.OutOfScope || later.Outcome == Outcome.OutOfScope, said);
            Assert.True(sooner.Outcome != Outcome.Determined || later.Outcome is Outcome.Determined, said);
            if (sooner.Conditions.Any(condition => condition.Id == "reinduction-not-stated") && later.Conditions.All(condition => condition.Id != "reinduction-not-stated"))
            {
                // It holds unless another reinduction was given, and the answer said so.
                continue;
            }
            Assert.True(!later.Possible.Except(sooner.Possible, StringComparer.Ordinal).Any(), said);
            foreach (var (was, became) in sooner.Requires.Zip(later.Requires))
            {
                Assert.True(was.State == RequirementState.Unknown || was.State == became.State, $"{was} {became} {said}");
            }
        }
        foreach (var statement in after.Context)
        {
            Assert.True(before.Context.Any(shown => shown.Id == statement.Id), $"{statement.Id} is new; {context}");
        }
        foreach (var statement in before.Context.Where(shown => shown.Fit == ContextFit.Applies))
        {
            Assert.True(after.Context.Any(shown => shown.Id == statement.Id && shown.Fit == ContextFit.Applies), $"{statement.Id} applied; {context}");
        }
    }

    private static (ImmutableArray<Decision> Decisions, ImmutableArray<ContextStatement> Context) Answer(CompiledProtocol protocol, RelapseCase @case)
    {
        var faults = CaseValidator.Validate(@case);
        Assert.True(faults.IsEmpty, string.Join("; ", faults));
        var evaluator = new CaseEvaluator(@case, [.. _review.Where(source => source.Protocol != protocol)]);
        return (evaluator.Decide(protocol, [.. WellKnownDecisions.Transplant.Where(protocol.Document.Decisions.ContainsKey)], [], includeTrace: false), evaluator.Context(protocol, []));
    }

    /// <summary>Everything of treatment, said in full. What was not looked at in the response is said to have been, so that forgetting says less.</summary>
    private static void Treat(RelapseCase @case, Random random)
    {
        @case.PhPositive = @case.Genetics.Any(finding => finding is { Marker: GeneticMarker.BcrAbl1, Status: FindingStatus.Present });
        foreach (var finding in @case.Genetics.Where(finding => finding.Marker == GeneticMarker.BcrAbl1).ToArray())
        {
            @case.Genetics.Remove(finding);
        }
        (@case.DownSyndrome, @case.AgeAtRelapseYears) = (random.Next(6) == 0, random.Next(2) == 0 ? 19 : 18.9);
        var history = @case.History ??= new History();
        history.PriorAgentsComplete = true;
        history.PriorAgents.Add(Enum.GetValues<PriorAgent>().Skip(1).Where(_ => random.Next(4) == 0));
        history.PriorIrradiationComplete = true;
        history.PriorIrradiation.Add(Enum.GetValues<IrradiationSite>().Skip(1).Where(_ => random.Next(5) == 0).Select(site => new Irradiation { Site = site }));
        history.PriorRegimens = random.Next(4);
        @case.Antigens.Add(Enum.GetValues<Antigen>().Skip(1).Select(antigen => new AntigenFinding { Antigen = antigen, Status = random.Next(2) == 0 ? FindingStatus.Present : FindingStatus.Absent }));
        @case.Treatment = new Treatment { Reinduction = (Reinduction)random.Next(1, 5), Arm = random.Next(2) == 0 ? "A" : "B", TransplantPlanned = random.Next(2) == 0 };
        @case.Mrd.Add(Measured.Quantified("0.03", TimePoint.AtRelapse));
        @case.Mrd.Add(Measured.Quantified(_levels[random.Next(_levels.Length)], TimePoint.EndOfInduction));
        @case.Mrd.Add(Measured.Quantified(_levels[random.Next(_levels.Length)], TimePoint.EndOfBlock1, method: MrdMethod.Flow));
        var isLeft = random.Next(2) == 0;
        @case.Responses.Add(new Response
        {
            TimePoint = TimePoint.EndOfInduction,
            MarrowBlastsPercent = random.Next(3) == 0 ? 12 : 1,
            WbcPerUl = 3000,
            NeutrophilsPerUl = random.Next(2) == 0 ? 1600 : 300,
            PlateletsPerUl = random.Next(2) == 0 ? 150_000 : 60_000,
            BloodBlastsPresent = false,
            CsfWbcPerUl = 1,
            CsfBlastsPresent = false,
            TestesNormal = true,
            ClinicalSigns = false,
            OtherSitesClear = !isLeft,
            ResidualBiopsyPositive = isLeft,
            ReinductionCompleted = true,
        });
    }

    /// <summary>For each thing told of treatment, how it is forgotten.</summary>
    private static IEnumerable<Action<RelapseCase>> Facts() =>
    [
        @case => @case.ClearPhPositive(),
        @case => @case.ClearDownSyndrome(),
        @case => @case.ClearAgeAtRelapseYears(),
        @case => @case.History.ClearPriorRegimens(),
        @case =>
        {
            @case.History.ClearPriorAgentsComplete();
            @case.History.PriorAgents.Clear();
        },
        @case =>
        {
            @case.History.ClearPriorIrradiationComplete();
            @case.History.PriorIrradiation.Clear();
        },
        @case => @case.Antigens.Clear(),
        @case => @case.Treatment.Reinduction = Reinduction.Unspecified,
        @case => @case.Treatment.ClearTransplantPlanned(),
        @case => @case.Treatment.ClearArm(),
        @case => @case.Mrd.Clear(),
        @case => @case.Responses[0].ClearNeutrophilsPerUl(),
        @case => @case.Responses[0].ClearPlateletsPerUl(),
        @case => @case.Responses[0].ClearReinductionCompleted(),
        @case => @case.Responses[0].TimePoint = TimePoint.Unspecified,
        @case => @case.Genetics.Clear(),
    ];
}
