using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Transplant;
using Relapse.Transplant.Answers;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Ranking;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>Ranks donors in process, as the RPC does.</summary>
internal static class RankedCall
{
    /// <summary>A process without reference data.</summary>
    public static HlaReference Bare { get; } = new(null, null);

    /// <summary>The ranking of a request without fault.</summary>
    public static DonorRanking Rank(RankDonorsRequest request, HlaReference? reference = null)
    {
        var (question, donors) = Read(request, reference ?? Bare);
        return DonorRanking.Rank(question, donors, reference ?? Bare, CancellationToken.None);
    }

    /// <summary>The same for a caller who has gone.</summary>
    public static DonorRanking RankForNobody(RankDonorsRequest request)
    {
        var (question, donors) = Read(request, Bare);
        return DonorRanking.Rank(question, donors, Bare, new CancellationToken(true));
    }

    /// <summary>The whole answer to a request without fault.</summary>
    public static RankDonorsResponse Answer(RankDonorsRequest request, HlaReference? reference = null)
    {
        var (question, donors) = Read(request, reference ?? Bare);
        var (ranked, summary) = DonorAnswer.Write(question, donors, request.Compare, "test", "test", "", reference ?? Bare);
        return new RankDonorsResponse { Ranked = { ranked }, Summary = summary };
    }

    /// <summary>A request of a centre that has set its limits, and so that they block nobody: where a test is not about them.</summary>
    public static RankDonorsRequest WithLimits(this RankDonorsRequest request)
    {
        (string Id, string Value)[] limits =
        [
            ("hla.confirmation", "NOT_REQUIRED"), ("harvest.below_target", "WARN"), ("cord.single.min_tnc_e7_per_kg", "0"), ("cord.single.min_cd34_e5_per_kg", "0"),
            ("cord.double.each_unit_min_tnc_e7_per_kg", "0"), ("cord.double.each_unit_min_cd34_e5_per_kg", "0"),
        ];
        request.Settings.AddRange(limits.Where(limit => request.Settings.All(setting => setting.Id != limit.Id)).Select(limit => new PolicySetting { Id = limit.Id, Value = limit.Value }));
        request.Recipient.AntibodiesAssessed = true;
        return request;
    }

    /// <summary>A relative.</summary>
    public static Donor Relative(string id, Relationship relationship, MatchStatement match, GraftManipulation manipulation = GraftManipulation.Unspecified) => new()
    {
        DonorId = id,
        Kind = DonorKind.Related,
        Relationship = relationship,
        MatchStatement = match,
        Manipulation = manipulation,
    };

    /// <summary>An unrelated volunteer of thirty.</summary>
    public static Donor Unrelated(string id, MatchStatement match = MatchStatement.Matched) => new() { DonorId = id, Kind = DonorKind.Unrelated, MatchStatement = match, AgeYears = 30 };

    /// <summary>A request without fault, as it is read.</summary>
    public static (RankingQuestion Question, IReadOnlyList<DonorCase> Donors) Read(RankDonorsRequest request, HlaReference reference)
    {
        var faults = new FaultList();
        var question = RankingQuestion.Read(request, reference, faults);
        var reader = new DonorReader(reference, request.Window?.AsOfDate, faults);
        foreach (var donor in request.Donors)
        {
            reader.Read(donor);
        }

        question?.CheckTogether(request, reader.Donors, faults);
        Assert.Null(faults.ToStatus());
        return (question!, reader.Donors);
    }
}
