using Google.Protobuf.Collections;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Policies;

/// <summary>The values of a policy's settings in one call: the policy's, or what the centre set instead.</summary>
internal sealed class PolicySettings
{
    private readonly CompiledPolicy _policy;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ofCentre = new(StringComparer.Ordinal);

    /// <param name="policy">The policy.</param>
    /// <param name="settings">What the centre set.</param>
    /// <param name="field">Path of the list.</param>
    /// <param name="faults">Where to add what is wrong with it.</param>
    public PolicySettings(CompiledPolicy policy, RepeatedField<PolicySetting> settings, string field, FaultList faults)
    {
        _policy = policy;
        foreach (var (id, setting) in policy.Document.Settings.Where(entry => entry.Value.HasValue))
        {
            _values[id] = setting.Value;
        }

        for (var index = 0; index < settings.Count; index++)
        {
            var (set, path) = (settings[index], $"{field}[{index}]");
            if (!policy.Document.Settings.ContainsKey(set.Id))
            {
                faults.Invalid($"{path}.id", "the policy has no such setting");
            }
            else if (!_ofCentre.Add(set.Id))
            {
                faults.Invalid($"{path}.id", "is set twice");
            }
            else if (SettingCatalogue.Fault(set.Id, set.Value) is { } wrong)
            {
                faults.Invalid($"{path}.value", wrong);
            }
            else
            {
                _values[set.Id] = set.Value;
            }
        }
    }

    private PolicySettings(PolicySettings given, string id, string value)
    {
        (_policy, _values, _ofCentre) = (given._policy, new Dictionary<string, string>(given._values, StringComparer.Ordinal) { [id] = value }, given._ofCentre);
    }

    /// <summary>The same settings as they would be if one more were set.</summary>
    public PolicySettings With(string id, string value) => new(this, id, value);

    /// <summary>A value; null where it is unset.</summary>
    public string? Word(string id) => _values.GetValueOrDefault(id);

    /// <summary>A number; null where it is unset.</summary>
    public decimal? Number(string id) => _values.TryGetValue(id, out var value) && SettingCatalogue.TryNumber(value, out var number) ? number : null;

    /// <summary>A count of matches; null where it is unset.</summary>
    public MatchMinimum? Match(string id) => _values.TryGetValue(id, out var value) && SettingCatalogue.TryMatch(value, out var minimum) ? minimum : null;

    /// <summary>What an answer says of each.</summary>
    public IEnumerable<SettingState> States() => _policy.Document.Settings.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new SettingState
    {
        Id = entry.Key,
        Label = entry.Value.Label,
        Value = _values.GetValueOrDefault(entry.Key, ""),
        SetBy = _ofCentre.Contains(entry.Key) ? "CENTRE" : _values.ContainsKey(entry.Key) ? "POLICY" : "UNSET",
        Citations = { _policy.Cite(entry.Value.Because) },
    });
}
