using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>
/// What one haplotype may carry at one locus. Unlike in matching, an allele without a name or a missing gene is something to inherit: a
/// child has it from a parent who has it.
/// </summary>
internal readonly struct Inheritable : IEquatable<Inheritable>
{
    private const int ClassesOfOneStep = 16;

    private readonly AllelePosition? _position;
    private readonly ImmutableArray<int> _classes;
    private readonly bool _mayBeNew;
    private readonly bool _mayBeNull;

    private Inheritable(AllelePosition? position, ImmutableArray<int> classes, bool mayBeNew, bool mayBeNull)
    {
        _position = position;
        _classes = classes;
        _mayBeNew = mayBeNew;
        _mayBeNull = mayBeNull;
    }

    /// <summary>Anything: the default.</summary>
    public bool IsAnything => _position is null;

    /// <summary>What it costs to meet it, in steps of <see cref="FamilyBudget"/>.</summary>
    public int Steps => IsAnything ? 1 : 1 + (_classes.Length / ClassesOfOneStep);

    /// <summary>What a typed copy may be.</summary>
    /// <param name="position">The copy.</param>
    /// <param name="isBlank">Whether it repeats an antigen: serology shows nothing of a null allele, and of an antigen it does not
    /// know.</param>
    public static Inheritable Of(AllelePosition position, bool isBlank) => position.Kind == PositionKind.Unknown || isBlank
        ? default
        : new Inheritable(position, position.Classes, position.MayBeNew, position.MayBeNull || position.Kind == PositionKind.Null);

    /// <summary>What both may be; false if there is nothing.</summary>
    public bool TryMeet(Inheritable other, out Inheritable both)
    {
        both = IsAnything ? other : this;
        if (IsAnything || other.IsAnything || ReferenceEquals(_position, other._position))
        {
            return true;
        }

        var silent = _mayBeNull && other._mayBeNull;
        if (_position!.Kind != other._position!.Kind)
        {
            both = _position.Kind == PositionKind.Null ? this : other;
            return silent;
        }

        if (_position.Kind != PositionKind.Expressed)
        {
            return true;
        }

        var classes = Meet(_classes, other._classes);
        both = new Inheritable(_position, classes, _mayBeNew && other._mayBeNew, silent);
        return classes.Length > 0 || both._mayBeNew || silent;
    }

    /// <summary>Whether the two can be the same things.</summary>
    public bool Equals(Inheritable other) =>
        _position?.Kind == other._position?.Kind && _mayBeNew == other._mayBeNew && _mayBeNull == other._mayBeNull
        && (IsAnything || _classes.AsSpan().SequenceEqual(other._classes.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Inheritable other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsAnything
        ? 0
        : HashCode.Combine(_position!.Kind, _mayBeNew, _mayBeNull, _classes.Length, _classes.IsEmpty ? 0 : _classes[0], _classes.IsEmpty ? 0 : _classes[^1]);

    // Both ascending.
    private static ImmutableArray<int> Meet(ImmutableArray<int> one, ImmutableArray<int> other)
    {
        if (one.AsSpan().SequenceEqual(other.AsSpan()))
        {
            return one;
        }

        var both = ImmutableArray.CreateBuilder<int>();
        for (int here = 0, there = 0; here < one.Length && there < other.Length;)
        {
            var order = one[here].CompareTo(other[there]);
            if (order == 0)
            {
                both.Add(one[here]);
            }

            here += order <= 0 ? 1 : 0;
            there += order >= 0 ? 1 : 0;
        }

        return both.ToImmutable();
    }
}
