using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Tests.Clinical;

namespace Relapse.Tests.Outcomes;

/// <summary>What adding facts may do to an answer, over random children of whom more and more is told.</summary>
public sealed class MatchingMonotonyTests
{
    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_fact_more_never_takes_a_certain_row_away_nor_brings_an_excluded_one_back(int block)
    {
        var (certain, excluded) = (0, 0);
        for (var seed = block * 25; seed < (block + 1) * 25; seed++)
        {
            var random = new Random(seed);
            var less = Told.Next(random, TrueChild.Next(random), random.NextDouble());
            var more = less.More(random, 6);
            var meant = Meant.Next(random, less.Child.RelapseNumber);
            var sooner = Fits(less, meant);
            var later = Fits(more, meant.More(random));
            if (sooner.Count == 0 || later.Count == 0)
            {
                // A stated fact put the case out of scope.
                continue;
            }
            foreach (var (id, before) in sooner)
            {
                var after = later[id];
                var said = $"seed {seed}, {id}: {before}, with more facts {after}\n{less} {meant}\n{more}";
                Assert.True(before is not (MatchLevel.Exact or MatchLevel.Broader) || after is MatchLevel.Exact or MatchLevel.Broader, said);
                Assert.True(before is not MatchLevel.NotApplicable || after is MatchLevel.NotApplicable, said);
                certain += before is MatchLevel.Exact or MatchLevel.Broader ? 1 : 0;
                excluded += before is MatchLevel.NotApplicable ? 1 : 0;
            }
        }
        Assert.True(certain > 100 && excluded > 1000, $"{certain} certain rows, {excluded} excluded ones");
    }

    private static Dictionary<string, MatchLevel> Fits(Told told, Meant meant)
    {
        var answer = GoldenQueryTests.Answer(new EstimateOutcomeRequest { Case = told.Case(), Intention = meant.Said(), RowsPerGroup = 500 });
        if (answer.Status is AnswerStatus.OutOfScope)
        {
            return [];
        }
        var found = answer.Groups.SelectMany(group => group.Rows).ToDictionary(row => row.Figure.Id, row => row.Match);
        return Relapse.Outcomes.EvidenceLibrary.Shipped.Used.ToDictionary(row => row.Id, row => found.GetValueOrDefault(row.Id, MatchLevel.NotApplicable));
    }

    /// <summary>What is meant for a child beyond its case, and how much of it is said: more is always said of the same.</summary>
    private sealed record Meant(Intention All, bool[] Says)
    {
        private const int Things = 5;
        private static readonly string[] Regimens = ["ALL_R3", "ALL_REZ_BFM", "AALL01P2", "AALL1331_CHEMOTHERAPY_LOW_RISK", "20120215_CHEMOTHERAPY_BEFORE_TRANSPLANT"];
        private static readonly string[] Agents = ["mitoxantrone", "epratuzumab", "nelarabine", "bortezomib", "blinatumomab"];

        public static Meant Next(Random random, int relapse)
        {
            var isTransplant = random.Next(2) == 0;
            var regimen = random.Next(Regimens.Length);
            var all = new Intention
            {
                Treatment = isTransplant ? Modality.Transplant : Modality.Chemotherapy,
                Regimen = Regimens[regimen],
                Donor = isTransplant ? (DonorKind)random.Next(1, 4) : DonorKind.Unspecified,
                // The last two regimens were given without the last agent.
                Agents = { Agents[random.Next(regimen < 3 ? Agents.Length : Agents.Length - 1)] },
                State = random.Next(2) == 0 ? RemissionState.AtRelapse : relapse == 1 ? RemissionState.SecondRemission : RemissionState.ThirdRemission,
            };
            return new Meant(all, [.. Enumerable.Range(0, Things).Select(_ => random.Next(3) == 0)]);
        }

        public Meant More(Random random) => this with { Says = [.. Says.Select(says => says || random.Next(2) == 0)] };

        public Intention Said()
        {
            var said = new Intention
            {
                Treatment = Says[0] ? All.Treatment : Modality.Unspecified,
                Regimen = Says[1] ? All.Regimen : "",
                Donor = Says[2] ? All.Donor : DonorKind.Unspecified,
                State = Says[3] ? All.State : RemissionState.Unspecified,
            };
            said.Agents.AddRange(Says[4] ? All.Agents : []);
            return said;
        }

        public override string ToString() => Said().ToString();
    }
}
