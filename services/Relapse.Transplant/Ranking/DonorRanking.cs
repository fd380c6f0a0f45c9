using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
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
    // What appraising donors in every completion may cost, and comparing those who can come first.
    private const int MostAppraised = 40_000;
    private const int MostCompared = 200_000;
    private const int AntibodiesAsOneDonor = 8;

    private readonly FamilyOutlook _outlook;

    private DonorRanking(Appraisal given, FamilyStudy family, FamilyOutlook outlook)
    {
        (Given, Family, _outlook) = (given, family, outlook);
        (SourceOrder, FullOrder) = (new PlaceOrder(Question.Policy, sourceOnly: true), new PlaceOrder(Question.Policy, sourceOnly: false));
    }

    /// <summary>The donors as the question was asked: what is not known is open for each of them apart.</summary>
    public Appraisal Given { get; }

    /// <summary>What is known, and what nobody knows and all donors share settled in every way. Of as many as
    /// <see cref="Shared"/> have values, the first varying fastest.</summary>
    public ImmutableArray<Appraisal> Completions { get; private set; } = [];

    /// <summary>What nobody knows and all donors share, and is settled in the completions.</summary>
    public ImmutableArray<SharedUnknown> Shared { get; private set; } = [];

    /// <summary>Paths of what is unknown and shared, and has too many possibilities: it is open for each donor apart, so that ranks and what
    /// is said to be missing may be wider than they need be.</summary>
    public ImmutableArray<string> TakenApart { get; private set; } = [];

    /// <summary>The question.</summary>
    public RankingQuestion Question => Given.Question;

    /// <summary>Compares typings.</summary>
    public HlaContext Context => Given.Context;

    /// <summary>What the family shows, as it is typed.</summary>
    public FamilyStudy Family { get; }

    /// <summary>Loci at which relatives' typings have more readings than are looked at: what descent could say of them is left open.</summary>
    public IReadOnlyCollection<HlaLocus> FamilyLeftOpen => _outlook.LeftOpen;

    /// <summary>Holds what laboratories state against the typings.</summary>
    public StatementCheck Statements => Given.Statements;

    /// <summary>Measures donors.</summary>
    public DonorMeasures Measures => Given.Measures;

    /// <summary>Finds blocks and antibodies.</summary>
    public DonorBlocks Blocks => Given.Blocks;

    /// <summary>Judges NK alloreactivity.</summary>
    public NkJudgement Nk => Given.Nk;

    /// <summary>How large grafts are.</summary>
    public GraftSize Size => Given.Size;

    /// <summary>The order by the source alone.</summary>
    public PlaceOrder SourceOrder { get; }

    /// <summary>The order by every criterion.</summary>
    public PlaceOrder FullOrder { get; }

    /// <summary>The donors, best first; every one of the request.</summary>
    public ImmutableArray<Listed> List { get; private set; } = [];

    /// <summary>From this band on a donor cannot come first.</summary>
    public int FirstWithoutTier => Question.Policy.TierCount;

    /// <summary>The criteria of a group by which two donors are alike whatever is not known, as bits.</summary>
    public int Alike(int group, Entry one, Entry other) => group == Place.NoGroup ? 0 : DonorMeasures.Alike(Question.Policy.Groups[group], one.Donor, other.Donor);

    /// <summary>Ranks donors. Pure.</summary>
    /// <param name="question">The question.</param>
    /// <param name="donors">Its donors.</param>
    /// <param name="reference">The reference data.</param>
    /// <param name="cancellation">Looked at for each donor.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public static DonorRanking Rank(RankingQuestion question, IReadOnlyList<DonorCase> donors, HlaReference reference, CancellationToken cancellation = default)
    {
        var context = new HlaContext(question, reference);
        var family = new FamilyStudy(question.Recipient.Typing, question.Family, donors, new FamilyBudget(cancellation: cancellation));
        var outlook = new FamilyOutlook(question, donors, family, cancellation);
        var ranking = new DonorRanking(Appraisal.Of(question, context, outlook, donors, cancellation), family, outlook);
        ranking.Complete(donors, cancellation);
        ranking.List = ranking.Order();
        return ranking;
    }

    // Those with fewest values first, while it can be paid for.
    private void Complete(IReadOnlyList<DonorCase> donors, CancellationToken cancellation)
    {
        var unknowns = new SharedUnknowns(Given, _outlook);
        var each = donors.Count * (1 + (Question.Settings.Number(SettingId.DsaLimit) is null ? 0 : Question.Recipient.Antibodies.Length / AntibodiesAsOneDonor));
        var pairs = (int)Math.Min((long)donors.Count * donors.Count, FirstPlaceStudy.MostCompared * FirstPlaceStudy.MostCompared);
        var (appraised, compared, values) = (MostAppraised / Math.Max(1, each), MostCompared / Math.Max(1, pairs), 0L);
        List<Asked> completions = [new Asked(Question, Context)];
        foreach (var unknown in unknowns.Found)
        {
            // Each completion is compared with those that differ in one unknown.
            var (count, others) = ((long)completions.Count * unknown.Values.Length, values + unknown.Values.Length - 1);
            if (unknown.Values.Length == 1 || (count <= appraised && count * others <= compared))
            {
                values = others;
                Shared = Shared.Add(unknown);
                completions = [.. unknown.Values.SelectMany(settle => completions, (settle, asked) => settle(asked))];
            }
            else
            {
                TakenApart = TakenApart.Add(unknown.Field);
            }
        }

        TakenApart = [.. TakenApart, .. unknowns.Left];
        _outlook.Share(completions.Select(asked => asked.Context.Recipient));
        Completions = Shared.IsEmpty ? [Given] : [.. completions.Select(asked => Appraisal.Of(asked.Question, asked.Context, _outlook, donors, cancellation))];
    }

    private ImmutableArray<Listed> Order()
    {
        var count = Given.Entries.Length;
        var listed = new Listed?[count];
        var (min, max) = (Filled(int.MaxValue), Filled(int.MinValue));
        foreach (var completion in Completions)
        {
            var entries = completion.Entries;
            var (source, full) = (new RankCounter(entries, SourceOrder), new RankCounter(entries, FullOrder));
            var ties = new Ties(entries, SourceOrder, FirstWithoutTier);
            for (var index = 0; index < count; index++)
            {
                var (ranks, all) = (source.Of(entries[index]), full.Of(entries[index]));
                var before = listed[index];
                listed[index] = new Listed(
                    Given.Entries[index],
                    before is null ? ranks : new RankRange(Math.Min(before.Ranks.Min, ranks.Min), Math.Max(before.Ranks.Max, ranks.Max)),
                    before?.Tied != false && ties.Has(entries[index]));
                (min[index], max[index]) = (Math.Min(min[index], all.Min), Math.Max(max[index], all.Max));
            }
        }

        var keys = new ListKey[count];
        for (var index = 0; index < count; index++)
        {
            keys[index] = new ListKey(min[index] + max[index], Given.Entries[index]);
        }

        Array.Sort(keys, listed, Comparer<ListKey>.Create(CompareInList));
        return [.. listed!];

        int[] Filled(int value)
        {
            var filled = new int[count];
            Array.Fill(filled, value);
            return filled;
        }
    }

    // Who is ahead of another in every case has a lower sum of ranks, so every certain order is kept.
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

        public Ties(ImmutableArray<Entry> entries, PlaceOrder order, int firstWithoutTier)
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
