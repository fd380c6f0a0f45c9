using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>Why a typing cannot be read.</summary>
internal enum TypingFaultKind
{
    /// <summary>It is no name of any form.</summary>
    Malformed,

    /// <summary>Something is missing between two delimiters, or a second position.</summary>
    Empty,

    /// <summary>There is no such locus, or none that is compared.</summary>
    UnknownLocus,

    /// <summary>The locus is not the one that this place is about, or one genotype has several.</summary>
    WrongLocus,

    /// <summary>The locus is given twice.</summary>
    RepeatedLocus,

    /// <summary>More than two copies.</summary>
    TooManyCopies,

    /// <summary>The release has no such allele, group or antigen.</summary>
    UnknownName,

    /// <summary>The name was given up and nothing took its place.</summary>
    DeletedName,

    /// <summary>The code is not in the supplied code file, or there is no code file.</summary>
    UnknownCode,

    /// <summary>The code is known and no allele that it stands for exists here.</summary>
    EmptyCode,

    /// <summary>All of it together stands for more than <see cref="TypingReader.MostAlleles"/> alleles. Said once, where it is
    /// exceeded; what follows is not read.</summary>
    TooAmbiguous,

    /// <summary>The text is longer than <see cref="TypingReader.MostCharacters"/>.</summary>
    TooLong,
}

/// <summary>One fault of a typing.</summary>
/// <param name="Part">Which text: empty for a GL String, otherwise locus and position as in <c>DRB1[2]</c>.</param>
/// <param name="Offset">Where in that text the token begins, in characters from 0.</param>
/// <param name="Token">The part of the text that is wrong, cut to <see cref="LongestToken"/> characters. It is typing data: it belongs
/// in an answer to whoever sent it, never in a log.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Nearest">Valid names that are most like it, the nearest first; at most three, none where nothing is near.</param>
internal sealed record TypingFault(string Part, int Offset, string Token, TypingFaultKind Kind, ImmutableArray<string> Nearest)
{
    /// <summary>Tokens are cut to this many characters.</summary>
    public const int LongestToken = 40;
}

/// <summary>A typing, or every fault that prevents it.</summary>
/// <param name="Typing">The typing; null when there is a fault.</param>
/// <param name="Faults">In the order of the text; at most <see cref="MostFaults"/> are listed.</param>
/// <param name="FaultCount">How many there are in all.</param>
internal sealed record TypingResult(HlaTyping? Typing, ImmutableArray<TypingFault> Faults, int FaultCount)
{
    /// <summary>How many faults are listed.</summary>
    public const int MostFaults = 20;
}
