using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Donors;

/// <summary>When a transplant from a donor could be.</summary>
/// <param name="Min">First possible day.</param>
/// <param name="Max">Last possible day; null: without bound.</param>
internal readonly record struct DonorDate(DateOnly Min, DateOnly? Max);

/// <summary>A donor or cord graft, read and without fault.</summary>
/// <param name="Index">Its place in the request, from 0 through all messages.</param>
/// <param name="Message">As it was sent.</param>
/// <param name="Typings">One typing; of a cord graft that of each unit.</param>
/// <param name="Date">When a transplant could be; null: not known.</param>
internal sealed record DonorCase(int Index, Donor Message, ImmutableArray<Hla.HlaTyping> Typings, DonorDate? Date)
{
    /// <summary>Whether it is cord blood.</summary>
    public bool IsCord => Message.Kind == DonorKind.Cord;

    /// <summary>Path of one of its fields.</summary>
    public string Path(string field) => $"donors[{Index}].{field}";

    /// <summary>Path of a typing.</summary>
    public string TypingPath(int typing) => IsCord ? Path($"units[{typing}].typing") : Path("typing");
}
