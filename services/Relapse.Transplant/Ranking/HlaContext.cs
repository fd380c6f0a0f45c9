using System.Collections.Immutable;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>What all pairs of one call share: the recipient's typing and how it is compared. Not for several threads: it remembers.</summary>
internal sealed class HlaContext
{
    private readonly ImmutableArray<LocusComparison> _loci;

    /// <param name="question">The question.</param>
    /// <param name="reference">The reference data.</param>
    public HlaContext(RankingQuestion question, HlaReference reference)
    {
        Recipient = Asked = question.Recipient.Typing;
        Release = reference.Release;
        Counter = new MatchCounter(question.Table);
        Readings = new DonorReadings(question.Recipient.Antibodies);
        if (reference.Release is { } release)
        {
            Antigens = new AntigenCounter(release, AntigenLevel.Broad, question.Table);
            Ligands = new LigandReader(release);
            Leaders = new LeaderComparison(release);
            RecipientLigands = Ligands.Read(Recipient);
            Tces = release.Tce is null ? null : new TceComparison(release);
        }

        _loci = [.. HlaLoci.All.Select(locus => Comparing(locus, Recipient[locus]))];
    }

    private HlaContext(HlaContext given, LocusComparison locus)
    {
        _loci = given._loci.SetItem((int)locus.Locus, locus);
        (Recipient, Asked) = (given.Recipient.With(locus.Locus, locus.Recipient), given.Asked);
        (Release, Counter, Antigens, Ligands, Leaders, Tces, Readings) = (given.Release, given.Counter, given.Antigens, given.Ligands, given.Leaders, given.Tces, given.Readings);
        RecipientLigands = Ligands?.Read(Recipient);
    }

    /// <summary>The recipient's typing.</summary>
    public Hla.HlaTyping Recipient { get; }

    /// <summary>The same as the question has it, before anything was completed.</summary>
    public Hla.HlaTyping Asked { get; }

    /// <summary>The release; null where there is none.</summary>
    public HlaRelease? Release { get; }

    /// <summary>What is read of donors' typings whatever the recipient's is.</summary>
    public DonorReadings Readings { get; }

    /// <summary>Counts alleles.</summary>
    public MatchCounter Counter { get; }

    /// <summary>Counts antigens; null without reference data.</summary>
    public AntigenCounter? Antigens { get; }

    /// <summary>Reads KIR ligands; null without reference data.</summary>
    public LigandReader? Ligands { get; }

    /// <summary>Compares leaders; null without reference data.</summary>
    public LeaderComparison? Leaders { get; }

    /// <summary>The recipient's KIR ligands; nothing without reference data.</summary>
    public LigandProfile? RecipientLigands { get; }

    /// <summary>Whether the groups of DPB1 are there.</summary>
    public bool HasTce => Tces is not null;

    private TceComparison? Tces { get; }

    /// <summary>The same for a recipient who is typed so at one locus; what was compared at the others is kept.</summary>
    public HlaContext With(LocusComparison locus) => new(this, locus);

    /// <summary>Compares donors with a recipient who is typed so at a locus.</summary>
    public LocusComparison Comparing(HlaLocus locus, LocusTyping recipient) => new(locus, recipient, Counter, Antigens, Tces);

    /// <summary>Mismatches of one locus.</summary>
    public LocusCount Count(HlaLocus locus, LocusTyping donor) => _loci[(int)locus].Count(donor);

    /// <summary>Matches of a scheme.</summary>
    public SchemeCount Count(Hla.HlaTyping donor, CountScheme scheme) => MatchCounter.Sum(Recipient, donor, scheme, Count);

    /// <summary>Matches of one locus by antigens. Without reference data an allele mismatch may be an antigen match.</summary>
    public Bounds AntigenMatches(HlaLocus locus, LocusTyping donor) => _loci[(int)locus].AntigenMatches(donor);

    /// <summary>The verdicts on a DPB1 typing.</summary>
    public TceVerdicts Tce(LocusTyping donor) => _loci[(int)HlaLocus.Dpb1].Tce(donor);
}
