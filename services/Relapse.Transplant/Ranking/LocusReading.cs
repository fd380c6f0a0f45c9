using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;
using LocusTyping = Relapse.Transplant.Hla.LocusTyping;

namespace Relapse.Transplant.Ranking;

/// <summary>What in a list looks at each locus of the recipient.</summary>
internal sealed class LocusReading
{
    private static readonly ImmutableArray<HlaLocus> OfLigands = [HlaLocus.A, HlaLocus.B, HlaLocus.C];
    private readonly Appraisal _given;
    private readonly ImmutableArray<CompiledCriterion> _criteria;
    private readonly HashSet<HlaLocus> _limited = [];
    private readonly HashSet<HlaLocus> _counted = [];
    private readonly HashSet<HlaLocus> _antibodies = [];
    private readonly FamilyOutlook _family;
    private readonly ImmutableArray<DonorCase> _stated;
    private readonly bool _hasCord;

    /// <param name="given">The donors as the question was asked.</param>
    /// <param name="criteria">The criteria that can be asked of one of them.</param>
    /// <param name="family">What the family can say.</param>
    public LocusReading(Appraisal given, ImmutableArray<CompiledCriterion> criteria, FamilyOutlook family)
    {
        (_given, _criteria, _family) = (given, criteria, family);
        _stated = [.. given.Entries.Select(entry => entry.Donor).Where(donor => donor.Message.MatchStatement == MatchStatement.Matched && given.Statements.Contradicts(donor, null) == Truth.Open)];
        var settings = given.Question.Settings;
        _hasCord = given.Entries.Any(entry => entry.Donor.IsCord);
        foreach (var minimum in new[] { Minimum(SettingId.MatchedFamily, DonorKind.Related), Minimum(SettingId.MatchedUnrelated, DonorKind.Unrelated), Minimum(SettingId.SuitableCord, DonorKind.Cord) }.OfType<MatchMinimum>())
        {
            _limited.UnionWith(minimum.Scheme.Loci().ToArray());
        }

        foreach (var criterion in criteria)
        {
            _counted.UnionWith(criterion.Document.Measure switch
            {
                Measure.MatchesOfEight => CountScheme.Eight.Loci().ToArray(),
                Measure.MatchesOfTen => CountScheme.Ten.Loci().ToArray(),
                _ => [],
            });
        }

        if (settings.Number(SettingId.DsaLimit) is not null)
        {
            AnyMismatch = !given.Question.Recipient.AntibodiesKnown;
            _antibodies.UnionWith(given.Question.Recipient.Antibodies.SelectMany(antibody => antibody.Specificity.Loci));
        }

        MatchMinimum? Minimum(string setting, DonorKind kind) => given.Entries.Any(entry => entry.Donor.Message.Kind == kind) ? settings.Match(setting) : null;
    }

    /// <summary>Whether it matters that there is a mismatch host versus graft at all, at any locus.</summary>
    public bool AnyMismatch { get; }

    /// <summary>Whether ligands are read from a locus.</summary>
    public bool Ligands(HlaLocus locus) => OfLigands.Contains(locus) && _given.Context.Ligands is not null
        && _given.Question.Settings.Word(SettingId.NkModel) is not null && _criteria.Any(criterion => criterion.Document.Measure == Measure.NkAlloreactivity);

    /// <summary>Whether epitope groups are.</summary>
    public bool Groups(HlaLocus locus) => locus == HlaLocus.Dpb1 && _criteria.Any(criterion => criterion.Document.Measure == Measure.Dpb1Tce);

    /// <summary>Whether antigens are.</summary>
    public bool Antigens(HlaLocus locus) => _hasCord && locus is HlaLocus.A or HlaLocus.B && _given.Question.Settings.Match(SettingId.SuitableCord) is { Scheme: CountScheme.Six };

    /// <summary>Whether an antibody's target may be on it.</summary>
    public bool Antibodies(HlaLocus locus) => _antibodies.Contains(locus);

    /// <summary>Whether matches are held to a limit, and not only compared.</summary>
    public bool IsLimited(HlaLocus locus) => _limited.Contains(locus);

    /// <summary>Whether it can decide that a laboratory's statement cannot be true: nothing matches.</summary>
    public bool Statements(HlaLocus locus) => CountScheme.Ten.Loci().Contains(locus) && _stated.Any(donor => donor.Typings[0][locus].IsTyped);

    /// <summary>Whether descent is followed through it.</summary>
    public bool Descent(HlaLocus locus) => _family.Reads(locus);

    /// <summary>The relatives' typings of it.</summary>
    public IEnumerable<LocusTyping> RelativesAt(HlaLocus locus) => _family.TypingsOf(locus);

    /// <summary>Whether anything looks at it.</summary>
    public bool Reads(HlaLocus locus) => Antibodies(locus) || Ligands(locus) || Statements(locus) || Descent(locus)
        || ((AnyMismatch || IsLimited(locus) || _counted.Contains(locus) || Groups(locus)) && IsTypedOfAny(locus));

    // Where no donor is typed every completion of the recipient leaves them all as open as they are.
    private bool IsTypedOfAny(HlaLocus locus) => _given.Entries.Any(entry => entry.Donor.Typings.Any(typing => typing[locus].IsTyped));

    /// <summary>Whether every donor's typing of it is certain.</summary>
    public bool IsCertainOfAll(HlaLocus locus) => _given.Entries.All(entry => entry.Donor.Typings.All(typing => typing[locus].IsCertain));

    /// <summary>Whether between two completions that differ in it alone it decides of a donor, a criterion or for null class and blocks, only
    /// together with what is not known of the donor or its relatives, there or at other places.</summary>
    public bool LeavesOpen(HlaLocus locus, Appraisal one, Appraisal other, DonorCase donor, CompiledCriterion? criterion)
    {
        var reads = criterion?.Document.Measure switch
        {
            null => AnyMismatch || IsLimited(locus) || Antibodies(locus) || Statements(locus),
            Measure.MatchesOfEight => CountScheme.Eight.Loci().Contains(locus),
            Measure.MatchesOfTen => CountScheme.Ten.Loci().Contains(locus),
            Measure.Dpb1Tce => locus == HlaLocus.Dpb1,
            Measure.NkAlloreactivity => Ligands(locus),
            _ => false,
        };
        if (criterion is null)
        {
            return _family.LeavesOpen(locus, donor) || (reads && IsOpenAt(donor, locus)) || OpensClass(locus, one, other, donor) || OpensBlocks(locus, one, other, donor);
        }

        // Which gene a ligand of the recipient asks for hangs on the recipient; one that is not tested is open either way, and not alike. A
        // ligand that the recipient lacks may be on any locus of the donor's.
        return reads && (criterion.Document.Measure is Measure.NkAlloreactivity
            ? !DonorMeasures.IsTested(donor.Message.Kir) || OfLigands.Any(any => IsOpenAt(donor, any))
            : IsOpenAt(donor, locus));
    }

    private static bool IsOpenAt(DonorCase donor, HlaLocus locus) => donor.Typings.Any(typing => !typing[locus].IsCertain);

    // Matches are counted over loci: with one more here a donor reaches with another locus what it did not reach before. The same of a
    // statement that one match bears out, and of a haplotype that one locus excludes.
    private bool OpensClass(HlaLocus locus, Appraisal one, Appraisal other, DonorCase donor) =>
        one.Entries[donor.Index].Standing.Classes.Length > 1 && other.Entries[donor.Index].Standing.Classes.Length > 1
        && (OpensMinimum(locus, one, other, donor) || OpensStatement(locus, one, other, donor) || (Descent(locus) && !one.Told(donor).SequenceEqual(other.Told(donor))));

    private bool OpensMinimum(HlaLocus locus, Appraisal one, Appraisal other, DonorCase donor)
    {
        var minimum = donor.Message.MatchStatement != MatchStatement.Unspecified ? null : _given.Question.Settings.Match(donor.Message.Kind switch
        {
            DonorKind.Related => SettingId.MatchedFamily,
            DonorKind.Unrelated => SettingId.MatchedUnrelated,
            _ => SettingId.SuitableCord,
        });
        return minimum is { Scheme: var scheme } && scheme.Loci().Contains(locus)
            && donor.Typings.Any(typing => (Reached(one, typing) == Truth.Open || Reached(other, typing) == Truth.Open) && At(one, typing) != At(other, typing));

        Truth Reached(Appraisal appraisal, Hla.HlaTyping typing) =>
            minimum.Value.Reached(donor.IsCord ? new HlaPair(appraisal.Context, typing).CordMatches(scheme) : new HlaPair(appraisal.Context, typing).Count(scheme).PerLocus);

        Bounds At(Appraisal appraisal, Hla.HlaTyping typing) =>
            donor.IsCord ? new HlaPair(appraisal.Context, typing).CordMatches(scheme, locus) : new HlaPair(appraisal.Context, typing).Count(locus).Matches;
    }

    private static bool OpensStatement(HlaLocus locus, Appraisal one, Appraisal other, DonorCase donor)
    {
        return donor.Message.MatchStatement == MatchStatement.Matched && CountScheme.Ten.Loci().Contains(locus) && donor.Typings[0][locus].IsTyped
            && (one.Statements.Contradicts(donor, null) == Truth.Open || other.Statements.Contradicts(donor, null) == Truth.Open)
            && Matches(one) != Matches(other);

        Truth Matches(Appraisal appraisal) => new HlaPair(appraisal.Context, donor.Typings[0]).Count(locus).Matches switch { { Min: > 0 } => Truth.True, { Max: 0 } => Truth.False, _ => Truth.Open };
    }

    // An antibody whose target the recipient may have blocks with others, and against anything where nobody looked.
    private bool OpensBlocks(HlaLocus locus, Appraisal one, Appraisal other, DonorCase donor)
    {
        return one.Entries[donor.Index].State == BlockState.Open && other.Entries[donor.Index].State == BlockState.Open
            && ((Antibodies(locus) && !Against(one).SequenceEqual(Against(other))) || (AnyMismatch && donor.Typings.Any(typing => IsMismatch(one, typing) != IsMismatch(other, typing))));

        IEnumerable<(int, int, AntibodyVerdict)> Against(Appraisal appraisal) => appraisal.Blocks.Against(donor).Select(against => (against.Index, against.Typing, against.Verdict));

        bool IsMismatch(Appraisal appraisal, Hla.HlaTyping typing) => new HlaPair(appraisal.Context, typing).Count(locus).HvG.Max > 0;
    }
}
