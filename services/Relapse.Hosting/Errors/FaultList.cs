using Relapse.Clinical;

namespace Relapse.Hosting.Errors;

/// <summary>
/// Collects everything that is wrong with one request, so that the caller hears of all of it at once. A request that is
/// malformed anywhere is INVALID_ARGUMENT, and then also names what was not found; otherwise what was not found is
/// NOT_FOUND; otherwise a missing `current` label is FAILED_PRECONDITION.
/// </summary>
public sealed class FaultList
{
    private readonly List<FieldFault> _invalid = [];
    private readonly List<MissingResource> _notFound = [];
    private readonly List<UnlabelledProtocol> _unlabelled = [];

    /// <summary>Adds a fault of the field at a path from the request root. Neither part carries a value of the case.</summary>
    public void Invalid(string field, string description) => _invalid.Add(new FieldFault(field, description));

    /// <summary>Adds faults that a validator found.</summary>
    public void Invalid(IEnumerable<FieldFault> faults) => _invalid.AddRange(faults);

    internal void NotFound(MissingResource resource) => _notFound.Add(resource);

    internal void NoCurrentLabel(UnlabelledProtocol protocol) => _unlabelled.Add(protocol);

    /// <summary>Ends the call with the status that fits, if anything was wrong.</summary>
    public void ThrowIfAny()
    {
        if (_invalid.Count > 0)
        {
            var lost = _notFound.Select(missing => new FieldFault(missing.Field, missing.Description));
            var bare = _unlabelled.Select(protocol => new FieldFault(protocol.Field, protocol.Description));
            throw RpcErrors.InvalidArgument([.. _invalid, .. lost, .. bare]);
        }

        if (_notFound.Count > 0)
        {
            throw RpcErrors.NotFound(_notFound);
        }

        if (_unlabelled.Count > 0)
        {
            throw RpcErrors.NoCurrentLabel(_unlabelled);
        }
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
