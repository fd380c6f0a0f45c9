using System.Collections.Immutable;
using System.Text;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// The genotypes that a locus of the recipient may be, as far as the donors of a list can tell them apart. Proteins that are in no donor's
/// typing and that nothing looks at are all alike: two of a kind stand for the rest, because there are two copies. Genotypes that put every
/// donor alike are one. Where matches are only compared, and held to no limit, what moves all donors by as many moves nobody.
/// </summary>
internal sealed class RecipientLocus
{
    // What a genotype may cost to be compared with the donors' typings, and how many are looked at.
    private const int MostProteins = 6000;
    private const int MostCandidates = 60;
    private const int MostWork = 100_000;
    private const int OfAKind = 2;

    // How often it is asked whether a protein is what an antibody is directed against, over all copies; and the same of genotypes.
    private const int MostTargets = 200_000;

    // Proteins that nobody has: their codes are those of no name. With a release every name is known, and what has none is new.
    private static readonly int[] Others = [int.MaxValue - 1, int.MaxValue - 2];

    private readonly Appraisal _given;
    private readonly LocusReading _reading;
    private readonly HlaLocus _locus;
    private readonly List<LocusTyping> _donors;
    private readonly HashSet<int> _classes;
    private readonly HashSet<int> _ofRelatives = [];
    private readonly int _antibodies;
    private long _targets;

    /// <param name="given">The donors as the question was asked.</param>
    /// <param name="reading">What looks at the locus.</param>
    /// <param name="locus">The locus.</param>
    public RecipientLocus(Appraisal given, LocusReading reading, HlaLocus locus)
    {
        (_given, _reading, _locus) = (given, reading, locus);
        _donors = [.. given.Entries.SelectMany(entry => entry.Donor.Typings).Select(typing => typing[locus]).DistinctBy(Key)];
        _classes = [.. _donors.SelectMany(typing => typing.Genotypes).SelectMany(genotype => genotype.First.Classes.Concat(genotype.Second.Classes))];
        if (reading.Descent(locus))
        {
            _ofRelatives.UnionWith(reading.RelativesAt(locus).SelectMany(typing => typing.Genotypes).SelectMany(genotype => genotype.First.Classes.Concat(genotype.Second.Classes)));
            _classes.UnionWith(_ofRelatives);
        }

        _antibodies = reading.Antibodies(locus) ? given.Question.Recipient.Antibodies.Count(antibody => antibody.Specificity.Loci.Contains(locus)) : 0;
        Completions = Find();
    }

    /// <summary>One comparison for each; at least one, unless there are too many.</summary>
    public ImmutableArray<LocusComparison> Completions { get; }

    /// <summary>Whether there are too many to be looked at.</summary>
    public bool IsTooMany => Completions.IsEmpty;

    // Typings that are alike, as far as that is easily seen.
    private static object Key(LocusTyping typing) => typing.IsCertain && typing.Genotypes is [{ First.Proteins: var first, Second.Proteins: var second }] && first.Length <= 1 && second.Length <= 1
        ? (typing.FirstCode, typing.SecondCode, first.FirstOrDefault(), second.FirstOrDefault())
        : typing;

    private ImmutableArray<LocusComparison> Find()
    {
        var recipient = _given.Context.Recipient[_locus];
        var genotypes = new HashSet<Genotype>();
        foreach (var genotype in recipient.Genotypes)
        {
            var (ones, others) = (Candidates(genotype.First), Candidates(genotype.Second));
            if (ones.Count > MostCandidates || others.Count > MostCandidates)
            {
                return [];
            }

            genotypes.UnionWith(ones.SelectMany(one => others, (one, other) => Ordered(one, other)));
        }

        if (genotypes.Count * _donors.Sum(Cost) > MostWork || (long)genotypes.Count * _antibodies > MostTargets)
        {
            return [];
        }

        var found = new Dictionary<string, LocusComparison>(StringComparer.Ordinal);
        foreach (var genotype in genotypes)
        {
            var comparison = _given.Context.Comparing(_locus, LocusTyping.Of(genotype.First, genotype.Second));
            found.TryAdd(Outcome(comparison), comparison);
        }

        return [.. found.Values];
    }

    private static long Cost(LocusTyping typing) => 1 + (typing.IsCertain ? 0 : typing.Genotypes.Sum(genotype => 8 + genotype.First.Classes.Length + genotype.Second.Classes.Length));

    // Which copy is which means nothing.
    private static Genotype Ordered(AllelePosition one, AllelePosition other) => Rank(one) <= Rank(other) ? new Genotype(one, other) : new Genotype(other, one);

    private static int Rank(AllelePosition position) => position.Proteins.IsEmpty ? -(int)position.Kind : position.Proteins[0];

    private List<AllelePosition> Candidates(AllelePosition copy)
    {
        if (copy.IsSilent)
        {
            return [copy];
        }

        var (release, isUnknown) = (_given.Context.Release, copy.Kind == PositionKind.Unknown);
        IEnumerable<int> proteins = !isUnknown ? copy.Proteins : release is null ? _classes.Concat(Others) : release[_locus].Proteins;
        _targets += (long)proteins.Count() * _antibodies;
        if ((!isUnknown && proteins.Count() > MostProteins) || _targets > MostTargets)
        {
            return [.. Enumerable.Repeat(copy, MostCandidates + 1)];
        }

        var kept = new List<AllelePosition>();
        var kinds = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        foreach (var protein in proteins)
        {
            var (code, position) = (ClassOf(protein), AllelePosition.Expressed([protein], ClassOf, mayBeNull: copy.MayBeNull, antigen: copy.Antigen));
            var isDonors = _classes.Contains(code);
            var kind = $"{(isDonors ? code : 0)} {Kind(position)}";
            var classes = kinds.TryGetValue(kind, out var before) ? before : kinds[kind] = [];
            if (classes.Count < (isDonors ? 1 : OfAKind) && classes.Add(code))
            {
                kept.Add(position);
            }
        }

        return [.. kept, .. copy.MayBeNew || isUnknown ? [AllelePosition.New] : Array.Empty<AllelePosition>(), .. isUnknown ? [AllelePosition.Null] : Array.Empty<AllelePosition>()];
    }

    private int ClassOf(int protein) => _given.Context.Release?[_locus].ClassOf(protein) ?? protein;

    // What is read of a copy beside its class.
    private string Kind(AllelePosition position)
    {
        if (!_reading.Antigens(_locus) && !_reading.Groups(_locus) && !_reading.Ligands(_locus) && !_reading.Antibodies(_locus))
        {
            return "";
        }

        var (text, typing) = (new StringBuilder(), LocusTyping.Of(position, position));
        if (_reading.Antigens(_locus) && _given.Context.Release is { } release)
        {
            text.AppendJoin('/', release.Serology.Of(_locus, position.Proteins[0]).Select(antigen => release.Serology.At(_locus, antigen, AntigenLevel.Broad)).Order());
        }

        if (_reading.Groups(_locus) && _given.Context.Release?.Tce is { } groups)
        {
            text.Append('g').Append(groups.Of(position.Classes[0]));
        }

        AppendPerson(text, typing);
        return text.ToString();
    }

    // Ligands and targets of antibodies that a person who is so typed has.
    private void AppendPerson(StringBuilder text, LocusTyping typing)
    {
        var person = new Hla.HlaTyping(new Dictionary<HlaLocus, LocusTyping> { [_locus] = typing });
        if (_reading.Ligands(_locus))
        {
            text.Append(' ').Append(_given.Context.Ligands!.Read(person));
        }

        if (_reading.Antibodies(_locus))
        {
            foreach (var antibody in _given.Question.Recipient.Antibodies.Where(antibody => antibody.Specificity.Loci.Contains(_locus)))
            {
                text.Append(' ').Append((int)antibody.Specificity.CarriedBy(person));
            }
        }
    }

    // What a family can tell of two copies: which of the relatives' they are, or something else.
    private void AppendDescent(StringBuilder text, Genotype genotype)
    {
        if (_reading.Descent(_locus))
        {
            text.Append(' ').AppendJoin('+', new[] { genotype.First, genotype.Second }.Select(copy =>
                $"{copy.Kind}{copy.MayBeNew}{copy.MayBeNull}{(copy.Classes.IsEmpty || !_ofRelatives.Contains(copy.Classes[0]) ? 0 : copy.Classes[0])}").Order(StringComparer.Ordinal));
        }
    }

    // All that is read of a genotype, by donors' typings.
    private string Outcome(LocusComparison comparison)
    {
        var text = new StringBuilder();
        AppendPerson(text, comparison.Recipient);
        AppendDescent(text, comparison.Recipient.Genotypes[0]);
        var shift = _reading.IsLimited(_locus) ? 0 : _donors.Min(donor => comparison.Count(donor).Matches.Min);
        foreach (var donor in _donors)
        {
            var count = comparison.Count(donor);
            text.Append(' ').Append(count.Matches.Min - shift).Append(':').Append(count.Matches.Max - shift);
            if (_reading.Statements(_locus))
            {
                text.Append(count.Matches.Max == 0 ? 'n' : count.Matches.Min == 0 ? '?' : 'y');
            }

            if (_reading.AnyMismatch)
            {
                text.Append(count.HvG.Max > 0 ? 'h' : '-');
            }

            if (_reading.Antigens(_locus))
            {
                text.Append('a').Append(comparison.AntigenMatches(donor));
            }

            if (_reading.Groups(_locus))
            {
                text.Append('t').Append((int)comparison.Tce(donor));
            }
        }

        return text.ToString();
    }
}
