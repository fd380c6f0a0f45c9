namespace Relapse.Transplant.Hla;

/// <summary>
/// What one haplotype may carry at one locus. Unlike in matching, an allele without a name or a missing gene is something to inherit: a
/// child has it from a parent who has it.
/// </summary>
internal readonly struct Inheritable
{
    private readonly AllelePosition? _position;
    private readonly int[]? _classes;
    private readonly bool _mayBeNew;
    private readonly bool _mayBeNull;

    private Inheritable(AllelePosition? position, int[]? classes, bool mayBeNew, bool mayBeNull)
    {
        _position = position;
        _classes = classes;
        _mayBeNew = mayBeNew;
        _mayBeNull = mayBeNull;
    }

    /// <summary>Anything: the default.</summary>
    public bool IsAnything => _position is null;

    /// <summary>What a typed copy may be.</summary>
    /// <param name="position">The copy.</param>
    /// <param name="isBlank">Whether it repeats an antigen: serology shows nothing of a null allele, and of an antigen it does not
    /// know.</param>
    public static Inheritable Of(AllelePosition position, bool isBlank) => position.Kind == PositionKind.Unknown || isBlank
        ? default
        : new Inheritable(position, [.. position.Classes], position.MayBeNew, position.MayBeNull || position.Kind == PositionKind.Null);

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

        var classes = _classes!.Length == 1 && other._classes!.Length == 1
            ? _classes[0] == other._classes[0] ? _classes : []
            : _classes.Intersect(other._classes!).ToArray();
        both = new Inheritable(_position, classes, _mayBeNew && other._mayBeNew, silent);
        return classes.Length > 0 || both._mayBeNew || silent;
    }
}
