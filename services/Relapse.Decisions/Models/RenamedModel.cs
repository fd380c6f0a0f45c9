using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A model with some of its inputs under other names. Comparisons take inputs of one name for one input, so what is called alike in two
/// models and is not the same has to be called otherwise in one of them, and what is the same in both alike.
/// </summary>
internal static class RenamedModel
{
    /// <param name="model">The model.</param>
    /// <param name="names">For each input to be renamed its new name. Components of joint inputs and decisions keep theirs.</param>
    public static CompiledModel Of(CompiledModel model, IReadOnlyDictionary<string, string> names)
    {
        ImmutableArray<ModelInput> inputs = [.. model.Inputs.Select(input => input.Joint is null ? input with { Domain = Renamed(input.Domain) } : input)];
        return model.Renamed(inputs, [.. model.Tables.Select(RenamedTable)]);

        string NameOf(string name) => names.GetValueOrDefault(name, name);

        Domain Renamed(Domain domain) => names.TryGetValue(domain.Name, out var name) ? new Domain(name, domain.Values, domain.Bands) : domain;

        CompiledTable RenamedTable(CompiledTable table)
        {
            // Most tables look at none of them.
            if (!ModelNames.Uses(table.Table).Any(names.ContainsKey))
            {
                return table;
            }

            var declared = table.Table with
            {
                Inputs = [.. table.Table.Inputs.Select(NameOf)],
                Rules = [.. table.Table.Rules.Select(rule => rule with { When = rule.When.ToImmutableDictionary(when => NameOf(when.Key), when => when.Value, StringComparer.Ordinal) })],
                Guards = [.. table.Table.Guards.Select(guard => guard with { Input = NameOf(guard.Input) })],
            };
            return table with { Table = declared, Rules = table.Rules.Renamed(declared, feed => feed with { Name = NameOf(feed.Name), Values = Renamed(feed.Values) }) };
        }
    }
}
