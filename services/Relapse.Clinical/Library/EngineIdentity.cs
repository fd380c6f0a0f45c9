using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using YamlDotNet.Core;

namespace Relapse.Clinical;

/// <summary>
/// Which build of what makes an answer this is: for each assembly the id of its module, which is a hash of what it was compiled from and of
/// what it holds, documents included; and the runtime. Two processes with the same parts answer a case alike.
/// </summary>
internal sealed record EngineIdentity(ImmutableSortedDictionary<string, string> Parts)
{
    /// <summary>That of this process.</summary>
    public static EngineIdentity Current { get; } = new(
        new[] { typeof(ProtocolCompiler), typeof(CompiledModel), typeof(ProtocolDocument), typeof(IMessage), typeof(Google.Type.Date), typeof(IParser) }
            .Select(type => type.Assembly)
            .ToImmutableSortedDictionary(assembly => assembly.GetName().Name!, assembly => assembly.ManifestModule.ModuleVersionId.ToString("n"), StringComparer.Ordinal)
            .Add(".NET", $"{Environment.Version}-{RuntimeInformation.ProcessArchitecture}"));

    /// <summary>The parts that are not the same, or that one of the two lacks.</summary>
    public IEnumerable<string> Differing(EngineIdentity other) => Parts.Keys.Union(other.Parts.Keys, StringComparer.Ordinal)
        .Where(part => Parts.GetValueOrDefault(part) != other.Parts.GetValueOrDefault(part))
        .Order(StringComparer.Ordinal);
}
