using System.Text;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>The shipped library, loaded once for all tests.</summary>
internal static class Shipped
{
    private static readonly Lazy<ProtocolLibrary> _library = new(ProtocolLibrary.Load);

    public static ProtocolLibrary Library => _library.Value;

    /// <summary>Each protocol by its newest version, and each older one.</summary>
    public static IEnumerable<string> Ids => ["all-rez-bfm", "cog", "cog-aall1331", "i-bfm-sg", "intreall-hr-2010", "intreall-sr-2010", "review-2014", "ukall-r3"];

    /// <summary>Those that say where a relapse is.</summary>
    public static IEnumerable<string> Classifying => Ids.Where(id => Protocol(id).Document.Decisions.ContainsKey("relapse_site"));

    /// <summary>The newest version of a protocol, or that of <c>id/version</c>.</summary>
    public static CompiledProtocol Protocol(string id) => Library.Versions
        .Where(version => version.Id == id || Of(version) == id)
        .OrderBy(version => version.Version, VersionOrder.Instance)
        .Last();

    /// <summary><c>id/version</c>.</summary>
    public static string Of(CompiledProtocol version) => $"{version.Id}/{version.Version}";

    /// <summary>The bytes of a file of the embedded library, e.g. <c>cog/2012.1/cases.yaml</c>.</summary>
    public static byte[] Bytes(string path)
    {
        using var stream = typeof(ProtocolLibrary).Assembly.GetManifestResourceStream($"Library/{path}")
            ?? throw new ArgumentException($"The library has no {path}.", nameof(path));
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string Text(string path) => Encoding.UTF8.GetString(Bytes(path));

    /// <summary>One answer, by the way of a caller's case: validated, then decided.</summary>
    public static Decision Decide(this CompiledProtocol protocol, RelapseCase @case, string decision, params ChosenReading[] readings)
    {
        FieldFault[] faults = [.. CaseValidator.Validate(@case), .. CaseValidator.CheckEstablished(@case, [protocol])];
        Assert.True(faults.Length == 0, $"{string.Join("; ", faults.AsEnumerable())} in {@case}");
        return new CaseEvaluator(@case).Decide(protocol, [decision], [.. readings], includeTrace: false)[0];
    }

    /// <summary>Outcome and conclusions in one line, for comparing and for messages.</summary>
    public static string Say(this Decision decision) => $"{decision.Outcome} {{{string.Join(", ", decision.Possible)}}}";
}
