using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Transplant.Policies;

/// <summary>The policy versions that the product ships.</summary>
internal sealed class PolicyLibrary
{
    /// <summary>The policy of a call that names none.</summary>
    public const string Default = "policies/review-2014";

    private const string Folder = "Policies/";
    private static readonly Lazy<PolicyLibrary> Loaded = new(Load);
    private readonly ImmutableArray<CompiledPolicy> _policies;

    private PolicyLibrary(IEnumerable<CompiledPolicy> policies) => _policies =
        [.. policies.OrderBy(policy => policy.Document.Id, StringComparer.Ordinal).ThenBy(policy => policy.Document.Version, VersionOrder.Instance)];

    /// <summary>What the product ships.</summary>
    /// <exception cref="ProtocolLibraryException">A document has a fault; every fault of all is listed.</exception>
    public static PolicyLibrary Shipped => Loaded.Value;

    /// <summary>Every version, by id and from the oldest to the newest.</summary>
    public IReadOnlyList<CompiledPolicy> Policies => _policies;

    /// <summary>The version that a name means; null after a fault.</summary>
    /// <param name="name"><c>policies/{id}</c>, its newest version, or <c>policies/{id}/versions/{version}</c>; empty: the default.</param>
    /// <param name="field">Path of the field that names it.</param>
    /// <param name="faults">Where to add what is wrong.</param>
    public CompiledPolicy? Find(string name, string field, FaultList faults)
    {
        var asked = name.Length == 0 ? Default : name;
        var parts = asked.Split('/');
        if (parts is not (["policies", { Length: > 0 }] or ["policies", { Length: > 0 }, "versions", { Length: > 0 }]))
        {
            faults.Invalid(field, "must be policies/{id} or policies/{id}/versions/{version}");
            return null;
        }

        var found = _policies.LastOrDefault(policy => policy.Document.Id == parts[1] && (parts.Length == 2 || policy.Document.Version == parts[3]));
        if (found is null)
        {
            faults.NotFound(parts.Length == 2 ? "policy" : "policy version", asked, field);
        }

        return found;
    }

    private static PolicyLibrary Load()
    {
        var assembly = typeof(PolicyLibrary).Assembly;
        var (policies, faults) = (new List<CompiledPolicy>(), new List<string>());
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var (policy, wrong) = PolicyCompiler.Compile(bytes);
            faults.AddRange(wrong.Select(fault => $"{resource}: {fault}"));
            if (policy is not null && resource != $"{Folder}{policy.Document.Id}/{policy.Document.Version}/policy.yaml")
            {
                faults.Add($"{resource}: id and version must be those of its folder");
            }

            policies.AddRange(policy is null ? [] : [policy]);
        }

        return faults.Count > 0 ? throw new ProtocolLibraryException([.. faults]) : new PolicyLibrary(policies);
    }
}
