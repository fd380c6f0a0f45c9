using System.Collections.Immutable;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>What is read of donors' typings whatever the recipient has: once for a call, however often the recipient is completed. Not for
/// several threads.</summary>
/// <param name="antibodies">The recipient's antibodies.</param>
internal sealed class DonorReadings(ImmutableArray<RecipientAntibody> antibodies)
{
    private readonly Dictionary<Hla.HlaTyping, LigandProfile> _ligands = [];
    private readonly Dictionary<Hla.HlaTyping, ImmutableArray<(int Antibody, Truth Has)>> _targets = [];

    /// <summary>KIR ligands.</summary>
    public LigandProfile Ligands(LigandReader reader, Hla.HlaTyping typing) =>
        _ligands.TryGetValue(typing, out var ligands) ? ligands : _ligands[typing] = reader.Read(typing);

    /// <summary>The antibodies whose target a typing has or may have, by index.</summary>
    public ImmutableArray<(int Antibody, Truth Has)> Targets(Hla.HlaTyping typing)
    {
        if (!_targets.TryGetValue(typing, out var targets))
        {
            _targets[typing] = targets = [.. antibodies.Select((antibody, index) => (index, antibody.Specificity.CarriedBy(typing))).Where(one => one.Item2 != Truth.False)];
        }

        return targets;
    }
}
