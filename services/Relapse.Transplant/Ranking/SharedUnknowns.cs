using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Finds what is unknown and shared by the donors of a list, and what each may be. Finite facts have their values; a weight has the
/// stretches between the weights at which a donor's graft stops being enough; an antibody's strength lies above the limit or not; a locus
/// of the recipient has the genotypes that donors can tell apart (<see cref="RecipientLocus"/>).
/// </summary>
internal sealed class SharedUnknowns
{
    // What a recipient can weigh at all, and some weight between.
    private const decimal LightestKg = (decimal)FieldCheck.LightestKg;
    private const decimal HeaviestKg = (decimal)FieldCheck.HeaviestKg;
    private const decimal AnyKg = (LightestKg + HeaviestKg) / 2;
    private const int SameWeightDecimals = 12;
    private readonly Appraisal _given;
    private readonly RankingQuestion _question;
    private readonly FamilyOutlook _family;
    private readonly ImmutableArray<CompiledCriterion> _criteria;
    private readonly List<SharedUnknown> _found = [];
    private readonly List<string> _left = [];

    /// <param name="given">The donors as the question was asked.</param>
    /// <param name="family">What the family can say.</param>
    public SharedUnknowns(Appraisal given, FamilyOutlook family)
    {
        (_given, _question, _family) = (given, given.Question, family);
        _criteria = [.. given.Entries.SelectMany(entry => entry.Branches).Select(branch => branch.Best.Group).Distinct().SelectMany(group => _question.Policy.Groups[group].Criteria).DistinctBy(criterion => criterion.Id)];
        if (given.Entries.All(entry => entry.State == BlockState.Blocked))
        {
            return;
        }

        AddWords();
        AddUnits();
        AddWeights();
        AddStrengths();
        AddLoci();
    }

    /// <summary>Each with two values at least, save a locus at which one serves for all; those with fewest first.</summary>
    public ImmutableArray<SharedUnknown> Found => [.. _found.OrderBy(one => one.Values.Length)];

    /// <summary>Paths of those with more possibilities than can be looked at, or an endless number.</summary>
    public IReadOnlyList<string> Left => _left;

    private bool Reads(Measure measure) => _criteria.Any(criterion => criterion.Document.Measure == measure);

    private bool IsKnownOfAny(Func<Donor, bool> isKnown) => _given.Entries.Any(entry => isKnown(entry.Donor.Message));

    // Where no donor's is known either, every completion leaves them all as open as they are.
    private void AddWords()
    {
        var recipient = _question.Recipient.Message;
        if (recipient.Cmv == Serostatus.Unspecified && Reads(Measure.Cmv) && IsKnownOfAny(donor => donor.Cmv != Serostatus.Unspecified))
        {
            Add("recipient.cmv", [Serostatus.Negative, Serostatus.Positive], (message, value) => message.Cmv = value);
        }

        if (recipient.Sex == Sex.Unspecified && Reads(Measure.Sex) && IsKnownOfAny(donor => donor.Sex != Sex.Unspecified))
        {
            Add("recipient.sex", [Sex.Female, Sex.Male], (message, value) => message.Sex = value);
        }

        if (recipient.BloodGroup == BloodGroup.Unspecified && Reads(Measure.Abo) && IsKnownOfAny(donor => donor.BloodGroup != BloodGroup.Unspecified))
        {
            Add("recipient.blood_group", [BloodGroup.O, BloodGroup.A, BloodGroup.B, BloodGroup.Ab], (message, value) => message.BloodGroup = value);
        }
    }

    // Of each donor the measure of it is one point for each of the donor's own facts, so nothing is left open.
    private void Add<T>(string field, T[] values, Action<Recipient, T> set) => _found.Add(new SharedUnknown(
        field,
        [.. values.Select(value => (Func<Asked, Asked>)(asked => asked with { Question = asked.Question.With(asked.Question.Recipient.With(message => set(message, value))) }))],
        (_, _, _, _) => false));

    // Whether one unit goes before two is the centre's to say. Until it does, neither its answer nor the cells decide between them.
    private void AddUnits()
    {
        foreach (var setting in _criteria.Where(criterion => criterion.Document.Measure == Measure.CordUnits && criterion.Document.Setting.Length > 0).Select(criterion => criterion.Document.Setting).Distinct(StringComparer.Ordinal))
        {
            var cords = _given.Entries.Where(entry => entry.Donor.IsCord).ToList();
            if (_question.Settings.Word(setting) is null && cords.Exists(entry => entry.Donor.Message.Units.Count == 1) && cords.Exists(entry => entry.Donor.Message.Units.Count > 1))
            {
                _found.Add(new SharedUnknown(
                    $"settings.{setting}",
                    [.. new[] { SettingWord.Yes, SettingWord.No }.Select(word => (Func<Asked, Asked>)(asked => asked with { Question = asked.Question.With(asked.Question.Settings.With(setting, word)) }))],
                    (_, _, _, _) => false));
            }
        }
    }

    // A graft is enough up to a weight. Between two such weights nobody can tell one weight from another.
    private void AddWeights()
    {
        if (_question.Recipient.WeightKg is not null)
        {
            return;
        }

        List<decimal> limits = [.. _given.Entries.SelectMany(entry => _given.Blocks.EnoughUpToKg(entry.Donor)).Select(weight => decimal.Round(weight, SameWeightDecimals))];
        // With cells that are not known any weight can be the one at which they stop being enough.
        limits.AddRange(_given.Entries.Any(entry => _given.Blocks.LacksSize(entry.Donor)) ? [AnyKg] : []);
        if (limits.Count == 0)
        {
            return;
        }

        decimal[] ends = [LightestKg, .. limits.Where(weight => weight is >= LightestKg and < HeaviestKg).Distinct().Order(), HeaviestKg];
        _found.Add(new SharedUnknown(
            "recipient.weight_kg",
            [.. ends.Zip(ends.Skip(1), (from, to) => (double)((from + to) / 2)).Distinct().Select(weight => (Func<Asked, Asked>)(asked =>
                asked with { Question = asked.Question.With(asked.Question.Recipient.With(message => message.WeightKg = weight)) }))],
            (_, _, donor, criterion) => criterion is null && _given.Blocks.LacksSize(donor)));
    }

    private void AddStrengths()
    {
        if (_question.Settings.Number(SettingId.DsaLimit) is not { } limit)
        {
            return;
        }

        // Against whom antibodies are that nobody looked for has no end of possibilities.
        if (!_question.Recipient.AntibodiesKnown && _given.Entries.Count(entry => entry.Blocks.Any(block => block.Code == BlockCode.DsaAboveLimit)) > 1)
        {
            _left.Add("recipient.antibodies");
        }

        var against = _given.Entries.SelectMany(entry => _given.Blocks.Against(entry.Donor)).Where(one => one.Antibody.Mfi is null).ToLookup(one => one.Index);
        foreach (var antibody in against.Select(one => one.Key).Order())
        {
            _found.Add(new SharedUnknown(
                $"recipient.antibodies[{antibody}].mfi",
                [.. new[] { limit, limit + 1 }.Select(mfi => (Func<Asked, Asked>)(asked => asked with { Question = asked.Question.With(asked.Question.Recipient.WithStrength(antibody, mfi)) }))],
                (_, _, donor, criterion) => criterion is null && _given.Blocks.Against(donor).Any(one => one.Index == antibody && one.Verdict == AntibodyVerdict.PossiblyDonorSpecific)));
        }
    }

    private void AddLoci()
    {
        var reading = new LocusReading(_given, _criteria, _family);
        foreach (var locus in HlaLoci.All.Where(locus => !_given.Context.Recipient[locus].IsCertain && reading.Reads(locus)))
        {
            var found = new RecipientLocus(_given, reading, locus);
            if (found.IsTooMany)
            {
                _left.Add($"recipient.typing({locus.Name()})");
            }
            else if (found.Completions.Length > 1 || reading.IsCertainOfAll(locus))
            {
                _found.Add(new SharedUnknown(
                    $"recipient.typing({locus.Name()})",
                    [.. found.Completions.Select(completion => (Func<Asked, Asked>)(asked => new Asked(asked.Question.With(asked.Question.Recipient.With(locus, completion.Recipient)), asked.Context.With(completion))))],
                    (one, other, donor, criterion) => reading.LeavesOpen(locus, one, other, donor, criterion)));
            }
        }
    }
}
