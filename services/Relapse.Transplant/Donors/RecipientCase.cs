using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Donors;

/// <summary>An antibody of the recipient, read.</summary>
/// <param name="Specificity">What it is directed against.</param>
/// <param name="Mfi">Mean fluorescence intensity; null: not known.</param>
/// <param name="IsOwn">Whether the recipient has what it is directed against: an error in the data.</param>
internal sealed record RecipientAntibody(AntibodySpecificity Specificity, decimal? Mfi, bool IsOwn);

/// <summary>The recipient, read.</summary>
/// <param name="Message">As it was sent.</param>
/// <param name="Typing">Untyped where nothing is known.</param>
/// <param name="Antibodies">What was found.</param>
/// <param name="AntibodiesKnown">Whether antibodies were looked for.</param>
internal sealed record RecipientCase(Recipient Message, Hla.HlaTyping Typing, ImmutableArray<RecipientAntibody> Antibodies, bool AntibodiesKnown)
{
    private const double HighestMfi = 1e7;
    private const int MostAntibodies = 1000;

    /// <summary>Present weight; null: not known.</summary>
    public decimal? WeightKg => Message.HasWeightKg ? (decimal)Message.WeightKg : null;

    /// <summary>The same recipient, of whom a fact is known.</summary>
    public RecipientCase With(Action<Recipient> known)
    {
        var message = Message.Clone();
        known(message);
        return this with { Message = message };
    }

    /// <summary>The same recipient, typed so at a locus.</summary>
    public RecipientCase With(HlaLocus locus, Hla.LocusTyping known)
    {
        var typing = Typing.With(locus, known);
        return this with { Typing = typing, Antibodies = [.. Antibodies.Select(antibody => antibody with { IsOwn = antibody.Specificity.CarriedBy(typing) == Truth.True })] };
    }

    /// <summary>The same recipient, with the strength of an antibody.</summary>
    public RecipientCase WithStrength(int antibody, decimal mfi) => this with { Antibodies = Antibodies.SetItem(antibody, Antibodies[antibody] with { Mfi = mfi }) };

    /// <summary>Reads a recipient; every fault is added.</summary>
    public static RecipientCase Read(Recipient? recipient, HlaReference reference, FaultList faults)
    {
        if (recipient is null)
        {
            faults.Invalid("recipient", "required; an empty one is answered by what would have to be known");
            return new RecipientCase(new Recipient(), Hla.HlaTyping.Untyped, [], false);
        }

        FaultList.ThrowIfTooMany("recipient.antibodies", recipient.Antibodies.Count, MostAntibodies);
        FieldCheck.Weight(recipient.HasWeightKg, recipient.WeightKg, "recipient.weight_kg", faults);
        FieldCheck.Word(recipient.Sex, "recipient.sex", faults);
        FieldCheck.Word(recipient.Cmv, "recipient.cmv", faults);
        FieldCheck.Word(recipient.BloodGroup, "recipient.blood_group", faults);
        var typing = TypingField.Read(recipient.Typing, "recipient.typing", reference.Reader, faults);
        if (recipient is { HasAntibodiesAssessed: true, AntibodiesAssessed: false, Antibodies.Count: > 0 })
        {
            faults.Invalid("recipient.antibodies_assessed", "antibodies are listed, so they were looked for");
        }

        var (antibodies, known) = (new List<RecipientAntibody>(), new Dictionary<string, AntibodySpecificity>(StringComparer.Ordinal));
        for (var index = 0; index < recipient.Antibodies.Count; index++)
        {
            if (ReadAntibody(recipient.Antibodies[index], $"recipient.antibodies[{index}]", typing, reference, known, faults) is { } antibody)
            {
                antibodies.Add(antibody);
            }
        }

        return new RecipientCase(recipient, typing, [.. antibodies], recipient.Antibodies.Count > 0 || recipient.AntibodiesAssessed);
    }

    private static RecipientAntibody? ReadAntibody(
        HlaAntibody antibody, string path, Hla.HlaTyping typing, HlaReference reference, Dictionary<string, AntibodySpecificity> known, FaultList faults)
    {
        FieldCheck.Range(antibody.HasMfi, antibody.Mfi, 0, HighestMfi, $"{path}.mfi", faults);
        FieldCheck.PartialDay(antibody.SerumDate, $"{path}.serum_date", faults);
        if (antibody.Specificity.Length == 0)
        {
            faults.Invalid($"{path}.specificity", "required");
            return null;
        }

        // Several beads may have one specificity.
        if (!known.TryGetValue(antibody.Specificity, out var specificity))
        {
            specificity = AntibodySpecificity.Read(antibody.Specificity, reference.Release, out var wrong, TypingField.Searches(faults));
            foreach (var fault in wrong)
            {
                faults.Invalid($"{path}.specificity", TypingField.Describe(fault, reference.Reader.Nomenclature));
            }

            if (specificity is not null)
            {
                known[antibody.Specificity] = specificity;
            }
        }

        return specificity is null || !double.IsFinite(antibody.Mfi) || antibody.Mfi is < 0 or > HighestMfi
            ? null
            : new RecipientAntibody(specificity, antibody.HasMfi ? (decimal)antibody.Mfi : null, specificity.CarriedBy(typing) == Truth.True);
    }
}
