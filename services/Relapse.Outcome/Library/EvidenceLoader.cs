using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Reads the files of a library strictly. Every fault is reported, with file and line.</summary>
internal sealed class EvidenceLoader
{
    private readonly EvidenceFiles _files;
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, EvidenceSource> _sources = new(StringComparer.Ordinal);
    private readonly RestrictionTable _restrictions = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<(string Id, string By, Action<string> Fault)> _superseded = [];

    private EvidenceLoader(EvidenceFiles files) => _files = files;

    /// <summary>Reads a library.</summary>
    /// <exception cref="EvidenceException">There is a fault.</exception>
    public static EvidenceLibrary Load(EvidenceFiles files) => new EvidenceLoader(files).Load();

    private EvidenceLibrary Load()
    {
        var words = Read<LibraryFile>(EvidenceFiles.Library);
        LibraryWords.Check(words.Message, (path, message) => Fault(EvidenceFiles.Library, words, path, message));
        ImmutableArray<EvidenceRow> rows = [.. _files.Figures.SelectMany(file => Figures(file, words.Message)).OrderBy(row => row.Id, StringComparer.Ordinal)];
        var statements = Statements(words.Message);
        var omitted = Omitted();
        CheckSuperseded();
        CheckCounted(words, [.. rows.Select(row => row.Id), .. omitted.Select(left => left.Id)]);
        CheckConflicts(words, rows);
        return _faults.Count > 0
            ? throw new EvidenceException([.. _faults])
            : new EvidenceLibrary(words.Message, rows, statements, omitted, _sources, _restrictions.Count, _files.Digest());
    }

    private StrictYaml<T> Read<T>(string file)
        where T : IMessage<T>, new()
    {
        if (!_files.ByName.TryGetValue(file, out var bytes))
        {
            _faults.Add($"{file}: is missing");
            return new StrictYaml<T>(ReadOnlyMemory<byte>.Empty);
        }
        var read = new StrictYaml<T>(bytes);
        _faults.AddRange(read.Faults.Select(fault => $"{file}{fault}"));
        return read;
    }

    private List<EvidenceRow> Figures(string file, LibraryFile words)
    {
        var read = Read<FigureFile>(file);
        AddSources(read.Message.Sources, (path, message) => Fault(file, read, path, message));
        var rows = new List<EvidenceRow>();
        foreach (var (index, figure) in read.Message.Rows.Index())
        {
            void At(string field, string message) => Fault(file, read, $"rows[{index}]{(field.Length > 0 ? "." + field : "")}", message);
            AddId(figure.Id, At);
            new FigureCheck(figure, words, At).Run();
            rows.Add(new EvidenceRow(figure, Population(figure.When, words, At), Cite(read.Message.Sources, figure.Source, At)));
            AddSuperseded(figure.Id, figure.SupersededBy, figure.SupersededWhy, At);
        }
        return rows;
    }

    private ImmutableArray<EvidenceStatement> Statements(LibraryFile words)
    {
        const string File = EvidenceFiles.Statements;
        var read = Read<StatementFile>(File);
        AddSources(read.Message.Sources, (path, message) => Fault(File, read, path, message));
        var statements = new List<EvidenceStatement>();
        foreach (var (index, statement) in read.Message.Rows.Index())
        {
            void At(string field, string message) => Fault(File, read, $"rows[{index}]{(field.Length > 0 ? "." + field : "")}", message);
            AddId(statement.Id, At);
            if (statement.Text.Length == 0)
            {
                At("", "a statement says something");
            }
            statements.Add(new EvidenceStatement(statement, Population(statement.When, words, At), Cite(read.Message.Sources, statement.Source, At)));
            AddSuperseded(statement.Id, statement.SupersededBy, statement.SupersededWhy, At);
        }
        return [.. statements.Where(statement => statement.Statement.SupersededBy.Length == 0)];
    }

    private ImmutableArray<Omitted> Omitted()
    {
        var read = Read<OmittedFile>(EvidenceFiles.Omitted);
        foreach (var (index, omitted) in read.Message.Omitted.Index())
        {
            void At(string field, string message) => Fault(EvidenceFiles.Omitted, read, $"omitted[{index}]{(field.Length > 0 ? "." + field : "")}", message);
            AddId(omitted.Id, At);
            if (omitted.Reason.Length == 0)
            {
                At("", "what is left out has its reason");
            }
        }
        return [.. read.Message.Omitted];
    }

    private EvidencePopulation Population(Population? when, LibraryFile words, Action<string, string> at)
    {
        var population = new EvidencePopulation(when, _restrictions, (field, message) => at("when." + field, message));
        new PopulationCheck(population, words, (field, message) => at(field.Length > 0 ? "when." + field : "when", message)).Run();
        return population;
    }

    private static ImmutableArray<Citation> Cite(MapField<string, EvidenceSource> sources, RepeatedField<string> cited, Action<string, string> at)
    {
        if (cited.Count == 0)
        {
            at("source", "every row says where it stands");
        }
        var citations = new List<Citation>();
        foreach (var (index, citation) in cited.Index())
        {
            var parts = citation.Split('.', 2);
            if (parts.Length == 2 && sources.TryGetValue(parts[0], out var source) && source.Locators.TryGetValue(parts[1], out var locator))
            {
                citations.Add(new Citation { Source = source.Title, Locator = locator });
            }
            else
            {
                at($"source[{index}]", "is no source.locator of this file");
            }
        }
        return [.. citations];
    }

    private void AddSources(MapField<string, EvidenceSource> sources, Action<string, string> at)
    {
        foreach (var (id, source) in sources)
        {
            if (!_sources.TryGetValue(id, out var known))
            {
                _sources.Add(id, source.Clone());
                continue;
            }
            if (known.Title != source.Title)
            {
                at($"sources.{id}", "another file gives this source another title");
            }
            foreach (var (locator, text) in source.Locators)
            {
                if (!known.Locators.TryAdd(locator, text) && known.Locators[locator] != text)
                {
                    at($"sources.{id}.locators.{locator}", "another file gives this place other words");
                }
            }
        }
    }

    private void AddId(string id, Action<string, string> at)
    {
        if (id.Length == 0 || !_ids.Add(id))
        {
            at("id", "every row, omitted ones too, has an id of its own");
        }
    }

    private void AddSuperseded(string id, string by, string why, Action<string, string> at)
    {
        if ((by.Length > 0) != (why.Length > 0))
        {
            at("superseded_by", "what is superseded says by what and why");
        }
        if (by.Length > 0)
        {
            _superseded.Add((id, by, message => at("superseded_by", message)));
        }
    }

    private void CheckSuperseded()
    {
        var superseded = _superseded.Select(entry => entry.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (_, by, fault) in _superseded)
        {
            if (!_ids.Contains(by) || superseded.Contains(by))
            {
                fault("names no row that is used");
            }
        }
    }

    private void CheckCounted(StrictYaml<LibraryFile> words, HashSet<string> accounted)
    {
        foreach (var (prefix, count) in words.Message.Counted)
        {
            var lacking = Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:D3}")).Where(id => !accounted.Contains(id)).ToArray();
            if (lacking.Length > 0)
            {
                Fault(EvidenceFiles.Library, words, $"counted.{prefix}", $"neither a row nor omitted: {string.Join(", ", lacking)}");
            }
        }
    }

    private void CheckConflicts(StrictYaml<LibraryFile> words, ImmutableArray<EvidenceRow> rows)
    {
        var used = rows.Where(row => row.Figure.SupersededBy.Length == 0).DistinctBy(row => row.Id).ToDictionary(row => row.Id, row => row.Figure.Endpoint, StringComparer.Ordinal);
        foreach (var (index, conflict) in words.Message.Conflicts.Index())
        {
            var named = conflict.Sides.SelectMany(side => side.Rows).ToArray();
            foreach (var row in named.Where(row => !used.ContainsKey(row)))
            {
                Fault(EvidenceFiles.Library, words, $"conflicts[{index}]", $"{row} is no row that is used");
            }
            // A rate of remissions does not contradict a survival: who means to show both says so.
            if (named.Where(used.ContainsKey).Select(row => used[row]).Distinct().Count() > 1 != conflict.MixesEndpoints)
            {
                Fault(EvidenceFiles.Library, words, $"conflicts[{index}]", "mixes_endpoints is true where the rows are of several endpoints, and only there");
            }
        }
    }

    private void Fault<T>(string file, StrictYaml<T> read, string path, string message)
        where T : IMessage<T>, new() => _faults.Add($"{file}{read.FaultAt(path, message)}");
}
