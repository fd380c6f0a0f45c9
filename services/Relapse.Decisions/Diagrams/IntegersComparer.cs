using System.Runtime.InteropServices;

namespace Relapse.Decisions;

/// <summary>Compares arrays of integers by content.</summary>
internal sealed class IntegersComparer : IEqualityComparer<int[]>
{
    public static IntegersComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
        return hash.ToHashCode();
    }
}
