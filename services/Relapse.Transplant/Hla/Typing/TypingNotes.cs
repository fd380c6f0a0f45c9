using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>Faults and warnings of one typing as it is read. Both are bounded: a hostile text has as many as it has characters.</summary>
/// <param name="searches">Whether valid names that are near are looked for.</param>
internal sealed class TypingNotes(bool searches = true)
{
    private const int MostWarnings = 50;

    private readonly List<TypingFault> _faults = [];
    private readonly List<TypingWarning> _warnings = [];
    private readonly HashSet<TypingWarning> _warned = [];
    private long _alleles;

    /// <summary>Whether there is no fault so far.</summary>
    public bool Sound => FaultCount == 0;

    /// <summary>How many faults there are.</summary>
    public int FaultCount { get; private set; }

    /// <summary>Whether too many alleles were stood for, so that what follows was not read.</summary>
    public bool IsExhausted => _alleles > TypingReader.MostAlleles;

    /// <summary>Which text is being read: <see cref="TypingFault.Part"/>.</summary>
    public string Part { get; set; } = "";

    /// <summary>The warnings so far.</summary>
    public ImmutableArray<TypingWarning> Warnings => [.. _warnings];

    /// <summary>The faults that are listed.</summary>
    public ImmutableArray<TypingFault> Faults => [.. _faults];

    /// <summary>Counts alleles that something stands for; false, with a fault the first time, once there are too many.</summary>
    public bool TryExpand(int alleles, int offset, ReadOnlySpan<char> token)
    {
        var before = _alleles;
        _alleles += alleles;
        if (_alleles <= TypingReader.MostAlleles)
        {
            return true;
        }

        if (before <= TypingReader.MostAlleles)
        {
            Fault(offset, token, TypingFaultKind.TooAmbiguous);
        }

        return false;
    }

    /// <summary>Adds a fault.</summary>
    /// <param name="offset">Where the token begins in the text.</param>
    /// <param name="token">The token.</param>
    /// <param name="kind">What is wrong.</param>
    /// <param name="nearest">Looks for valid names; not called for a fault that is not listed, or where nothing is looked for.</param>
    public void Fault(int offset, ReadOnlySpan<char> token, TypingFaultKind kind, Func<ImmutableArray<string>>? nearest = null)
    {
        FaultCount++;
        if (_faults.Count < TypingResult.MostFaults)
        {
            _faults.Add(new TypingFault(Part, offset, Cut(token), kind, searches && nearest is not null ? nearest() : []));
        }
    }

    /// <summary>Adds a warning, unless it was given already.</summary>
    public void Warn(TypingWarningKind kind, HlaLocus? locus, ReadOnlySpan<char> token, string detail = "")
    {
        if (_warnings.Count < MostWarnings)
        {
            var warning = new TypingWarning(kind, locus, Cut(token), detail);
            if (_warned.Add(warning))
            {
                _warnings.Add(warning);
            }
        }
    }

    private static string Cut(ReadOnlySpan<char> token) => token[..Math.Min(token.Length, TypingFault.LongestToken)].ToString();
}
