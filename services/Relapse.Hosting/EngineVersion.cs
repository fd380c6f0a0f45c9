using System.Reflection;

namespace Relapse.Hosting;

/// <summary>The version of the engine that answers, as receipts and service descriptions name it.</summary>
public static class EngineVersion
{
    /// <summary>The informational version of this assembly: the release, and the commit it was built from where known.</summary>
    public static string Current { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
