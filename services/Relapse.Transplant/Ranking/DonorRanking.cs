using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>A donor in the list.</summary>
/// <param name="Entry">The donor.</param>
/// <param name="Ranks">Its ranks by the source alone.</param>
/// <param name="Tied">Whether the source leaves it tied with another of its tier, or not ordered to it.</param>
internal sealed record Listed(Entry Entry, RankRange Ranks, bool Tied);

/// <summary>
/// The list. Its order is total, the same for every order of the request, and keeps every certain order: by the middle of the ranks that
/// a donor can have, so that what is not known neither lifts nor lowers. Among equals by where they could stand, then by id.
/// </summary>
internal sealed class DonorRanking
{
    private DonorRanking(
        RankingQuestion question, HlaContext context, FamilyStudy family, StatementCheck statements, DonorMeasures measures, DonorBlocks blocks, NkJudgement nk, GraftSize size)
    {
        (Question, Context, Family, Statements, Measures, Blocks, Nk, Size) = (question, context, family, statements, measures, blocks, nk, size);
        (SourceOrder, FullOrder) = (new PlaceOrder(question.Policy, sourceOnly: true), new PlaceOrder(question.Policy, sourceOnly: false));
    }

    /// <summary>The question.</summary>
    public RankingQuestion Question { get; }

    /// <summary>Compares typings.</summary>
    public HlaContext Context { get; }

    /// <summary>What the family shows.</summary>
    public FamilyStudy Family { get; }

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

    /// <summary>The order by the source alone.</summary>
    public PlaceOrder SourceOrder { get; }

    /// <summary>The order by every criterion.</summary>
    public PlaceOrder FullOrder { get; }

    /// <summary>The donors, best first; every one of the request.</summary>
    public ImmutableArray<Listed> List { get; private set; } = [];

    /// <summary>From this band on a donor cannot come first.</summary>
    public int FirstWithoutTier => Question.Policy.TierCount;

    /// <summary>Ranks donors. Pure.</summary>
    /// <param name="question">The question.</param>
    /// <param name="donors">Its donors.</param>
    /// <param name="reference">The reference data.</param>
    /// <param name="cancellation">Looked at for each donor.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public static DonorRanking Rank(RankingQuestion question, IReadOnlyList<DonorCase> donors, HlaReference reference, CancellationToken cancellation = default)
    {
        var context = new HlaContext(question, reference);
        var (family, size) = (new FamilyStudy(question, donors, cancellation), new GraftSize(question));
        var statements = new StatementCheck(question, context, family);
        var standings = Each(donors, new DonorClassifier(question, context, family, statements).Classify, cancellation);
        var nk = new NkJudgement(question, context, donors.Where((_, index) => PrefersForNk(question.Policy, standings[index])));
        var ranking = new DonorRanking(
            question, context, family, statements, new DonorMeasures(question, context, nk, size), new DonorBlocks(question, context, size), nk, size);
        var placement = new Placement(question.Policy, ranking.Measures);
        var places = donors.Select((donor, index) => (donor, index)).ToList();
        ranking.List = ranking.Order([.. Each(places, one => placement.Put(one.donor, standings[one.index], ranking.Blocks.Of(one.donor)), cancellation)]);
        return ranking;
    }

    private static List<TMade> Each<T, TMade>(IReadOnlyList<T> of, Func<T, TMade> make, CancellationToken cancellation)
    {
        var made = new List<TMade>(of.Count);
        foreach (var one in of)
        {
            cancellation.ThrowIfCancellationRequested();
            made.Add(make(one));
        }

        return made;
    }

    private static bool PrefersForNk(CompiledPolicy policy, Standing standing) => standing.Classes.Any(donorClass =>
        policy.GroupOf(donorClass)?.Criteria.Any(criterion => criterion.Document.Measure == Measure.NkAlloreactivity) == true);

    private ImmutableArray<Listed> Order(Entry[] entries)
    {
        var (source, full) = (new RankCounter(entries, SourceOrder), new RankCounter(entries, FullOrder));
        var ties = new Ties(entries, SourceOrder, FirstWithoutTier);
        var listed = new Listed[entries.Length];
        var keys = new ListKey[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            var entry = entries[index];
            var ranks = full.Of(entry);
            listed[index] = new Listed(entry, source.Of(entry), ties.Has(entry));
            keys[index] = new ListKey(ranks.Min + ranks.Max, entry);
        }

        Array.Sort(keys, listed, Comparer<ListKey>.Create(CompareInList));
        return [.. listed];
    }

    // Who is certainly ahead of another has a lower sum of ranks, so every certain order is kept.
    private int CompareInList(ListKey one, ListKey other)
    {
        var order = one.Middle.CompareTo(other.Middle);
        order = order != 0 ? order : FullOrder.Compare(one.Entry.Best, other.Entry.Best);
        order = order != 0 ? order : FullOrder.Compare(one.Entry.Worst, other.Entry.Worst);
        return order != 0 ? order : string.CompareOrdinal(one.Entry.Donor.Message.DonorId, other.Entry.Donor.Message.DonorId);
    }

    private readonly record struct ListKey(int Middle, Entry Entry);

    /// <summary>Knows who is tied: places that are certain, in one tier, and not told apart by the source.</summary>
    private sealed class Ties
    {
        private readonly PlaceOrder _order;
        private readonly int _firstWithoutTier;
        private readonly Dictionary<int, int> _inBand = [];
        private readonly Dictionary<(int Band, int Group), int> _inGroup = [];
        private readonly SortedDictionary<Place, int> _alike;

        public Ties(Entry[] entries, PlaceOrder order, int firstWithoutTier)
        {
            (_order, _firstWithoutTier) = (order, firstWithoutTier);
            _alike = new SortedDictionary<Place, int>(order);
            foreach (var entry in entries.Where(IsCertain))
            {
                var place = entry.Best;
                _inBand[place.Band] = _inBand.GetValueOrDefault(place.Band) + 1;
                _inGroup[(place.Band, place.Group)] = _inGroup.GetValueOrDefault((place.Band, place.Group)) + 1;
                _alike[place] = _alike.GetValueOrDefault(place) + 1;
            }
        }

        public bool Has(Entry entry) => IsCertain(entry)
            && (_inBand[entry.Best.Band] > _inGroup[(entry.Best.Band, entry.Best.Group)] || _alike[entry.Best] > 1);

        private bool IsCertain(Entry entry) => entry.Best.Band < _firstWithoutTier && _order.Compare(entry.Best, entry.Worst) == 0;
    }
}
