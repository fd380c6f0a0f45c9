using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Transplant.Policies;

/// <summary>Reads a policy document strictly: the compiled policy, or every fault with its line.</summary>
internal sealed partial class PolicyCompiler
{
    private static readonly FrozenDictionary<Measure, string[]> Words = new Dictionary<Measure, string[]>
    {
        [Measure.NkAlloreactivity] = ["YES", "NO"],
        [Measure.Cmv] = ["NEGATIVE_NEGATIVE", "NEGATIVE_POSITIVE", "POSITIVE_NEGATIVE", "POSITIVE_POSITIVE"],
        [Measure.Sex] = ["FEMALE_TO_MALE", "OTHER"],
        [Measure.Abo] = ["MATCHED", "MINOR", "MAJOR", "BIDIRECTIONAL"],
        [Measure.Dpb1Tce] = ["MATCHED", "PERMISSIVE", "NON_PERMISSIVE_GVH", "NON_PERMISSIVE_HVG"],
        [Measure.Relationship] = ["MOTHER", "FATHER", "SIBLING", "OTHER"],
        [Measure.CordUnits] = ["SINGLE", "DOUBLE"],
        [Measure.GraftSource] = ["BONE_MARROW", "PERIPHERAL_BLOOD"],
    }.ToFrozenDictionary();

    private readonly ReadDocument<DonorPolicy> _read;
    private readonly DonorPolicy _policy;
    private readonly List<DocumentFault> _faults;
    private readonly Dictionary<string, CompiledCriterion> _criteria = new(StringComparer.Ordinal);

    private PolicyCompiler(ReadDocument<DonorPolicy> read)
    {
        (_read, _policy, _faults) = (read, read.Message, [.. read.Faults]);
    }

    /// <summary>Compiles a document.</summary>
    /// <param name="yaml">Its bytes; the digest is theirs.</param>
    public static (CompiledPolicy? Policy, ImmutableArray<DocumentFault> Faults) Compile(ReadOnlyMemory<byte> yaml)
    {
        var compiler = new PolicyCompiler(DocumentReader.Read<DonorPolicy>(yaml));
        var policy = compiler.Compile(Convert.ToHexStringLower(SHA256.HashData(yaml.Span)));
        return compiler._faults.Count > 0 ? (null, [.. compiler._faults]) : (policy, []);
    }

    private CompiledPolicy Compile(string digest)
    {
        CheckIdentity();
        CheckSettings();
        foreach (var (id, criterion) in _policy.Criteria)
        {
            Read(id, criterion);
        }

        var groups = new List<CompiledGroup>();
        var byClass = new Dictionary<DonorClass, CompiledGroup>();
        foreach (var (tier, place) in _policy.Tiers.Select((tier, index) => (tier, index)))
        {
            ReadTier(tier, place, groups, byClass);
        }

        Require(groups.Count > 0, "tiers", "a policy has a tier at least");
        var used = groups.SelectMany(group => group.Criteria).Distinct().ToList();
        foreach (var unused in _criteria.Keys.Except(used.Select(criterion => criterion.Id), StringComparer.Ordinal))
        {
            Fault($"criteria.{unused}", FaultCode.Unused, "no group uses it");
        }

        return new CompiledPolicy(_policy, digest, [.. used], [.. groups], byClass.ToImmutableDictionary());
    }

    private void CheckIdentity()
    {
        Require(Id().IsMatch(_policy.Id), "id", "must match [a-z0-9][a-z0-9.-]*");
        Require(Id().IsMatch(_policy.Version), "version", "must match [a-z0-9][a-z0-9.-]*");
        Require(_policy.Title.Length > 0, "title", "required");
        Require(_policy.IntendedUse.Length > 0, "intended_use", "required");
        foreach (var (code, statement) in _policy.Statements)
        {
            Require(statement.Text.Length > 0, $"statements.{code}.text", "required");
            Cites($"statements.{code}", statement.Because, required: true);
        }
    }

    private void CheckSettings()
    {
        foreach (var (id, setting) in _policy.Settings)
        {
            var path = $"settings.{id}";
            if (!SettingCatalogue.Has(id))
            {
                Fault(path, FaultCode.Invalid, "no such setting");
                continue;
            }

            Require(setting.Label.Length > 0, $"{path}.label", "required");
            Cites(path, setting.Because, required: setting.HasValue);
            if (setting.HasValue && SettingCatalogue.Fault(id, setting.Value) is { } wrong)
            {
                Fault($"{path}.value", FaultCode.Invalid, wrong);
            }
        }
    }

    private void Read(string id, PolicyCriterion criterion)
    {
        var path = $"criteria.{id}";
        Require(criterion.Label.Length > 0, $"{path}.label", "required");
        Require(criterion.Measure != Measure.Unspecified, $"{path}.measure", "required");
        Cites(path, criterion.Because, required: true);
        Require(criterion.Setting.Length == 0 || _policy.Settings.ContainsKey(criterion.Setting), $"{path}.setting", "the policy does not declare it");
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (words, rank) in criterion.Order.Select((words, rank) => (words, rank)))
        {
            foreach (var word in words.Values_)
            {
                Require(ranks.TryAdd(word, rank), $"{path}.order[{rank}]", "a word stands once");
            }
        }

        var expected = Words.GetValueOrDefault(criterion.Measure, []);
        Require(expected.Order(StringComparer.Ordinal).SequenceEqual(ranks.Keys.Order(StringComparer.Ordinal)), $"{path}.order", expected.Length == 0
            ? "the measure is a number and has no words"
            : $"must have every word of the measure once: {string.Join(", ", expected)}");
        Require(expected.Length == 0 == criterion.Prefer is not Preference.Unspecified || criterion.Measure == Measure.Unspecified, $"{path}.prefer", "is for a measure that is a number, and required there");
        _criteria[id] = new CompiledCriterion(id, criterion, ranks.ToImmutableDictionary(StringComparer.Ordinal));
    }

    private void ReadTier(PolicyTier tier, int place, List<CompiledGroup> groups, Dictionary<DonorClass, CompiledGroup> byClass)
    {
        var path = $"tiers[{place}]";
        Require(Id().IsMatch(tier.Id) && _policy.Tiers.Count(other => other.Id == tier.Id) == 1, $"{path}.id", "must match [a-z0-9][a-z0-9.-]* and be unique");
        Require(tier.Label.Length > 0, $"{path}.label", "required");
        Require(tier.Groups.Count > 0, $"{path}.groups", "a tier has a group at least");
        Cites(path, tier.Because, required: true);
        foreach (var (group, index) in tier.Groups.Select((group, index) => (group, index)))
        {
            var compiled = ReadGroup(group, $"{path}.groups[{index}]", groups.Count, place);
            groups.Add(compiled);
            Require(group.Classes.Count > 0, $"{path}.groups[{index}].classes", "required");
            foreach (var donorClass in group.Classes)
            {
                Require(donorClass != DonorClass.Autologous, $"{path}.groups[{index}].classes", "the patient is never a donor");
                Require(byClass.TryAdd(donorClass, compiled), $"{path}.groups[{index}].classes", "a class stands in one group");
            }
        }
    }

    private CompiledGroup ReadGroup(PolicyGroup group, string path, int number, int tier)
    {
        var criteria = new List<CompiledCriterion>();
        Require(group.Criteria.Count <= CompiledGroup.MostCriteria, $"{path}.criteria", $"must be at most {CompiledGroup.MostCriteria}");
        foreach (var (id, index) in group.Criteria.Select((id, index) => (id, index)))
        {
            if (!_criteria.TryGetValue(id, out var criterion))
            {
                Fault($"{path}.criteria[{index}]", FaultCode.Invalid, "no such criterion");
                continue;
            }

            Require(criteria.Count == 0 || !criteria[^1].Document.NotInSource || criterion.Document.NotInSource, $"{path}.criteria[{index}]", "criteria of the source come before those that are not in it");
            Require(!criteria.Contains(criterion), $"{path}.criteria[{index}]", "stands twice");
            criteria.Add(criterion);
        }

        return new CompiledGroup(number, tier, [.. criteria], criteria.Count(criterion => !criterion.Document.NotInSource));
    }

    private void Cites(string path, Values? because, bool required)
    {
        var cited = because?.Values_.ToList() ?? [];
        if (required && cited.Count == 0)
        {
            Fault($"{path}.because", FaultCode.Citation, "a citation is required");
        }

        foreach (var citation in cited)
        {
            var (source, locator) = Citations.Split(citation);
            if (!_policy.Sources.TryGetValue(source, out var found) || (locator.Length > 0 && !found.Locators.ContainsKey(locator)))
            {
                Fault($"{path}.because", FaultCode.Citation, "cites what is not among the sources");
            }
        }
    }

    private void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            Fault(path, FaultCode.Invalid, message);
        }
    }

    private void Fault(string path, string code, string message) => _faults.Add(_read.FaultAt(path, code, message));

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]*$")]
    private static partial Regex Id();
}
