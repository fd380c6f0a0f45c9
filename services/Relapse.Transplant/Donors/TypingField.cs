using Relapse.Hosting.Errors;
using Relapse.Transplant.Hla;
using Contract = Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Donors;

/// <summary>Reads the typings of a request; every fault of one has the path of its field, the place, what stands there and what is near.</summary>
internal static class TypingField
{
    // Until so many faults of the call are there names that are near are looked for: the search takes longer than all the rest.
    private const int MostSearched = 100;

    /// <summary>Reads a typing; untyped when it is absent or has a fault.</summary>
    public static HlaTyping Read(Contract.HlaTyping? typing, string path, TypingReader reader, FaultList faults)
    {
        if (typing is null)
        {
            return HlaTyping.Untyped;
        }

        if (typing.GlString.Length > 0 && typing.Loci.Count > 0)
        {
            faults.Invalid(path, "give gl_string or loci, not both");
            return HlaTyping.Untyped;
        }

        return typing.Loci.Count > 0 ? ReadLoci(typing, path, reader, faults) : ReadGlString(typing.GlString, path, reader, faults);
    }

    /// <summary>Whether names that are near are still looked for.</summary>
    public static bool Searches(FaultList faults) => faults.Count < MostSearched;

    /// <summary>What a fault of a typing says.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="nomenclature">By which names are checked.</param>
    public static string Describe(TypingFault fault, string nomenclature)
    {
        var near = fault.Nearest.IsEmpty ? "" : $"; nearest: {string.Join(", ", fault.Nearest)}";
        return $"at {fault.Offset}, '{fault.Token}': {Words(fault.Kind, nomenclature)}{near}";
    }

    private static HlaTyping ReadGlString(string text, string path, TypingReader reader, FaultList faults)
    {
        var read = reader.ReadGlString(text, Searches(faults));
        foreach (var fault in read.Faults)
        {
            faults.Invalid($"{path}.gl_string", Describe(fault, reader.Nomenclature));
        }

        MoreThanListed(read, $"{path}.gl_string", faults);
        return read.Typing ?? HlaTyping.Untyped;
    }

    private static HlaTyping ReadLoci(Contract.HlaTyping typing, string path, TypingReader reader, FaultList faults)
    {
        var (texts, places) = (new List<LocusText>(), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var index = 0; index < typing.Loci.Count; index++)
        {
            var locus = typing.Loci[index];
            if (!HlaLoci.TryParse(locus.Locus, out var known))
            {
                faults.Invalid($"{path}.loci[{index}].locus", $"must be one of {string.Join(", ", HlaLoci.All.Select(one => one.Name()))}");
            }
            else if (!places.TryAdd(locus.Locus, index))
            {
                faults.Invalid($"{path}.loci[{index}].locus", $"the same locus as loci[{places[locus.Locus]}]");
            }
            else if (locus.First.Length == 0 || locus.Second.Length == 0)
            {
                faults.Invalid($"{path}.loci[{index}].{(locus.First.Length == 0 ? "first" : "second")}", "required; a homozygous locus is written twice, an untyped one is left out");
            }
            else
            {
                texts.Add(new LocusText(known, locus.First, locus.Second));
            }
        }

        var read = reader.ReadPositions(Searches(faults), texts);
        foreach (var fault in read.Faults)
        {
            // The part is the locus and the position, as in DRB1[2].
            var parts = fault.Part.TrimEnd(']').Split('[');
            faults.Invalid($"{path}.loci[{places[parts[0]]}].{(parts is [_, "2"] ? "second" : "first")}", Describe(fault, reader.Nomenclature));
        }

        MoreThanListed(read, $"{path}.loci", faults);
        return read.Typing ?? HlaTyping.Untyped;
    }

    private static void MoreThanListed(TypingResult read, string path, FaultList faults)
    {
        if (read.FaultCount > read.Faults.Length)
        {
            faults.Invalid(path, $"has {read.FaultCount - read.Faults.Length} more faults");
        }
    }

    private static string Words(TypingFaultKind kind, string nomenclature) => kind switch
    {
        TypingFaultKind.Empty => "something is missing here",
        TypingFaultKind.UnknownLocus => "no such locus, or none that is compared",
        TypingFaultKind.WrongLocus => "not of the locus of this place",
        TypingFaultKind.RepeatedLocus => "the locus is given twice",
        TypingFaultKind.TooManyCopies => "more than two copies",
        TypingFaultKind.UnknownName => $"{nomenclature} has no such name",
        TypingFaultKind.DeletedName => "the name was given up and nothing took its place",
        TypingFaultKind.UnknownCode => "the code is not in the configured file of codes",
        TypingFaultKind.EmptyCode => "nothing that the code stands for exists here",
        TypingFaultKind.TooAmbiguous => $"stands for more than {TypingReader.MostAlleles} alleles; what follows is not read",
        TypingFaultKind.TooLong => $"longer than {TypingReader.MostCharacters} characters",
        _ => "not a name of any form",
    };
}
