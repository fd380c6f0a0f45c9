using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Transplant.Donors;

/// <summary>Reads donors one by one, and knows which ids were there before.</summary>
/// <param name="reference">Reads typings.</param>
/// <param name="asOfDate">The day from which remaining steps are counted; null: not given. Its faults are the question's.</param>
/// <param name="faults">Where to add what is wrong with them.</param>
internal sealed class DonorReader(HlaReference reference, Google.Type.Date? asOfDate, FaultList faults)
{
    // Cells no graft has: what is above is in another unit.
    private const double MostCells = 100_000;
    private const double MostPercent = 100;
    private const int MostDays = 730;
    private const int LongestReason = 200;
    private const int LongestAuthor = 64;
    private const int MostUnits = 2;
    private const int MostSteps = 20;

    // What the typings of a call may stand for together, those alike counted once: some 160 MB. A warning takes as much as so many alleles.
    private const int MostAlleles = 20_000_000;
    private const int WarningAsAlleles = 20;

    // A donor without its typings, so that a list of many stays small: more than all its fields at their longest.
    private const int MostBytes = 8192;
    private readonly DateOnly? _asOf = FieldCheck.Day(asOfDate, "window.as_of_date", new FaultList());
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<DonorCase> _donors = [];
    private readonly HashSet<Hla.LocusTyping> _loci = new(Hla.LocusTyping.ByContent);
    private int _alleles;

    /// <summary>Those read so far.</summary>
    public IReadOnlyList<DonorCase> Donors => _donors;

    /// <summary>Reads one; every fault is added.</summary>
    public void Read(Donor donor)
    {
        var path = $"donors[{_donors.Count}]";
        FieldCheck.Id(donor.DonorId, $"{path}.donor_id", faults);
        if (donor.DonorId.Length > 0 && !_ids.TryAdd(donor.DonorId, _donors.Count))
        {
            faults.Invalid($"{path}.donor_id", $"the same id as donors[{_ids[donor.DonorId]}]");
        }

        CheckWords(donor, path);
        FieldCheck.Age(donor.HasAgeYears, donor.AgeYears, $"{path}.age_years", faults);
        FieldCheck.Weight(donor.HasWeightKg, donor.WeightKg, $"{path}.weight_kg", faults);
        CheckKind(donor, path);
        CheckOverrides(donor, path);
        ImmutableArray<Hla.HlaTyping> typings = donor.Kind == DonorKind.Cord
            ? [.. donor.Units.Select((unit, index) => Typing(unit.Typing, $"{path}.units[{index}].typing"))]
            : [Typing(donor.Typing, $"{path}.typing")];
        if (donor.CalculateSize() - (donor.Typing?.CalculateSize() ?? 0) - donor.Units.Sum(unit => unit.Typing?.CalculateSize() ?? 0) > MostBytes)
        {
            faults.Invalid(path, $"must be at most {MostBytes} bytes, typings aside");
        }

        _donors.Add(new DonorCase(_donors.Count, donor, typings, ReadDate(donor, path)));
    }

    // Many donors are typed alike at a locus, and share what is kept of it.
    private Hla.HlaTyping Typing(HlaTyping? typing, string path)
    {
        var read = TypingField.Read(typing, path, reference.Reader, faults);
        _alleles += WarningAsAlleles * read.Warnings.Length;
        FaultList.ThrowIfTooMany("donors.typing", _alleles, MostAlleles);
        return read.Sharing(locus =>
        {
            if (_loci.TryGetValue(locus, out var kept))
            {
                return kept;
            }

            _loci.Add(locus);
            _alleles += locus.Genotypes.Sum(genotype => genotype.First.Proteins.Length + genotype.Second.Proteins.Length);
            return locus;
        });
    }

    private void CheckWords(Donor donor, string path)
    {
        FieldCheck.Word(donor.Kind, $"{path}.kind", faults, required: true);
        FieldCheck.Word(donor.Relationship, $"{path}.relationship", faults);
        FieldCheck.Word(donor.MatchStatement, $"{path}.match_statement", faults);
        FieldCheck.Word(donor.Manipulation, $"{path}.manipulation", faults);
        FieldCheck.Word(donor.GraftSource, $"{path}.graft_source", faults);
        FieldCheck.Word(donor.Sex, $"{path}.sex", faults);
        FieldCheck.Word(donor.Cmv, $"{path}.cmv", faults);
        FieldCheck.Word(donor.BloodGroup, $"{path}.blood_group", faults);
    }

    private void CheckKind(Donor donor, string path)
    {
        if (donor.Kind != DonorKind.Related && donor.Relationship != Relationship.Unspecified)
        {
            faults.Invalid($"{path}.relationship", "is for a related donor");
        }

        if (donor.Kind != DonorKind.Related && donor.HasNkAlloreactive)
        {
            faults.Invalid($"{path}.nk_alloreactive", "is for a related donor");
        }

        if (donor.Kind is not (DonorKind.Related or DonorKind.Unrelated) && donor.MatchStatement != MatchStatement.Unspecified)
        {
            faults.Invalid($"{path}.match_statement", "is for a related or unrelated donor");
        }

        var isCord = donor.Kind == DonorKind.Cord;
        if (isCord && (donor.Units.Count is 0 or > MostUnits))
        {
            faults.Invalid($"{path}.units", $"a cord graft has 1 or {MostUnits} units");
        }
        else if (!isCord && donor.Units.Count > 0)
        {
            faults.Invalid($"{path}.units", "is for cord blood");
        }

        if (isCord && donor.Typing is not null)
        {
            faults.Invalid($"{path}.typing", "of cord blood is given with each unit");
        }

        for (var index = 0; index < donor.Units.Count; index++)
        {
            var (unit, at) = (donor.Units[index], $"{path}.units[{index}]");
            Cells(unit.HasTncE7, unit.TncE7, $"{at}.tnc_e7");
            Cells(unit.HasCd34E5, unit.Cd34E5, $"{at}.cd34_e5");
            FieldCheck.Range(unit.HasViabilityPercent, unit.ViabilityPercent, 0, MostPercent, $"{at}.viability_percent", faults);
        }
    }

    private void Cells(bool has, double value, string path)
    {
        if (has && !(value is > 0 and <= MostCells))
        {
            faults.Invalid(path, $"must be above 0 and at most {MostCells}, in the unit of its name");
        }
    }

    private void CheckOverrides(Donor donor, string path)
    {
        for (var index = 0; index < donor.Overrides.Count; index++)
        {
            var (block, at) = (donor.Overrides[index], $"{path}.overrides[{index}]");
            if (!Ranking.BlockCode.MayBeSetAside(block.Code))
            {
                faults.Invalid($"{at}.code", "no such block, or one that cannot be set aside");
            }

            FieldCheck.Text(block.Reason, LongestReason, $"{at}.reason", faults);
            FieldCheck.Text(block.Author, LongestAuthor, $"{at}.author", faults);
        }
    }

    private DonorDate? ReadDate(Donor donor, string path)
    {
        var day = FieldCheck.Day(donor.EarliestDate, $"{path}.earliest_date", faults);
        if (donor.EarliestDate is not null && donor.RemainingSteps.Count > 0)
        {
            faults.Invalid($"{path}.remaining_steps", "give earliest_date or remaining_steps, not both");
        }

        if (donor.RemainingSteps.Count > MostSteps)
        {
            faults.Invalid($"{path}.remaining_steps", $"must be at most {MostSteps} steps");
            return null;
        }

        if (donor.RemainingSteps.Count > 0 && asOfDate is null)
        {
            faults.Invalid("window.as_of_date", "required with remaining_steps");
        }

        var (fewest, most) = (0, (int?)0);
        for (var index = 0; index < donor.RemainingSteps.Count; index++)
        {
            var (step, at) = (donor.RemainingSteps[index], $"{path}.remaining_steps[{index}]");
            FieldCheck.Word(step.Step, $"{at}.step", faults, required: true);
            FieldCheck.Range(step.HasDaysMin, step.DaysMin, 0, MostDays, $"{at}.days_min", faults);
            FieldCheck.Range(step.HasDaysMax, step.DaysMax, step.HasDaysMin ? step.DaysMin : 0, MostDays, $"{at}.days_max", faults);
            fewest += step.HasDaysMin ? Math.Clamp(step.DaysMin, 0, MostDays) : 0;
            most = step.HasDaysMax ? most + Math.Clamp(step.DaysMax, 0, MostDays) : null;
        }

        return day is { } known ? new DonorDate(known, known)
            : donor.RemainingSteps.Count > 0 && _asOf is { } from ? new DonorDate(from.AddDays(fewest), most is { } last ? from.AddDays(last) : null)
            : null;
    }
}
