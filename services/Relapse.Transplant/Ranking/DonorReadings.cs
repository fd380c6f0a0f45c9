using System.Collections.Immutable;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using LocusTyping = Relapse.Transplant.Hla.LocusTyping;

namespace Relapse.Transplant.Ranking;

/// <summary>What is read of donors' typings whatever the recipient has: once for a call, however often the recipient is completed. Not for
/// several threads.</summary>
/// <param name="antibodies">The recipient's antibodies.</param>
internal sealed class DonorReadings(ImmutableArray<RecipientAntibody> antibodies)
{
    private readonly Dictionary<Hla.HlaTyping, LigandProfile> _ligands = [];
    private readonly Dictionary<Hla.HlaTyping, ImmutableArray<(int Antibody, Truth Has)>> _targets = [];
    private readonly Dictionary<AntibodySpecificity, Dictionary<LocusTyping, Truth>> _carried = [];

    /// <summary>How often it was asked whether a typing has what an antibody is directed against: once for all who are typed alike at a locus.</summary>
    public int Asked { get; private set; }

    /// <summary>KIR ligands.</summary>
    public LigandProfile Ligands(LigandReader reader, Hla.HlaTyping typing) =>
        _ligands.TryGetValue(typing, out var ligands) ? ligands : _ligands[typing] = reader.Read(typing);

    /// <summary>The antibodies whose target a typing has or may have, by index.</summary>
    public ImmutableArray<(int Antibody, Truth Has)> Targets(Hla.HlaTyping typing)
    {
        if (!_targets.TryGetValue(typing, out var targets))
        {
            var carried = new Dictionary<AntibodySpecificity, Truth>();
            _targets[typing] = targets = [.. antibodies.Select((antibody, index) => (index, Carried(antibody.Specificity))).Where(one => one.Item2 != Truth.False)];

            Truth Carried(AntibodySpecificity specificity) => carried.TryGetValue(specificity, out var has) ? has : carried[specificity] = Ask(specificity, typing);
        }

        return targets;
    }

    private Truth Ask(AntibodySpecificity specificity, Hla.HlaTyping typing)
    {
        if (specificity.Loci is not [var locus])
        {
            Asked++;
            return specificity.CarriedBy(typing);
        }

        var known = _carried.TryGetValue(specificity, out var before) ? before : _carried[specificity] = new Dictionary<LocusTyping, Truth>(LocusTyping.ByContent);
        if (!known.TryGetValue(typing[locus], out var has))
        {
            Asked++;
            known[typing[locus]] = has = specificity.CarriedBy(typing);
        }

        return has;
    }
}
