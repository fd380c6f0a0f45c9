using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>All donors of a list as one question has them: as it was asked, or with something settled in it that all donors share.
/// The family, and what laboratories state, are held against that typing of the recipient.</summary>
internal sealed class Appraisal
{
    private readonly DonorClassifier _classifier;
    private readonly Dictionary<int, ImmutableArray<string>> _told = [];

    private Appraisal(
        RankingQuestion question,
        HlaContext context,
        StatementCheck statements,
        DonorClassifier classifier,
        DonorMeasures measures,
        DonorBlocks blocks,
        NkJudgement nk,
        GraftSize size,
        ImmutableArray<Entry> entries)
    {
        (Question, Context, Statements, _classifier, Measures, Blocks, Nk, Size, Entries) = (question, context, statements, classifier, measures, blocks, nk, size, entries);
    }

    /// <summary>The question.</summary>
    public RankingQuestion Question { get; }

    /// <summary>Compares typings.</summary>
    public HlaContext Context { get; }

    /// <summary>Holds what laboratories state against the typings.</summary>
    public StatementCheck Statements { get; }

    /// <summary>Measures donors.</summary>
    public DonorMeasures Measures { get; }

    /// <summary>Finds blocks and antibodies.</summary>
    public DonorBlocks Blocks { get; }

    /// <summary>Judges NK alloreactivity.</summary>
    public NkJudgement Nk { get; }

    /// <summary>How large grafts are.</summary>
    public GraftSize Size { get; }

    /// <summary>The donors, by their index.</summary>
    public ImmutableArray<Entry> Entries { get; }

    /// <summary>What each reading of the family tells of a related donor's class, in the order of the readings.</summary>
    public ImmutableArray<string> Told(DonorCase donor) => _told.TryGetValue(donor.Index, out var told) ? told : _told[donor.Index] = _classifier.Told(donor);

    /// <summary>Appraises donors.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">Compares with its recipient.</param>
    /// <param name="family">What the family can say.</param>
    /// <param name="donors">The donors.</param>
    /// <param name="cancellation">Looked at for each donor.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public static Appraisal Of(
        RankingQuestion question, HlaContext context, FamilyOutlook family, IReadOnlyList<DonorCase> donors, CancellationToken cancellation)
    {
        var (size, statements) = (new GraftSize(question), new StatementCheck(question, context));
        var classifier = new DonorClassifier(question, context, family.Of(context.Recipient), statements);
        var standings = Each(donors, classifier.Classify, cancellation);
        var nk = new NkJudgement(question, context, donors.Where((_, index) => PrefersForNk(question.Policy, standings[index])));
        var (measures, blocks) = (new DonorMeasures(question, context, nk, size), new DonorBlocks(question, context, size));
        var placement = new Placement(question.Policy, measures);
        return new Appraisal(question, context, statements, classifier, measures, blocks, nk, size, Each(donors, donor => placement.Put(donor, standings[donor.Index], blocks.Of(donor)), cancellation));
    }

    private static ImmutableArray<TMade> Each<T, TMade>(IReadOnlyList<T> of, Func<T, TMade> make, CancellationToken cancellation)
    {
        var made = ImmutableArray.CreateBuilder<TMade>(of.Count);
        foreach (var one in of)
        {
            cancellation.ThrowIfCancellationRequested();
            made.Add(make(one));
        }

        return made.MoveToImmutable();
    }

    private static bool PrefersForNk(CompiledPolicy policy, Standing standing) => standing.Classes.Any(donorClass =>
        policy.GroupOf(donorClass)?.Criteria.Any(criterion => criterion.Document.Measure == Measure.NkAlloreactivity) == true);
}
