using Relapse.Contracts.Decision.V1;

namespace Relapse.Client.Checking;

/// <summary>What was found at an address; <see cref="ToString"/> says it to people.</summary>
/// <param name="Services">One for each service of the contract, by name.</param>
public sealed record ServerCheck(IReadOnlyList<ServiceCheck> Services)
{
    /// <summary>Whether every service serves and understands everything that this client can ask.</summary>
    public bool IsReady => Services.All(service => service is { State: ServiceState.Serving, Contract: ContractFit.Fits });

    /// <summary>What was found of one service, by its full name (<c>MrdService.Descriptor.FullName</c>) or its word (<c>mrd</c>).</summary>
    /// <param name="name">Name or word.</param>
    public ServiceCheck this[string name] => Services.First(service => service.Service == name || service.Service.StartsWith($"relapse.{name}.", StringComparison.Ordinal));

    /// <summary>A line for each service, and under it what is not as it should be.</summary>
    public override string ToString() => string.Join('\n', Services);
}

/// <summary>What was found of one service.</summary>
public sealed record ServiceCheck
{
    /// <summary>Full name: <c>relapse.mrd.v1.MrdService</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Whether it serves.</summary>
    public required ServiceState State { get; init; }

    /// <summary>Version of the engine, with the commit where known; empty where the service said nothing.</summary>
    public string EngineVersion { get; init; } = string.Empty;

    /// <summary>The protocol versions that it holds, with their digests.</summary>
    public IReadOnlyList<LoadedProtocol> Protocols { get; init; } = [];

    /// <summary>Whether it understands everything that this client can ask.</summary>
    public ContractFit Contract { get; init; } = ContractFit.NotCompared;

    /// <summary>
    /// What this client can ask and the service does not understand, in full names of RPCs, fields and values. A service ignores a field
    /// that it does not know: the answer would be as if it had not been sent.
    /// </summary>
    public IReadOnlyList<string> Lacking { get; init; } = [];

    /// <summary>What the service said instead of an answer; null where it answered.</summary>
    public RelapseError? Error { get; init; }

    /// <summary>Name, state, version, fit; below it the error and what is lacking.</summary>
    public override string ToString()
    {
        string[] first = [Service, State.ToString(), EngineVersion, .. Contract == ContractFit.NotCompared ? (string[])[] : [Contract.ToString()], .. Protocols.Count > 0 ? [$"{Protocols.Count} protocol versions"] : (string[])[]];
        return string.Join("\n  ", [string.Join("  ", first.Where(word => word.Length > 0)), .. Error is null ? [] : (string[])[Error.ToString()], .. Lacking.Select(name => "lacks " + name)]);
    }
}

/// <summary>Whether a service serves.</summary>
public enum ServiceState
{
    /// <summary>It answers.</summary>
    Serving,

    /// <summary>It is there and not ready, or going down: try again.</summary>
    NotServing,

    /// <summary>Nothing at the address answers in time: the address, the network, or a process that is down.</summary>
    Unreachable,

    /// <summary>Whoever answers at the address does not have this service.</summary>
    NotHere,

    /// <summary>The token is missing or not accepted, or does not allow it.</summary>
    Refused,

    /// <summary>It failed otherwise, as the error says.</summary>
    Failed,
}

/// <summary>Whether a service understands everything that this client can ask.</summary>
public enum ContractFit
{
    /// <summary>It was not found out.</summary>
    NotCompared,

    /// <summary>It understands everything. It may have more, being newer.</summary>
    Fits,

    /// <summary>It is older than this client, and some of what can be asked it does not understand.</summary>
    Lacks,
}
