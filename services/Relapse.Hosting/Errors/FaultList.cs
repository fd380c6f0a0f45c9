using System.Collections.Immutable;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Hosting.Protocols;
using Status = Google.Rpc.Status;

namespace Relapse.Hosting.Errors;

/// <summary>
/// Collects everything that is wrong with one request, so that the caller hears of all of it at once. A request that is
/// malformed anywhere is INVALID_ARGUMENT, and then also names what was not found; otherwise what was not found is
/// NOT_FOUND; otherwise a missing `current` label, or a version that is not evaluated, is FAILED_PRECONDITION; and what only this
/// process does not hold is UNAVAILABLE. That it publishes no events is said of a request with which nothing else is wrong.
/// </summary>
public sealed class FaultList
{
    private readonly List<FieldFault> _invalid = [];
    private readonly List<MissingResource> _notFound = [];
    private readonly List<UnlabelledProtocol> _unlabelled = [];
    private readonly List<UnusableVersion> _unusable = [];
    private bool _lacksEvents;

    /// <summary>How many faults there are, of any kind.</summary>
    public int Count => _invalid.Count + _notFound.Count + _unlabelled.Count;

    /// <summary>Whether there is any fault, of any kind.</summary>
    public bool HasAny => Count + _unusable.Count > 0 || _lacksEvents;

    /// <summary>Adds a fault of the field at a path from the request root. Neither part carries a value of the case.</summary>
    public void Invalid(string field, string description) => _invalid.Add(new FieldFault(field, description));

    /// <summary>Adds faults that a validator found.</summary>
    public void Invalid(ImmutableArray<FieldFault> faults)
    {
        if (!faults.IsEmpty)
        {
            _invalid.AddRange(faults);
        }
    }

    /// <summary>Adds what is wrong with a message that stands in a field of the request, whose paths begin at that message.</summary>
    /// <param name="field">Path of the field.</param>
    /// <param name="faults">What is wrong with the message.</param>
    public void Add(string field, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        _invalid.AddRange(faults._invalid.Select(fault => fault with { Field = $"{field}.{fault.Field}" }));
        _notFound.AddRange(faults._notFound.Select(missing => missing with { Field = $"{field}.{missing.Field}" }));
        _unlabelled.AddRange(faults._unlabelled.Select(protocol => protocol with { Field = $"{field}.{protocol.Field}" }));
        _unusable.AddRange(faults._unusable.Select(version => version with { Field = $"{field}.{version.Field}" }));
    }

    /// <summary>Adds something that the request names and that is not there.</summary>
    /// <param name="type">What kind: protocol, protocol version, label, decision.</param>
    /// <param name="name">Its resource name.</param>
    /// <param name="field">Path of the field that names it.</param>
    public void NotFound(string type, string name, string field) => NotFound(new MissingResource(type, name, field));

    internal void NotFound(MissingResource resource) => _notFound.Add(resource);

    /// <summary>Adds a protocol that was asked for by its label `current` and has none; its versions are listed.</summary>
    public void NoCurrentLabel(string name, string field, IEnumerable<string> versions) => NoCurrentLabel(new UnlabelledProtocol(name, field, [.. versions]));

    internal void NoCurrentLabel(UnlabelledProtocol protocol) => _unlabelled.Add(protocol);

    internal void NotEvaluated(UnusableVersion version) => _unusable.Add(version);

    /// <summary>Adds that an event is asked for, and that this process publishes none.</summary>
    public void EventsNotConfigured() => _lacksEvents = true;

    /// <summary>Ends the call with the status that fits, if anything was wrong.</summary>
    public void ThrowIfAny()
    {
        if (Error() is { } error)
        {
            throw error;
        }
    }

    /// <summary>The status that fits, for one item of many that is refused alone; null when nothing was wrong. A long list of faults is cut
    /// as for trailers, and the message counts them.</summary>
    public Status? ToStatus() => Error() is { } error ? RpcErrors.FitTrailers(error).GetRpcStatus() : null;

    /// <summary>Ends the call with RESOURCE_EXHAUSTED when a list has more entries than it may.</summary>
    public static void ThrowIfTooMany(string field, int count, int most)
    {
        if (count > most)
        {
            throw RpcErrors.TooMany(field, most);
        }
    }

    private RpcException? Error()
    {
        if (_invalid.Count > 0)
        {
            var lost = _notFound.Select(missing => new FieldFault(missing.Field, missing.Description));
            var bare = _unlabelled.Select(protocol => new FieldFault(protocol.Field, protocol.Description));
            var unusable = _unusable.Select(version => new FieldFault(version.Field, version.Description));
            return RpcErrors.InvalidArgument([.. _invalid, .. lost, .. bare, .. unusable]);
        }

        return _notFound.Count > 0 ? RpcErrors.NotFound(_notFound)
            : _unlabelled.Count > 0 ? RpcErrors.NoCurrentLabel(_unlabelled)
            : _unusable.Count > 0 ? RpcErrors.NotEvaluated(_unusable)
            : _lacksEvents ? RpcErrors.EventsNotConfigured()
            : null;
    }
}

/// <summary>Something that a request names and that is not there.</summary>
/// <param name="Type">What kind: protocol, protocol version, label.</param>
/// <param name="Name">Its resource name.</param>
/// <param name="Field">Path of the field that names it.</param>
internal sealed record MissingResource(string Type, string Name, string Field)
{
    public string Description => $"no such {Type}";
}

/// <summary>A protocol that was asked for by its label `current` and has none.</summary>
internal sealed record UnlabelledProtocol(string Name, string Field, IReadOnlyList<string> Versions)
{
    public string Description => "the protocol has no current label; name one of its versions: " + string.Join(", ", Versions);
}

/// <summary>A version that was asked for by name, is there, and is not evaluated.</summary>
internal sealed record UnusableVersion(string Name, string Field, NotEvaluated Why)
{
    public string Reason => Why switch
    {
        NotEvaluated.Archived => "VERSION_ARCHIVED",
        NotEvaluated.NotCertified => "NOT_CERTIFIED",
        NotEvaluated.NotHeld or NotEvaluated.NotHeldYet => "VERSION_NOT_HELD",
        _ => "DIGEST_MISMATCH",
    };

    public string Description => Why switch
    {
        NotEvaluated.Archived => "the version is archived and not evaluated for new cases",
        NotEvaluated.NotCertified => "the version was certified when it was published, and is not by this engine",
        NotEvaluated.NotHeld or NotEvaluated.NotHeldYet => "it could not be had from the registry yet",
        _ => "the stored document does not have the digest it is known by",
    };
}
