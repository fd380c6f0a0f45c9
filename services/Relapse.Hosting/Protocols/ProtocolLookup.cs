using Relapse.Clinical;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Protocols;

/// <summary>Finds what a request names in a catalog. What is malformed or not there is added to the faults, and null returned.</summary>
public static class ProtocolLookup
{
    /// <summary>
    /// The version that <c>protocols/{id}</c> (label `current`) or <c>protocols/{id}/versions/{version}</c> stands for, to be
    /// evaluated: one that is archived, or that this engine does not certify, is a fault.
    /// </summary>
    public static CompiledProtocol? Asked(ProtocolCatalog catalog, string name, string field, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (ProtocolName.Parse(name) is not { Label: null } parsed)
        {
            faults.Invalid(field, "must be protocols/{id} or protocols/{id}/versions/{version}");
            return null;
        }

        return parsed.Version is null ? Current(catalog, parsed, field, faults) : Evaluated(catalog, parsed, field, faults);
    }

    /// <summary>Faults a name of no protocol and no version; a version has to be one that <see cref="Asked"/> would find.</summary>
    public static void Known(ProtocolCatalog catalog, string name, string field, FaultList faults)
    {
        if (ProtocolName.Parse(name) is { Version: null, Label: null } protocol)
        {
            Entry(catalog, protocol, field, faults);
        }
        else
        {
            Asked(catalog, name, field, faults);
        }
    }

    /// <summary>The version that <c>protocols/{id}/versions/{version}</c> names.</summary>
    public static CompiledProtocol? Version(ProtocolCatalog catalog, string name, string field, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (ProtocolName.Parse(name) is not { Version: not null } parsed)
        {
            faults.Invalid(field, "must be protocols/{id}/versions/{version}");
            return null;
        }

        return Exact(catalog, parsed, field, faults);
    }

    private static CompiledProtocol? Current(ProtocolCatalog catalog, ProtocolName name, string field, FaultList faults)
    {
        if (Entry(catalog, name, field, faults) is not { } entry)
        {
            return null;
        }

        if (entry.CurrentWhyNot is var (version, why) && why != NotEvaluated.Archived)
        {
            faults.NotEvaluated(new UnusableVersion($"{entry.Name}/versions/{version}", field, why));
            return null;
        }

        if (entry.Current is null)
        {
            faults.NoCurrentLabel(new UnlabelledProtocol(entry.Name, field, [.. entry.Versions.Select(version => version.Name)]));
        }

        return entry.Current;
    }

    private static CompiledProtocol? Evaluated(ProtocolCatalog catalog, ProtocolName name, string field, FaultList faults)
    {
        if (catalog.Find(name.Id)?.WhyNot(name.Version!) is not { } why)
        {
            return Exact(catalog, name, field, faults);
        }

        faults.NotEvaluated(new UnusableVersion($"protocols/{name.Id}/versions/{name.Version}", field, why));
        return null;
    }

    private static CompiledProtocol? Exact(ProtocolCatalog catalog, ProtocolName name, string field, FaultList faults)
    {
        if (Entry(catalog, name, field, faults) is not { } entry)
        {
            return null;
        }

        var version = entry.Version(name.Version!);
        if (version is null)
        {
            Lacks(catalog, new MissingResource("protocol version", $"{entry.Name}/versions/{name.Version}", field), faults);
        }

        return version;
    }

    private static CatalogEntry? Entry(ProtocolCatalog catalog, ProtocolName name, string field, FaultList faults)
    {
        var entry = catalog.Find(name.Id);
        if (entry is null)
        {
            Lacks(catalog, new MissingResource("protocol", "protocols/" + name.Id, field), faults);
        }

        return entry;
    }

    // Out of touch with the registry, nobody knows that it has no such thing.
    private static void Lacks(ProtocolCatalog catalog, MissingResource missing, FaultList faults)
    {
        if (catalog.MayLack)
        {
            faults.NotEvaluated(new UnusableVersion(missing.Name, missing.Field, NotEvaluated.NotHeld));
        }
        else
        {
            faults.NotFound(missing);
        }
    }
}
