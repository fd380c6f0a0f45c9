using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>An antibody that is, or may be, against a donor.</summary>
/// <param name="Antibody">The antibody.</param>
/// <param name="Index">Its index in the request.</param>
/// <param name="Typing">Which typing of the donor; of cord, which unit.</param>
/// <param name="Has">Whether the donor has what it is directed against.</param>
/// <param name="Verdict">Donor-specific, or possibly.</param>
internal sealed record AntibodyAgainst(RecipientAntibody Antibody, int Index, int Typing, Truth Has, AntibodyVerdict Verdict)
{
    /// <summary>Whether it certainly is.</summary>
    public Truth IsCertain => Verdict == AntibodyVerdict.DonorSpecific ? Truth.True : Truth.Open;
}

/// <summary>Finds every reason for which a donor is or may be blocked. A limit that nobody has set blocks nobody.</summary>
/// <param name="question">The question.</param>
/// <param name="context">Compares typings.</param>
/// <param name="size">How large grafts are.</param>
internal sealed class DonorBlocks(RankingQuestion question, HlaContext context, GraftSize size)
{
    // How often it is asked of a copy whether a protein of it is what an antibody is directed against; beyond that it stays open.
    private const int MostTargets = 4096;

    private readonly PolicySettings _settings = question.Settings;
    private readonly decimal? _dsaLimit = question.Settings.Number(SettingId.DsaLimit);
    private readonly decimal? _unrelatedAge = question.Settings.Number(SettingId.UnrelatedAge);
    private readonly bool _confirmed = question.Settings.Word(SettingId.Confirmation) == SettingWord.Required;
    private readonly bool _marrow = question.Settings.Word(SettingId.HarvestBelowTarget) == SettingWord.Block;
    private readonly MatchMinimum? _cord = question.Settings.Match(SettingId.SuitableCord);
    private readonly OpenTypings _typings = new(context);
    private readonly Dictionary<int, ImmutableArray<AntibodyAgainst>> _against = [];
    private readonly Dictionary<int, Truth> _own = [];

    /// <summary>The blocks of a donor, those set aside included.</summary>
    public ImmutableArray<Block> Of(DonorCase donor)
    {
        if (donor.Message.Kind == DonorKind.Autologous)
        {
            return [new Block(BlockCode.Autologous, true, "", "", [])];
        }

        var found = ImmutableArray.CreateBuilder<Block>();
        Add(found, donor, BlockCode.DsaAboveLimit, Dsa(donor), SettingId.DsaLimit, () => DsaMissing(donor));
        if (donor.Message is { HasFitToDonate: true, FitToDonate: false })
        {
            Add(found, donor, BlockCode.NotFit, Truth.True, "", () => []);
        }

        if (_confirmed)
        {
            var confirmed = !donor.Message.HasHlaConfirmed ? Truth.Open : donor.Message.HlaConfirmed ? Truth.True : Truth.False;
            Add(found, donor, BlockCode.HlaNotConfirmed, confirmed.Not(), SettingId.Confirmation, () => [donor.Path("hla_confirmed")]);
        }

        if (donor.Message.Kind == DonorKind.Unrelated && _unrelatedAge is { } least)
        {
            var young = !donor.Message.HasAgeYears ? Truth.Open : (decimal)donor.Message.AgeYears < least ? Truth.True : Truth.False;
            Add(found, donor, BlockCode.DonorTooYoung, young, SettingId.UnrelatedAge, () => [donor.Path("age_years")]);
        }

        if (donor.IsCord)
        {
            AddCord(found, donor);
        }
        else if (_marrow)
        {
            Add(found, donor, BlockCode.GraftTooSmall, TooSmall(donor), SettingId.HarvestBelowTarget, () => MarrowMissing(donor));
        }

        return found.ToImmutable();
    }

    /// <summary>Antibodies that are, or may be, against a donor: those of the recipient's own antigens left out.</summary>
    public ImmutableArray<AntibodyAgainst> Against(DonorCase donor)
    {
        if (!_against.TryGetValue(donor.Index, out var found))
        {
            var judged =
                from typing in Enumerable.Range(0, donor.Typings.Length)
                from target in context.Readings.Targets(donor.Typings[typing])
                let antibody = question.Recipient.Antibodies[target.Antibody]
                where !antibody.IsOwn
                let verdict = VirtualCrossmatch.Judge(Own(target.Antibody), target.Has)
                where verdict is AntibodyVerdict.DonorSpecific or AntibodyVerdict.PossiblyDonorSpecific
                orderby target.Antibody, typing
                select new AntibodyAgainst(antibody, target.Antibody, typing, target.Has, verdict);
            _against[donor.Index] = found = [.. judged];
        }

        return found;
    }

    /// <summary>Settings that are unset, and that could block a donor if they were set, each with the block.</summary>
    public IEnumerable<(string Setting, string Code)> Unset(DonorCase donor)
    {
        if (donor.Message.Kind == DonorKind.Autologous)
        {
            return [];
        }

        var (tnc, cd34) = CellSettings(donor);
        List<(bool Could, string Setting, string Code)> all =
        [
            (question.Recipient.AntibodiesKnown ? Against(donor).Any(one => one.Antibody.Mfi is not <= 0) : CanBeTarget(donor), SettingId.DsaLimit, BlockCode.DsaAboveLimit),
            (donor.Message is not { HasHlaConfirmed: true, HlaConfirmed: true }, SettingId.Confirmation, BlockCode.HlaNotConfirmed),
            (donor.Message.Kind == DonorKind.Unrelated, SettingId.UnrelatedAge, BlockCode.DonorTooYoung),
            (donor.IsCord, tnc, BlockCode.TncBelowMinimum),
            (donor.IsCord, cd34, BlockCode.Cd34BelowMinimum),
            (!donor.IsCord && TooSmall(donor) != Truth.False, SettingId.HarvestBelowTarget, BlockCode.GraftTooSmall),
        ];
        // What is marrow enough hangs on these only where too little of it blocks, or may come to.
        if (!donor.IsCord && donor.Message.GraftSource != GraftSource.PeripheralBlood && _settings.Word(SettingId.HarvestBelowTarget) != SettingWord.Warn)
        {
            all.AddRange(new[] { SettingId.HarvestYield, SettingId.HarvestTarget, SettingId.HarvestVolume }.Select(setting => (true, setting, BlockCode.GraftTooSmall)));
        }

        return all.Where(one => one.Could && _settings.Word(one.Setting) is null).Select(one => (one.Setting, one.Code));
    }

    /// <summary>The recipient's weights up to which a donor's graft is enough, for each limit that is set on it.</summary>
    public IEnumerable<decimal> EnoughUpToKg(DonorCase donor) => donor.IsCord
        ? CellLimits(donor).SelectMany(limit => donor.Message.Units.Select(limit.Cells).OfType<decimal>().Select(cells => cells / limit.Least))
        : _marrow && size.EnoughUpToKg(donor.Message) is { } weight ? [weight] : [];

    /// <summary>Whether something of a donor's own is not known that such a limit asks for.</summary>
    public bool LacksSize(DonorCase donor) => donor.IsCord
        ? CellLimits(donor).Any(limit => donor.Message.Units.Any(unit => limit.Cells(unit) is null))
        : _marrow && (!donor.Message.HasWeightKg || donor.Message.GraftSource == GraftSource.Unspecified);

    private IEnumerable<(decimal Least, Func<CordUnit, decimal?> Cells)> CellLimits(DonorCase donor)
    {
        var (tnc, cd34) = CellSettings(donor);
        return new[] { (_settings.Number(tnc), (Func<CordUnit, decimal?>)GraftSize.Tnc), (_settings.Number(cd34), GraftSize.Cd34) }
            .Where(limit => limit.Item1 > 0).Select(limit => (limit.Item1!.Value, limit.Item2));
    }

    private static (string Tnc, string Cd34) CellSettings(DonorCase donor) =>
        donor.Message.Units.Count == 1 ? (SettingId.SingleTnc, SettingId.SingleCd34) : (SettingId.DoubleTnc, SettingId.DoubleCd34);

    // Whether the recipient has what an antibody is directed against.
    private Truth Own(int antibody) => _own.TryGetValue(antibody, out var own) ? own : _own[antibody] = question.Recipient.Antibodies[antibody].Specificity.CarriedBy(context.Recipient);

    private static void Add(ImmutableArray<Block>.Builder found, DonorCase donor, string code, Truth applies, string setting, Func<ImmutableArray<string>> missing)
    {
        if (applies != Truth.False)
        {
            var setAside = donor.Message.Overrides.FirstOrDefault(block => block.Code == code)?.Author ?? "";
            found.Add(new Block(code, applies == Truth.True, setting, setAside, applies == Truth.Open ? missing() : []));
        }
    }

    private Truth Dsa(DonorCase donor)
    {
        if (_dsaLimit is not { } limit)
        {
            return Truth.False;
        }

        if (!question.Recipient.AntibodiesKnown)
        {
            return CanBeTarget(donor) ? Truth.Open : Truth.False;
        }

        var each = Against(donor).Select(one => Above(one, limit).And(one.IsCertain)).Aggregate(Truth.False, Truths.Or);
        return each == Truth.Open && Enumerable.Range(0, donor.Typings.Length).Any(typing => IsAboveWhateverItIs(donor, typing, limit)) ? Truth.True : each;
    }

    // A typing is one of its genotypes, and the antibodies may leave none of them out: each is against one, and together they are against all.
    private bool IsAboveWhateverItIs(DonorCase donor, int typing, decimal limit)
    {
        var above = Against(donor).Where(one => one.Typing == typing && Above(one, limit) == Truth.True && Own(one.Index) == Truth.False).Select(one => one.Antibody.Specificity).ToList();
        return above.SelectMany(specificity => specificity.Loci).Distinct().Any(locus =>
        {
            var here = above.Where(specificity => specificity.Loci.Contains(locus)).ToList();
            return donor.Typings[typing][locus].Genotypes.All(genotype => IsTarget(locus, genotype.First, here) || IsTarget(locus, genotype.Second, here));
        });
    }

    // Whether a copy is what one of them is directed against, whichever of its proteins it is.
    private bool IsTarget(HlaLocus locus, AllelePosition copy, List<AntibodySpecificity> antibodies) => copy is { Kind: PositionKind.Expressed, MayBeNew: false }
        && (long)copy.Proteins.Length * antibodies.Count <= MostTargets
        && copy.Proteins.All(protein =>
        {
            var one = AllelePosition.Expressed([protein], code => context.Release?[locus].ClassOf(code) ?? code);
            var person = new Hla.HlaTyping(new Dictionary<HlaLocus, Hla.LocusTyping> { [locus] = Hla.LocusTyping.Of(one, one) });
            return antibodies.Exists(antibody => antibody.CarriedBy(person) == Truth.True);
        });

    private static Truth Above(AntibodyAgainst one, decimal limit) => one.Antibody.Mfi is { } mfi ? mfi > limit ? Truth.True : Truth.False : Truth.Open;

    // Without a mismatch host versus graft there is nothing for an antibody to be against.
    private bool CanBeTarget(DonorCase donor) =>
        donor.Typings.Any(typing => HlaLoci.All.Any(locus => new HlaPair(context, typing).Count(locus).HvG.Max > 0));

    private ImmutableArray<string> DsaMissing(DonorCase donor)
    {
        if (!question.Recipient.AntibodiesKnown)
        {
            return ["recipient.antibodies"];
        }

        // A thousand antibodies may ask for the typing of one locus.
        var (missing, asked) = (new List<string>(), new HashSet<(int, Truth, Truth, ImmutableArray<HlaLocus>)>());
        foreach (var one in Against(donor).Where(one => Above(one, _dsaLimit!.Value) != Truth.False))
        {
            if (one.Antibody.Mfi is null)
            {
                missing.Add($"recipient.antibodies[{one.Index}].mfi");
            }

            if (one.Verdict == AntibodyVerdict.PossiblyDonorSpecific && asked.Add((one.Typing, Own(one.Index), one.Has, one.Antibody.Specificity.Loci)))
            {
                missing.AddRange(TypingsMissing(donor, one));
            }
        }

        return [.. missing.Distinct(StringComparer.Ordinal)];
    }

    // Whoever may or may not have what the antibody is directed against: the recipient, the donor or both.
    private IEnumerable<string> TypingsMissing(DonorCase donor, AntibodyAgainst one)
    {
        var loci = one.Antibody.Specificity.Loci;
        var recipient = Own(one.Index) == Truth.Open ? _typings.OfRecipient(loci) : [];
        var theirs = one.Has == Truth.Open ? OpenTypings.OfDonor(donor, one.Typing, loci) : [];
        return recipient.IsEmpty && theirs.IsEmpty ? [OpenTypings.Reference] : [.. recipient, .. theirs];
    }

    private void AddCord(ImmutableArray<Block>.Builder found, DonorCase donor)
    {
        var (tncSetting, cd34Setting) = CellSettings(donor);
        Add(found, donor, BlockCode.TncBelowMinimum, Below(donor, tncSetting, GraftSize.Tnc), tncSetting, () => CellsMissing(donor, "tnc_e7", unit => unit.HasTncE7));
        Add(found, donor, BlockCode.Cd34BelowMinimum, Below(donor, cd34Setting, GraftSize.Cd34), cd34Setting, () => CellsMissing(donor, "cd34_e5", unit => unit.HasCd34E5));
        if (_cord is { } minimum)
        {
            var suitable = donor.Typings.Select(typing => minimum.Reached(new HlaPair(context, typing).CordMatches(minimum.Scheme))).Aggregate(Truth.True, Truths.And);
            // Open is the tier's to say.
            Add(found, donor, BlockCode.MatchBelowMinimum, suitable == Truth.False ? Truth.True : Truth.False, SettingId.SuitableCord, () => []);
        }
    }

    private Truth Below(DonorCase donor, string setting, Func<CordUnit, decimal?> cells) => _settings.Number(setting) is { } least
        ? donor.Message.Units.Select(unit => size.Reaches(cells(unit), least)).Aggregate(Truth.True, Truths.And).Not()
        : Truth.False;

    private ImmutableArray<string> CellsMissing(DonorCase donor, string field, Func<CordUnit, bool> has)
    {
        var units = donor.Message.Units.Select((unit, index) => (unit, index)).Where(one => !has(one.unit)).Select(one => donor.Path($"units[{one.index}].{field}"));
        return [.. question.Recipient.WeightKg is null ? ["recipient.weight_kg"] : Array.Empty<string>(), .. units];
    }

    private Truth TooSmall(DonorCase donor) => donor.Message.GraftSource switch
    {
        GraftSource.PeripheralBlood => Truth.False,
        GraftSource.BoneMarrow => size.IsEnough(donor.Message).Not(),
        // Were it marrow, it might be too small.
        _ => size.IsEnough(donor.Message) == Truth.True ? Truth.False : Truth.Open,
    };

    private ImmutableArray<string> MarrowMissing(DonorCase donor) =>
        [.. donor.Message.GraftSource == GraftSource.Unspecified ? [donor.Path("graft_source")] : Array.Empty<string>(), .. size.MissingFor(donor)];
}
