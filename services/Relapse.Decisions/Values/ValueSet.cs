using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Relapse.Decisions;

/// <summary>A set of values of a <see cref="Domain"/>, at most 64, held as bits: bit <c>i</c> stands for the value with index
/// <c>i</c>.</summary>
/// <param name="Bits">The members, one bit each.</param>
public readonly record struct ValueSet(ulong Bits)
{
    /// <summary>The set without members.</summary>
    public static ValueSet Empty => default;

    /// <summary>The indices from 0 (inclusive) to <paramref name="count"/> (exclusive).</summary>
    /// <param name="count">How many values, 0 to 64 inclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 0 or above 64.</exception>
    public static ValueSet All(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 64);
        return new ValueSet(count == 64 ? ulong.MaxValue : (1UL << count) - 1);
    }

    /// <summary>The set of the given indices, each 0 to 63 inclusive; one given twice counts once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is below 0 or above 63.</exception>
    public static ValueSet Of(params ReadOnlySpan<int> indices)
    {
        var bits = 0UL;
        foreach (var index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 63);
            bits |= 1UL << index;
        }

        return new ValueSet(bits);
    }

    /// <summary>How many members, 0 to 64 inclusive.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether there is no member.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>Whether there is exactly one member.</summary>
    public bool IsSingle => BitOperations.IsPow2(Bits);

    /// <summary>The index of the only member.</summary>
    /// <exception cref="InvalidOperationException">The set has no member or several.</exception>
    [SuppressMessage("Naming", "CA1720", Justification = "The only member, as in LINQ; the numeric type of that name is not in play.")]
    public int Single => IsSingle
        ? BitOperations.TrailingZeroCount(Bits)
        : throw new InvalidOperationException($"The set {this} has not exactly one member.");

    /// <summary>The lowest index in the set.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public int First => IsEmpty
        ? throw new InvalidOperationException("The set is empty.")
        : BitOperations.TrailingZeroCount(Bits);

    /// <summary>Whether <paramref name="index"/> is a member; false for every index outside 0 to 63.</summary>
    public bool Contains(int index) => (uint)index < 64 && (Bits >> index & 1) != 0;

    /// <summary>The members of this set which are not in <paramref name="other"/>.</summary>
    public ValueSet Except(ValueSet other) => new(Bits & ~other.Bits);

    /// <summary>Whether every member is also in <paramref name="other"/>; true for the empty set.</summary>
    public bool IsSubsetOf(ValueSet other) => (Bits & ~other.Bits) == 0;

    /// <summary>Whether the two sets share a member.</summary>
    public bool Overlaps(ValueSet other) => (Bits & other.Bits) != 0;

    /// <summary>The members of either set.</summary>
    public static ValueSet operator |(ValueSet left, ValueSet right) => new(left.Bits | right.Bits);

    /// <summary>The members of both sets.</summary>
    public static ValueSet operator &(ValueSet left, ValueSet right) => new(left.Bits & right.Bits);

    /// <summary>The indices in ascending order.</summary>
    public Enumerator GetEnumerator() => new(Bits);

    /// <summary>The indices in ascending order, as in <c>{0, 3}</c>.</summary>
    public override string ToString()
    {
        var indices = new List<string>(Count);
        foreach (var index in this)
        {
            indices.Add(index.ToString(CultureInfo.InvariantCulture));
        }

        return $"{{{string.Join(", ", indices)}}}";
    }

    /// <summary>Walks the indices of a set in ascending order.</summary>
    public struct Enumerator
    {
        private ulong _rest;

        internal Enumerator(ulong bits) => _rest = bits;

        /// <summary>The index reached.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next index; false after the last.</summary>
        public bool MoveNext()
        {
            if (_rest == 0)
            {
                return false;
            }

            Current = BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
