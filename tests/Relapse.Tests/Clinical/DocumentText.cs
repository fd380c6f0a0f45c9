using System.Text;
using Relapse.Clinical;

namespace Relapse.Tests.Clinical;

/// <summary>The shipped I-BFM document as text, to be spoiled in one place and compiled.</summary>
internal sealed record DocumentText(string Protocol, string Cases)
{
    public static DocumentText Shipped { get; } = new(
        Clinical.Shipped.Text("i-bfm-sg/2014.1/protocol.yaml"),
        Clinical.Shipped.Text("i-bfm-sg/2014.1/cases.yaml"));

    /// <summary>One passage, which must stand there exactly once, replaced.</summary>
    public DocumentText Change(string passage, string by) => this with { Protocol = Once(Protocol, passage, by) };

    public DocumentText ChangeCases(string passage, string by) => this with { Cases = Once(Cases, passage, by) };

    /// <summary>A rule taken out.</summary>
    public DocumentText Without(string rule)
    {
        var start = Protocol.IndexOf($"      - id: {rule}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, rule);
        var end = Protocol.IndexOf("\n      - id: ", start + 1, StringComparison.Ordinal);
        return this with { Protocol = Protocol.Remove(start, end + 1 - start) };
    }

    public ProtocolCompilation Compile() => ProtocolCompiler.Compile(Encoding.UTF8.GetBytes(Protocol), Encoding.UTF8.GetBytes(Cases));

    /// <summary>The one fault, which must stand at the line and column of a mark in the protocol.</summary>
    public DocumentFault OneFaultAt(string mark)
    {
        var fault = Assert.Single(Compile().Faults);
        Assert.Equal(Position(Protocol, mark), (fault.Line, fault.Column));
        return fault;
    }

    /// <summary>Line and column, from 1, at which a passage begins.</summary>
    public static (int Line, int Column) Position(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(at >= 0, $"no '{mark}'");
        var before = text[..at];
        return (before.Count(letter => letter == '\n') + 1, at - before.LastIndexOf('\n'));
    }

    private static string Once(string text, string passage, string by)
    {
        var at = text.IndexOf(passage, StringComparison.Ordinal);
        Assert.True(at >= 0 && text.IndexOf(passage, at + 1, StringComparison.Ordinal) < 0, $"'{passage}' must stand there once");
        return text.Remove(at, passage.Length).Insert(at, by);
    }
}
